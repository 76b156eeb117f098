/*
 * The field of a due date: it reads all that it writes, keeps the day that it shows, and says what it
 * does not understand.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrive, eventually, expectAccessible, expectStored, openAs, row, stage, stored }
	from './harness.mjs';

const set = stage();
const UTC = { timezoneId: 'UTC' };
const DAY = 86400000;
const day = (offset) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);

const field = (page) => page.getByRole('textbox', { name: 'Due' });

/* The Due field of a task that is due then. */
async function openDue(t, due_date) {
	const page = await openAs(set, t, { ...UTC, tasks: [{ name: 'Alpha', due_date }] });
	await row(page, 'Alpha').click();
	await page.keyboard.press('d');
	await field(page).waitFor();
	page.due = () => stored(set, page.who).then(([one]) => one.due_date);
	return page;
}

/* readDue() of the page, as it reads texts of a task that is due then, at a time that is now. */
function reads(page, cases) {
	return page.evaluate(async (cases) => {
		const script = document.querySelector('script[type=module]').src;
		const { readDue } = await import(new URL('ui/due.js', script));
		const { dueLabel } = await import(new URL('model/dates.js', script));
		return cases.map(({ due, now, add = '', text }) => {
			const at = new Date(now);
			const words = text ?? (due === null ? '' : dueLabel(due, at).text) + add;
			return [words, readDue(words, due, at) ?? null];
		});
	}, cases);
}

for (const timezoneId of ['UTC', 'America/New_York', 'Pacific/Kiritimati'])
	test(`what it writes it reads, of each day of three years, in ${timezoneId}`, async (t) => {
		const page = await openAs(set, t, { timezoneId });
		const now = '2026-11-25T10:00';
		const dues = Array.from({ length: 1100 }, (_, i) => new Date(Date.UTC(2025, 4, 1 + i)))
			.flatMap((at) => [at.toISOString().slice(0, 10), `${at.toISOString().slice(0, 10)}T15:07:00Z`]);
		for (const add of ['', ' ', '  '])
			assert.deepEqual((await reads(page, dues.map((due) => ({ due, now, add }))))
				.filter(([, read], i) => read !== dues[i]), [], `“${add}”`);
		const timed = await page.evaluate(async ({ dues, now }) => {
			const script = document.querySelector('script[type=module]').src;
			const { readDue } = await import(new URL('ui/due.js', script));
			const { clockOf, dayOf, dueLabel } = await import(new URL('model/dates.js', script));
			const at = new Date(now);
			return dues.filter((due) => {
				const read = readDue(`${dueLabel(dayOf(due), at).text} at 15:00`, due, at);
				return !read || dayOf(read) !== dayOf(due) || clockOf(new Date(read)) !== '15:00';
			});
		}, { dues, now });
		assert.deepEqual(timed, []);
	});

test('words of days that are behind are read, also of a task without a date', async (t) => {
	const page = await openAs(set, t, UTC);
	const now = '2026-11-25T10:00Z';
	const cases = [['Yesterday', null, '2026-11-24'], ['yesterday 23:59', null, '2026-11-24T23:59:00Z'],
		['20 Nov', '2026-11-20', '2026-11-20'], ['20 nov at 15:00', '2026-11-20', '2026-11-20T15:00:00Z'],
		['20 Nov, 3pm', '2026-11-20', '2026-11-20T15:00:00Z'],
		['20 Nov', '2026-11-20T15:00:00Z', '2026-11-20'], ['20 Nov', null, '2027-11-20'],
		['21 Nov', '2026-11-20', '2027-11-21'], ['20 Nov 2025', null, '2025-11-20'],
		['fri 18:00', null, '2026-11-27T18:00:00Z'], ['', '2026-11-20', null]];
	const read = await reads(page, cases.map(([text, due]) => ({ text, due, now })));
	assert.deepEqual(read.map(([, due]) => due), cases.map(([, , due]) => due));
});

test('what is no date is none, also beside one', async (t) => {
	const page = await openAs(set, t, UTC);
	const texts = ['asdf', 'tomorrow asdf', 'tomorrow #home', '20 Novx', '31 feb', '25:00', 'x', '!1'];
	const read = await reads(page, texts.map((text) =>
		({ text, due: null, now: '2026-11-25T10:00Z' })));
	assert.deepEqual(read.map(([, due]) => due), texts.map(() => null));
});

test('a time that is added to an overdue day leaves the day', async (t) => {
	const page = await openDue(t, day(-9));
	await page.keyboard.press('End');
	await page.keyboard.type(' at 15:00');
	await page.keyboard.press('Enter');
	await eventually(page.due, (due) => assert.equal(due, `${day(-9)}T15:00:00Z`));
});

test('a space that is added to an overdue day changes nothing', async (t) => {
	const page = await openDue(t, day(-9));
	const [before] = await stored(set, page.who);
	await page.keyboard.press('End');
	await page.keyboard.type(' ');
	await page.keyboard.press('Enter');
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await page.reload();
	await arrive(page);
	assert.deepEqual((await expectStored(set, page, ['Alpha', 'Last']))[0], before);
});

test('what is not understood is said, and keeps the field open', async (t) => {
	const page = await openDue(t, day(3));
	await field(page).fill('asdf');
	await page.keyboard.press('Enter');
	await page.getByText('“asdf” is no date.').waitFor();
	assert.equal(await field(page).getAttribute('aria-invalid'), 'true');
	assert.equal(await page.evaluate(() => document.activeElement.id), 'due');
	await expectAccessible(page, 'no date');
	await page.getByRole('button', { name: 'Done' }).click();
	assert.equal(await field(page).isVisible(), true);
	await field(page).fill('tomorrow');
	await page.keyboard.press('Enter');
	await eventually(page.due, (due) => assert.equal(due, day(1)));
});

test('who leaves it by Escape is told that the date stayed', async (t) => {
	const page = await openDue(t, day(3));
	await field(page).fill('asdf');
	await page.keyboard.press('Escape');
	await page.locator('#toast').getByText('“asdf” is not understood: all stays as it was').waitFor();
	assert.equal((await expectStored(set, page, ['Alpha', 'Last']))[0].due_date, day(3));
});

test('what is set is taken back as one, whichever way one leaves', async (t) => {
	const page = await openDue(t, day(3));
	await field(page).fill('tomorrow');
	await page.getByText('Everything is saved as you go.').waitFor();
	await page.keyboard.press('Escape');
	await eventually(page.due, (due) => assert.equal(due, day(1)));
	await page.locator('#toast').getByText('Changed the date of “Alpha”').waitFor();
	await page.locator('#toast').getByRole('button', { name: 'Undo' }).click();
	await eventually(page.due, (due) => assert.equal(due, day(3)));
	await page.keyboard.press('n');
	const panel = page.getByRole('dialog');
	await panel.getByLabel('Name').fill('Renamed');
	await panel.getByLabel('Note').fill('noted');
	await panel.getByRole('button', { name: 'Close' }).click();
	await page.locator('#toast').getByText('Changed “Renamed”').waitFor();
	await page.locator('#toast').getByRole('button', { name: 'Undo' }).click();
	await eventually(() => stored(set, page.who), ([one]) =>
		one.name === 'Alpha' && one.note === '');
});
