/*
 * The keyboard: one table, which also is the help. Single keys can be switched off (WCAG 2.1.4):
 * then those with Ctrl or Alt, and the ones that any list has, are left, and the menu has the rest.
 */
import { Letters } from './burst.js';
import { el, openDialog } from '../ui/dom.js';
import { areLettersOff, lettersSwitch } from '../ui/letters.js';

/* keys, what they do in words, the name of the command; moves: it only goes through the list. */
export const table = [
	{ keys: ['q'], words: 'Add a task', command: 'add' },
	{ keys: ['/'], words: 'Search', command: 'search' },
	{ keys: ['j', 'ArrowDown'], words: 'Next task', command: 'next', moves: true },
	{ keys: ['k', 'ArrowUp'], words: 'Previous task', command: 'previous', moves: true },
	{ keys: ['Home'], words: 'First task', command: 'first' },
	{ keys: ['End'], words: 'Last task', command: 'last' },
	{ keys: ['ArrowRight'], words: 'Into the row: its checkbox, tags and menu', command: 'into' },
	{ keys: ['ArrowLeft'], words: 'Back to the row', command: 'out' },
	{ keys: ['x', ' '], words: 'Complete, or not', command: 'complete' },
	{ keys: ['e', 'Enter'], words: 'Edit the name', command: 'edit' },
	{ keys: ['d'], words: 'Due date', command: 'due' },
	{ keys: ['s'], words: 'Start date', command: 'start' },
	{ keys: ['r'], words: 'Repeat', command: 'repeat' },
	{ keys: ['l'], words: 'Move to a list', command: 'list' },
	{ keys: ['p'], words: 'Priority', command: 'priority' },
	{ keys: ['t'], words: 'Tags', command: 'tags' },
	{ keys: ['n'], words: 'Note, and all the rest', command: 'note' },
	{ keys: ['Delete', 'Backspace'], words: 'Delete', command: 'delete' },
	{ keys: ['m'], words: 'Select, for several at once', command: 'select' },
	{ keys: ['ContextMenu', 'Shift+F10'], words: 'Menu, with all of these', command: 'menu' },
	{ keys: ['Alt+ArrowUp'], words: 'Move up', command: 'up' },
	{ keys: ['Alt+ArrowDown'], words: 'Move down', command: 'down' },
	{ keys: ['>'], words: 'Make it a subtask of the one above', command: 'indent' },
	{ keys: ['<'], words: 'Take it out of the one above', command: 'outdent' },
	{ keys: ['z', 'Ctrl+z'], words: 'Undo', command: 'undo' },
	{ keys: ['Z', 'Ctrl+Shift+z', 'Ctrl+y'], words: 'Redo', command: 'redo' },
	{ keys: ['g a'], words: 'All', command: 'go all' },
	{ keys: ['g i'], words: 'Inbox', command: 'go inbox' },
	{ keys: ['g l'], words: 'To a list', command: 'lists' },
	{ keys: ['g t'], words: 'Today', command: 'go today' },
	{ keys: ['g u'], words: 'Upcoming', command: 'go upcoming' },
	{ keys: ['g o'], words: 'Overdue', command: 'go overdue' },
	{ keys: ['g c'], words: 'Completed', command: 'go completed' },
	{ keys: ['g x'], words: 'Trash', command: 'go trash' },
	{ keys: ['Escape'], words: 'Back to the row, or select nothing', command: 'escape' },
	{ keys: ['?', 'F1', 'Ctrl+/'], words: 'This table', command: 'help', anywhere: true },
];

const rows = new Map(table.flatMap((row) => row.keys.map((key) => [key, row])));

/* What Enter, Space and the arrows mean there is not ours to change. */
const OWN_KEYS = 'input:not([type=checkbox]), textarea, select, [contenteditable], dialog';
const OWN_ENTER = 'a, button, summary, input[type=checkbox]';

/* Where a letter that was pressed leads to a field, what follows is meant for that at once. */
const AT_ONCE = ['add', 'search'];

const isLetter = ({ key, ctrlKey, metaKey, altKey }) =>
	key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey;

function nameOf(event) {
	const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
	const isCtrl = ctrlKey || metaKey;
	const shift = shiftKey && (isCtrl ? /^[a-z]$/i.test(key) : key.length > 1 && key !== 'Escape');
	return `${isCtrl ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}` +
		(isCtrl ? key.toLowerCase() : key);
}

export class Keys {
	/* run(command) is true where the command meant something; type(text) writes it in the one input. */
	constructor(run, type) {
		this.run = run;
		this.letters = new Letters(type);
		this.before = '';
		addEventListener('keydown', (event) => this.#pressed(event));
	}

	#pressed(event) {
		const row = rows.get(nameOf(event));
		if (event.isComposing || event.defaultPrevented)
			return;
		this.letters.settle(event.timeStamp);
		if (document.activeElement !== event.target && document.activeElement?.closest(OWN_KEYS))
			return; /* the field that it has just led to gets this one */
		if (event.target.closest(row?.anywhere && !isLetter(event) ? 'dialog' : OWN_KEYS))
			this.letters.flush();
		else if (isLetter(event) || (event.key === ' ' && this.letters.isWriting(event.timeStamp)))
			this.#letter(event);
		else
			this.#key(event, row);
	}

	#key(event, row) {
		const isOwn = ['Enter', ' '].includes(event.key) && event.target.closest(OWN_ENTER);
		this.letters.flush();
		this.letters.drop();
		this.before = '';
		if (row && !isOwn && this.run(row.command))
			event.preventDefault();
	}

	/* Held down it is pressed once, but for a walk through the list. */
	#letter(event) {
		const name = this.before + event.key;
		const row = areLettersOff() ? undefined : rows.get(name);
		this.before = name === 'g' ? 'g ' : '';
		if (AT_ONCE.includes(row?.command) && this.letters.recent.length === 0) {
			event.preventDefault();
			this.run(row.command);
			return;
		}
		if (event.repeat && !row?.moves)
			return;
		const run = row && (() => document.querySelector('dialog[open]') || this.run(row.command));
		event.preventDefault(); /* or the input that has the focus by now would get it once more */
		this.letters.press(event.key, event.timeStamp, run, row?.moves);
	}
}

const SIGNS = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', ' ': 'Space',
	Z: 'Shift+z', ContextMenu: 'Menu' };

function keyName(key) {
	return key.split(/(?<=.)\+/).map((part) => SIGNS[part] ?? part).join('+');
}

export function openHelp() {
	const lines = table.map(({ keys, words }) => el('tr', {},
		el('th', { scope: 'row' }, keys.map((key, i) => [i > 0 ? ' ' : '',
			el('kbd', {}, keyName(key))]).flat()),
		el('td', {}, words)));
	openDialog('Keyboard', el('form', { method: 'dialog', class: 'panel' },
		el('h2', {}, 'Keyboard'),
		lettersSwitch(),
		el('p', { class: 'hint' }, 'Letters that follow each other fast are words: they go into the input.'),
		el('table', { class: 'keys' }, el('tbody', {}, lines)),
		el('div', { class: 'buttons' }, el('button', { class: 'main' }, 'Close'))));
}
