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
	};
	/* found: what the input says, as readRule() has it; null for nothing. */
	const tell = (found) => {
		input.setAttribute('aria-invalid', found === undefined);
		countedField.hidden = !found;
		if (found === undefined)
			hint.textContent = `“${input.value.trim()}” is no repeat. ` +
				'Try “every 2 weeks” or “every friday”.';
		else
			hint.textContent = found && `${title(ruleWords(found.value, found.from ?? from))}.`;
	};
	const set = (value, counts) => {
		[rule, from] = [value, value === null ? 'due' : counts];
		change((one) => ({ repeat: rule, ...(one.repeat_from !== from && { repeat_from: from }),
			...(rule !== null && due(one, rule)) }));
		input.value = rule === null ? '' : ruleWords(rule);
		show();
		tell(read());
	};
	const read = () => {
		const words = input.value.trim();
		if (words === '')
			return null;
		if (rule !== null && words.toLowerCase() === ruleWords(rule).toLowerCase())
			return { value: rule, from };
		return readRule(words);
	};
	input.addEventListener('input', () => tell(read()));
	input.addEventListener('change', () => {
		const found = read();
		if (found === undefined)
			tell(found);
		else if (found !== null)
			set(found.value, found.from ?? from);
		else if (rule !== null)
			set(null, 'due');
	});
	choice.addEventListener('change', () => set(choice.value || null, from));
	counted.addEventListener('change', () => set(rule, counted.value));
	const countedField = el('div', { class: 'field' },
		el('label', { for: 'repeat-from' }, 'The next one is counted from'), counted);
	input.value = rule === null ? '' : ruleWords(rule);
	show();
	tell(read());
	return el('div', { class: 'field' }, el('label', { for: 'repeat' }, 'Repeat'), input, hint, choice,
		countedField);
}
