/*
 * The ways to write a tag, a priority, a day and a time: a table, of which each row is one way. A
 * row that fits says what is meant, or null where that does not exist (30 feb, 25:00).
 */
import { MONTHS, WEEKDAYS, addDays, addMonths, instantOf, makeDay, weekdayOf } from './dates.js';

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

/* The words in front that go along with a find, by what it is. "Turn on" keeps its "on" today. */
const LEADS = {
	date: leadOf('on|by|at|until|till|before'),
	relative: leadOf('by|until|till|before'),
	time: leadOf('by|at|until|till|before|@'),
};

function leadOf(words) {
	return new RegExp(`(?:^|\\s)((?:(?:due:?\\s+)?(?:${words})|due:?)\\s+)$`, 'i');
}

const WORD_END = '(?=[,.;:!?…]*(?:\\s|$))';
/* The clock of another zone is not read. */
const NO_ZONE = '(?!\\s+(?:UTC|GMT|BST|CES?T|[ECMP][SD]T)\\b)';
const WEEKDAY = WEEKDAYS.join('|');
const WEEKDAY_SHORT = 'mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun';
const MONTH = [...MONTHS, ...MONTHS.map((name) => name.slice(0, 3)), 'sept'].join('|');
const ON_WEEKDAY = `(?:(?<weekday>${WEEKDAY}|${WEEKDAY_SHORT}),?\\s+)?`;
const YEAR = '(?<year>(?:19|20)\\d\\d)';
const PART = '(?:\\s+(?<part>morning|afternoon|evening|night))?';
const TAG_CHARACTER = '[\\p{L}\\p{M}\\p{N}_/\\-\\p{Extended_Pictographic}\\p{Emoji_Modifier}' +
	'\\p{Regional_Indicator}\\u200c\\u200d\\ufe0f]';

/* Names are known by how they start: "thurs", "sept". */
const indexOf = (names, name) =>
	names.findIndex((full) => full.slice(0, 3).toLowerCase() === name.slice(0, 3).toLowerCase());
const monday = (day) => addDays(day, -((weekdayOf(day) + 6) % 7));
/* "Tod" is a name. */
const isName = (word) => /^\p{Lu}\p{Ll}/u.test(word);
/* "in 80 Days" and "Day After Tomorrow" are in titles. */
const isTitled = (words) => words.slice(1) !== words.slice(1).toLowerCase() &&
	words !== words.toUpperCase();

function readTag({ tag }) {
	const fits = /[\p{L}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(tag);
	return fits && [...tag].length <= TAG_MOST ? { value: tag } : null;
}

function readRelative({ word, part }, { today }) {
	const of = word.toLowerCase();
	return { day: addDays(today, of.startsWith('tm') || of === 'tomorrow' ? 1 : 0),
		part: of === 'tonight' ? 'night' : part?.toLowerCase() };
}

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

function readWeekend({ which }, { today }) {
	const saturday = addDays(monday(today), which?.toLowerCase() === 'next' ? 12 : 5);
	return { day: saturday < today ? today : saturday };
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

function readDate({ weekday, dayOfMonth, month, number, year }, { today, words, lead }) {
	const of = number ? Number(number) : indexOf(MONTHS, month) + 1;
	const inYear = year?.length === 2 ? `20${year}` : year;
	const day = inYear ? makeDay(inYear, of, dayOfMonth) : nextDate(of, dayOfMonth, today);
	if (day === null || (weekday && indexOf(WEEKDAYS, weekday) !== weekdayOf(day)))
		return null;
	if ((words === '24/7' || /^the\s/i.test(words)) && !lead)
		return null;
	return { day, place: placeOfDate({ weekday, month, year }, day < today) };
}

/* "3 may flowers", "March 3 miles" and the minutes of a day that is past are no dates. */
function placeOfDate({ weekday, month, year }, isPast) {
	if (weekday || (year && !isPast))
		return 'anywhere';
	return isPast || !month || /^ma[ry]|^march/i.test(month) ? 'doubtful' : 'anywhere';
}

/* The next 27th: in a month that has one, and on the weekday that is named. */
function readOrdinal({ weekday, dayOfMonth }, { today, words, lead }) {
	const first = `${today.slice(0, 7)}-01`;
	const days = Array.from({ length: 4 }, (_, i) => addMonths(first, i).split('-'))
		.map(([year, month]) => makeDay(year, month, dayOfMonth));
	const day = days.find((found) => found !== null && found >= today);
	if (day === undefined || (!weekday && /^the\s/i.test(words) && !lead))
		return null;
	if (!weekday)
		return { day };
	return indexOf(WEEKDAYS, weekday) === weekdayOf(day) ? { day, place: 'anywhere' } : null;
}

const clock = (hour, minute = 0) =>
	`${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

function readHalf({ hour, minute, gap, half }) {
	if (hour < 1 || hour > 12)
		return null;
	return { clock: clock(hour % 12 + (half.toLowerCase() === 'p' ? 12 : 0), minute),
		place: gap && !minute ? 'doubtful' : 'anywhere' };
}

function readClock({ hour, minute }) {
	return hour > 23 ? null : { clock: clock(hour, minute), isLoose: true,
		place: hour.length === 2 ? 'anywhere' : 'doubtful' };
}

/*
 * kind: tag, priority, day or time; place: where it counts, as PLACES of parse.js has it, unless
 * read() says another; lead: which words in front go along with it. read(groups, { words, lead,
 * today, now }) is { value } of a tag or priority, { day, part } or { instant } of a day, and
 * { clock } of a time, where isLoose says that it may be after noon.
 */
export const rows = [
	{ kind: 'tag', pattern: `#(?<tag>${TAG_CHARACTER}+)`, read: readTag },
	{ kind: 'priority', pattern: '!(?<level>[123])', read: ({ level }) => ({ value: +level }) },

	{ lead: 'relative', pattern: `(?<word>today|tomorrow|tmrw?)${PART}`, read: readRelative },
	{ lead: 'relative', pattern: '(?<word>tonight)', read: readRelative },
	{ lead: 'relative', place: 'doubtful', pattern: '(?<word>tod)',
		read: (groups, { words, today }) => isName(words) ? null : { day: today } },
	{ lead: 'relative', pattern: 'this\\s+(?<part>morning|afternoon|evening)',
		read: ({ part }, { today }) => ({ day: today, part: part.toLowerCase() }) },
	{ lead: 'relative', pattern: '(?:the\\s+)?day\\s+after\\s+tomorrow',
		read: (groups, { words, today }) => isTitled(words) ? null : { day: addDays(today, 2) } },
	{ lead: 'relative', pattern: `(?<which>this|next)\\s+(?<weekday>${WEEKDAY}|${WEEKDAY_SHORT})${PART}`,
		read: readWeekday },
	{ lead: 'relative', pattern: '(?<which>this|next)\\s+weekend', read: readWeekend },
	{ lead: 'date', place: 'doubtful', pattern: '(?:the\\s+)?weekend',
		read: (groups, at) => /^the/i.test(at.words) && !at.lead ? null : readWeekend({}, at) },
	{ lead: 'relative', pattern: 'next\\s+(?<unit>week|month)', read: readNext },
	{ lead: 'relative', pattern: `in\\s+(?:(?<number>[1-9]\\d{0,2})\\s*|(?<count>an?|${
		COUNTS.slice(1).join('|')})\\s+)(?<unit>min(?:ute)?s?|h|hrs?|hours?|days?|weeks?|months?|` +
		'years?)', read: readIn },

	{ lead: 'date', isWeekday: true, pattern: `(?<weekday>${WEEKDAY})${PART}`, read: readWeekday },
	{ lead: 'date', isWeekday: true, place: 'doubtful', pattern: `(?<weekday>${WEEKDAY_SHORT})${PART}`,
		read: readWeekday },
	{ lead: 'date', pattern: `${ON_WEEKDAY}(?:the\\s+)?(?<dayOfMonth>\\d\\d?)(?:st|nd|rd|th|\\.)?\\s+` +
		`(?:of\\s+)?(?<month>${MONTH})(?:,?\\s+${YEAR})?`, read: readDate },
	{ lead: 'date', pattern: `${ON_WEEKDAY}(?<month>${MONTH})\\.?\\s+(?<dayOfMonth>\\d\\d?)` +
		`(?:st|nd|rd|th)?(?!\\s+(?:${MONTH})\\b)(?:,?\\s+${YEAR})?`, read: readDate },
	{ lead: 'date', pattern: `${ON_WEEKDAY}(?<dayOfMonth>\\d\\d?)/(?<number>\\d\\d?)` +
		'(?:/(?<year>(?:19|20)?\\d\\d))?', read: readDate },
	{ lead: 'date', pattern: `${ON_WEEKDAY}(?<dayOfMonth>\\d\\d?)\\.(?<number>\\d\\d?)\\.` +
		'(?<year>(?:19|20)?\\d\\d)?', read: readDate },
	{ lead: 'date', pattern: `${ON_WEEKDAY}${YEAR}-(?<number>\\d\\d)-(?<dayOfMonth>\\d\\d)`,
		read: readDate },
	{ lead: 'date', place: 'ordinal', pattern: `${ON_WEEKDAY}(?:the\\s+)?(?<dayOfMonth>\\d\\d?)` +
		'(?:st|nd|rd|th)', read: readOrdinal },

	{ lead: 'time', kind: 'time', pattern: '@?(?<hour>\\d\\d?)(?::(?<minute>[0-5]\\d))?(?<gap>\\s?)' +
		`(?<half>[ap])(?:m|\\.m\\.)${NO_ZONE}`, read: readHalf },
	{ lead: 'time', kind: 'time', pattern: `@?(?<hour>\\d\\d?):(?<minute>[0-5]\\d)${NO_ZONE}`,
		read: readClock },
	{ lead: 'time', kind: 'time', place: 'noon', pattern: 'noon', read: () => ({ clock: '12:00' }) },
	/* The last minute of the day that is named, so that it is shown on that day. */
	{ lead: 'time', kind: 'time', place: 'noon', pattern: 'midnight',
		read: () => ({ clock: '23:59' }) },
	{ kind: 'time', place: 'hour', pattern: `(?:at|@)\\s+(?<hour>\\d\\d?)(?!\\s+(?:${MONTH})\\b|` +
		'\\s?[ap]\\.?m)',
		read: ({ hour }) => hour > 23 ? null : { clock: clock(hour), isLoose: true, isBare: true } },
].map((row) => ({ kind: 'day', place: 'anywhere', ...row, lead: LEADS[row.lead],
	pattern: new RegExp(`${row.pattern}${WORD_END}`, 'iuy') }));
