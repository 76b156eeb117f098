/*
 * The ways to change a task that ask for something: its name in place, one member, all of it, and
 * the menu for those who have no keys.
 */
import { send } from './api.js';
import { el, openDialog } from './dom.js';
import { dueField, priorityField, tagsField } from './fields.js';
import { openField, openPanel } from './panel.js';
import { editName } from './row.js';
import { tagsOf, viewOf } from './views.js';

export class Edits {
	/* app: the tasks, the list, the actions, the place and the selection. */
	constructor(app) {
		this.app = app;
	}

	#known() {
		return tagsOf(this.app.tasks).map(([tag]) => tag);
	}

	/* An empty name deletes. */
	name(uid) {
		const { list, tasks, actions } = this.app;
		const row = list.elementOf(uid);
		if (!row || tasks.get(uid) === null || row.querySelector('.edit'))
			return;
		editName(row, tasks.get(uid), (name) => {
			if (name === '')
				actions.delete([uid]);
			else if (name !== null)
				actions.set([uid], { name });
			list.focus(list.active);
		});
	}

	panel(uid, focus) {
		const { list, tasks, actions } = this.app;
		const id = tasks.idOf(uid);
		const history = async () =>
			(await send('GET', tasks.at(`tasks/${id}/history`))).data.history;
		openPanel(tasks.get(uid), { focus, known: this.#known(),
			set: (members) => members.name?.trim() !== '' && actions.set([uid], members),
			history: id === null ? null : history,
			act: { Delete: () => actions.delete([uid]) } })
			.addEventListener('close', () => list.focus(uid));
	}

	/* One member of several tasks; the first one's value is where one begins. */
	field(name, uids) {
		const { list, tasks, actions } = this.app;
		const task = tasks.get(uids[0]);
		const set = (members) => actions.set(uids, members);
		const fields = {
			due: ['Due', () => dueField(task.due_date, set)],
			priority: ['Priority', () => priorityField(task.priority, set)],
			tags: ['Tags', () => tagsField(task.tags, this.#known(), set)],
		};
		const [title, make] = fields[name];
		openField(uids.length > 1 ? `${title} of ${uids.length} tasks` : title, make())
			.addEventListener('close', () => list.focus(list.active));
	}

	#moves(uid) {
		const { app } = this;
		if (!viewOf(app.place).movable || app.tasks.get(uid).completed)
			return [];
		return [['Move up', -1], ['Move down', 1], ['Move to the top', -Infinity],
			['Move to the end', Infinity]].map(([title, by]) => [title, () => app.step(uid, by)]);
	}

	menu(uid) {
		const { app } = this;
		const items = [
			['Edit', () => this.name(uid)],
			['Details', () => this.panel(uid)],
			['Due date', () => this.field('due', [uid])],
			...this.#moves(uid),
			[app.selected.has(uid) ? 'Select no more' : 'Select', () => app.select(uid)],
			['Delete', () => app.actions.delete([uid])],
		];
		const button = ([title, run]) => el('button', { type: 'button', onclick: () => {
			dialog.close();
			run();
		} }, title);
		const dialog = openDialog(app.tasks.get(uid).name,
			el('div', { class: 'menu' }, items.map(button)));
	}
}
