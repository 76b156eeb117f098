/*
 * Rules of what repeats, as in RFC 5545, 3.3.10: in words, and the first day of those that words can
 * say. What words cannot say is shown as the rule itself.
 */
import { MONTHS, WEEKDAYS, addDays, makeDay, weekdayOf } from './dates.js';

const CODES = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const UNITS = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' };
const NTH = { 1: 'first', 2: 'second', 3: 'third', 4: 'fourth', 5: 'fifth', '-1': 'last' };
const WORKDAYS = 'MO,TU,WE,TH,FR';
const SEARCHED_DAYS = 366 * 9; /* a leap day may be years away */

/* { FREQ: 'WEEKLY', BYDAY: 'MO,TH' } */
const partsOf = (rule) => Object.fromEntries(rule.split(';').map((part) => part.split('=')));

const short = (name) => name.slice(0, 3);
const dayName = (code) => WEEKDAYS[CODES.indexOf(code)];

/* "1st", "22nd", "last day" */
function dayOfMonth(text) {
	const number = Number(text);
	if (number < 0)
		return number === -1 ? 'last day' : null;
	const isTeen = number > 10 && number < 14;
	return `${number}${(!isTeen && ['th', 'st', 'nd', 'rd'][number % 10]) || 'th'}`;
}

/* "last Friday" */
function dayInMonth(text) {
	const [, nth, code] = /^(-?\d)([A-Z]{2})$/.exec(text) ?? [];
	return nth in NTH ? `${NTH[nth]} ${dayName(code)}` : null;
}

/* All of a list in words; null where one of them has none. */
function all(list, wordsOf) {
	const words = list.split(',').map(wordsOf);
	return words.includes(null) ? null : words.join(', ');
}

/*
 * What stands behind "every week" and the like, by the parts that a rule has beside its unit. Null
 * where there are no words for it.
 */
const PLACES = {
	'': () => '',
	'WEEKLY BYDAY': ({ BYDAY }) => `on ${all(BYDAY, (code) => short(dayName(code)))}`,
	'MONTHLY BYMONTHDAY': ({ BYMONTHDAY }) => the(all(BYMONTHDAY, dayOfMonth)),
	'MONTHLY BYDAY': ({ BYDAY }) => the(all(BYDAY, dayInMonth)),
	'MONTHLY BYDAY BYSETPOS': ({ BYDAY, BYSETPOS }) =>
		(BYDAY === WORKDAYS && BYSETPOS in NTH ? the(`${NTH[BYSETPOS]} weekday`) : null),
	'YEARLY BYMONTH BYMONTHDAY': ({ BYMONTH, BYMONTHDAY }) =>
		(/^\d+$/.test(BYMONTH) && /^\d+$/.test(BYMONTHDAY)
			? `on ${BYMONTHDAY} ${short(MONTHS[BYMONTH - 1])}` : null),
};

const the = (words) => words && `on the ${words}`;

function every({ FREQ, INTERVAL = '1', BYDAY }, place) {
	if (FREQ === 'WEEKLY' && INTERVAL === '1' && BYDAY !== undefined) {
		const known = { [WORKDAYS]: 'weekday', 'SA,SU': 'weekend' }[BYDAY];
		return `every ${known ?? (BYDAY.length === 2 ? dayName(BYDAY) : place.slice(3))}`;
	}
	const unit = INTERVAL === '1' ? UNITS[FREQ] : `${INTERVAL} ${UNITS[FREQ]}s`;
	return `every ${unit}${place && ` ${place}`}`;
}

function end({ COUNT, UNTIL }) {
	if (COUNT !== undefined)
		return COUNT === '1' ? ', once' : `, ${COUNT} times`;
	if (UNTIL === undefined)
		return '';
	const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(UNTIL) ?? [];
	return ` until ${Number(day)} ${short(MONTHS[month - 1])} ${year}`;
}

/* "every 2 weeks on Mon, Thu"; the rule itself where there are no words for it. */
export function ruleWords(rule, from = 'due') {
	const parts = partsOf(rule);
	const by = Object.keys(parts).filter((name) => name.startsWith('BY')).sort();
	const place = PLACES[by.length > 0 ? [parts.FREQ, ...by].join(' ') : '']?.(parts) ?? null;
	const words = place === null || !(parts.FREQ in UNITS) || parts.WKST ? rule
		: every(parts, place) + end(parts);
	return from === 'completion' ? `${words} from completion` : words;
}

/* Whether a day is one of a rule that words can say, its interval aside. */
function isOn({ BYDAY, BYMONTH, BYMONTHDAY, BYSETPOS }, day) {
	const [year, month, number] = day.split('-').map(Number);
	const code = CODES[weekdayOf(day)];
	const isLast = (by) => addDays(day, by).slice(5, 7) !== day.slice(5, 7);
	const nth = [Math.ceil(number / 7), isLast(7) ? -1 : 0];
	if (BYSETPOS !== undefined) {
		const next = Number(BYSETPOS) < 0 ? 1 : -1; /* the first or the last working day */
		const others = [1, 2, 3].map((by) => addDays(day, by * next))
			.filter((other) => other.slice(0, 7) === day.slice(0, 7));
		return WORKDAYS.includes(code) &&
			!others.some((other) => WORKDAYS.includes(CODES[weekdayOf(other)]));
	}
	return (!BYMONTH || BYMONTH.split(',').includes(String(month))) &&
		(!BYMONTHDAY || BYMONTHDAY.split(',').some((one) => Number(one) === number ||
			(one === '-1' && makeDay(year, month, number + 1) === null))) &&
		(!BYDAY || BYDAY.split(',').some((one) => one.slice(-2) === code &&
			(one.length === 2 || nth.includes(Number(one.slice(0, -2))))));
}

/* The first day of a rule from a day on; that day itself where the rule does not say. */
export function firstDay(rule, from) {
	const parts = partsOf(rule);
	for (let day = from, left = SEARCHED_DAYS; left > 0; left--, day = addDays(day, 1))
		if (isOn(parts, day))
			return day;
	return from;
}

/* ---- rules that one chooses, by the day on which something is due ---- */

const nthOf = (day) => Math.ceil(Number(day.slice(8)) / 7);

export function commonRules(day) {
	const code = CODES[weekdayOf(day)];
	const [, month, number] = day.split('-').map(Number);
	const nth = addDays(day, 7).slice(5, 7) === day.slice(5, 7) ? nthOf(day) : -1;
	return ['FREQ=DAILY', `FREQ=WEEKLY;BYDAY=${WORKDAYS}`, `FREQ=WEEKLY;BYDAY=${code}`,
		`FREQ=WEEKLY;INTERVAL=2;BYDAY=${code}`, `FREQ=MONTHLY;BYMONTHDAY=${number}`,
		`FREQ=MONTHLY;BYDAY=${nth}${code}`, `FREQ=YEARLY;BYMONTH=${month};BYMONTHDAY=${number}`];
}

/* ---- reading them ---- */

const raw = String.raw;
const COUNTS = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven',
	'twelve'];
const W = `(?:${WEEKDAYS.join('|')}|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)`;
const DAYS = raw`(?<days>${W}s?(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)${W}s?)*)`;
const N = raw`(?:(?:(?<number>[1-9]\d{0,2})|(?<count>other|${COUNTS.join('|')})(?=\s))\s*)?`;
const TH = '(?:st|nd|rd|th)';
const DATES = raw`(?<dates>(?:\d\d?${TH}|last\s+day)(?:(?:\s*,\s*|\s+and\s+)(?:the\s+)?(?:\d\d?${TH}|last\s+day))*)`;
const PLACE = `(?<nth>${[...Object.values(NTH), `[1-5]${TH}`].join('|')})`;
const NAME = `(?:${[...MONTHS, ...MONTHS.map(short), 'sept'].join('|')})`;
const DATE = raw`(?:(?<dayOfMonth>\d\d?)${TH}?\s+(?<month>${NAME})|(?<monthFirst>${NAME})\s+(?<dayAfter>\d\d?)${TH}?)`;
const ON = raw`\s+on\s+(?:the\s+)?`;
const END = raw`(?:,?\s+(?<times>[1-9]\d{0,2})\s+times)?(?:\s+(?<from>(?:from|after)\s+completion))?`;

const codesIn = (text) => CODES.filter((code) =>
	new RegExp(raw`\b${code}`, 'i').test(text.replaceAll('&', ' ')));
/* Monday first, as the server has them. */
const weekOf = (codes) => [...codes].sort((a, b) =>
	(CODES.indexOf(a) + 6) % 7 - (CODES.indexOf(b) + 6) % 7).join(',');

function placeIn(nth, name) {
	const number = /^\d/.test(nth) ? nth[0]
		: Object.keys(NTH).find((key) => NTH[key] === nth.toLowerCase());
	if (/^week/i.test(name))
		return `BYDAY=${WORKDAYS};BYSETPOS=${number}`;
	return `BYDAY=${number}${codesIn(name)[0]}`;
}

function datesIn(text) {
	const days = text.split(/,|\band\b/i).map((one) => (/last/i.test(one) ? -1
		: Number(/\d+/.exec(one)[0])));
	return days.every((day) => day !== 0 && day <= 31)
		? `BYMONTHDAY=${[...new Set(days)].sort((a, b) => a - b).join(',')}` : null;
}

function dateIn({ dayOfMonth: first, month, monthFirst, dayAfter }) {
	const name = (month ?? monthFirst).slice(0, 3).toLowerCase();
	const number = MONTHS.findIndex((full) => short(full).toLowerCase() === name) + 1;
	const day = Number(first ?? dayAfter);
	return makeDay(2000, number, day) && `BYMONTH=${number};BYMONTHDAY=${day}`;
}

const FREQ = { d: 'DAILY', w: 'WEEKLY', m: 'MONTHLY', y: 'YEARLY' };

/*
 * The ways to say a rule: [pattern, freq, by]: the unit, or null where the words name it; and the
 * parts of the rule that the words stand for, null where there is no such day.
 */
const WAYS = [
	[raw`${N}(?<unit>day|week|month|year)s?`, null, () => ''],
	[raw`${N}weeks?${ON}${DAYS}`, 'WEEKLY', ({ days }) => `BYDAY=${weekOf(codesIn(days))}`],
	[raw`${N}months?${ON}${DATES}`, 'MONTHLY', ({ dates }) => datesIn(dates)],
	[raw`${N}months?${ON}${PLACE}\s+(?<name>${W}|weekday)`, 'MONTHLY',
		({ nth, name }) => placeIn(nth, name)],
	[raw`${N}years?${ON}${DATE}`, 'YEARLY', dateIn],
	[raw`(?:(?<count>other)\s+)?${DAYS}`, 'WEEKLY', ({ days }) => `BYDAY=${weekOf(codesIn(days))}`],
	[raw`${PLACE}\s+(?<name>${W}|weekday)`, 'MONTHLY', ({ nth, name }) => placeIn(nth, name)],
	[DATES.replaceAll(raw`|last\s+day`, ''), 'MONTHLY', ({ dates }) => datesIn(dates)],
	[DATE, 'YEARLY', dateIn],
	['(?:weekday|workday)', 'WEEKLY', () => `BYDAY=${WORKDAYS}`],
	['weekend', 'WEEKLY', () => 'BYDAY=SA,SU'],
	['(?<part>morning|afternoon|evening|night)', 'DAILY', () => ''],
];

function read({ unit, number, count, times, from, part, ...groups }, freq, by) {
	const where = by(groups);
	if (where === null)
		return null;
	const many = count?.toLowerCase() === 'other' ? 2
		: Number(number ?? (count ? COUNTS.indexOf(count.toLowerCase()) + 2 : 1));
	return { value: [`FREQ=${freq ?? FREQ[unit[0].toLowerCase()]}`,
		many > 1 ? `INTERVAL=${many}` : '', times ? `COUNT=${times}` : '', where]
		.filter(Boolean).join(';'), from: from ? 'completion' : 'due', part: part?.toLowerCase() };
}

/* As the rows of phrases.js: [pattern, read(groups)] of { value: the rule, from, part }, or null. */
export const ruleWays = WAYS.map(([pattern, freq, by]) =>
	[raw`every\s+${pattern}${END}`, (groups) => read(groups, freq, by)]);

const RULE = /^(?:RRULE:)?(FREQ=[A-Z]+(?:;[A-Z]+=[^;=]+)*);?$/i;

/*
 * A rule as one writes it, in words or as RFC 5545 has it: { value, from }, where from is null if it
 * is not said; undefined where it is none.
 */
export function readRule(text) {
	const words = text.trim().replace(/\s+/g, ' ');
	const rule = RULE.exec(words);
	if (rule !== null)
		return { value: rule[1].toUpperCase(), from: null };
	for (const [pattern, readWay] of ruleWays) {
		const match = new RegExp(`^(?:${pattern})$`, 'iu').exec(/^every\s/i.test(words) ? words
			: `every ${words}`);
		const found = match && readWay(match.groups ?? {});
		if (found)
			return { value: found.value, from: /completion$/i.test(words) ? 'completion' : null };
	}
	return undefined;
}

