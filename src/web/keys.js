/*
 * The keyboard: one table, which also is the help. Single keys can be switched off (WCAG 2.1.4):
 * then only those with Alt, and the ones that any list has, are left.
 */
import { el, openDialog } from './dom.js';

const OFF = 'todo.keys.off';

/* keys, what they do in words, the name of the command; plain: not a single character. */
export const table = [
	{ keys: ['q'], words: 'Add a task', command: 'add' },
	{ keys: ['/'], words: 'Search', command: 'search' },
	{ keys: ['j', 'ArrowDown'], words: 'Next task', command: 'next' },
	{ keys: ['k', 'ArrowUp'], words: 'Previous task', command: 'previous' },
	{ keys: ['Home'], words: 'First task', command: 'first' },
	{ keys: ['End'], words: 'Last task', command: 'last' },
	{ keys: ['x', ' '], words: 'Complete, or not', command: 'complete' },
	{ keys: ['e', 'Enter'], words: 'Edit the name', command: 'edit' },
	{ keys: ['d'], words: 'Due date', command: 'due' },
	{ keys: ['p'], words: 'Priority', command: 'priority' },
	{ keys: ['t'], words: 'Tags', command: 'tags' },
	{ keys: ['n'], words: 'Note, and all the rest', command: 'note' },
	{ keys: ['Delete', 'Backspace'], words: 'Delete', command: 'delete' },
	{ keys: ['m'], words: 'Select, for several at once', command: 'select' },
	{ keys: ['Alt+ArrowUp'], words: 'Move up', command: 'up' },
	{ keys: ['Alt+ArrowDown'], words: 'Move down', command: 'down' },
	{ keys: ['z'], words: 'Undo', command: 'undo' },
	{ keys: ['Z'], words: 'Redo', command: 'redo' },
	{ keys: ['g a'], words: 'All', command: 'go all' },
	{ keys: ['g t'], words: 'Today', command: 'go today' },
	{ keys: ['g u'], words: 'Upcoming', command: 'go upcoming' },
	{ keys: ['g o'], words: 'Overdue', command: 'go overdue' },
	{ keys: ['g c'], words: 'Completed', command: 'go completed' },
	{ keys: ['g x'], words: 'Trash', command: 'go trash' },
	{ keys: ['Escape'], words: 'Select nothing', command: 'escape' },
	{ keys: ['?'], words: 'This table', command: 'help' },
];

const commands = new Map(table.flatMap(({ keys, command }) => keys.map((key) => [key, command])));

/* What Enter, Space and the arrows mean there is not ours to change. */
const OWN_KEYS = 'input:not([type=checkbox]), textarea, select, [contenteditable], dialog';
const OWN_ENTER = 'a, button, summary, input[type=checkbox]';

function isOff() {
	return localStorage.getItem(OFF) === 'yes';
}

function nameOf(event) {
	return `${event.altKey ? 'Alt+' : ''}${event.key}`;
}

/* run(command) is true where the command meant something. */
export function listen(run) {
	let before = '';
	addEventListener('keydown', (event) => {
		const { target } = event;
		const name = before + nameOf(event);
		before = '';
		if (event.ctrlKey || event.metaKey || event.isComposing || target.closest(OWN_KEYS))
			return;
		if ((event.key === 'Enter' || event.key === ' ') && target.closest(OWN_ENTER))
			return;
		if (event.key.length === 1 && event.key !== ' ' && !event.altKey && isOff())
			return;
		if (name === 'g') {
			before = 'g ';
			return;
		}
		const command = commands.get(name);
		if (command && run(command))
			event.preventDefault();
	});
}

const SIGNS = { ArrowUp: '↑', ArrowDown: '↓', ' ': 'Space', Z: 'Shift+z' };

function keyName(key) {
	return key.split(/(?<=.)\+/).map((part) => SIGNS[part] ?? part).join('+');
}

export function openHelp() {
	const rows = table.map(({ keys, words }) => el('tr', {},
		el('th', { scope: 'row' }, keys.map((key, i) => [i > 0 ? ' ' : '',
			el('kbd', {}, keyName(key))]).flat()),
		el('td', {}, words)));
	const on = el('input', { type: 'checkbox', checked: !isOff(), onchange: (event) =>
		localStorage.setItem(OFF, event.target.checked ? 'no' : 'yes') });
	openDialog('Keyboard', el('form', { method: 'dialog', class: 'panel' },
		el('h2', {}, 'Keyboard'),
		el('label', { class: 'choice' }, on, 'Single letters are commands'),
		el('table', { class: 'keys' }, el('tbody', {}, rows)),
		el('div', { class: 'buttons' }, el('button', { class: 'main' }, 'Close'))));
}
