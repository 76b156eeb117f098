/*
 * What the one input understands of the words. In two sentences:
 *
 * Dates, times, #tags, ~lists, !1 to !3 (high), "every …" and "start …" are understood wherever they
 * stand, and each becomes a chip that gives its words back to the name; of two the last one counts.
 * Short or doubtful words (sat, 9:30, 27/1, 3 may, 27th) count only at the end, beside something
 * else that is understood, or after on, by, due, at, until or before; and words in quotes, in links
 * and in Titles Like Friday Night Lights always stay as they are.
 *
 * At each word the longest of the phrases that fit is a find. Then those finds are accepted that
 * stand where they count; of these it is chosen; and the name is what is left.
 */
import { addDays, dayOf, dueLabel, instantAt, today } from './dates.js';
import { PARTS, START, rows } from './phrases.js';
import { firstDay, ruleWords } from './rules.js';

const TAGS_MOST = 32;
const PRIORITIES = ['None', 'Low', 'Medium', 'High'];

/*
 * A word of these in front ties a date to the sentence: it is not when the task is due. Some do so
 * to numbers alone ("version 1.2."), and some to a short weekday ("she sat", "some sun").
 */
const setOf = (words) => new Set(words.split(/\s+/));
const TIES = setOf(`the a an every each last past of to from since for than and or between about
	after around during like is are was were vs & with my our your his their its another per not
	starting beginning it's it’s`);
const NUMBER_TIES = setOf(`version v ver release chapter section sec step part page no nr number
	figure table item issue room §`);
const SHORT_TIES = setOf('i he she we they who some any');
const NAMED_DAY =
	/(?:^|\s)(?:black|good|ash|palm|holy|easter|cyber|super|casual|freaky|ruby|taco)\s+$/i;
/* "mon to fri", "15:00 - 16:00", "mon, tue": none of several is when it is due. */
const SPAN = /^\s*(?:and|or|to|through|until|till|,|&|\+|-|–|—)\s*$/i;
const ADJACENT = /^[\s,]*$/;
const NOTHING_MORE = /^[\s,.;:!?…]*$/;

/*
 * A straight quote opens at a word's start and closes at a word's end, so that an apostrophe and a
 * length in inches are none; one that is not closed is no quote.
 */
const QUOTES = new RegExp([
	'(?<![^\\s([{])"[^"]+"(?![\\p{L}\\p{N}])',
	"(?<![^\\s([{])'(?=\\S)(?:[^']|'(?=[\\p{L}\\p{N}]))*'(?![\\p{L}\\p{N}])",
	'“[^”]+”', '„[^“”]+[“”]', '«[^»]+»', '»[^«]+«', '`[^`]+`',
	'‘(?:[^’]|’(?=\\p{L}))+’', '‚[^‘’]+[‘’]',
].join('|'), 'gu');

/* The same text, of the same length, in which nothing is found in quotes. */
const hideQuotes = (text) => text.replace(QUOTES, (quote) => '\ufffc'.repeat(quote.length));

function longestAt(text, at) {
	let longest = null;
	for (const row of rows) {
		row.pattern.lastIndex = at;
		const match = row.pattern.exec(text);
		if (match !== null && match[0].length > (longest?.match[0].length ?? 0))
			longest = { row, match };
	}
	return longest;
}

/* The find at a word, or null. Its start is that of the lead, which goes along; core is its own. */
function findAt(text, core, after, { now, lists }) {
	const { row, match } = longestAt(text, core) ?? {};
	if (row === undefined)
		return null;
	const before = text.slice(after, core);
	const start = row.kind === 'day' ? START.exec(before)?.[1] : undefined;
	const lead = start ?? row.lead?.exec(before)?.[1] ?? '';
	const at = { words: match[0], lead, now, today: today(now), lists };
	const meant = row.read(match.groups ?? {}, at);
	return meant && { kind: start ? 'start' : row.kind, isWeekday: row.isWeekday, ...meant, lead, core,
		place: meant.place ?? row.place, start: core - lead.length, end: core + match[0].length };
}

function findAll(text, at) {
	const finds = [];
	let after = 0;
	for (const { index } of text.matchAll(/(?<!\S)\S/gu)) {
		const find = index < after ? null : findAt(text, index, after, at);
		if (find === null)
			continue;
		finds.push(find);
		after = find.end;
	}
	return finds;
}

/* Words that the user has taken back are left alone wherever they stand. */
function isIgnored(text, find, ignore) {
	for (const words of ignore) {
		const first = Math.max(0, find.end - words.length);
		const at = words === '' ? -1 : text.indexOf(words, first);
		if (at !== -1 && at <= find.start)
			return true;
	}
	return false;
}

/* Each is told which other ones stand beside it, with nothing but a comma in between. */
function link(text, finds) {
	for (const [i, find] of finds.entries()) {
		const other = finds[i - 1];
		if (other !== undefined && ADJACENT.test(text.slice(other.end, find.start))) {
			find.previous = other;
			other.next = find;
		}
	}
	return finds;
}

const DAYS = ['day', 'start', 'rule'];
const isDayIn = (set, find) => DAYS.includes(find?.kind) && set.has(find);
const isDate = ({ kind }) => DAYS.includes(kind) || kind === 'time';
/* "start fri at 9:00": the time is that of the start. */
const isOfStart = ({ kind, previous }) => kind === 'time' && previous?.kind === 'start';

/* A capital in front of another: "Friday Night Lights". What is understood is not in a title. */
function isTitle(text, { core, end, next }) {
	return next === undefined && /^\p{Lu}.*\p{Ll}/su.test(text.slice(core, end)) &&
		/^\s+(?!I\s)\p{Lu}/u.test(text.slice(end));
}

function isTied(text, { core, start, lead, isWeekday, place }) {
	const before = text.slice(Math.max(0, start - 40), start);
	const word = before.trimEnd().split(/\s/).at(-1).toLowerCase();
	return lead === '' && (TIES.has(word) || (/\d/.test(text[core]) && NUMBER_TIES.has(word)) ||
		(isWeekday === true && (NAMED_DAY.test(before) ||
			(place === 'doubtful' && SHORT_TIES.has(word)))));
}

const isSpan = (text, a, b) => a !== undefined && b !== undefined && a.kind === b.kind &&
	SPAN.test(text.slice(a.end, b.core));

/* Without dates of titles, of spans and of the sentence itself, and the times beside them. */
function withoutTexts(text, finds) {
	const dates = finds.filter(isDate);
	const out = new Set();
	for (const [i, find] of dates.entries()) {
		const isOfOut = find.kind === 'time' && isDayIn(out, find.previous);
		if (isOfOut || isTitle(text, find) || isTied(text, find) ||
			isSpan(text, dates[i - 1], find) || isSpan(text, find, dates[i + 1]))
			out.add(find);
	}
	return finds.filter((find) => !out.has(find));
}

const isLast = (text, { end }) => NOTHING_MORE.test(text.slice(end));
const isBesideDay = (set, { previous, next }) => isDayIn(set, previous) || isDayIn(set, next);

/* Where a find that may mean something else counts. */
const standing = {
	last: isLast,
	after: (text, { lead }) => lead !== '',
	beside: (text, { previous, next }, accepted) => accepted.has(previous) || accepted.has(next),
	besideDay: (text, find, accepted) => isBesideDay(accepted, find),
	/* "fri at 10": neither would count alone. "sat at 5 tables" is no such thing. */
	closing: (text, find, accepted, waiting) => isBesideDay(waiting, find) &&
		(isLast(text, find) || accepted.has(find.next)),
};

const PLACES = {
	anywhere: null,
	doubtful: ['last', 'after', 'beside'],
	ordinal: ['last', 'beside'],
	noon: ['after', 'besideDay', 'closing'],
	hour: ['besideDay', 'closing'],
};

const counts = (text, find, accepted, waiting) => PLACES[find.place] === null ||
	PLACES[find.place].some((place) => standing[place](text, find, accepted, waiting));

/* One that is accepted may be what the one beside it needs, so ask until nothing changes. */
function acceptAll(text, finds) {
	const waiting = new Set(withoutTexts(text, finds));
	const accepted = new Set();
	for (let before = -1; before < accepted.size;) {
		before = accepted.size;
		const more = [...waiting].filter((find) => counts(text, find, accepted, waiting));
		more.forEach((find) => accepted.add(find) && waiting.delete(find));
	}
	return finds.filter((find) => accepted.has(find));
}

/* Of tags all that a task may have; of what there is one of, the last. */
function choose(accepted) {
	const last = (kind, where = () => true) =>
		accepted.findLast((find) => find.kind === kind && where(find));
	const [day, rule, begin, list, priority] = ['day', 'rule', 'start', 'list', 'priority']
		.map((kind) => last(kind));
	const time = day?.instant === undefined ? last('time', (find) => !isOfStart(find)) : undefined;
	const beginTime = begin?.instant === undefined
		? last('time', (find) => find.previous === begin && begin !== undefined) : undefined;
	const all = accepted.filter(({ kind }) => kind === 'tag');
	const tags = [...new Set(all.map(({ value }) => value))].slice(0, TAGS_MOST);
	const marks = [...all.filter(({ value }) => tags.includes(value)), list, priority].filter(Boolean);
	return { day, time, rule, begin, beginTime, tags, list, priority: priority?.value ?? 0, marks };
}

/*
 * "at 8" in an evening is 20:00; and elsewhere an hour of one digit is rather after noon than at
 * night, when it is before 7: for that one writes 3am or 03:00.
 */
function clockOn(part, { clock, isLoose, isShort }) {
	const hour = Number(clock.slice(0, 2));
	const isAfternoon = part ? isLoose && hour >= PARTS[part].pm : isShort && hour > 0 && hour < 7;
	return isAfternoon && hour < 12 ? `${hour + 12}${clock.slice(2)}` : clock;
}

/* A time without a day is the next such time. */
function nextInstant(clock, now) {
	const due = instantAt(today(now), clock);
	return Date.parse(due) > now.getTime() ? due : instantAt(addDays(today(now), 1), clock);
}

/* The evening is when it begins, or that day alone where it has begun. */
function startOf({ day, part }, now) {
	const due = instantAt(day, PARTS[part].clock);
	return Date.parse(due) > now.getTime() ? due : day;
}

function readDue(day, time, now) {
	if (day?.instant !== undefined)
		return day.instant;
	if (day === undefined)
		return time === undefined ? null : nextInstant(clockOn(undefined, time), now);
	if (time !== undefined)
		return instantAt(day.day, clockOn(day.part, time));
	return day.part ? startOf(day, now) : day.day;
}

/* What repeats is due first on the first day of its rule, from today or its start on. */
function readRepeat({ rule, day, time }, start, now) {
	if (rule === undefined || day !== undefined)
		return readDue(day, time, now);
	const from = start === null || dayOf(start) < today(now) ? today(now) : dayOf(start);
	const first = (after) => ({ day: firstDay(rule.value, after), part: rule.part });
	const due = readDue(first(from), time, now);
	return (time ?? rule.part) === undefined || Date.parse(due) > now.getTime() ? due
		: readDue(first(addDays(from, 1)), time, now);
}

const chipOf = (text, kind, { start, end }, value, label) =>
	({ kind, text: text.slice(start, end), start, end, value, label });

/* One chip for a day and a time beside it; apart, they are two that can be taken back each. */
function dateChips(text, kind, day, time, due, now) {
	const ends = [day, time].filter(Boolean).sort((a, b) => a.start - b.start);
	const label = (value) => (kind === 'start' ? 'from ' : '') + dueLabel(value, now).text;
	const chip = (find, value) => chipOf(text, kind, find, value, label(value));
	if (ends.length === 2 && ends[0].next === ends[1])
		return [chip({ start: ends[0].start, end: ends[1].end }, due)];
	return ends.map((find) => chip(find, find === day && time !== undefined ? day.day : due));
}

function ruleChips(text, { rule, day, time }, due, now) {
	if (rule === undefined)
		return [];
	const words = ruleWords(rule.value, rule.from);
	const label = day || time ? words : `${words}, first ${dueLabel(due, now).text}`;
	return [chipOf(text, 'repeat', rule, rule.value, label[0].toUpperCase() + label.slice(1))];
}

function chipsOf(text, choice, due, start, now) {
	const labels = { tag: ({ value }) => `#${value}`, list: ({ name }) => name,
		priority: ({ value }) => PRIORITIES[value] };
	const marks = choice.marks.map((find) =>
		chipOf(text, find.kind, find, find.value, labels[find.kind](find)));
	return [...dateChips(text, 'due', choice.day, choice.time, due, now),
		...dateChips(text, 'start', choice.begin, choice.beginTime, start, now),
		...ruleChips(text, choice, due, now), ...marks].sort((a, b) => a.start - b.start);
}

/* Two parts of a name that words stood between; no comma is left over, and no second space. */
function join(left, right) {
	const isAttached = /^[,.;:!?…]+(?=\s|$)/u.test(right);
	const [head, tail] = [left.trimEnd(), right.trimStart()];
	if (head === '')
		return tail.replace(/^[,.;:!?…–—-]+(?:\s+|$)/u, '');
	if (tail === '')
		return head.replace(/(?:\s+[–—-]+|[,;:])+$/u, '');
	return isAttached ? head.replace(/[,;:]+$/u, '') + tail : `${head} ${tail}`;
}

function nameWithout(text, chips) {
	const parts = chips.map((chip, i) => text.slice(chips[i - 1]?.end ?? 0, chip.start));
	return [...parts, text.slice(chips.at(-1)?.end ?? 0)].reduce(join).trim();
}

const NOTHING = { due: null, start: null, repeat: null, from: 'due', list: undefined, tags: [],
	priority: 0, chips: [] };

/*
 * text: what is typed. now: a Date. ignore: texts of chips that the user has taken back. lists: those
 * that there are, as { list, name }.
 *
 * { name, due, start, repeat, from, list, tags, priority, chips }: due and start are a day, an instant
 * or null, as dates.js has them; repeat is a rule or null, and from what it is counted from; list is
 * that of one of the lists, or undefined where none is named. Chips are { kind: 'due', 'start',
 * 'repeat', 'list', 'tag' or 'priority', text, start, end, value, label } in the order of the text,
 * where start and end count UTF-16 units. Where nothing would be left as a name, the text is the name
 * and nothing is taken.
 */
export function parse(text, now, { ignore = new Set(), lists = [] } = {}) {
	const shown = hideQuotes(text);
	const finds = findAll(shown, { now, lists }).filter((find) => !isIgnored(text, find, ignore));
	const choice = choose(acceptAll(shown, link(shown, finds)));
	const { begin, beginTime, rule, list, tags, priority } = choice;
	const start = begin ? readDue(begin, beginTime, now) : null;
	const due = readRepeat(choice, start, now);
	const chips = chipsOf(text, choice, due, start, now);
	const name = nameWithout(text, chips);
	if (!/[\p{L}\p{N}\p{S}]/u.test(name))
		return { ...NOTHING, name: text.trim() };
	return { name, due, start, repeat: rule?.value ?? null, from: rule?.from ?? 'due',
		list: list?.value, tags, priority, chips };
}

const NAME_MOST = 1000;

/* The members of a task that a line stands for, with one of the lists; null where it says nothing. */
export function readTask(line, ignore, lists) {
	const { name, due, start, repeat, from, list, tags, priority } =
		parse(line, new Date(), { ignore, lists });
	if (name === '')
		return null;
	return { name: [...name].slice(0, NAME_MOST).join(''), due_date: due, tags, priority,
		...(start !== null && { start_date: start }), ...(repeat !== null && { repeat }),
		...(from !== 'due' && { repeat_from: from }), ...(list !== undefined && { list }) };
}
