/*
 * All of one task: what can be set, and what it was before. What is set counts at once, whichever way
 * one leaves; the toast that comes then takes it back.
 */
import { dueLabel } from '../model/dates.js';
import { el, icon, openDialog } from './dom.js';
import { dueField, startField } from './due.js';
import { icons } from './icons.js';
import { PRIORITIES, priorityField } from './priority.js';
import { reminderWords } from '../model/reminders.js';
import { ruleWords } from '../model/rules.js';
import { tagsField } from './tags.js';

/* named(id): the name of a list or of a task. */
function value(member, of, named) {
	switch (member) {
	case 'completed':
		return of ? 'completed' : 'to be done';
	case 'archived':
		return of ? 'archived' : 'not archived';
	case 'due_date':
	case 'start_date':
		return of === null ? 'no date' : dueLabel(of, new Date()).text;
	case 'list':
		return of === null ? 'Inbox' : named(of);
	case 'parent':
		return of === null ? 'nothing' : named(of);
	case 'repeat':
		return of === null ? 'never' : ruleWords(of);
	case 'repeat_from':
		return of === 'due' ? 'the due date' : 'completion';
	case 'reminders':
		return of.map((one) => reminderWords(one, null, new Date())).join(', ') || 'none';
	case 'headings':
		return of.join(', ') || 'none';
	case 'priority':
		return PRIORITIES[of];
	case 'tags':
		return of.length > 0 ? of.map((tag) => `#${tag}`).join(' ') : 'no tags';
	default:
		return String(of ?? '') || 'nothing';
	}
}

const TOLD = { name: 'Name', note: 'Note', due_date: 'Due', completed: '', priority: 'Priority',
	tags: 'Tags', list: 'List', heading: 'Heading', parent: 'Subtask of', start_date: 'Start',
	repeat: 'Repeat', repeat_from: 'Counted from', reminders: 'Reminders', color: 'Colour',
	headings: 'Headings', archived: '' };

/* What changed between two states, in words. */
export function tell(before, after, named) {
	if (before === null)
		return 'Made';
	if (after === null)
		return 'Deleted';
	const told = Object.keys(TOLD)
		.filter((member) => JSON.stringify(before[member]) !== JSON.stringify(after[member]))
		.map((member) => `${TOLD[member]} ${value(member, after[member], named)}`.trim());
	return told.join('; ') || 'Moved';
}

function historyItem({ time, before, after }, named) {
	return el('li', {},
		el('time', { datetime: time }, new Date(time).toLocaleString()),
		el('span', {}, ` ${tell(before, after, named)}`));
}

function historyField(load, named) {
	const list = el('ol', { class: 'history', reversed: true });
	const details = el('details', { class: 'field' }, el('summary', {}, 'History'), list);
	details.addEventListener('toggle', async () => {
		if (!details.open)
			return;
		list.replaceChildren(el('li', {}, 'One moment…'));
		try {
			list.replaceChildren(...(await load()).reverse().map((entry) => historyItem(entry, named)));
		} catch (error) {
			list.replaceChildren(el('li', {}, error.message));
		}
	});
	return details;
}

function textField(name, label, input, set) {
	input.id = name;
	input.name = name;
	input.addEventListener('change', () => set({ [name]: input.value }));
	return el('div', { class: 'field' }, el('label', { for: name }, label), input);
}

/* What one types into. A box that is chosen has said so already. */
const TYPED = 'textarea, input:not([type="checkbox"], [type="radio"])';

/*
 * A form that is not left by its button while something in it is not understood. By Escape it is:
 * then missed(text) is told.
 */
function settingForm(missed, ...children) {
	const wrong = () => form.querySelector('[aria-invalid="true"]');
	/* A field that one leaves for a button would move that away, with what it then shows. */
	const stay = (event) => event.target.closest('.buttons button') && event.preventDefault();
	const form = el('form', { method: 'dialog', class: 'panel', onmousedown: stay, onsubmit: (event) => {
		const field = document.activeElement;
		if (form.contains(field) && field.matches(TYPED))
			field.dispatchEvent(new Event('change'));
		if (!wrong())
			return;
		event.preventDefault();
		wrong().focus();
	} }, ...children);
	form.missed = () => wrong() && missed(wrong().value);
	return form;
}

const SAVED = 'Everything is saved as you go. Undo takes it back.';

/* A phone may end a page that nobody sees: what is half typed counts before that. */
function keepWhenHidden(dialog) {
	const keep = () => document.hidden && document.activeElement.dispatchEvent(new Event('change'));
	document.addEventListener('visibilitychange', keep);
	dialog.addEventListener('close', () => document.removeEventListener('visibilitychange', keep));
}

/*
 * set(members); history(): a promise of the changes; act: { name: function } of the buttons below.
 * focus: the name of the field to begin with. missed(text): what was typed as a date and is none.
 * place, repeat, remind and subtasks: the fields of those. named(id): the name of a list or a task.
 */
export function openPanel(task, { set, history, known, act, missed, place, repeat, remind, subtasks,
	named, focus = 'name' }) {
	const close = el('button', { type: 'button', class: 'quiet close', 'aria-label': 'Close',
		onclick: () => dialog.close() }, icon(icons.close));
	const buttons = Object.entries(act).map(([name, run]) => el('button', { type: 'button',
		onclick: () => {
			dialog.close();
			run();
		} }, name));
	const dialog = openDialog(`Details of ${task.name}`,
		settingForm(missed,
			el('header', {}, el('h2', {}, 'Details'), close),
			textField('name', 'Name', el('input', { value: task.name, maxlength: '1000',
				autocomplete: 'off' }), set),
			textField('note', 'Note', el('textarea', { rows: '5' }, task.note), set),
			place,
			dueField(task.due_date, set),
			startField(task.start_date, set),
			repeat, remind,
			priorityField(task.priority, set),
			tagsField(task.tags, known, set),
			subtasks,
			history ? historyField(history, named) : null,
			el('p', { class: 'hint' }, SAVED),
			el('div', { class: 'buttons' }, buttons,
				el('button', { class: 'main' }, 'Done'))));
	dialog.addEventListener('close', dialog.querySelector('form').missed);
	dialog.classList.add('side');
	keepWhenHidden(dialog);
	const field = dialog.querySelector(`[name="${focus}"]:checked`) ??
		dialog.querySelector(`[name="${focus}"]`);
	field?.focus();
	if (focus === 'note') /* one goes on with it, and does not begin again */
		field.setSelectionRange(field.value.length, field.value.length);
	else
		field?.select?.();
	return dialog;
}

/* One field alone, for one task or for many. */
export function openField(title, field, missed) {
	const dialog = openDialog(title, settingForm(missed,
		el('h2', {}, title), field,
		el('p', { class: 'hint' }, SAVED),
		el('div', { class: 'buttons' }, el('button', { class: 'main' }, 'Done'))));
	dialog.addEventListener('close', dialog.querySelector('form').missed);
	const input = field.querySelector('input:checked') ?? field.querySelector('input, select');
	input?.focus();
	input?.select?.();
	return dialog;
}

/* Yours or theirs, for each member that both have changed: a promise of what is to be set. */
export function openChoice(set, theirs, conflicts, named) {
	return new Promise((resolve) => {
		const choice = (member, name, text, checked) => el('label', { class: 'choice' },
			el('input', { type: 'radio', name: member, value: name, checked }), text);
		const part = (member) => el('fieldset', { class: 'field' },
			el('legend', {}, TOLD[member] || member),
			choice(member, 'mine', `Yours: ${value(member, set[member], named)}`, true),
			choice(member, 'theirs', `Theirs: ${value(member, theirs[member], named)}`, false));
		const form = el('form', { method: 'dialog', class: 'panel' },
			el('h2', {}, 'Changed in two places'),
			el('p', {}, `“${theirs.name}” was changed elsewhere at the same time.`),
			conflicts.map(part),
			el('div', { class: 'buttons' }, el('button', { class: 'main' }, 'Keep these')));
		openDialog('Changed in two places', form).addEventListener('close', () => {
			const chosen = new FormData(form);
			resolve(Object.fromEntries(Object.entries(set)
				.filter(([member]) => chosen.get(member) !== 'theirs')));
		});
	});
}

/*
 * A task that was deleted elsewhere while one changed it: a promise whether it is to come back with
 * the change.
 */
export function openRestore(task, members, named) {
	return new Promise((resolve) => {
		let isWanted = false;
		const restore = () => {
			isWanted = true;
			dialog.close();
		};
		const change = Object.keys(members).filter((member) => TOLD[member] !== undefined)
			.map((member) => `${TOLD[member]} ${value(member, members[member], named)}`.trim());
		const dialog = openDialog('Deleted on another device',
			el('h2', {}, `“${task.name}” was deleted on another device.`),
			change.length > 0 ? el('p', { class: 'change' }, `Your change: ${change.join('; ')}`) : null,
			el('div', { class: 'buttons' },
				el('button', { type: 'button', class: 'main', onclick: restore },
					'Restore it with your change'),
				el('button', { type: 'button', onclick: () => dialog.close() }, 'Leave it deleted')));
		dialog.addEventListener('close', () => resolve(isWanted));
	});
}
