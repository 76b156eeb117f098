/*
 * What the one input understands of the words. In two sentences:
 *
 * Dates, times, #tags and !1 to !3 (high) are understood wherever they stand, and each becomes a
 * chip that gives its words back to the name; of two dates or two times the last one counts.
 * Short or doubtful words (sat, 9:30, 27/1, 3 may, 27th) count only at the end, beside something
 * else that is understood, or after on, by, due, at, until or before; and words in quotes, in links
 * and in Titles Like Friday Night Lights always stay as they are.
 *
 * At each word the longest of the phrases that fit is a find. Then those finds are accepted that
 * stand where they count; of these it is chosen; and the name is what is left.
 */
import { addDays, dueLabel, instantAt, today } from '../model/dates.js';
import { PARTS, rows } from './phrases.js';

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
function findAt(text, core, after, now) {
	const { row, match } = longestAt(text, core) ?? {};
	if (row === undefined)
		return null;
	const lead = row.lead?.exec(text.slice(after, core))?.[1] ?? '';
	const at = { words: match[0], lead, now, today: today(now) };
	const meant = row.read(match.groups ?? {}, at);
	return meant && { kind: row.kind, isWeekday: row.isWeekday, ...meant, lead, core,
		place: meant.place ?? row.place, start: core - lead.length, end: core + match[0].length };
}

function findAll(text, now) {
	const finds = [];
	let after = 0;
	for (const { index } of text.matchAll(/(?<!\S)\S/gu)) {
		const find = index < after ? null : findAt(text, index, after, now);
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

const isDayIn = (set, find) => find?.kind === 'day' && set.has(find);
const isDate = ({ kind }) => kind === 'day' || kind === 'time';

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
	const last = (kind) => accepted.findLast((find) => find.kind === kind);
	const [day, priority] = [last('day'), last('priority')];
	const time = day?.instant === undefined ? last('time') : undefined;
	const all = accepted.filter(({ kind }) => kind === 'tag');
	const tags = [...new Set(all.map(({ value }) => value))].slice(0, TAGS_MOST);
	const marks = [...all.filter(({ value }) => tags.includes(value)), priority].filter(Boolean);
	return { day, time, tags, priority: priority?.value ?? 0, marks };
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

const chipOf = (text, kind, { start, end }, value, label) =>
	({ kind, text: text.slice(start, end), start, end, value, label });

/* One chip for a day and a time beside it; apart, they are two that can be taken back each. */
function dueChips(text, { day, time }, due, now) {
	const ends = [day, time].filter(Boolean).sort((a, b) => a.start - b.start);
	const chip = (find, value) => chipOf(text, 'due', find, value, dueLabel(value, now).text);
	if (ends.length === 2 && ends[0].next === ends[1])
		return [chip({ start: ends[0].start, end: ends[1].end }, due)];
	return ends.map((find) => chip(find, find === day && time !== undefined ? day.day : due));
}

function chipsOf(text, choice, due, now) {
	const labels = { tag: (value) => `#${value}`, priority: (value) => PRIORITIES[value] };
	const marks = choice.marks.map((find) =>
		chipOf(text, find.kind, find, find.value, labels[find.kind](find.value)));
	return [...dueChips(text, choice, due, now), ...marks].sort((a, b) => a.start - b.start);
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

/*
 * text: what is typed. now: a Date. ignore: texts of chips that the user has taken back.
 *
 * { name, due, tags, priority, chips }: due is a day, an instant or null, as dates.js has them;
 * chips are { kind: 'due', 'tag' or 'priority', text, start, end, value, label } in the order of
 * the text, where start and end count UTF-16 units. Where nothing would be left as a name, the
 * text is the name and nothing is taken.
 */
export function parse(text, now, { ignore = new Set() } = {}) {
	const shown = hideQuotes(text);
	const finds = findAll(shown, now).filter((find) => !isIgnored(text, find, ignore));
	const choice = choose(acceptAll(shown, link(shown, finds)));
	const due = readDue(choice.day, choice.time, now);
	const chips = chipsOf(text, choice, due, now);
	const name = nameWithout(text, chips);
	if (!/[\p{L}\p{N}\p{S}]/u.test(name))
		return { name: text.trim(), due: null, tags: [], priority: 0, chips: [] };
	return { name, due, tags: choice.tags, priority: choice.priority, chips };
}
