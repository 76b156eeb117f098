/*
 * What is done with lists as a whole: a new one, its name, colour and headings, the archive, and the
 * choice of one.
 */
import { dot, el, icon, openDialog, openMenu } from './dom.js';
import { icons } from './icons.js';
import { openOf } from '../model/views.js';

const COLORS = [['None', ''], ['Red', '#c0392b'], ['Orange', '#c96f00'], ['Yellow', '#a88600'],
	['Green', '#2e8b57'], ['Teal', '#1f7f86'], ['Blue', '#2a6fdb'], ['Purple', '#7d4bc4'],
	['Pink', '#c2417f'], ['Grey', '#6b7280']];
const HEADINGS_MOST = 100;

function nameInput(value) {
	return el('input', { id: 'list-name', name: 'name', value, maxlength: '200', required: true,
		autocomplete: 'off' });
}

function colorField(color) {
	const known = COLORS.some(([, value]) => value === color) ? COLORS : [...COLORS, [color, color]];
	return el('fieldset', { class: 'field' }, el('legend', {}, 'Colour'),
		el('div', { class: 'choices' }, known.map(([name, value]) => el('label', { class: 'chip' },
			el('input', { type: 'radio', name: 'color', value, checked: value === color }),
			dot(value), name))));
}

/* done(members): the name and the colour that a list is to have. */
export function openListForm(title, { name = '', color = '' }, done) {
	const form = el('form', { method: 'dialog', class: 'panel', onsubmit: (event) => {
		const values = Object.fromEntries(new FormData(form));
		if (values.name.trim() === '')
			event.preventDefault();
		else
			done({ name: values.name.trim(), color: values.color });
	} }, el('h2', {}, title),
	el('div', { class: 'field' }, el('label', { for: 'list-name' }, 'Name'), nameInput(name)),
	colorField(color),
	el('div', { class: 'buttons' },
		el('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'),
		el('button', { class: 'main' }, 'Save')));
	const dialog = openDialog(title, form);
	form.elements.name.focus();
	form.elements.name.select();
}

/*
 * The headings of a list, a line for each. A line that is gone is gone from its tasks, too; so what
 * is only renamed has a field of its own. set(headings), rename(from, to).
 */
export function openHeadings(list, { set, rename }) {
	const field = (heading, i) => el('div', { class: 'field' },
		el('label', { for: `heading-${i}` }, `Heading ${i + 1}`),
		el('input', { id: `heading-${i}`, value: heading, maxlength: '100', autocomplete: 'off' }));
	const fields = list.headings.map(field);
	const fresh = el('input', { id: 'heading-new', maxlength: '100', autocomplete: 'off' });
	const save = () => {
		const values = fields.map((one) => one.querySelector('input').value.trim());
		const kept = list.headings.filter((heading, i) => values[i] !== '');
		const more = fresh.value.trim();
		const all = more === '' || kept.includes(more) ? kept : [...kept, more];
		if (all.length !== list.headings.length || kept.length !== all.length)
			set(all.slice(0, HEADINGS_MOST));
		list.headings.forEach((heading, i) => values[i] !== '' && values[i] !== heading &&
			rename(heading, values[i]));
	};
	const title = `Headings of ${list.name}`;
	const dialog = openDialog(title, el('form', { method: 'dialog', class: 'panel', onsubmit: save },
		el('h2', {}, title), fields,
		el('div', { class: 'field' }, el('label', { for: 'heading-new' }, 'New heading'), fresh),
		el('p', { class: 'hint' }, 'A heading that is emptied is taken from its tasks, which stay.'),
		el('div', { class: 'buttons' },
			el('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'),
			el('button', { class: 'main' }, 'Save'))));
	(fields[0]?.querySelector('input') ?? fresh).focus();
}

export class Lists {
	/* app: the tasks, the actions, and go(place). */
	constructor(app) {
		this.app = app;
	}

	#go(uid) {
		this.app.go({ name: 'list', list: String(this.app.tasks.referenceTo(uid)) });
	}

	add() {
		openListForm('New list', {}, (members) => this.#go(this.app.actions.addList(members)));
	}

	/* A list to go to. */
	choose(which = ({ archived }) => !archived, title = 'Go to a list') {
		const counts = openOf(this.app.tasks);
		const items = this.app.tasks.lists().filter(which).map(({ uid, name }) =>
			[`${name}${counts.has(uid) ? ` · ${counts.get(uid)} open` : ''}`, () => this.#go(uid)]);
		openMenu(title, [...items, ['New list', () => this.add()]]);
	}

	archive() {
		this.choose(({ archived }) => archived, 'Archived lists');
	}

	/* The button beside the title of a list. */
	button(list) {
		return el('button', { type: 'button', class: 'quiet', 'aria-haspopup': 'dialog',
			onclick: () => this.menu(list.uid) }, icon(icons.more),
		el('span', { class: 'unseen' }, `More for the list ${list.name}`));
	}

	#edit({ uid, name, color }) {
		const { actions } = this.app;
		openListForm('Edit the list', { name, color }, (members) =>
			actions.setList(uid, members.color === color ? 'renameList' : 'changeList', members));
	}

	#headings({ uid, ...list }) {
		const { actions } = this.app;
		openHeadings(list, {
			set: (headings) => actions.setList(uid, 'changeList', { headings }),
			rename: (from, to) => actions.renameHeading(uid, from, to) });
	}

	menu(uid) {
		const { tasks, actions } = this.app;
		const list = tasks.get(uid);
		const archive = list.archived ? ['Take out of the archive', 'unarchiveList', false]
			: ['Archive', 'archiveList', true];
		openMenu(list.name, [
			['Name and colour', () => this.#edit(list)],
			['Headings', () => this.#headings(list)],
			['Move up', () => actions.stepList(uid, -1)],
			['Move down', () => actions.stepList(uid, 1)],
			[archive[0], () => actions.setList(uid, archive[1], { archived: archive[2] })],
			['Delete the list and its tasks', () => actions.deleteList(uid)],
		]);
	}
}
