/*
 * What can be done with tasks: at once, said to those who do not see the list, and with a way back.
 */
import { announce } from './dom.js';
import { toast } from './toast.js';
import { Undo } from './undo.js';
import { between, contents, viewOf } from '../model/views.js';
import { actOf, done, word } from '../model/words.js';

/*
 * What is set in a dialog: each thing counts at once, all together are one step, and the toast that
 * takes it back is there once the dialog is closed.
 */
class Setting {
	constructor(actions, uids) {
		this.actions = actions;
		this.uids = uids;
		this.step = null;
	}

	set(members) {
		this.change(() => members);
	}

	/* membersOf(task) of each */
	change(membersOf) {
		const { actions, uids, step } = this;
		const tasks = uids.map((uid) => actions.tasks.get(uid)).filter((task) => task !== null);
		if (tasks.length === 0)
			return;
		const act = actOf(membersOf(tasks[0]));
		this.step = actions.do(act, tasks.map((task) =>
			actions.tasks.patch(task.uid, membersOf(task))), { step }) ?? step;
	}

	end() {
		if (this.step !== null)
			this.actions.say(this.step);
	}
}

export class Actions {
	/* place(): what is shown at present. */
	constructor(tasks, list, place) {
		this.tasks = tasks;
		this.list = list;
		this.place = place;
		this.undoing = new Undo(tasks, () => {
			if (document.activeElement === document.body)
				list.focus(list.active);
		});
	}

	#view() {
		return viewOf(this.place(), this.tasks);
	}

	do(act, ops, options) {
		const step = this.tasks.act(act, ops, options);
		if (step === null)
			return null;
		announce(`${step.count > 1 ? done(step) : word(act)}, ${this.#left()} left`);
		if (act !== 'add' || step.count > 1 || !this.#shows(step.ops[0].uid))
			this.say(step);
		return step;
	}

	/* A new task that one sees says enough, and leaves the way back that is offered. */
	#shows(uid) {
		const { rows } = contents(this.#view(), this.tasks, new Date());
		return rows.some(({ task }) => task?.uid === uid);
	}

	/* What was done, and the way back. */
	say(step) {
		toast(done(step), () => this.undo(step));
	}

	#left() {
		const view = this.#view();
		return contents(view?.open ? view : viewOf({ name: 'all' }, this.tasks), this.tasks, new Date()).left;
	}

	/* In the view of a tag, what is added has it; in that of a list it is there, if nothing else is said. */
	add(tasks) {
		let position = this.tasks.lastPosition();
		const { tag, list } = this.#view();
		this.do('add', tasks.map((task) => this.tasks.newTask({ ...(list && { list }), ...task,
			position: ++position,
			tags: tag && !task.tags.includes(tag) ? [...task.tags, tag] : task.tags })));
	}

	/* Below another one, in its list. */
	addBelow(uid, task) {
		const { list } = this.tasks.get(uid);
		this.do('add', [this.tasks.newTask({ ...task, parent: this.tasks.referenceTo(uid),
			list, position: this.tasks.lastPosition() + 1 })]);
	}

	set(uids, members) {
		this.do(actOf(members), uids.map((uid) => this.tasks.patch(uid, members)));
	}

	setting(uids) {
		return new Setting(this, uids);
	}

	/* All of them, or where all of them are, none. What is below one of them is completed with it. */
	complete(uids) {
		const open = uids.filter((uid) => !this.tasks.get(uid).completed);
		if (open.length > 0)
			this.set(this.tops(open), { completed: true });
		else
			this.set(uids, { completed: false });
	}

	delete(uids) {
		this.do('delete', this.tops(uids).map((uid) => this.tasks.delete(uid)));
	}

	restore(uid) {
		const op = this.tasks.restore(uid);
		this.do(op.isList ? 'restoreList' : 'restore', [op]);
	}

	/* Without those below others of them, which go along. */
	tops(uids) {
		const isAmong = (uid) => {
			for (let task = this.tasks.get(uid); task !== null && task.parent !== null;) {
				const above = this.tasks.refersTo(task.parent);
				if (above === null || uids.includes(above))
					return above !== null;
				task = this.tasks.get(above);
			}
			return false;
		};
		return uids.filter((uid) => !isAmong(uid));
	}

	/* The last step, or the one that a toast speaks of. */
	undo(step) {
		this.undoing.undo(step);
	}

	redo() {
		this.undoing.redo();
	}

	/* ---- lists ---- */

	addList(members) {
		const position = Math.max(0, ...this.tasks.lists().map((list) => list.position)) + 1;
		const op = this.tasks.newList({ color: '', ...members, position });
		this.do('addList', [op]);
		return op.uid;
	}

	setList(uid, act, members) {
		this.do(act, [this.tasks.patch(uid, members)]);
	}

	/* The tasks under it go along. */
	renameHeading(uid, from, to) {
		this.do('changeList', [{ op: 'patch', uid, isList: true, task: { rename_heading: { from, to } },
			was: { rename_heading: { from: to, to: from } } }]);
	}

	deleteList(uid) {
		this.do('deleteList', [this.tasks.delete(uid)]);
	}

	/* Among those that are beside it. */
	stepList(uid, by) {
		const all = this.tasks.lists().filter(({ archived }) => !archived);
		const rest = all.filter((list) => list.uid !== uid);
		const place = all.findIndex((list) => list.uid === uid) + by;
		if (place < 0 || place > rest.length)
			return;
		const position = between(rest[place - 1]?.position, rest[place]?.position);
		if (position !== null)
			this.setList(uid, 'moveList', { position });
	}

	/* What is in another list has none of the headings here, and is below nothing. */
	static placed(task, list) {
		return { list, ...(task.heading !== null && task.list !== list && { heading: null }),
			...(task.parent !== null && { parent: null }) };
	}

	/* ---- order ---- */

	/*
	 * Put a task between two others, of which either may not be there: among those that are below the
	 * same one. In a list it comes under the heading of the task that it was put to (over).
	 */
	put(uid, before, after, over) {
		const { headings } = this.#view();
		const heading = headings && over ? { heading: this.tasks.get(this.#top(over)).heading } : {};
		const isMoved = headings && this.#aboveOf(uid) === null;
		const members = isMoved && heading.heading !== this.tasks.get(uid).heading ? heading : {};
		const [from, to] = this.#between(uid, before, after, isMoved ? heading.heading : undefined);
		const of = (other) => (other === undefined ? undefined : this.tasks.get(other)?.position);
		const position = between(of(from), of(to));
		if (position === null)
			this.#spread(uid, from, members);
		else
			this.do('move', [this.tasks.patch(uid, { ...members, position })]);
	}

	/* The one above a task, if that is shown. */
	#aboveOf(uid) {
		const { parent } = this.tasks.get(uid);
		const above = parent === null ? null : this.tasks.refersTo(parent);
		return above !== null && this.list.index.has(above) && !this.tasks.get(above).completed
			? above : null;
	}

	/* The one at the top of those above it. */
	#top(uid) {
		const above = this.#aboveOf(uid);
		return above === null ? uid : this.#top(above);
	}

	/* The neighbours among those of the same place: below the same one, and under the heading. */
	#between(uid, before, after, heading) {
		const shown = this.#open(this.list.rows).filter((other) => other !== uid);
		const at = before === undefined ? shown.indexOf(after) : shown.indexOf(before) + 1;
		const above = this.#aboveOf(uid);
		const isBeside = (other) => this.#aboveOf(other) === above &&
			(heading === undefined || this.tasks.get(other).heading === heading);
		return [shown.slice(0, Math.max(0, at)).findLast(isBeside),
			shown.slice(Math.max(0, at)).find(isBeside)];
	}

	/* The numbers between two tasks are used up: all get new ones, in whole steps. */
	#spread(uid, before, members) {
		const { rows } = contents(viewOf({ name: 'all' }, this.tasks), this.tasks, new Date());
		const order = this.#open(rows).filter((other) => other !== uid);
		order.splice(order.indexOf(before) + 1, 0, uid);
		this.do('move', order.map((other, i) => this.tasks.patch(other,
			{ ...(other === uid && members), position: i + 1 })), { of: uid });
	}

	#open(rows) {
		return rows.filter(({ task }) => task && !task.completed).map(({ task }) => task.uid);
	}

	/*
	 * Up or down by so many among those that are shown beside it; a step over a heading leads under
	 * that one.
	 */
	step(uid, by) {
		const above = this.#aboveOf(uid);
		const shown = this.#open(this.list.rows).filter((other) => this.#aboveOf(other) === above);
		const rest = shown.filter((other) => other !== uid);
		const place = Math.max(0, Math.min(rest.length, shown.indexOf(uid) + by));
		if (!this.#view().movable || place === shown.indexOf(uid))
			return;
		const over = by < 0 ? rest[place] : rest[place - 1];
		const isOver = this.#view().headings && above === null &&
			this.tasks.get(over).heading !== this.tasks.get(uid).heading;
		if (isOver && Math.abs(by) === 1)
			this.put(uid, ...(by < 0 ? [over, undefined] : [undefined, over]), over);
		else
			this.put(uid, rest[place - 1], rest[place], over);
		announce(`Moved to place ${place + 1} of ${shown.length}`);
	}

	/* Below the one that is shown above it, on the same level. */
	indent(uid) {
		const above = this.#aboveOf(uid);
		const shown = this.#open(this.list.rows).filter((other) => this.#aboveOf(other) === above);
		const to = shown[shown.indexOf(uid) - 1];
		if (to !== undefined)
			this.set([uid], { parent: this.tasks.referenceTo(to), list: this.tasks.get(to).list });
	}

	/* One level up again. */
	outdent(uid) {
		const { parent } = this.tasks.get(uid);
		const above = parent === null ? null : this.tasks.get(this.tasks.refersTo(parent));
		if (above !== null)
			this.set([uid], { parent: above.parent });
	}
}
