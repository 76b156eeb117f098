/*
 * The parts that the account page is made of.
 */
import { el } from './dom.js';
import { toast } from './toast.js';

export function section(title, ...children) {
	return el('section', { class: 'card', 'aria-label': title }, el('h2', {}, title), ...children);
}

/* An input with its label, and a place for what is wrong with it. */
export function field(label, input) {
	return el('div', { class: 'field' }, el('label', { for: input.id }, label), input,
		el('p', { class: 'error', id: `${input.id}-error` }));
}

/* What a button does where no form says what went wrong. */
export function tried(run) {
	return () => run().catch((error) => toast(error.message));
}
