/*
 * The fields of dates, in words: all that it writes it also reads. What it does not understand
 * it says, and what it held stays.
 */
import { addDays, dayOf, dueLabel, today } from '../model/dates.js';
import { el } from './dom.js';
import { parse } from '../model/parse.js';

const DAYS = ['today', 'tomorrow', 'next week'];

const dayLabel = (day, now) => dueLabel(day, now).text;

/* A date as one types it, and nothing beside it; undefined where it is none. */
export function readWords(text, now) {
	for (const words of [`x ${text}`, `x on ${text}`]) {
		const { name, due, repeat, start, tags, priority } = parse(words, now);
		if (due !== null && name === 'x' && tags.length === 0 && priority === 0 && !repeat && !start)
			return due;
	}
	return undefined;
}

/* The days that are behind, which nobody means who adds a task, and the day that the field has. */
function ownDays(due, now) {
	const yesterday = addDays(today(now), -1);
	const days = [[dayLabel(yesterday, now), yesterday]];
	return due === null ? days : [[dayLabel(dayOf(due), now), dayOf(due)], ...days];
}

/*
 * A due date as one types it: null for none, undefined where it is not understood. due: what it is
 * at present, whose day stays the same where its words do, also if a time is added or taken away.
 */
export function readDue(text, due = null, now = new Date()) {
	const words = text.trim();
	if (words === '')
		return null;
	if (due !== null && words.toLowerCase() === dueLabel(due, now).text.toLowerCase())
		return due;
	for (const [label, day] of ownDays(due, now)) {
		const rest = words.slice(label.length);
		if (words.toLowerCase().startsWith(label.toLowerCase()) && /^(?!\w)/.test(rest)) {
			const read = readWords(`${day}${rest}`, now);
			if (read !== undefined && dayOf(read) === day)
				return read;
		}
	}
	return readWords(words, now);
}

/*
 * set(members) is called with what the user has decided. isMixed: it is for several tasks, whose
 * dates stay as they are until one is chosen for all.
 */
export function dueField(due, set, isMixed = false) {
	return dateField('due', 'Due', due, (date) => set({ due_date: date }), isMixed);
}

/* Before it a task is shown as one that may wait. */
export function startField(start, set, isMixed = false) {
	return dateField('start', 'Start', start, (date) => set({ start_date: date }), isMixed);
}

function dateField(name, label, due, set, isMixed) {
	const now = new Date();
	const text = due === null ? '' : dueLabel(due, now).text;
	const hint = el('p', { class: 'hint', id: `${name}-hint`, role: 'status' });
	const input = el('input', { id: name, name, value: text, autocomplete: 'off',
		placeholder: isMixed ? 'Mixed: they stay as they are' : 'fri at 15:00',
		'aria-describedby': `${name}-hint` });
	const read = () => readDue(input.value, due);
	const tell = () => {
		const found = read();
		input.setAttribute('aria-invalid', found === undefined);
		if (found === undefined)
			hint.textContent = `“${input.value.trim()}” is no date. Try “fri at 15:00” or “27 jan”.`;
		else
			hint.textContent = found === null ? 'No date.' : dueLabel(found, new Date()).text;
	};
	const take = () => {
		tell();
		const found = read();
		if (found !== undefined && !(isMixed && found === null))
			set(found);
	};
	const choose = (words, value) => {
		input.value = words;
		tell();
		set(value);
	};
	input.addEventListener('input', tell);
	input.addEventListener('change', take);
	const quick = DAYS.map((words) => el('button', { type: 'button', class: 'chip',
		onclick: () => choose(words, readWords(words, new Date())) },
	words[0].toUpperCase() + words.slice(1)));
	const none = el('button', { type: 'button', class: 'chip', onclick: () => choose('', null) },
		'No date');
	return el('div', { class: 'field' }, el('label', { for: name }, label), input, hint,
		el('div', { class: 'choices' }, quick, none));
}
