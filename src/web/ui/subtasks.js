/*
 * The tasks below a task, in its panel, and the one above it.
 */
import { el } from './dom.js';

/* of: { above(), below(), open(uid), leave(), complete(uid), add(text) }. A part of it that draws itself anew. */
export function subtasksField(of) {
	const above = el('p', { class: 'above' });
	const list = el('ul', { class: 'plain subtasks' });
	const count = el('span', { class: 'hint' });
	const input = el('input', { id: 'subtask', name: 'subtask', autocomplete: 'off',
		placeholder: 'Buy paint tomorrow', enterkeyhint: 'done' });
	const link = (task) => el('button', { type: 'button', class: 'quiet link',
		onclick: () => of.open(task.uid) }, task.name);
	const item = (task) => el('li', {},
		el('input', { type: 'checkbox', class: 'check', checked: task.completed,
			'aria-label': task.name, 'data-uid': task.uid, onchange: () => of.complete(task.uid) }),
		link(task));
	const draw = () => {
		const up = of.above();
		const all = of.below();
		above.hidden = up === null;
		if (up !== null)
			above.replaceChildren('Subtask of ', link(up), el('button', { type: 'button',
				class: 'chip', onclick: () => of.leave() }, 'Take it out'));
		const focused = list.contains(document.activeElement)
			? document.activeElement.dataset.uid : undefined;
		list.replaceChildren(...all.map(item));
		if (focused !== undefined)
			list.querySelector(`[data-uid="${CSS.escape(focused)}"]`)?.focus();
		list.hidden = all.length === 0;
		count.textContent = all.length === 0 ? ''
			: ` ${all.filter(({ completed }) => completed).length} of ${all.length}`;
	};
	/* What is half typed when one leaves counts, too. */
	const take = () => {
		if (input.value.trim() !== '')
			of.add(input.value);
		input.value = '';
	};
	input.addEventListener('change', take);
	input.addEventListener('keydown', (event) => {
		if (event.key !== 'Enter' || event.isComposing)
			return;
		event.preventDefault();
		take();
	});
	draw();
	const field = el('div', { class: 'field' }, above,
		el('label', { for: 'subtask' }, 'Subtasks', count), list, input);
	field.draw = draw;
	return field;
}
