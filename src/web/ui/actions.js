/*
 * What can be done with tasks: at once, said to those who do not see the list, and with a way back.
 */
import { announce } from './dom.js';
import { toast } from './toast.js';
import { Undo } from '../model/undo.js';
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
		const { rows } = contents(viewOf(this.place()), this.tasks, new Date());
		return rows.some(({ task }) => task?.uid === uid);
	}

	/* What was done, and the way back. */
	say(step) {
		toast(done(step), () => this.undo(step));
	}

	#left() {
		const view = viewOf(this.place());
		return contents(view?.open ? view : viewOf({ name: 'all' }), this.tasks, new Date()).left;
	}

	/* In the view of a tag, what is added has it. */
	add(tasks) {
		let position = this.tasks.lastPosition();
		const { tag } = viewOf(this.place());
		this.do('add', tasks.map((task) => this.tasks.newTask({ ...task, position: ++position,
			tags: tag && !task.tags.includes(tag) ? [...task.tags, tag] : task.tags })));
	}

	set(uids, members) {
		this.do(actOf(members), uids.map((uid) => this.tasks.patch(uid, members)));
	}

	setting(uids) {
		return new Setting(this, uids);
	}

	/* All of them, or where all of them are, none. */
	complete(uids) {
		const completed = uids.some((uid) => !this.tasks.get(uid).completed);
		this.set(uids, { completed });
	}

	delete(uids) {
		this.do('delete', uids.map((uid) => ({ op: 'delete', uid })));
	}

	restore(uid) {
		this.do('restore', [{ op: 'restore', uid }]);
	}

	/* The last step, or the one that a toast speaks of. */
	undo(step) {
		this.undoing.undo(step);
	}

	redo() {
		this.undoing.redo();
	}

	/* ---- order ---- */

	/* Put a task between two others, of which either may not be there. */
	put(uid, before, after) {
		const of = (other) => (other === undefined ? undefined : this.tasks.get(other)?.position);
		const position = between(of(before), of(after));
		if (position === null)
			this.#spread(uid, before);
		else
			this.do('move', [this.tasks.patch(uid, { position })]);
	}

	/* The numbers between two tasks are used up: all get new ones, in whole steps. */
	#spread(uid, before) {
		const { rows } = contents(viewOf({ name: 'all' }), this.tasks, new Date());
		const order = this.#open(rows).filter((other) => other !== uid);
		order.splice(order.indexOf(before) + 1, 0, uid);
		this.do('move', order.map((other, i) => this.tasks.patch(other, { position: i + 1 })),
			{ of: uid });
	}

	#open(rows) {
		return rows.filter(({ task }) => task && !task.completed).map(({ task }) => task.uid);
	}

	/* Up or down by so many among the tasks that are shown. */
	step(uid, by) {
		const shown = this.#open(this.list.rows);
		const rest = shown.filter((other) => other !== uid);
		const place = Math.max(0, Math.min(rest.length, shown.indexOf(uid) + by));
		if (!viewOf(this.place()).movable || place === shown.indexOf(uid))
			return;
		this.put(uid, rest[place - 1], rest[place]);
		announce(`Moved to place ${place + 1} of ${shown.length}`);
	}
}
