/*
 * What can be done with tasks: at once, said to those who do not see the list, and with a way back.
 */
import { send } from './api.js';
import { announce } from './dom.js';
import { toast } from './toast.js';
import { between, contents, viewOf } from './views.js';

export class Actions {
	/* place(): what is shown at present. */
	constructor(tasks, list, place) {
		this.tasks = tasks;
		this.list = list;
		this.place = place;
	}

	#do(label, ops) {
		const step = this.tasks.act(label, ops);
		announce(`${label}, ${this.#left()} left`);
		return step;
	}

	#left() {
		const view = viewOf(this.place());
		return contents(view.trash ? viewOf({ name: 'all' }) : view, this.tasks, new Date()).left;
	}

	#doWithUndo(label, ops) {
		const number = ops.filter(Boolean).length;
		if (number === 0)
			return;
		const step = this.#do(label, ops);
		toast(number > 1 ? `${label} ${number} tasks` : label, () => this.undo(step));
	}

	/* In the view of a tag, what is added has it. */
	add(tasks) {
		let position = this.tasks.lastPosition();
		const { tag } = viewOf(this.place());
		const ops = tasks.map((task) => this.tasks.newTask({ ...task, position: ++position,
			tags: tag && !task.tags.includes(tag) ? [...task.tags, tag] : task.tags }));
		this.#do(ops.length > 1 ? `Added ${ops.length} tasks` : 'Added', ops);
	}

	set(uids, members) {
		this.#do('Changed', uids.map((uid) => this.tasks.patch(uid, members)));
	}

	/* All of them, or where all of them are, none. */
	complete(uids) {
		const completed = uids.some((uid) => !this.tasks.get(uid).completed);
		this.#doWithUndo(completed ? 'Completed' : 'To be done again',
			uids.map((uid) => this.tasks.patch(uid, { completed })));
	}

	delete(uids) {
		this.#doWithUndo('Deleted', uids.map((uid) => ({ op: 'delete', uid })));
	}

	/* The last step, or the one that a toast speaks of. */
	undo(step) {
		const label = this.tasks.undo(step);
		if (label === null && step === undefined)
			this.#undoThere();
		else if (label === null)
			toast('Undone already');
		else
			toast(`Undone: ${label}`);
	}

	/* What was done before this page was opened, the server knows. */
	async #undoThere() {
		try {
			await this.tasks.queue.empty();
			await send('POST', this.tasks.at('undo'), { body: {} });
			await this.tasks.follow();
			toast('Undone');
		} catch (error) {
			toast(error.status === 409 ? 'Nothing to undo' : error.message);
		}
	}

	redo() {
		const label = this.tasks.redo();
		toast(label === null ? 'Nothing to redo' : `Done again: ${label}`);
	}

	/* ---- order ---- */

	/* Put a task between two others, of which either may not be there. */
	put(uid, before, after) {
		const of = (other) => (other === undefined ? undefined : this.tasks.get(other)?.position);
		const position = between(of(before), of(after));
		if (position === null)
			this.#spread(uid, before);
		else
			this.#do('Moved', [this.tasks.patch(uid, { position })]);
	}

	/* The numbers between two tasks are used up: all get new ones, in whole steps. */
	#spread(uid, before) {
		const { rows } = contents(viewOf({ name: 'all' }), this.tasks, new Date());
		const order = this.#open(rows).filter((other) => other !== uid);
		order.splice(order.indexOf(before) + 1, 0, uid);
		this.#do('Moved', order.map((other, i) => this.tasks.patch(other, { position: i + 1 })));
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
