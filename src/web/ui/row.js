/*
 * One task in the list: its checkbox, its name, and what else is known of it.
 */
import { dayOf, dueLabel, isOverdue, today } from '../model/dates.js';
import { dot, el, icon } from './dom.js';
import { icons } from './icons.js';
import { PRIORITIES } from './priority.js';
import { ruleWords } from '../model/rules.js';

function dueChip(task) {
	if (task.due_date === null)
		return null;
	const { text, state } = dueLabel(task.due_date, new Date());
	const late = state === 'overdue' && !task.completed;
	return el('span', { class: `mark due ${task.completed ? '' : state}` },
		late ? `${text} · overdue` : text);
}

const started = ({ start_date }, now) => start_date === null ||
	(start_date.length > 10 ? Date.parse(start_date) <= now.getTime() : start_date <= today(now));

/* Where a task stands, as far as one does not see that. */
function placeMarks({ listName, color, parentName, level, progress }) {
	return [
		parentName === undefined ? null : el('span', { class: level > 0 ? 'unseen' : 'mark' },
			level > 0 ? `subtask of ${parentName}` : `in ${parentName}`),
		listName === undefined ? null : el('span', { class: 'mark' }, dot(color), listName),
		progress === undefined ? null : el('span', { class: 'mark' }, icon(icons.below),
			`${progress[0]}/${progress[1]}`, el('span', { class: 'unseen' }, ' subtasks completed')),
	];
}

function timeMarks(task, now) {
	const { start_date, repeat, repeat_from, reminders, completed } = task;
	const rule = repeat === null ? '' : ruleWords(repeat, repeat_from);
	return [
		!completed && !started(task, now) ? el('span', { class: 'mark' },
			`from ${dueLabel(start_date, now).text}`) : null,
		repeat === null ? null : el('span', { class: 'mark', title: rule }, icon(icons.repeat),
			el('span', { class: 'unseen' }, rule)),
		reminders.length === 0 ? null : el('span', { class: 'mark' }, icon(icons.bell),
			el('span', { class: 'unseen' }, 'has a reminder')),
	];
}

function marks(task, place) {
	return [
		...placeMarks(place),
		task.priority > 0 ? el('span', { class: `mark p${task.priority}` },
			'!'.repeat(task.priority),
			el('span', { class: 'unseen' }, ` ${PRIORITIES[task.priority]} priority`)) : null,
		...timeMarks(task, new Date()),
		dueChip(task),
		...task.tags.map((tag) => el('a', { class: 'mark tag', href: `?${new URLSearchParams({ tag })}`,
			'data-place': 'tag' }, `#${tag}`)),
		task.isList ? el('span', { class: 'mark' }, 'a list') : null,
		task.note !== '' ? el('span', { class: 'mark' }, icon(icons.note),
			el('span', { class: 'unseen' }, 'has a note')) : null,
		task.deleted_date ? el('span', { class: 'mark' },
			`deleted ${dueLabel(dayOf(task.deleted_date), new Date()).text}`) : null,
		task.deleted_date ? el('button', { type: 'button', class: 'quiet', 'data-do': 'restore' },
			'Restore') : null,
	].filter(Boolean);
}

/* What a row shows, to know whether it has to change at all. */
function shown(task, selected, movable, place) {
	const now = new Date();
	const { name, note, due_date, completed, priority, tags, deleted_date, start_date } = task;
	return JSON.stringify([name, note !== '', due_date, completed, priority, tags, deleted_date,
		start_date, task.repeat, task.repeat_from, task.reminders.length > 0, place,
		selected, movable, today(now), started(task, now), isOverdue(due_date, now)]);
}

export function makeHeading({ heading }) {
	return el('li', { class: 'heading' }, el('h3', {}, heading));
}

export function makeRow({ task }) {
	const name = el('span', { class: 'name' });
	return el('li', { class: 'row', tabindex: '-1', 'data-uid': task.uid },
		el('span', { class: 'handle', 'data-handle': '' }, icon(icons.handle)),
		el('input', { type: 'checkbox', class: 'check', 'data-do': 'complete' }),
		el('div', { class: 'words' }, name, el('div', { class: 'marks' })),
		el('button', { type: 'button', class: 'more quiet', 'data-do': 'menu',
			'aria-haspopup': 'dialog' }, icon(icons.more), el('span', { class: 'unseen' })));
}

/*
 * place: { listName, color, parentName, level, progress }: what of its place is to be shown.
 */
export function updateRow(row, task, { selected, movable, trash, place = {} }) {
	const now = shown(task, selected, movable, place);
	if (row.shown === now)
		return;
	row.shown = now;
	row.classList.toggle('done', task.completed);
	row.classList.toggle('selected', selected);
	row.classList.toggle('later', !task.completed && !started(task, new Date()));
	row.style.setProperty('--level', place.level ?? 0);
	row.setAttribute('aria-label', `${task.name}${selected ? ', selected' : ''}`);
	row.querySelector('.handle').hidden = !movable;
	const check = row.querySelector('.check');
	check.checked = task.completed;
	check.setAttribute('aria-label', task.name);
	check.disabled = Boolean(trash);
	check.hidden = Boolean(task.isList);
	row.querySelector('.name').textContent = task.name;
	row.querySelector('.marks').replaceChildren(...marks(task, place));
	row.isTabbable = undefined;
	row.querySelector('.more .unseen').textContent = `More for ${task.name}`;
}

/* What can be done in a row, in order. */
export function controlsOf(row) {
	return [...row.querySelectorAll('input, a, button')].filter((one) => !one.disabled);
}

/* Whether Tab comes to a row and to what is in it. */
export function setTabbable(row, isTabbable) {
	if (row.isTabbable === isTabbable || !row.classList.contains('row'))
		return;
	row.isTabbable = isTabbable;
	for (const one of [row, ...controlsOf(row)])
		one.tabIndex = isTabbable ? 0 : -1;
}

/*
 * The name becomes an input. done(name) with the new one, or null where it stays as it is; once.
 */
export function editName(row, task, done) {
	const words = row.querySelector('.words');
	const name = row.querySelector('.name');
	const input = el('input', { class: 'edit', value: task.name, maxlength: '1000',
		'aria-label': `Name of ${task.name}` });
	let ended = false;
	const end = (value) => {
		if (ended)
			return;
		ended = true;
		input.remove();
		name.hidden = false;
		done(value === task.name ? null : value);
	};
	name.hidden = true;
	input.addEventListener('keydown', (event) => {
		event.stopPropagation();
		if (event.isComposing)
			return;
		if (event.key === 'Enter' || event.key === 'Escape') {
			event.preventDefault();
			end(event.key === 'Enter' ? input.value.trim() : null);
		}
	});
	input.addEventListener('blur', () => end(input.value.trim()));
	words.prepend(input);
	input.focus();
	input.select();
}
