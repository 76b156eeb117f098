/*
 * What the one input of the page understands (quick_add.json), how dates are shown (dates.json),
 * and what holds for any text. Run with: node --test tests/browser/test_words.mjs
 *
 * A row with a zone is of that zone; all others hold in each. A row that has no start, repeat or list
 * is of a text that says nothing of it. A due date "2026-11-27 15:00" is what
 * the user's clock shows; with a T and a Z it is meant as it stands.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { clockOf, compareDue, dayOf, dueLabel, instantAt, isOverdue, isToday, setZone, today } from
	'../../src/web/model/dates.js';
import { parse } from '../../src/web/model/parse.js';
import { readRule, ruleWords } from '../../src/web/model/rules.js';

const ZONES = [...new Set([process.env.TZ ?? 'UTC', 'UTC', 'Europe/Berlin', 'America/New_York'])];
const NOW = '2026-11-25T10:00';

const lists = [{ list: 5, name: 'Home' }, { list: 7, name: 'Home garden' }, { list: 9, name: 'Work' },
	{ list: null, name: 'Inbox' }];

const table = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

/* Node reads TZ again whenever it is set. */
function inZone(zone, work) {
	const was = process.env.TZ;
	process.env.TZ = zone;
	try {
		return work();
	} finally {
		if (was === undefined)
			delete process.env.TZ;
		else
			process.env.TZ = was;
	}
}

function eachZone(row, check) {
	for (const zone of row.zone ? [row.zone] : ZONES)
		inZone(zone, () => check(zone));
}

/* As Date has it, not as the code that is tested does. */
function dueOf(due) {
	return due === null || !due.includes(' ') ? due :
		`${new Date(due.replace(' ', 'T')).toISOString().slice(0, 19)}Z`;
}

function random(seed) {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor(state / 2 ** 32 * below);
	};
}

const pieces = `call Bob buy milk the a for and to at on by due until in next this of tomorrow today
	tonight fri sat sun friday Friday Monday mon may march jan 27 3 27th 1/2 27/1 27.1. 2026-12-01
	2026 15:00 9:30 3pm pm noon midnight weekend week month days hours morning evening #home #a/b #1
	#🎂 !1 !3 !4 "quoted words" "open 'single today' don't “fri” « » https://x/#today , . ! - –
	every other every start ~home ~inbox last 5th completion times ( ) I Night Lights Über 日本 👩‍🚀 é`.split(/\s+/);
const gaps = [' ', ' ', ' ', ' ', '  ', ', ', '\t', ''];

const randomText = (pick) => Array.from({ length: 1 + pick(12) }, () =>
	pieces[pick(pieces.length)] + gaps[pick(gaps.length)]).join('');

/* Text after text, the same ones at each run. */
function forRandomTexts(count, check) {
	const pick = random(20261125);
	const now = new Date(NOW);
	for (let i = 0; i < count; i++) {
		const text = randomText(pick);
		check(text, parse(text, now, { lists }), now);
	}
}

test('the zones are told apart', () => {
	const offsets = ['UTC', 'Europe/Berlin', 'America/New_York']
		.map((zone) => inZone(zone, () => new Date(NOW).getTimezoneOffset()));
	assert.deepEqual(offsets, [0, -60, 300]);
});

test('what is understood', async (t) => {
	for (const row of table('quick_add.json')) {
		await t.test(`${row.text || 'nothing'}: ${row.why}`, () => eachZone(row, (zone) => {
			const { chips: _, ...read } =
				parse(row.text, new Date(row.now), { ignore: new Set(row.ignore), lists });
			assert.deepEqual(read, { name: row.name, due: dueOf(row.due), tags: row.tags,
				priority: row.priority, start: dueOf(row.start ?? null), list: row.list,
				repeat: row.repeat ?? null, from: row.repeat_from ?? 'due' }, zone);
		}));
	}
});

/* [kind, text, value, label] of each. */
const chipRows = [
	['call Bob fri at 3pm #home !3', [['due', 'fri at 3pm', '2026-11-27T15:00:00Z', 'Friday 15:00'],
		['tag', '#home', 'home', '#home'], ['priority', '!3', 3, 'High']]],
	['!1 call by tomorrow', [['priority', '!1', 1, 'Low'],
		['due', 'by tomorrow', '2026-11-26', 'Tomorrow']]],
	['tomorrow call Bob at 3pm', [['due', 'tomorrow', '2026-11-26', 'Tomorrow'],
		['due', 'at 3pm', '2026-11-26T15:00:00Z', 'Tomorrow 15:00']]],
	['call at 9:00', [['due', 'at 9:00', '2026-11-26T09:00:00Z', 'Tomorrow 09:00']]],
	['buy #home milk #home', [['tag', '#home', 'home', '#home'],
		['tag', '#home', 'home', '#home']]],
	['😀 fri #😀', [['due', 'fri', '2026-11-27', 'Friday'], ['tag', '#😀', '😀', '#😀']]],
	['jog every monday', [['repeat', 'every monday', 'FREQ=WEEKLY;BYDAY=MO',
		'Every Monday, first Monday']]],
	['jog every 2 days fri', [['repeat', 'every 2 days', 'FREQ=DAILY;INTERVAL=2', 'Every 2 days'],
		['due', 'fri', '2026-11-27', 'Friday']]],
	['jog start fri ~work', [['start', 'start fri', '2026-11-27', 'from Friday'],
		['list', '~work', 9, 'Work']]],
	['tomorrow', []],
];

test('chips, in the order of the text', async (t) => {
	for (const [text, expected] of chipRows) {
		await t.test(text, () => inZone('UTC', () => {
			const { chips } = parse(text, new Date(NOW), { lists });
			assert.deepEqual(
				chips.map(({ kind, text, value, label }) => [kind, text, value, label]), expected);
		}));
	}
});

test('how a due date is shown', async (t) => {
	for (const row of table('dates.json')) {
		await t.test(`${row.due} at ${row.now}: ${row.text}`, () => eachZone(row, (zone) => {
			const [due, now] = [dueOf(row.due), new Date(row.now)];
			const { text, state } = row;
			assert.deepEqual(dueLabel(due, now), { text, state, iso: due }, zone);
			assert.equal(dayOf(due), row.day, zone);
			assert.equal(isOverdue(due, now), row.state === 'overdue', zone);
			assert.equal(isToday(due, now), row.day === row.now.slice(0, 10), zone);
		}));
	}
});

test('no date is neither late nor today', () => {
	const now = new Date(NOW);
	assert.deepEqual([dueLabel(null, now), dayOf(null), isOverdue(null, now), isToday(null, now)],
		[null, null, false, false]);
});

test('the order of due dates', () => {
	for (const zone of ZONES) {
		inZone(zone, () => {
			const sorted = ['2026-11-24', '2026-11-25 09:00', '2026-11-25 23:59', '2026-11-25',
				'2026-11-26 00:00', '2026-11-26', null].map(dueOf);
			for (const [i, a] of sorted.entries()) {
				for (const [j, b] of sorted.entries())
					assert.equal(Math.sign(compareDue(a, b)), Math.sign(i - j), `${a} ${b}`);
			}
		});
	}
});

test('a label that is typed means the same again', () => {
	for (const zone of ZONES) {
		inZone(zone, () => {
			for (let days = 0; days < 800; days++) {
				const now = new Date(2026, 10, 25, 10, 0);
				const at = new Date(2026, 10, 25 + days, 10, 1 + days % 1300);
				for (const due of [today(at), instantAt(today(at), clockOf(at))]) {
					const { text } = dueLabel(due, now);
					assert.equal(parse(`call ${text}`, now).due, due, `${text} ${zone}`);
				}
			}
		});
	}
});

test('chips show what they take', () => {
	let taken = 0;
	forRandomTexts(2000, (text, { due, start, repeat, list, tags, priority, chips }) => {
		let end = 0;
		for (const chip of chips) {
			assert.ok(chip.start >= end && chip.end > chip.start, text);
			assert.equal(text.slice(chip.start, chip.end), chip.text, text);
			assert.equal(chip.text, chip.text.trim(), text);
			assert.ok(typeof chip.label === 'string' && chip.label !== '', text);
			end = chip.end;
			taken++;
		}
		const values = (kind) =>
			chips.filter((chip) => chip.kind === kind).map(({ value }) => value);
		assert.deepEqual([...new Set(values('tag'))], tags, text);
		assert.deepEqual(values('priority'), priority === 0 ? [] : [priority], text);
		assert.deepEqual(values('repeat'), repeat === null ? [] : [repeat], text);
		assert.deepEqual(values('list'), list === undefined ? [] : [list], text);
		assert.equal(values('start').length > 0, start !== null, text);
		assert.ok(start === null || values('start').includes(start), text);
		assert.equal(values('due').length > 0 || repeat !== null, due !== null, text);
		assert.ok(values('due').length === 0 || values('due').includes(due), text);
	});
	assert.ok(taken > 1000, `only ${taken} chips`);
});

/* [rule, from, words]: the words are read as the rule again. */
const ruleRows = [
	['FREQ=DAILY', 'due', 'every day'],
	['FREQ=DAILY;INTERVAL=3', 'completion', 'every 3 days from completion'],
	['FREQ=WEEKLY', 'due', 'every week'],
	['FREQ=WEEKLY;BYDAY=MO', 'due', 'every Monday'],
	['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH', 'due', 'every 2 weeks on Mon, Thu'],
	['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'due', 'every weekday'],
	['FREQ=WEEKLY;BYDAY=SA,SU', 'due', 'every weekend'],
	['FREQ=MONTHLY;BYMONTHDAY=1,22', 'due', 'every month on the 1st, 22nd'],
	['FREQ=MONTHLY;BYMONTHDAY=-1', 'due', 'every month on the last day'],
	['FREQ=MONTHLY;BYMONTHDAY=13', 'due', 'every month on the 13th'],
	['FREQ=MONTHLY;BYDAY=-1FR', 'due', 'every month on the last Friday'],
	['FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU', 'due', 'every 2 months on the second Tuesday'],
	['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', 'due', 'every month on the last weekday'],
	['FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=27', 'due', 'every year on 27 Jan'],
	['FREQ=DAILY;COUNT=5', 'due', 'every day, 5 times'],
];

test('a rule in words is read as the rule again', () => {
	for (const [rule, from, words] of ruleRows) {
		assert.equal(ruleWords(rule, from), words);
		assert.deepEqual(readRule(words),
			{ value: rule, from: from === 'completion' ? from : null }, words);
	}
});

test('what has no words is shown as the rule, and read so', () => {
	for (const rule of ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', 'FREQ=MONTHLY;BYDAY=MO',
		'FREQ=WEEKLY;WKST=SU;INTERVAL=2', 'FREQ=DAILY;BYMONTH=1']) {
		assert.equal(ruleWords(rule), rule);
		assert.deepEqual(readRule(rule), { value: rule, from: null });
	}
	assert.equal(ruleWords('FREQ=DAILY;UNTIL=20270301'), 'every day until 1 Mar 2027');
	for (const words of ['', 'now and then', 'every', 'every 30 feb', 'every 0 days'])
		assert.equal(readRule(words), undefined, words);
});

test('a name has what no chip has taken', () => {
	const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, '');
	forRandomTexts(2000, (text, { name, chips }) => {
		const parts = chips.map((chip, i) => text.slice(chips[i - 1]?.end ?? 0, chip.start));
		const rest = parts.join('') + text.slice(chips.at(-1)?.end ?? 0);
		assert.equal(letters(name), letters(rest), text);
	});
});

test('chips that are all taken back leave the text', () => {
	forRandomTexts(2000, (text, first, now) => {
		const ignore = new Set();
		let left = first;
		for (let round = 0; left.chips.length > 0; round++) {
			assert.ok(round < 20, text);
			left.chips.forEach((chip) => ignore.add(chip.text));
			left = parse(text, now, { ignore, lists });
		}
		assert.equal(left.name, text.trim(), text);
		assert.deepEqual([left.due, left.tags, left.priority], [null, [], 0], text);
	});
});

test('a chip that is taken back stays so while one goes on', () => {
	forRandomTexts(2000, (text, { chips }, now) => {
		for (const { text: words, start } of chips) {
			const more = parse(`${text} call Bob`, now, { ignore: new Set([words]), lists });
			const isBack = more.chips.some((chip) => chip.start === start && chip.text === words);
			assert.ok(!isBack, text);
		}
	});
});

test('quotes keep anything', () => {
	forRandomTexts(2000, (text, plain, now) => {
		const quoted = `«${text.replace(/["'`“”„‘’‚«»]/gu, '')}x»`;
		const { name, chips } = parse(quoted, now);
		assert.deepEqual([name, chips], [quoted, []]);
	});
});

test('200 characters take less than a millisecond', () => {
	const now = new Date(NOW);
	const pick = random(7);
	const texts = Array.from({ length: 300 }, () => {
		let text = '';
		while (text.length < 200)
			text += randomText(pick);
		return text.slice(0, 200);
	});
	const times = texts.map((text) => {
		const began = performance.now();
		parse(text, now);
		return performance.now() - began;
	}).sort((a, b) => a - b);
	assert.ok(times[150] < 1, `median ${times[150]} ms`);
});

/* A hundred times as much would be the square. */
test('ten times the text takes about ten times as long', () => {
	const now = new Date(NOW);
	const took = (text) => Math.min(...Array.from({ length: 9 }, () => {
		const began = performance.now();
		parse(text, now);
		return performance.now() - began;
	}));
	for (const piece of ['word ', 'call fri ', 'x 27/1 ', 'x tomorrow ', 'the friday ', '"a ']) {
		const [short, long] = [piece.repeat(200), piece.repeat(2000)].map(took);
		assert.ok(long < 50 * short, `${piece}: ${short} ms, ${long} ms`);
	}
});

/* As where the clock of the machine is that of the zone. */
test('another zone than the own one has the same days and times', () => {
	const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati',
		'Australia/Lord_Howe', 'America/St_Johns'];
	const clocks = ['00:00', '01:45', '02:30', '03:15', '23:59'];
	const read = () => {
		const told = [];
		for (let i = 0; i < 400; i++) {
			const at = new Date(Date.UTC(2026, 2, 1, 0, 0) + i * 67 * 3600000 / 2);
			const day = today(at);
			told.push([day, clockOf(at), ...clocks.map((clock) => instantAt(day, clock))].join(' '));
		}
		return told;
	};
	for (const zone of zones) {
		const own = inZone(zone, read);
		const other = inZone('Asia/Tokyo', () => {
			setZone(zone);
			const told = read();
			setZone('Asia/Tokyo');
			return told;
		});
		assert.deepEqual(other, own, zone);
	}
	inZone('Asia/Tokyo', () => {
		const own = read();
		setZone('Atlantis/Capital');
		assert.deepEqual(read(), own);
	});
});
