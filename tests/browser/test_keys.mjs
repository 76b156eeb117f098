/*
 * The keyboard: every command of the table, where the focus goes, and undo.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, eventually, expectAccessible, expectNames, expectStored, openAs, row, stage,
	stored } from './harness.mjs';

const set = stage();
const UTC = { timezoneId: 'UTC' };

/* The name of the task that has the focus. */
const active = (page) => page.evaluate(() =>
	document.activeElement.closest('.row')?.querySelector('.name').textContent ?? null);

const expectActive = (page, name) => eventually(() => active(page), (now) =>
	assert.equal(now, name));

/* As somebody presses keys who means each of them: letters that follow each other faster are words. */
const PACE_MS = 250;

async function press(page, ...keys) {
	for (const key of keys)
		await page.keyboard.press(key, key.length === 1 ? { delay: PACE_MS } : {});
}

/* A page whose focus is in the list, on the first row. */
async function inList(t, tasks, options = {}) {
	const page = await openAs(set, t, { ...UTC, tasks, ...options });
	await row(page, tasks[0].name ?? tasks[0]).waitFor();
	await page.locator('.head h2').click();
	await press(page, 'j');
	await expectActive(page, tasks[0].name ?? tasks[0]);
	return page;
}

test('j k and the arrows go from task to task', async (t) => {
	const page = await inList(t, ['A', 'B', 'C']);
	for (const [key, name] of [['j', 'B'], ['ArrowDown', 'C'], ['j', 'C'], ['k', 'B'],
		['ArrowUp', 'A'], ['End', 'C'], ['Home', 'A']]) {
		await press(page, key);
		await expectActive(page, name);
	}
});

test('x and Space complete, and the next row has the focus', async (t) => {
	const page = await inList(t, ['A', 'B', 'C']);
	await press(page, 'x');
	await expectActive(page, 'B');
	await press(page, ' ');
	await expectActive(page, 'C');
	await eventually(() => stored(set, page.who), (all) =>
		all.map(({ completed }) => completed).join() === 'true,true,false');
});

test('after a delete the next row has the focus, and at the end the one before', async (t) => {
	const page = await inList(t, ['A', 'B', 'C']);
	await press(page, 'j', 'Delete');
	await expectActive(page, 'C');
	await press(page, 'Backspace');
	await expectActive(page, 'A');
	await press(page, 'Delete');
	await page.getByText('Your list is empty.').waitFor();
	assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'BODY');
	assert.equal((await eventually(() => stored(set, page.who), (all) => all.length === 0)).length, 0);
});

test('d p t n open what they stand for', async (t) => {
	const page = await inList(t, ['A']);
	const dialog = page.getByRole('dialog');
	await press(page, 'd');
	await dialog.getByLabel('Due').fill('tomorrow at 15:00');
	await press(page, 'Enter');
	await expectActive(page, 'A');
	await press(page, 'p');
	await dialog.waitFor(); /* a letter waits a moment, and the arrow is meant for what it opens */
	await press(page, 'ArrowRight', 'ArrowRight', 'Escape', 't');
	await dialog.getByLabel('Tags').fill('#home work');
	await press(page, 'Enter', 'n');
	await dialog.getByLabel('Note').fill('noted');
	await press(page, 'Escape');
	await expectActive(page, 'A');
	const [task] = await eventually(() => stored(set, page.who), ([one]) => one.note === 'noted');
	assert.match(task.due_date, /T15:00:00Z$/);
	assert.equal(task.priority, 2);
	assert.deepEqual(task.tags, ['home', 'work']);
});

test('m selects, and what is done is done with all of them', async (t) => {
	const page = await inList(t, ['A', 'B', 'C', 'D']);
	await press(page, 'm', 'j', 'j', 'm');
	await page.getByText('2 selected').waitFor();
	await expectAccessible(page, 'selection');
	await press(page, 'p');
	await page.getByRole('dialog').waitFor();
	await press(page, 'ArrowRight', 'Escape');
	await eventually(() => stored(set, page.who), (all) =>
		all.map(({ priority }) => priority).join('') === '1010');
	await page.locator('.head h2').click();
	await press(page, 'x');
	await eventually(() => stored(set, page.who), (all) =>
		all.map(({ completed }) => Number(completed)).join('') === '1010');
	assert.equal(await page.locator('.selection').isVisible(), false);
	await press(page, 'z');
	await eventually(() => stored(set, page.who), (all) => all.every((task) => !task.completed));
});

test('g and a letter go to the views', async (t) => {
	const page = await inList(t, ['A']);
	for (const [key, view] of Object.entries({ t: 'today', u: 'upcoming', o: 'overdue',
		c: 'completed', x: 'trash' })) {
		await press(page, 'g', key);
		await eventually(() => new URL(page.url()).search, (now) =>
			assert.equal(now, `?view=${view}`));
	}
	await press(page, 'g', 'a');
	await eventually(() => new URL(page.url()).search, (now) => assert.equal(now, ''));
});

test('a link to a view keeps the focus while the view is shown', async (t) => {
	const page = await inList(t, ['A']);
	await page.getByRole('link', { name: 'Today' }).focus();
	await press(page, 'Enter');
	await page.getByRole('heading', { name: 'Today' }).waitFor();
	assert.match(await page.evaluate(() => document.activeElement.textContent), /^Today/);
});

test('? shows the table, and single letters can be switched off', async (t) => {
	const page = await inList(t, ['A', 'B']);
	await press(page, '?');
	await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
	await expectAccessible(page, 'help');
	await page.getByLabel('Single letters are commands').uncheck();
	await press(page, 'Escape');
	await expectActive(page, 'A');
	await press(page, 'j', 'x', 'm', '#');
	await expectActive(page, 'A');
	await press(page, 'ArrowDown'); /* no letter waits any more */
	await expectActive(page, 'B');
	assert.equal(await page.locator('.row:is(.done, .selected)').count(), 0);
	await page.reload();
	await row(page, 'A').click();
	await press(page, 'j');
	await expectActive(page, 'A');
	const tasks = await expectStored(set, page, ['A', 'B', 'C']);
	assert.equal(tasks.some(({ completed }) => completed), false);
});

test('complete and delete act at once, and z and Shift+z go back and forth', async (t) => {
	const page = await inList(t, ['A', 'B']);
	await press(page, 'Delete');
	await expectNames(page, ['B']);
	await page.getByRole('button', { name: 'Undo' }).waitFor();
	await expectActive(page, 'B');
	await press(page, 'x');
	await press(page, 'z', 'z');
	await expectNames(page, ['A', 'B']);
	await eventually(() => stored(set, page.who), (all) =>
		all.length === 2 && all.every(({ completed }) => !completed));
	await press(page, 'Shift+Z', 'Shift+Z');
	await expectNames(page, ['B']);
	await eventually(() => stored(set, page.who), (all) => all.length === 1 && all[0].completed);
	await press(page, 'z', 'z');
	await expectNames(page, ['A', 'B']);
});

test('two of them that come together are both done', async (t) => {
	const page = await inList(t, ['A', 'B', 'C']);
	await press(page, 'x', 'Delete');
	await expectNames(page, ['C', 'A']);
	for (const [key, expected] of [['z', ['A', 'B', 'C']], ['Z', ['C', 'A']]]) {
		await press(page, 'Home'); /* letters before and after it are no word */
		await page.keyboard.press(key);
		await page.keyboard.press(key);
		await expectNames(page, expected);
	}
	await eventually(() => stored(set, page.who), (all) => all.length === 2 && all[0].completed);
});

test('a letter that was alone is a command, however late the page comes to it', async (t) => {
	const page = await inList(t, ['A']);
	const cdp = await page.context().newCDPSession(page);
	const now = Date.now() / 1000;
	const down = (text, seconds) => cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', text,
		key: text, timestamp: now + seconds });
	await Promise.all([down('d', 0), down('f', 0.25), down('r', 0.3), down('i', 0.35)]);
	await eventually(() => page.getByRole('dialog').getByLabel('Due').inputValue(), (value) =>
		assert.equal(value, 'fri'));
	assert.equal(await page.getByLabel('New task').inputValue(), '');
});

test('a toast takes back what it speaks of, whatever was done since', async (t) => {
	const page = await inList(t, ['A', 'B']);
	await press(page, 'Delete');
	await expectNames(page, ['B']);
	await add(page, 'C');
	await expectNames(page, ['B', 'C']);
	await page.getByRole('button', { name: 'Undo' }).click();
	await expectNames(page, ['A', 'B', 'C']);
	await press(page, 'z');
	await expectNames(page, ['A', 'B']);
	await eventually(() => stored(set, page.who), (all) => all.length === 2);
});

test('adding can be undone and done again', async (t) => {
	const page = await inList(t, ['A']);
	await press(page, 'q');
	await page.locator('#add input:focus').waitFor();
	await page.keyboard.type('New #x');
	await press(page, 'Enter');
	await row(page, 'A').click();
	await press(page, 'z');
	await expectNames(page, ['A']);
	await eventually(() => stored(set, page.who), (all) => all.length === 1);
	await press(page, 'Z');
	await expectNames(page, ['A', 'New']);
	const tasks = await eventually(() => stored(set, page.who), (all) => all.length === 2);
	assert.deepEqual(tasks[1].tags, ['x']);
});

test('the toast goes after eight seconds, and stays while it is looked at', async (t) => {
	const page = await inList(t, ['A', 'B', 'C'], {});
	await page.clock.install();
	await page.clock.pauseAt(Date.now() + 60000); /* else it goes on by itself as well */
	await press(page, 'x');
	const undo = page.getByRole('button', { name: 'Undo' });
	await page.clock.runFor(7500);
	assert.equal(await undo.isVisible(), true);
	await page.clock.runFor(1000);
	assert.equal(await undo.isVisible(), false);
	await press(page, 'x');
	await page.clock.runFor(1000);
	await undo.focus();
	await page.clock.runFor(20000);
	assert.equal(await undo.isVisible(), true);
});

test('the trash gives back, also what the server hears of only now', async (t) => {
	const page = await inList(t, ['A', 'B']);
	const asked = page.waitForResponse('**/trash');
	await page.route('**/batch', async (route) => {
		await asked;
		await route.continue();
	});
	await press(page, 'Delete', 'g', 'x');
	await expectNames(page, ['A']);
	await page.getByRole('button', { name: 'Restore' }).click();
	await expectNames(page, []);
	await press(page, 'g', 'a');
	await expectNames(page, ['A', 'B']);
});
