/*
 * The field of what repeats: a choice of common rules, and an input for the others, in words or as
 * RFC 5545 has them. What the field writes it also reads; what it does not understand it says.
 */
import { dayOf, today } from '../model/dates.js';
import { el } from './dom.js';
import { commonRules, firstDay, readRule, ruleWords } from '../model/rules.js';

const title = (words) => words[0].toUpperCase() + words.slice(1);

/* What repeats is due: where it has no date yet, on the first day of the rule. */
function due(task, rule) {
	return task.due_date === null ? { due_date: firstDay(rule, today(new Date())) } : {};
}

/*
 * change(membersOf): membersOf(task) is what a task is to have. task: what there is at present; of
 * several tasks the one whose date the choice of rules is for, and isMixed.
 */
export function repeatField(task, change, isMixed = false) {
	let rule = isMixed ? null : task.repeat;
	let from = isMixed ? 'due' : task.repeat_from;
	const hint = el('p', { class: 'hint', id: 'repeat-hint', role: 'status' });
	const input = el('input', { id: 'repeat', name: 'repeat', autocomplete: 'off',
		'aria-describedby': 'repeat-hint',
		placeholder: isMixed ? 'Mixed: they stay as they are' : 'every 2 weeks on mon, thu' });
	const day = dayOf(task.due_date) ?? today(new Date());
	const choice = el('select', { id: 'repeat-choice', 'aria-label': 'Common repeats' });
	const counted = el('select', { id: 'repeat-from', name: 'repeat_from' },
		el('option', { value: 'due' }, 'the due date'),
		el('option', { value: 'completion' }, 'the day of completion'));
	const show = () => {
		const rules = [...new Set([...commonRules(day), rule].filter((one) => one !== null))];
		choice.replaceChildren(
			el('option', { value: '', selected: rule === null }, isMixed ? 'Choose' : 'Does not repeat'),
			...rules.map((one) => el('option', { value: one, selected: one === rule },
				title(ruleWords(one)))));
		counted.value = from;
		countedField.hidden = rule === null;
	};
	const tell = (text) => {
		input.setAttribute('aria-invalid', text !== undefined);
		hint.textContent = text ?? (rule === null ? '' : `${title(ruleWords(rule, from))}.`);
	};
	const set = (value, counts) => {
		[rule, from] = [value, value === null ? 'due' : counts];
		change((one) => ({ repeat: rule, ...(one.repeat_from !== from && { repeat_from: from }),
			...(rule !== null && due(one, rule)) }));
		input.value = rule === null ? '' : ruleWords(rule);
		show();
		tell();
	};
	const read = () => {
		const words = input.value.trim();
		if (rule !== null && words.toLowerCase() === ruleWords(rule).toLowerCase())
			return { value: rule, from };
		return readRule(words);
	};
	const bad = () => tell(`“${input.value.trim()}” is no repeat. Try “every 2 weeks” or “every friday”.`);
	input.addEventListener('input', () => {
		const found = input.value.trim() === '' ? null : read();
		if (found === undefined)
			bad();
		else
			tell();
	});
	input.addEventListener('change', () => {
		if (input.value.trim() === '') {
			if (rule !== null)
				set(null, 'due');
			return;
		}
		const found = read();
		if (found === undefined)
			bad();
		else
			set(found.value, found.from ?? from);
	});
	choice.addEventListener('change', () => set(choice.value || null, from));
	counted.addEventListener('change', () => set(rule, counted.value));
	const countedField = el('div', { class: 'field' },
		el('label', { for: 'repeat-from' }, 'The next one is counted from'), counted);
	input.value = rule === null ? '' : ruleWords(rule);
	show();
	tell();
	return el('div', { class: 'field' }, el('label', { for: 'repeat' }, 'Repeat'), input, hint, choice,
		countedField);
}
