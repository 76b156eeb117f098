/*
 * The ways to change a task that ask for something: its name in place, one member, all of it, and
 * the menu for those who have no keys.
 */
import { send } from '../net/api.js';
import { Actions } from './actions.js';
import { openMenu } from './dom.js';
import { dueField, startField } from './due.js';
import { openField, openPanel } from './panel.js';
import { listField, placeField } from './place.js';
import { priorityField } from './priority.js';
import { readTask } from '../model/parse.js';
import { remindField } from './remind.js';
import { repeatField } from './repeat.js';
import { editName } from './row.js';
import { subtasksField } from './subtasks.js';
import { tagsField, tagsOfMany } from './tags.js';
import { toast } from './toast.js';
import { tagsOf, viewOf } from '../model/views.js';

const missed = (text) => toast(`“${text.trim()}” is not understood: all stays as it was`);

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

	/* Every list that a task may be in. */
	lists() {
		const { tasks } = this.app;
		return [{ list: null, name: 'Inbox' }, ...tasks.lists().map(({ uid, name }) =>
			({ list: tasks.referenceTo(uid), name }))];
	}

	#headingsOf(list) {
		const { tasks } = this.app;
		return list === null ? [] : tasks.get(tasks.refersTo(list))?.headings ?? [];
	}

	/* The name of a list or a task, for what is told of changes. */
	named(reference) {
		const { tasks } = this.app;
		const uid = typeof reference === 'string' ? reference : tasks.uidOf(reference);
		return tasks.lastOf(uid)?.name ?? 'what is gone';
	}

	panel(uid, focus) {
		const { list, tasks, actions } = this.app;
		const id = tasks.idOf(uid);
		const history = async () =>
			(await send('GET', tasks.at(`tasks/${id}/history`))).data.history;
		const setting = actions.setting([uid]);
		const task = tasks.get(uid);
		const subtasks = this.#subtasks(uid, (other) => {
			dialog.close();
			this.panel(other);
		});
		const set = (members) => members.name?.trim() !== '' && setting.set(members);
		let isDeleted = false;
		const dialog = openPanel(task, { focus, known: this.#known(), missed, set, subtasks,
			named: (reference) => this.named(reference),
			place: placeField(task, this.lists(), (of) => this.#headingsOf(of), { set,
				move: (to) => setting.change((one) => Actions.placed(one, to)) }),
			repeat: repeatField(task, (of) => setting.change(of)),
			remind: remindField(task.reminders, () => tasks.get(uid)?.due_date ?? null, set),
			history: id === null ? null : history,
			act: { Delete: () => {
				isDeleted = true;
				actions.delete([uid]);
			} } });
		const draw = () => subtasks.draw();
		tasks.addEventListener('change', draw);
		dialog.addEventListener('close', () => {
			tasks.removeEventListener('change', draw);
			if (!isDeleted)
				setting.end();
			list.focus(uid);
		});
	}

	/* Those below a task, the one above it, and what is done with them. */
	#subtasks(uid, open) {
		const { tasks, actions } = this.app;
		return subtasksField({ open,
			above: () => tasks.get(tasks.refersTo(tasks.get(uid)?.parent ?? null)),
			below: () => [...tasks].filter(({ parent }) => parent !== null &&
				tasks.refersTo(parent) === uid)
				.sort((a, b) => a.completed - b.completed || a.position - b.position),
			leave: () => actions.set([uid], { parent: null }),
			complete: (other) => actions.complete([other]),
			add: (text) => {
				const task = readTask(text, new Set(), []);
				if (task !== null)
					actions.addBelow(uid, task);
			} });
	}

	/* One member of one task, or of several: then it is set for all that is chosen, and nothing else. */
	field(name, uids) {
		const { list, tasks, actions } = this.app;
		const chosen = uids.map((uid) => tasks.get(uid));
		const [task] = chosen;
		const isMany = chosen.length > 1;
		/* What is below another one of them moves with that. */
		const setting = actions.setting(name === 'list' ? actions.tops(uids) : uids);
		const set = (members) => setting.set(members);
		const fields = {
			due: ['Due', () => dueField(isMany ? null : task.due_date, set, isMany)],
			start: ['Start', () => startField(isMany ? null : task.start_date, set, isMany)],
			repeat: ['Repeat', () => repeatField(task, (of) => setting.change(of), isMany)],
			list: ['List', () => listField(this.lists(),
				chosen.every((one) => one.list === task.list) ? task.list : undefined,
				(to) => setting.change((one) => Actions.placed(one, to)))],
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
		if (!viewOf(app.place, app.tasks).movable || app.tasks.get(uid).completed)
			return [];
		return [...[['Move up', -1], ['Move down', 1], ['Move to the top', -Infinity],
			['Move to the end', Infinity]].map(([title, by]) => [title, () => app.step(uid, by)]),
		['Make it a subtask of the one above', () => app.indent(uid)],
		...app.tasks.get(uid).parent === null ? []
			: [['Take it out of the one above', () => app.outdent(uid)]]];
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
			['Start date', () => this.field('start', [uid])],
			['Repeat', () => this.field('repeat', [uid])],
			['Move to a list', () => this.field('list', [uid])],
			['Priority', () => this.field('priority', [uid])],
			['Tags', () => this.field('tags', [uid])],
			...this.#moves(uid),
			[app.selected.has(uid) ? 'Select no more' : 'Select', () => app.select(uid)],
			['Delete', () => app.actions.delete([uid])],
		]);
	}
}
