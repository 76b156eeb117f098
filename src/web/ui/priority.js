/*
 * Priorities: their names, and the field that sets one.
 */
import { el } from './dom.js';

export const PRIORITIES = ['None', 'Low', 'Medium', 'High'];

/* priority: null where it is for several tasks, which keep theirs until one is chosen for all. */
export function priorityField(priority, set) {
	const choice = (name, value) => el('label', { class: `chip p${value}` },
		el('input', { type: 'radio', name: 'priority', value: String(value),
			checked: value === priority, onchange: () => set({ priority: value }) }), name);
	return el('fieldset', { class: 'field' }, el('legend', {}, 'Priority'),
		priority === null ? el('p', { class: 'hint' }, 'Mixed: they stay as they are.') : null,
		el('div', { class: 'choices' }, PRIORITIES.map(choice)));
}
