/*
 * The fields of tags: those of one task as text, and those of several as boxes, of which each says
 * whether all of the tasks have it, some, or none. What nobody touches stays as it is.
 */
import { el } from './dom.js';

const MOST = 32; /* tags of a task */
const SHOWN = 12; /* of those that are known */

/* Words with commas or spaces between them, with or without a # in front. */
export function readTags(text) {
	const words = text.split(/[\s,]+/u).map((word) => word.replace(/^#/, '')).filter(Boolean);
	return [...new Set(words)].slice(0, MOST);
}

export function tagsField(tags, known, set) {
	const input = el('input', { id: 'tags', name: 'tags', value: tags.join(', '),
		autocomplete: 'off', placeholder: 'home, errand', 'aria-describedby': 'tags-hint' });
	input.addEventListener('change', () => set({ tags: readTags(input.value) }));
	const toggle = (tag) => {
		const had = readTags(input.value);
		const now = had.includes(tag) ? had.filter((other) => other !== tag) : [...had, tag];
		input.value = now.join(', ');
		set({ tags: now });
	};
	const chips = known.slice(0, SHOWN).map((tag) => el('button', { type: 'button', class: 'chip',
		onclick: () => toggle(tag) }, `#${tag}`));
	return el('div', { class: 'field' }, el('label', { for: 'tags' }, 'Tags'), input,
		el('p', { class: 'hint', id: 'tags-hint' }, 'With commas or spaces between them.'),
		el('div', { class: 'choices' }, chips));
}

/*
 * The tags of several tasks. change(tagsOf): tagsOf(task) is what a task is to have, by what it had
 * when this was opened. A box goes from some to all, to none, and back to some.
 */
export function tagsOfMany(tasks, known, change) {
	const had = new Map(tasks.map(({ uid, tags }) => [uid, tags]));
	const wanted = new Map(); /* tag -> whether all are to have it */
	const tagsOf = ({ uid }) => {
		const stay = had.get(uid).filter((tag) => wanted.get(tag) !== false);
		const more = [...wanted].filter(([tag, all]) => all && !stay.includes(tag));
		return [...stay, ...more.map(([tag]) => tag)].slice(0, MOST);
	};
	const count = (tag) => tasks.filter(({ tags }) => tags.includes(tag)).length;
	const list = el('ul', { class: 'boxes' });
	const want = (tag, all) => {
		if (all === undefined)
			wanted.delete(tag);
		else
			wanted.set(tag, all);
		change(tagsOf);
	};
	const box = (tag) => {
		const number = count(tag);
		const isSome = number > 0 && number < tasks.length;
		const told = el('span', { class: 'hint' });
		const input = el('input', { type: 'checkbox', 'data-tag': tag });
		const show = () => {
			const all = wanted.get(tag);
			input.indeterminate = all === undefined && isSome;
			input.checked = all ?? number === tasks.length;
			told.textContent = input.indeterminate ? `${number} of ${tasks.length}` : '';
		};
		input.addEventListener('change', () => {
			const next = { undefined: true, true: false, false: undefined };
			const plain = input.checked === (number === tasks.length) ? undefined : input.checked;
			want(tag, isSome ? next[wanted.get(tag)] : plain);
			show();
		});
		show();
		return el('li', {}, el('label', { class: 'choice' }, input, `#${tag}`, told));
	};
	const boxOf = (tag) => list.querySelector(`[data-tag="${CSS.escape(tag)}"]`);
	const input = el('input', { id: 'tags', name: 'tags', autocomplete: 'off',
		placeholder: 'errand', 'aria-describedby': 'tags-hint' });
	input.addEventListener('change', () => {
		for (const tag of readTags(input.value)) {
			want(tag, true);
			const old = boxOf(tag)?.closest('li');
			const fresh = box(tag);
			if (old)
				old.replaceWith(fresh);
			else
				list.prepend(fresh);
		}
		input.value = '';
	});
	const used = [...new Set(tasks.flatMap(({ tags }) => tags))];
	const others = known.filter((tag) => !used.includes(tag)).slice(0, SHOWN);
	list.append(...[...used, ...others].map(box));
	return el('div', { class: 'field' }, el('label', { for: 'tags' }, 'Add a tag to all'), input,
		el('p', { class: 'hint', id: 'tags-hint' },
			'All other tags stay. A box is ticked where all have the tag, and half where some have it.'),
		list);
}
