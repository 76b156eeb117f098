/*
 * Where a task stands: the fields of its list, and of the heading there.
 */
import { el } from './dom.js';

/* lists: all that may be chosen, as { list, name }. list: undefined where several differ. */
function listSelect(lists, list, choose) {
	const options = lists.map((one, i) => el('option', { value: String(i),
		selected: one.list === list }, one.name));
	const mixed = list === undefined ? [el('option', { value: '', selected: true }, 'Mixed')] : [];
	const select = el('select', { id: 'list', name: 'list', onchange: () =>
		select.value !== '' && choose(lists[Number(select.value)].list) }, mixed, options);
	return el('div', { class: 'field' }, el('label', { for: 'list' }, 'List'), select);
}

/* For several tasks, or for one: move(list). */
export function listField(lists, list, move) {
	return listSelect(lists, list, move);
}

/*
 * The list of one task, and its heading where that has any: headingsOf(list) are those of a list.
 * move(list), set(members).
 */
export function placeField({ list, heading, parent }, lists, headingsOf, { move, set }) {
	const known = el('datalist', { id: 'headings' });
	const input = el('input', { id: 'heading', name: 'heading', value: heading ?? '', maxlength: '100',
		autocomplete: 'off', list: 'headings' });
	const field = el('div', { class: 'field' }, el('label', { for: 'heading' }, 'Heading'), input, known);
	const show = (of) => {
		field.hidden = of === null || parent !== null;
		known.replaceChildren(...headingsOf(of).map((value) => el('option', { value })));
	};
	input.addEventListener('change', () => set({ heading: input.value.trim() || null }));
	show(list);
	return [listSelect(lists, list, (to) => {
		move(to);
		if (to !== list)
			input.value = '';
		show(to);
	}), field];
}
