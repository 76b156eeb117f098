/*
 * The ways to write a tag, a list, a priority, a rule, a day and a time: a table, of which each row is
 * one way. A row that fits says what is meant, or null where there is no such thing (30 feb, 25:00).
 */
import {
	MONTHS, WEEKDAYS, addDays, addMonths, instantOf, makeDay, weekdayOf,
} from './dates.js';
import { ruleWays } from './rules.js';
import { fold } from './views.js';

const TAG_MOST = 64; /* code points */

/* What a part of a day starts at, and from which hour "at 8" in it is one after noon. */
export const PARTS = {
	morning: { clock: '09:00', pm: 12 },
	afternoon: { clock: '15:00', pm: 1 },
	evening: { clock: '19:00', pm: 5 },
	night: { clock: '20:00', pm: 5 },
};

const COUNTS = ['a', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten',
	'eleven', 'twelve'];
const UNITS = {
	min: { minutes: 1 }, h: { minutes: 60 }, d: { days: 1 }, w: { days: 7 },
	mon: { months: 1 }, y: { months: 12 },
};

const raw = String.raw;
const WORD_END = raw`(?=[,.;:!?…]*(?:\s|$))`;
const TAG = raw`#(?<tag>[\p{L}\p{M}\p{N}_/\-\p{Extended_Pictographic}\p{Emoji_Modifier}` +
	raw`\p{Regional_Indicator}\u200c\u200d\ufe0f]+)`;
const LIST = raw`~(?<list>[\p{L}\p{M}\p{N}_\-]+)`;
const PART = raw`(?:\s+(?<part>morning|afternoon|evening|night))?`;
const WEEKDAY = `(?<weekday>${WEEKDAYS.join('|')})`;
const WEEKDAY_SHORT = '(?<weekday>mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)';
const WEEKDAY_ANY = WEEKDAY.replace(')', `|${WEEKDAY_SHORT.slice('(?<weekday>'.length)}`);
/* "fri 27 jan": a weekday goes along with a date that is on it. */
const ON = raw`(?:${WEEKDAY_ANY},?\s+)?`;
const THE = raw`(?:the\s+)?`;
const DAY = raw`(?<dayOfMonth>\d\d?)`;
const TH = '(?:st|nd|rd|th)';
const MONTH_NAME = [...MONTHS, ...MONTHS.map((name) => name.slice(0, 3)), 'sept'].join('|');
const MONTH = `(?<month>${MONTH_NAME})`;
const NO_MONTH = raw`(?!\s+(?:${MONTH_NAME})\b)`;
const YEAR = raw`(?<year>(?:19|20)\d\d)`;
const YEAR_ANY = raw`(?<year>(?:19|20)?\d\d)`;
const IN_YEAR = raw`(?:,?\s+${YEAR})?`;
const COUNT = raw`(?:(?<number>[1-9]\d{0,2})\s*|(?<count>an|${COUNTS.join('|')})\s+)`;
const UNIT = '(?<unit>min(?:ute)?s?|h|hrs?|hours?|days?|weeks?|months?|years?)';
const HOUR = raw`(?<hour>\d\d?)`;
const MINUTE = raw`:(?<minute>[0-5]\d)`;
const HALF = raw`(?<half>[ap])(?:m|\.m\.)`;
const NO_HALF = raw`(?!\s?[ap]\.?m)`;
/* The clock of another zone is not read. */
const NO_ZONE = raw`(?!\s+(?:UTC|GMT|BST|CES?T|[ECMP][SD]T)\b)`;

/* The words in front that go along with a find, by what it is. "Turn on" keeps its "on" today. */
const leadOf = (words) => new RegExp(raw`(?:^|\s)((?:(?:due:?\s+)?(?:${words})|due:?)\s+)$`, 'i');
const LEADS = {
	date: leadOf('on|by|at|until|till|before'),
	relative: leadOf('by|until|till|before'),
	time: leadOf('by|at|until|till|before|@'),
};

/* What one may begin with on that day, and not before. */
export const START = /(?:^|\s)(start:?\s+(?:on\s+)?)$/i;

/* Names are known by how they start: "thurs", "sept". */
const startOf = (name) => name.slice(0, 3).toLowerCase();
const indexOf = (names, name) => names.findIndex((full) => startOf(full) === startOf(name));
const monday = (day) => addDays(day, -((weekdayOf(day) + 6) % 7));
/* "Tod" is a name. */
const isName = (word) => /^\p{Lu}\p{Ll}/u.test(word);
/* "in 80 Days" and "Day After Tomorrow" are in titles. */
const isTitled = (words) => words.slice(1) !== words.slice(1).toLowerCase() &&
	words !== words.toUpperCase();
/* "the 5th" is a thing, but "on the 5th" is a date. */
const isThing = ({ words, lead }) => /^the\s/i.test(words) && lead === '';

function readTag({ tag }) {
	const isWord = /[\p{L}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(tag);
	return isWord && [...tag].length <= TAG_MOST ? { value: tag } : null;
}

/* A list is called by its name without the spaces, or by how that begins where only one does so. */
const calling = (name) => fold(name).replace(/[^\p{L}\p{N}]/gu, '');

function readList({ list }, { lists }) {
	const wanted = calling(list);
	const found = wanted === '' ? []
		: lists.filter(({ name }) => calling(name).startsWith(wanted));
	const one = found.find(({ name }) => calling(name) === wanted) ??
		(found.length === 1 ? found[0] : undefined);
	return one ? { value: one.list, name: one.name } : null;
}

const AHEAD = { today: 0, this: 0, tonight: 0, tomorrow: 1, tmr: 1, tmrw: 1 };

function readRelative({ word, part }, { today }) {
	const of = word.toLowerCase();
	return { day: addDays(today, AHEAD[of]),
		part: of === 'tonight' ? 'night' : part?.toLowerCase() };
}

const readTod = (groups, { words, today }) => isName(words) ? null : { day: today };
const readDayAfter = (groups, { words, today }) =>
	isTitled(words) ? null : { day: addDays(today, 2) };

/* A weekday alone is never today: that is "today". "next mon" is the Monday of next week. */
function dayOfWeekday(which, weekday, today) {
	if (which === 'next')
		return addDays(monday(today), 7 + (weekday + 6) % 7);
	const first = which === 'this' ? today : addDays(today, 1);
	return addDays(first, (weekday - weekdayOf(first) + 7) % 7);
}

function readWeekday({ weekday, which, part }, { today }) {
	return { day: dayOfWeekday(which?.toLowerCase(), indexOf(WEEKDAYS, weekday), today),
		part: part?.toLowerCase(), place: part ? 'anywhere' : undefined };
}

function readWeekend({ which }, at) {
	const saturday = addDays(monday(at.today), which?.toLowerCase() === 'next' ? 12 : 5);
	return isThing(at) ? null : { day: saturday < at.today ? at.today : saturday };
}

function readNext({ unit }, { today }) {
	return { day: unit.toLowerCase() === 'week' ? addDays(monday(today), 7) :
		addMonths(`${today.slice(0, 7)}-01`, 1) };
}

function readIn({ number, count, unit }, { words, today, now }) {
	const amount = Number(number ?? Math.max(1, COUNTS.indexOf(count.toLowerCase())));
	const key = Object.keys(UNITS).find((start) => unit.toLowerCase().startsWith(start));
	const { minutes, days, months } = UNITS[key];
	if (isTitled(words))
		return null;
	if (minutes !== undefined)
		return { instant: instantOf(new Date(now.getTime() + amount * minutes * 60000)) };
	return { day: days ? addDays(today, amount * days) : addMonths(today, amount * months) };
}

/* The next day of that date; a leap day may be years away. */
function nextDate(month, dayOfMonth, today) {
	const year = Number(today.slice(0, 4));
	const days = Array.from({ length: 9 }, (_, i) => makeDay(year + i, month, dayOfMonth));
	return days.find((day) => day !== null && day >= today) ?? null;
}

/* "3 may flowers", "March 3 miles" and the minutes of a day that is past are no dates. */
function placeOfDate({ weekday, month, year }, isPast) {
	if (weekday || (year && !isPast))
		return 'anywhere';
	return isPast || !month || /^ma[ry]/i.test(month) ? 'doubtful' : 'anywhere';
}

function readDate({ weekday, dayOfMonth, month, number, year }, at) {
	const of = number ? Number(number) : indexOf(MONTHS, month) + 1;
	const inYear = year?.length === 2 ? `20${year}` : year;
	const day = year ? makeDay(inYear, of, dayOfMonth) : nextDate(of, dayOfMonth, at.today);
	const isAlways = at.words === '24/7' && at.lead === '';
	if (day === null || isAlways || isThing(at))
		return null;
	if (weekday && indexOf(WEEKDAYS, weekday) !== weekdayOf(day))
		return null;
	return { day, place: placeOfDate({ weekday, month, year }, day < at.today) };
}

/* The next 27th: in a month that has one, and on the weekday that is named. */
function readOrdinal({ weekday, dayOfMonth }, at) {
	const first = `${at.today.slice(0, 7)}-01`;
	const days = Array.from({ length: 4 }, (_, i) => addMonths(first, i).split('-'))
		.map(([year, month]) => makeDay(year, month, dayOfMonth));
	const day = days.find((found) => found !== null && found >= at.today);
	if (day === undefined || isThing(at))
		return null;
	if (!weekday)
		return { day };
	return indexOf(WEEKDAYS, weekday) === weekdayOf(day) ? { day, place: 'anywhere' } : null;
}

const clockAt = (hour, minute = 0) =>
	`${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

function readHalf({ hour, minute, gap, half }) {
	if (hour < 1 || hour > 12)
		return null;
	return { clock: clockAt(hour % 12 + (half.toLowerCase() === 'p' ? 12 : 0), minute),
		place: gap && !minute ? 'doubtful' : 'anywhere' };
}

function readHour({ hour, minute }) {
	const isShort = hour.length === 1;
	return hour > 23 ? null : { clock: clockAt(hour, minute), isLoose: true, isShort };
}

function readClock(groups) {
	const found = readHour(groups);
	return found && { ...found, place: found.isShort ? 'doubtful' : 'anywhere' };
}

/* [pattern, read, place]: it counts anywhere unless it says so here or in what read() returns. */
const tags = [
	[TAG, readTag],
];
const lists = [
	[LIST, readList],
];
const priorities = [
	['!(?<level>[123])', ({ level }) => ({ value: Number(level) })],
];
const relativeDays = [
	[raw`(?<word>today|tomorrow|tmrw?)${PART}`, readRelative],
	['(?<word>tonight)', readRelative],
	[raw`(?<word>this)\s+(?<part>morning|afternoon|evening)`, readRelative],
	[raw`${THE}day\s+after\s+tomorrow`, readDayAfter],
	['tod', readTod, 'doubtful'],
	[raw`(?<which>this|next)\s+${WEEKDAY_ANY}${PART}`, readWeekday],
	[raw`(?<which>this|next)\s+weekend`, readWeekend],
	[raw`next\s+(?<unit>week|month)`, readNext],
	[raw`in\s+${COUNT}${UNIT}(?:['’]?\s+time)?`, readIn],
];
const weekdays = [
	[`${WEEKDAY}${PART}`, readWeekday],
	[`${WEEKDAY_SHORT}${PART}`, readWeekday, 'doubtful'],
];
const dates = [
	[`${THE}weekend`, readWeekend, 'doubtful'],
	[raw`${ON}${THE}${DAY}(?:${TH}|\.)?\s+(?:of\s+)?${MONTH}${IN_YEAR}`, readDate],
	[raw`${ON}${MONTH}\.?\s+${DAY}${TH}?${NO_MONTH}${IN_YEAR}`, readDate],
	[raw`${ON}${DAY}/(?<number>\d\d?)(?:/${YEAR_ANY})?`, readDate],
	[raw`${ON}${DAY}\.(?<number>\d\d?)\.${YEAR_ANY}?`, readDate],
	[raw`${ON}${YEAR}[-/](?<number>\d\d)[-/]${DAY}`, readDate],
	[`${ON}${THE}${DAY}${TH}`, readOrdinal, 'ordinal'],
];
const times = [
	[raw`@?${HOUR}(?:${MINUTE})?(?<gap>\s?)${HALF}${NO_ZONE}`, readHalf],
	[`@?${HOUR}${MINUTE}${NO_ZONE}`, readClock],
	['noon', () => ({ clock: '12:00' }), 'noon'],
	/* The last minute of the day that is named, so that it is shown on that day. */
	['midnight', () => ({ clock: '23:59' }), 'noon'],
];
const hours = [
	[raw`(?:at|@)\s+${HOUR}${NO_MONTH}${NO_HALF}`, readHour, 'hour'],
];

const rowsOf = (common, ways) => ways.map(([pattern, read, place = 'anywhere']) =>
	({ ...common, read, place, pattern: new RegExp(pattern + WORD_END, 'iuy') }));

/*
 * kind: tag, list, priority, rule, day or time; place: where it counts, as PLACES of parse.js has it;
 * lead: which words in front go along with it. read(groups, { words, lead, today, now, lists }) is
 * { value } of a tag, a list, a priority or a rule, { day, part } or { instant } of a day, and
 * { clock } of a time: isLoose where it does not say which half of the day it is in, isShort where
 * the hour has one digit.
 */
export const rows = [
	...rowsOf({ kind: 'tag' }, tags),
	...rowsOf({ kind: 'list' }, lists),
	...rowsOf({ kind: 'priority' }, priorities),
	...rowsOf({ kind: 'rule' }, ruleWays),
	...rowsOf({ kind: 'day', lead: LEADS.relative }, relativeDays),
	...rowsOf({ kind: 'day', lead: LEADS.date, isWeekday: true }, weekdays),
	...rowsOf({ kind: 'day', lead: LEADS.date }, dates),
	...rowsOf({ kind: 'time', lead: LEADS.time }, times),
	...rowsOf({ kind: 'time' }, hours),
];
