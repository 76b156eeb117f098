/*
 * The field of reminders: those there are, each with a button that takes it away, and an input for
 * another one, in words.
 */
import { el, icon } from './dom.js';
import { readWords } from './due.js';
import { icons } from './icons.js';
import { readReminder, reminderWords } from '../model/reminders.js';

const MOST = 8;
const COMMON = ['PT0S', '-PT15M', '-PT1H', '-P1D'];

/* due(): what the task is due at present. set(members). */
export function remindField(reminders, due, set) {
	let all = reminders;
	const list = el('ul', { class: 'choices' });
	const quick = el('div', { class: 'choices' });
	const hint = el('p', { class: 'hint', id: 'remind-hint', role: 'status' });
	const input = el('input', { id: 'remind', name: 'remind', autocomplete: 'off',
		placeholder: '15 minutes before', 'aria-describedby': 'remind-hint' });
	const words = (reminder) => reminderWords(reminder, due(), new Date());
	const tell = (text = '') => {
		input.setAttribute('aria-invalid', text !== '');
		hint.textContent = text;
	};
	const change = (reminders) => {
		all = reminders;
		set({ reminders });
		show();
	};
	const remove = (reminder) => {
		change(all.filter((one) => one !== reminder));
		input.focus();
	};
	const add = (reminder) => {
		if (all.includes(reminder))
			return;
		if (all.length === MOST)
			tell(`A task has up to ${MOST} reminders.`);
		else
			change([...all, reminder]);
	};
	const show = () => {
		list.replaceChildren(...all.map((reminder) => el('li', {}, el('button', { type: 'button',
			class: 'chip', 'aria-label': `Remove the reminder ${words(reminder)}`,
			onclick: () => remove(reminder) }, words(reminder), icon(icons.close)))));
		list.hidden = all.length === 0;
		quick.replaceChildren(...COMMON.filter((one) => !all.includes(one)).map((one) =>
			el('button', { type: 'button', class: 'chip', onclick: () => add(one) },
				words(one)[0].toUpperCase() + words(one).slice(1))));
	};
	input.addEventListener('input', () => tell());
	input.addEventListener('change', () => {
		const text = input.value.trim();
		const found = text === '' ? null
			: readReminder(text, due(), (date) => readWords(date, new Date()));
		if (found === undefined) {
			tell(`“${text}” is no reminder. Try “15 minutes before” or “fri at 9:00”.`);
			return;
		}
		tell();
		if (found !== null) {
			input.value = '';
			add(found);
		}
	});
	show();
	return el('div', { class: 'field' }, el('label', { for: 'remind' }, 'Remind'), list, input, hint,
		quick);
}
