/*
 * Whether single letters are commands, which this browser remembers (WCAG 2.1.4).
 */
import { el } from './dom.js';

const OFF = 'todo.keys.off';

export function areLettersOff() {
	return localStorage.getItem(OFF) === 'yes';
}

/* The switch, for the help and for the account. */
export function lettersSwitch() {
	const on = el('input', { type: 'checkbox', checked: !areLettersOff(), onchange: () =>
		localStorage.setItem(OFF, on.checked ? 'no' : 'yes') });
	return el('label', { class: 'choice' }, on, 'Single letters are commands');
}
