/*
 * What was deleted. It is read when somebody looks, since the tasks do not have it.
 */
import { send } from '../net/api.js';
import { openMenu, openQuestion } from './dom.js';
import { toast } from './toast.js';

/* What a list has not, so that it can be shown beside tasks. */
const NO_TASK = { note: '', due_date: null, completed: false, priority: 0, tags: [],
	start_date: null, repeat: null, reminders: [], list: null, parent: null };

export class Trash {
	/* actions: what is done with tasks. changed(): called when something else is there than before. */
	constructor(tasks, actions, changed) {
		this.tasks = tasks;
		this.actions = actions;
		this.changed = changed;
		this.all = [];
		this.problem = 'One moment…'; /* why it is not here; null once it is */
		this.asked = 0;
	}

	/* Without those that were restored a moment ago. */
	get list() {
		return this.all.filter(({ id }) => this.tasks.get(this.tasks.uidOf(id)) === null);
	}

	#find(uid) {
		return this.all.find((task) => task.uid === uid);
	}

	/* Of several that are on their way the one that was asked for last counts. */
	async load() {
		const turn = ++this.asked;
		try {
			const { data } = await send('GET', this.tasks.at('trash'));
			if (turn !== this.asked)
				return;
			const lists = data.lists.map((list) => ({ ...NO_TASK, ...list, isList: true }));
			this.all = [...lists, ...data.tasks]
				.sort((a, b) => (a.deleted_date < b.deleted_date ? 1 : -1))
				.map((task) => ({ ...task, uid: `x${task.id}` }));
			this.problem = null;
		} catch (error) {
			this.problem = error.message;
			toast(error.message);
		}
		this.changed();
	}

	restore(uid) {
		const { id, uid: own, deleted_date, isList = false, ...task } = this.#find(uid);
		this.actions.restore(this.tasks.know(id, { id, ...task }, isList));
		this.changed();
	}

	/* What cannot be undone is asked first. */
	async #forGood(question, title, path, said) {
		if (!(await openQuestion(question, title, true)))
			return;
		try {
			await send('DELETE', this.tasks.at(path));
			toast(said);
		} catch (error) {
			toast(error.message);
		}
		this.load();
	}

	delete(uid) {
		const { id, name } = this.#find(uid);
		return this.#forGood(`Delete “${name}” for good? It cannot be brought back.`,
			'Delete for good', `trash/${id}`, `Deleted “${name}” for good`);
	}

	empty() {
		const number = this.list.length === 1 ? 'the task' : `all ${this.list.length} tasks`;
		return this.#forGood(`Delete ${number} in the trash for good? They cannot be brought back.`,
			'Empty the trash', 'trash', 'The trash is empty');
	}

	menu(uid) {
		openMenu(this.#find(uid).name, [
			['Restore', () => this.restore(uid)],
			['Delete for good', () => this.delete(uid)],
		]);
	}
}
