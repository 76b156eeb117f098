/*
 * The ways to change a task that ask for something: its name in place, one member, all of it, and
 * the menu for those who have no keys.
 */
import { send } from '../net/api.js';
import { openMenu } from './dom.js';
import { dueField } from './due.js';
import { openField, openPanel } from './panel.js';
import { priorityField } from './priority.js';
import { editName } from './row.js';
import { tagsField, tagsOfMany } from './tags.js';
import { toast } from './toast.js';
import { tagsOf, viewOf } from '../model/views.js';

const missed = (text) => toast(`“${text.trim()}” is no date: the date stays as it was`);

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
		const setting = actions.setting([uid]);
		let isDeleted = false;
		openPanel(tasks.get(uid), { focus, known: this.#known(), missed,
			set: (members) => members.name?.trim() !== '' && setting.set(members),
			history: id === null ? null : history,
			act: { Delete: () => {
				isDeleted = true;
				actions.delete([uid]);
			} } })
			.addEventListener('close', () => {
				if (!isDeleted)
					setting.end();
				list.focus(uid);
			});
	}

	/* One member of one task, or of several: then it is set for all that is chosen, and nothing else. */
	field(name, uids) {
		const { list, tasks, actions } = this.app;
		const chosen = uids.map((uid) => tasks.get(uid));
		const [task] = chosen;
		const isMany = chosen.length > 1;
		const setting = actions.setting(uids);
		const set = (members) => setting.set(members);
		const fields = {
			due: ['Due', () => dueField(isMany ? null : task.due_date, set, isMany)],
			priority: ['Priority', () => priorityField(isMany ? null : task.priority, set)],
			tags: ['Tags', () => (isMany
				? tagsOfMany(chosen, this.#known(), (of) =>
					setting.change((one) => ({ tags: of(one) })))
				: tagsField(task.tags, this.#known(), set))],
		};
		const [title, make] = fields[name];
		openField(isMany ? `${title} of ${uids.length} tasks` : title, make(), missed)
			.addEventListener('close', () => {
				setting.end();
				list.focus(list.active);
			});
	}

	#moves(uid) {
		const { app } = this;
		if (!viewOf(app.place).movable || app.tasks.get(uid).completed)
			return [];
		return [['Move up', -1], ['Move down', 1], ['Move to the top', -Infinity],
			['Move to the end', Infinity]].map(([title, by]) => [title, () => app.step(uid, by)]);
	}

	/* All that can be done with a task, for those who have no keys. */
	menu(uid) {
		const { app } = this;
		const task = app.tasks.get(uid);
		openMenu(task.name, [
			[task.completed ? 'Reopen' : 'Complete', () => app.actions.complete([uid])],
			['Edit', () => this.name(uid)],
			['Details', () => this.panel(uid)],
			['Due date', () => this.field('due', [uid])],
			['Priority', () => this.field('priority', [uid])],
			['Tags', () => this.field('tags', [uid])],
			...this.#moves(uid),
			[app.selected.has(uid) ? 'Select no more' : 'Select', () => app.select(uid)],
			['Delete', () => app.actions.delete([uid])],
		]);
	}
}
