/*
 * The parts of a form that set something of a task: each calls set(members) when the user has
 * decided, and works for one task as for many.
 */
import { el } from './dom.js';
import { dueLabel } from './dates.js';
import { parse } from './parse.js';

export const PRIORITIES = ['None', 'Low', 'Medium', 'High'];

const DAYS = ['today', 'tomorrow', 'next week'];

/* A date as one types it: null for none, undefined where it is not understood. */
export function readDue(text) {
	if (text.trim() === '')
		return null;
	const { due } = parse(`x ${text.trim()}`, new Date());
	return due ?? undefined;
}

function dueHint(text, hint, input) {
	const due = readDue(text);
	input.setAttribute('aria-invalid', due === undefined);
	if (due === undefined)
		hint.textContent = 'Not a date that I know. Try “fri at 15:00” or “27 jan”.';
	else
		hint.textContent = due === null ? 'No date.' : dueLabel(due, new Date()).text;
}

export function dueField(due, set) {
	const hint = el('p', { class: 'hint', id: 'due-hint' });
	const text = due ? dueLabel(due, new Date()).text : '';
	const input = el('input', { id: 'due', name: 'due', value: text, autocomplete: 'off',
		placeholder: 'fri at 15:00', 'aria-describedby': 'due-hint' });
	const take = (words) => {
		input.value = words;
		dueHint(words, hint, input);
		const read = words === text ? due : readDue(words);
		if (read !== undefined)
			set({ due_date: read });
	};
	input.addEventListener('input', () => dueHint(input.value, hint, input));
	input.addEventListener('change', () => take(input.value));
	const quick = DAYS.map((words) => el('button', { type: 'button', class: 'chip',
		onclick: () => take(words) }, words[0].toUpperCase() + words.slice(1)));
	const none = el('button', { type: 'button', class: 'chip', onclick: () => take('') }, 'No date');
	return el('div', { class: 'field' }, el('label', { for: 'due' }, 'Due'), input, hint,
		el('div', { class: 'choices' }, quick, none));
}

export function priorityField(priority, set) {
	const choice = (name, value) => el('label', { class: `chip p${value}` },
		el('input', { type: 'radio', name: 'priority', value: String(value),
			checked: value === priority, onchange: () => set({ priority: value }) }), name);
	return el('fieldset', { class: 'field' }, el('legend', {}, 'Priority'),
		el('div', { class: 'choices' }, PRIORITIES.map(choice)));
}

/* Words with commas or spaces between them, with or without a # in front. */
export function readTags(text) {
	const words = text.split(/[\s,]+/u).map((word) => word.replace(/^#/, '')).filter(Boolean);
	return [...new Set(words)].slice(0, 32);
}

export function tagsField(tags, known, set) {
	const input = el('input', { id: 'tags', name: 'tags', value: tags.join(', '),
		autocomplete: 'off', placeholder: 'home, errand', 'aria-describedby': 'tags-hint' });
	input.addEventListener('change', () => set({ tags: readTags(input.value) }));
	const toggle = (tag) => {
		const had = readTags(input.value);
		const now = had.includes(tag) ? had.filter((other) => other !== tag) : [...had, tag];
		input.value = now.join(', ');
		set({ tags: now });
	};
	const chips = known.slice(0, 12).map((tag) => el('button', { type: 'button', class: 'chip',
		onclick: () => toggle(tag) }, `#${tag}`));
	return el('div', { class: 'field' }, el('label', { for: 'tags' }, 'Tags'), input,
		el('p', { class: 'hint', id: 'tags-hint' }, 'With commas or spaces between them.'),
		el('div', { class: 'choices' }, chips));
}
