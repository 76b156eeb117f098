/*
 * The list: what a row shows, the views and their addresses, and every way to change a task.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, eventually, expectNames, names, openAs, row, stage, stored } from './harness.mjs';

const set = stage();
const DAY = 86400000;
const day = (offset) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);
const UTC = { timezoneId: 'UTC' };

const rows = (page) => page.locator('.row .name');
const expectLeft = (page, words) => eventually(() => page.locator('.left').textContent(), (text) =>
	assert.equal(text, words));
const expectAddress = (page, search) => eventually(() => new URL(page.url()).search, (now) =>
	assert.equal(now, search));

test('a row tells what is known of a task', async (t) => {
	const page = await openAs(set, t, { ...UTC, tasks: [
		{ name: 'Plain' },
		{ name: 'Today', due_date: day(0) },
		{ name: 'Tomorrow', due_date: day(1) },
		{ name: 'Soon', due_date: day(4) },
		{ name: 'Late', due_date: day(-3) },
		{ name: 'Full', note: 'x', priority: 3, tags: ['home', 'a/b'] },
	] });
	const marks = async (name) => (await row(page, name).locator('.marks').textContent()).trim();
	await row(page, 'Full').waitFor();
	assert.equal(await marks('Plain'), '');
	assert.equal(await row(page, 'Today').locator('.due').textContent(), 'Today');
	assert.equal(await row(page, 'Tomorrow').locator('.due').textContent(), 'Tomorrow');
	const weekday = new Date(Date.now() + 4 * DAY).toLocaleDateString('en', { weekday: 'long',
		timeZone: 'UTC' });
	assert.equal(await row(page, 'Soon').locator('.due').textContent(), weekday);
	assert.match(await row(page, 'Late').locator('.due').textContent(), /overdue/);
	assert.match(await marks('Full'), /High priority.*#home.*#a\/b.*has a note/);
	await expectLeft(page, '6 left');
});

test('views show what they say, under an address, and the way back works', async (t) => {
	const page = await openAs(set, t, { ...UTC, tasks: [
		{ name: 'Undated', tags: ['home'] }, { name: 'Now', due_date: day(0) },
		{ name: 'Ahead', due_date: day(2) }, { name: 'Past', due_date: day(-2) },
		{ name: 'Done', completed: true, due_date: day(-2) },
	] });
	const views = { Today: ['Past', 'Now'], Upcoming: ['Ahead'], Overdue: ['Past'],
		Completed: ['Done'], home: ['Undated'],
		All: ['Undated', 'Now', 'Ahead', 'Past', 'Done'] };
	for (const [name, expected] of Object.entries(views)) {
		await page.locator('.views').getByRole('link', { name, exact: false }).first().click();
		await expectNames(page, expected, name);
	}
	await expectAddress(page, '');
	await page.goBack();
	await expectAddress(page, '?tag=home');
	await expectNames(page, ['Undated']);
	await page.goBack();
	await expectAddress(page, '?view=completed');
	await expectNames(page, ['Done']);
	await page.reload();
	await row(page, 'Done').waitFor();
	await eventually(() => page.title(), (title) => assert.equal(title, 'Completed · todo'));
	await page.goForward();
	await expectNames(page, ['Undated']);
});

test('a task becomes late while one looks at it', async (t) => {
	const now = Date.now();
	const page = await openAs(set, t, { ...UTC, tasks: [{ name: 'Tea',
		due_date: new Date(now + 600000).toISOString() }] });
	await page.clock.install({ time: now });
	await page.reload();
	await row(page, 'Tea').waitFor();
	assert.doesNotMatch(await row(page, 'Tea').textContent(), /overdue/);
	await page.clock.fastForward(660000);
	await eventually(() => row(page, 'Tea').textContent(), (text) => assert.match(text, /overdue/));
});

test('a checkbox completes, and says how many are left', async (t) => {
	const page = await openAs(set, t, { tasks: ['One', 'Two'] });
	await page.getByRole('checkbox', { name: 'One' }).check();
	await expectLeft(page, '1 left');
	assert.equal(await page.locator('#live').textContent(), 'Completed, 1 left');
	await eventually(() => stored(set, page.who), ([one]) => one.completed);
	await page.getByRole('checkbox', { name: 'One' }).uncheck();
	await eventually(() => stored(set, page.who), ([one]) => !one.completed);
});

test('names are edited in place', async (t) => {
	const page = await openAs(set, t, { tasks: ['Old', 'Other'] });
	await rows(page).first().dblclick();
	await page.getByLabel('Name of Old').fill('New');
	await page.keyboard.press('Enter');
	await expectNames(page, ['New', 'Other']);
	await page.keyboard.press('e');
	await page.getByLabel('Name of New').fill('Never');
	await page.keyboard.press('Escape');
	await expectNames(page, ['New', 'Other']);
	await page.keyboard.press('Enter');
	await page.getByLabel('Name of New').fill('');
	await page.keyboard.press('Enter');
	await expectNames(page, ['Other']);
	await page.getByRole('button', { name: 'Undo' }).click();
	await expectNames(page, ['New', 'Other']);
	await eventually(() => stored(set, page.who), (all) => all.length === 2 && all[0].name === 'New');
});

test('what others do meanwhile does not disturb who edits a name', async (t) => {
	const page = await openAs(set, t, { tasks: ['Old', 'Other'] });
	const [{ id }] = await stored(set, page.who);
	await rows(page).first().dblclick();
	await page.getByLabel('Name of Old').fill('Half');
	const tasks = `accounts/${page.who.username}/tasks`;
	await api(set, page.who.token, 'PATCH', `${tasks}/${id}`, { tags: ['theirs'], name: 'Else' });
	await api(set, page.who.token, 'POST', tasks, { name: 'Third' });
	await page.evaluate(() => dispatchEvent(new Event('focus')));
	await expectNames(page, ['Else', 'Other', 'Third']);
	await page.keyboard.press('End');
	await page.keyboard.type('way');
	await page.keyboard.press('Enter');
	await expectNames(page, ['Halfway', 'Other', 'Third']);
	await eventually(() => stored(set, page.who), ([one]) =>
		one.name === 'Halfway' && one.tags[0] === 'theirs');
});

test('the panel sets all of a task, and shows its history', async (t) => {
	const page = await openAs(set, t, { tasks: ['Task'] });
	await rows(page).first().click();
	await page.keyboard.press('n');
	const panel = page.getByRole('dialog');
	await panel.getByLabel('Note').fill('Two\nlines');
	await panel.getByLabel('Due').fill('tomorrow');
	await panel.getByText('Medium').click();
	await panel.getByLabel('Tags').fill('home, work');
	await panel.getByRole('button', { name: 'Done' }).click();
	const [task] = await eventually(() => stored(set, page.who), ([one]) => one.tags.length === 2);
	assert.equal(task.note, 'Two\nlines');
	assert.match(task.due_date, /^\d{4}-\d\d-\d\d$/);
	assert.equal(task.priority, 2);
	assert.deepEqual(task.tags, ['home', 'work']);
	await page.keyboard.press('n');
	assert.equal(await panel.getByLabel('Note').inputValue(), 'Two\nlines');
	await panel.getByText('History').click();
	await panel.getByText('Made').waitFor();
	assert.match(await panel.locator('.history').textContent(), /Note Two.*Made/s);
});

test('a note is kept when the panel is left by Escape, and when the page is put away', async (t) => {
	const page = await openAs(set, t, { tasks: ['Task'] });
	const note = page.getByRole('dialog').getByLabel('Note');
	await rows(page).first().click();
	await page.keyboard.press('n');
	await note.pressSequentially('Half');
	await page.keyboard.press('Escape');
	await eventually(() => stored(set, page.who), ([one]) => one.note === 'Half');
	await page.keyboard.press('n');
	await note.waitFor();
	await page.keyboard.type(' and more');
	await page.evaluate(() => {
		Object.defineProperty(document, 'hidden', { value: true });
		document.dispatchEvent(new Event('visibilitychange'));
	});
	await eventually(() => stored(set, page.who), ([one]) => one.note === 'Half and more');
});

test('tasks are ordered by dragging, by keys, and by the menu', async (t) => {
	const page = await openAs(set, t, { tasks: ['A', 'B', 'C'] });
	await row(page, 'C').hover();
	const from = await row(page, 'C').locator('[data-handle]').boundingBox();
	const to = await row(page, 'A').boundingBox();
	await page.mouse.move(from.x + 10, from.y + 10);
	await page.mouse.down();
	await page.mouse.move(to.x + 10, to.y + 20, { steps: 5 });
	await page.mouse.move(to.x + 10, to.y + 4, { steps: 2 });
	await page.mouse.up();
	await expectNames(page, ['C', 'A', 'B']);
	await rows(page).first().click();
	await page.keyboard.press('Alt+ArrowDown');
	await expectNames(page, ['A', 'C', 'B']);
	assert.equal(await page.evaluate(() => document.activeElement.textContent.includes('C')), true);
	await page.keyboard.press('Alt+ArrowUp');
	await expectNames(page, ['C', 'A', 'B']);
	await row(page, 'C').getByRole('button', { name: 'More for C' }).click();
	await page.getByRole('button', { name: 'Move to the end' }).click();
	await expectNames(page, ['A', 'B', 'C']);
	await eventually(() => stored(set, page.who), (all) =>
		[...all].sort((a, b) => a.position - b.position).map(({ name }) => name).join('') === 'ABC');
});

test('what lies between two that touch finds its place, too', async (t) => {
	const tight = Number.EPSILON;
	const page = await openAs(set, t, { tasks: [{ name: 'A', position: 1 },
		{ name: 'B', position: 1 + tight }, { name: 'C', position: 5 }] });
	await rows(page).nth(2).click();
	await page.keyboard.press('Alt+ArrowUp');
	await expectNames(page, ['A', 'C', 'B']);
	await eventually(() => stored(set, page.who), (all) =>
		[...all].sort((a, b) => a.position - b.position).map(({ name }) => name).join('') === 'ACB');
});

test('search shows what has the words as one types', async (t) => {
	const page = await openAs(set, t, { tasks: ['Résumé for Bob', { name: 'Call', note: 'bob' },
		{ name: 'Milk', tags: ['bobby'] }, 'Nothing'] });
	await page.keyboard.press('Escape');
	await rows(page).first().click();
	await page.keyboard.press('/');
	await page.keyboard.type('bob');
	await eventually(() => names(page), (all) => all.length === 3);
	await page.keyboard.type(' resume');
	await eventually(() => names(page), (all) => all.length === 1);
	await expectAddress(page, '?q=bob+resume'); /* a part of it finds the same one */
	await page.keyboard.press('Escape');
	await eventually(() => names(page), (all) => all.length === 4);
});

test('what others do is seen when one comes back', async (t) => {
	const page = await openAs(set, t, { tasks: ['Mine'] });
	const { username, token } = page.who;
	await api(set, token, 'POST', `accounts/${username}/tasks`, { name: 'Theirs' });
	await page.evaluate(() => dispatchEvent(new Event('focus')));
	await eventually(() => names(page), (all) => all.length === 2);
});
