/*
 * One task in the list: its checkbox, its name, and what else is known of it.
 */
import { dayOf, dueLabel, isOverdue } from '../model/dates.js';
import { el, icon } from './dom.js';
import { icons } from './icons.js';
import { PRIORITIES } from './priority.js';

function dueChip(task) {
	if (task.due_date === null)
		return null;
	const { text, state } = dueLabel(task.due_date, new Date());
	const late = state === 'overdue' && !task.completed;
	return el('span', { class: `mark due ${task.completed ? '' : state}` },
		late ? `${text} · overdue` : text);
}

function marks(task) {
	return [
		task.priority > 0 ? el('span', { class: `mark p${task.priority}` },
			'!'.repeat(task.priority),
			el('span', { class: 'unseen' }, ` ${PRIORITIES[task.priority]} priority`)) : null,
		dueChip(task),
		...task.tags.map((tag) => el('a', { class: 'mark tag', href: `?${new URLSearchParams({ tag })}`,
			'data-place': 'tag' }, `#${tag}`)),
		task.note !== '' ? el('span', { class: 'mark' }, icon(icons.note),
			el('span', { class: 'unseen' }, 'has a note')) : null,
		task.deleted_date ? el('span', { class: 'mark' },
			`deleted ${dueLabel(dayOf(task.deleted_date), new Date()).text}`) : null,
		task.deleted_date ? el('button', { type: 'button', class: 'quiet', 'data-do': 'restore' },
			'Restore') : null,
	].filter(Boolean);
}

/* What a row shows, to know whether it has to change at all. */
function shown(task, selected, movable) {
	const now = new Date();
	const { name, note, due_date, completed, priority, tags, deleted_date } = task;
	return JSON.stringify([name, note !== '', due_date, completed, priority, tags, deleted_date,
		selected, movable, now.toDateString(), isOverdue(due_date, now)]);
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

export function updateRow(row, task, { selected, movable, trash }) {
	const now = shown(task, selected, movable);
	if (row.shown === now)
		return;
	row.shown = now;
	row.classList.toggle('done', task.completed);
	row.classList.toggle('selected', selected);
	row.setAttribute('aria-label', `${task.name}${selected ? ', selected' : ''}`);
	row.querySelector('.handle').hidden = !movable;
	const check = row.querySelector('.check');
	check.checked = task.completed;
	check.setAttribute('aria-label', task.name);
	check.disabled = Boolean(trash);
	row.querySelector('.name').textContent = task.name;
	row.querySelector('.marks').replaceChildren(...marks(task));
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
