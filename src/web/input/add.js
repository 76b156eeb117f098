/*
 * The one input that adds. What it understands of the words is shown as chips; a chip that is taken
 * back leaves its words in the name.
 */
import { el, icon, openDialog } from '../ui/dom.js';
import { icons } from '../ui/icons.js';
import { PRIORITIES } from '../ui/priority.js';
import { parse, readTask } from '../model/parse.js';

const chipText = ({ kind, value, label }) =>
	(kind === 'priority' ? `${PRIORITIES[value]} priority` : label);

export class Adder {
	/*
	 * add([members, ...]) is called with the tasks that are wanted, lists() are those that may be named,
	 * as parse() takes them, and down() is where the list begins.
	 */
	constructor(form, add, lists, down) {
		this.form = form;
		this.input = form.querySelector('input');
		this.chips = form.querySelector('.chips');
		this.add = add;
		this.lists = lists;
		this.down = down;
		this.ignore = new Set();
		this.input.addEventListener('input', () => this.#show());
		this.input.addEventListener('paste', (event) => this.#pasted(event));
		this.input.addEventListener('keydown', (event) => this.#key(event));
		form.addEventListener('submit', (event) => {
			event.preventDefault();
			this.#submit();
		});
	}

	focus() {
		this.input.focus();
		this.input.select();
	}

	/* What was typed elsewhere is written here, and gone on with. */
	type(text) {
		const end = this.input.value.length;
		this.input.focus();
		this.input.setRangeText(text, end, end, 'end');
		this.#show();
	}

	#key(event) {
		if (event.isComposing || !['Escape', 'ArrowDown'].includes(event.key))
			return;
		event.preventDefault();
		this.down();
	}

	#submit() {
		const task = readTask(this.input.value, this.ignore, this.lists());
		if (task === null)
			return;
		this.add([task]);
		this.clear();
		this.input.focus();
	}

	clear() {
		this.input.value = '';
		this.ignore.clear();
		this.#show();
	}

	#show() {
		const { chips } = parse(this.input.value, new Date(),
			{ ignore: this.ignore, lists: this.lists() });
		if (this.input.value === '')
			this.ignore.clear();
		this.chips.replaceChildren(...chips.map((chip) => this.#chip(chip)));
	}

	#chip(chip) {
		const text = chipText(chip);
		const back = () => {
			this.ignore.add(chip.text);
			this.#show();
			this.input.focus();
		};
		return el('button', { type: 'button', class: `chip ${chip.kind}`, onclick: back,
			'aria-label': `${text}: keep “${chip.text}” in the name` }, text, icon(icons.close));
	}

	/* Several lines may be several tasks. */
	#pasted(event) {
		const text = event.clipboardData.getData('text/plain');
		const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim()).filter(Boolean);
		if (lines.length < 2)
			return;
		event.preventDefault();
		this.#ask(lines);
	}

	/* Who leaves without an answer has the text in the input, where it was pasted. */
	#ask(lines) {
		let isAdded = false;
		const all = () => {
			isAdded = true;
			this.add(lines.map((line) => readTask(line, new Set(), this.lists())).filter(Boolean));
			dialog.close();
		};
		const one = () => {
			this.input.setRangeText(lines.join(' '), this.input.selectionStart,
				this.input.selectionEnd, 'end');
			this.#show();
		};
		const dialog = openDialog('Pasted lines',
			el('h2', {}, `Add ${lines.length} tasks?`),
			el('ul', { class: 'preview' }, lines.slice(0, 8).map((line) => el('li', {}, line))),
			lines.length > 8 ? el('p', { class: 'hint' }, `and ${lines.length - 8} more`) : null,
			el('div', { class: 'buttons' },
				el('button', { type: 'button', class: 'main', onclick: all, autofocus: true },
					`Add ${lines.length} tasks`),
				el('button', { type: 'button', onclick: () => dialog.close() }, 'As one line')));
		dialog.addEventListener('close', () => isAdded || one());
	}
}
