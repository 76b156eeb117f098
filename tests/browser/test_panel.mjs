/*
 * What else a task has: its start, its repeat and what comes of that once it is completed, its
 * reminders, and the tasks below it; in the panel, in the row, by keys and by undo.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, api, eventually, expectAccessible, expectNames, expectSent, openAs, stage, stored }
	from './harness.mjs';

const set = stage();
const DAY = 86400000;
const day = (offset) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);
const UTC = { timezoneId: 'UTC' };

/* By its name alone: a row may tell the name of another one, too. */
const row = (page, name) => page.locator('.row').filter({
	has: page.locator('.name', { hasText: new RegExp(`^${name}$`) }) });
const toast = (page) => page.locator('#toast');
const panel = (page) => page.getByRole('dialog', { name: /^Details/ });
const press = (page, key) => page.keyboard.press(key, { delay: 250 });
const marks = async (page, name) => (await row(page, name).locator('.marks').textContent()).trim();
const one = (page, name) => stored(set, page.who).then((all) => all.find((task) => task.name === name));
const has = (page, name, members) => eventually(() => one(page, name), (task) =>
	assert.deepEqual(Object.fromEntries(Object.keys(members).map((key) => [key, task[key]])), members));

/* The panel of a task, opened by its key. */
async function open(page, name) {
	await row(page, name).click();
	await press(page, 'n');
	await panel(page).waitFor();
}

const done = (page) => page.getByRole('button', { name: 'Done' }).click();

/* Tasks below each other: { A: { B: {} } }. */
async function grow(page, tree, parent = null) {
	for (const [name, below] of Object.entries(tree)) {
		const { task } = await api(set, page.who.token, 'POST',
			`accounts/${page.who.username}/tasks`, { name, parent });
		await grow(page, below, task.id);
	}
}

async function withTree(t, tree, options) {
	const page = await openAs(set, t, { ...UTC, ...options });
	await grow(page, tree);
	await page.evaluate(() => dispatchEvent(new Event('focus')));
	await row(page, Object.keys(tree).at(-1)).waitFor();
	return page;
}

test('the panel sets a start, and a row tells of it until it has come', async (t) => {
	const page = await openAs(set, t, { ...UTC, tasks: ['Plan', { name: 'Begun',
		start_date: day(0) }] });
	await open(page, 'Plan');
	await page.getByRole('textbox', { name: 'Start' }).fill('tomorrow');
	await page.keyboard.press('Enter');
	await has(page, 'Plan', { start_date: day(1), due_date: null });
	await eventually(() => marks(page, 'Plan'), (text) => assert.equal(text, 'from Tomorrow'));
	assert.equal(await marks(page, 'Begun'), '');
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await has(page, 'Plan', { start_date: null });
	await row(page, 'Begun').click();
	await press(page, 's');
	await page.getByRole('textbox', { name: 'Start' }).fill('');
	await done(page);
	await has(page, 'Begun', { start_date: null });
});

test('a repeat is chosen, or written in words or as a rule', async (t) => {
	const page = await openAs(set, t, { ...UTC, tasks: [{ name: 'Jog', due_date: '2026-11-27' }] });
	const repeat = page.getByRole('textbox', { name: 'Repeat' });
	await open(page, 'Jog');
	await expectAccessible(page, 'the panel');
	await page.getByLabel('Common repeats').selectOption('Every month on the last Friday');
	await has(page, 'Jog', { repeat: 'FREQ=MONTHLY;BYDAY=-1FR', due_date: '2026-11-27' });
	assert.equal(await repeat.inputValue(), 'every month on the last Friday');
	await repeat.fill('every 2 weeks on mon, thu');
	await page.keyboard.press('Tab');
	await has(page, 'Jog', { repeat: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH' });
	await page.getByLabel('The next one is counted from').selectOption('the day of completion');
	await has(page, 'Jog', { repeat_from: 'completion' });
	await panel(page).getByText('Every 2 weeks on Mon, Thu from completion.').waitFor();
	await repeat.fill('now and then');
	await page.keyboard.press('Tab');
	await panel(page).getByText('“now and then” is no repeat.').waitFor();
	await repeat.fill('RRULE:FREQ=YEARLY;BYYEARDAY=100');
	await page.keyboard.press('Tab');
	await has(page, 'Jog', { repeat: 'FREQ=YEARLY;BYYEARDAY=100' });
	await done(page);
	assert.match(await marks(page, 'Jog'), /FREQ=YEARLY;BYYEARDAY=100 from completion/);
	await toast(page).getByText('Changed the repeat of “Jog”').waitFor();
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await has(page, 'Jog', { repeat: null, repeat_from: 'due', due_date: '2026-11-27' });
});

test('what repeats gets a date', async (t) => {
	const page = await openAs(set, t, { ...UTC, tasks: ['Jog'] });
	await row(page, 'Jog').click();
	await press(page, 'r');
	await expectAccessible(page, 'a repeat alone');
	await page.getByRole('textbox', { name: 'Repeat' }).fill('every day');
	await done(page);
	await has(page, 'Jog', { repeat: 'FREQ=DAILY', due_date: day(0) });
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await has(page, 'Jog', { repeat: null, due_date: null });
});

test('quick add makes what repeats and what starts', async (t) => {
	const page = await openAs(set, t, UTC);
	await page.getByLabel('New task').fill('Jog every day from completion start tomorrow');
	await page.locator('#add').getByRole('button', { name: /^Every day from completion, first/ })
		.waitFor();
	await expectAccessible(page, 'quick add');
	await page.keyboard.press('Enter');
	await has(page, 'Jog', { repeat: 'FREQ=DAILY', repeat_from: 'completion', due_date: day(1),
		start_date: day(1) });
	await add(page, 'Plain');
	await has(page, 'Plain', { repeat: null, start_date: null, list: null, parent: null });
});

test('completing what repeats shows the next one, and undo takes both back', async (t) => {
	const page = await openAs(set, t, { ...UTC, tasks: [{ name: 'Jog', due_date: day(0),
		repeat: 'FREQ=DAILY' }, 'Other'] });
	const standing = (completed) => eventually(async () => (await stored(set, page.who))
		.filter(({ name }) => name === 'Jog')
		.map((task) => [task.completed, task.due_date, task.repeat]), (all) =>
		assert.deepEqual(all, completed));
	await page.getByRole('checkbox', { name: 'Jog' }).check();
	await expectNames(page, ['Other', 'Jog', 'Jog']);
	await standing([[true, day(0), null], [false, day(1), 'FREQ=DAILY']]);
	assert.equal(await row(page, 'Jog').first().locator('.due').textContent(), 'Tomorrow');
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await expectNames(page, ['Jog', 'Other']);
	await standing([[false, day(0), 'FREQ=DAILY']]);
	await expectSent(page);
	await page.locator('.head h2').click();
	await press(page, 'z'); /* none of it is taken for what another device did */
	await page.getByRole('dialog', { name: /Undo “Add Other”/ }).waitFor();
});

test('what repeats is completed without a network, and taken back before it is sent', async (t) => {
	const page = await openAs(set, t, { ...UTC, allow: [/ERR_INTERNET_DISCONNECTED/],
		tasks: [{ name: 'Jog', due_date: day(0), repeat: 'FREQ=DAILY' }] });
	await page.context().setOffline(true);
	await page.getByRole('checkbox', { name: 'Jog' }).check();
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await page.getByText(/offline, 2 to send/).waitFor();
	await page.context().setOffline(false);
	await expectSent(page);
	await eventually(() => stored(set, page.who), (all) => assert.deepEqual(
		all.map((task) => [task.completed, task.repeat]), [[false, 'FREQ=DAILY']]));
	await expectNames(page, ['Jog']);
});

test('reminders are set in words, for a day and for an instant', async (t) => {
	const page = await openAs(set, t, { ...UTC, tasks: [{ name: 'Call', due_date: '2027-01-08' },
		{ name: 'Meet', due_date: '2027-01-08T15:00:00Z', reminders: ['-PT15M'] }] });
	await open(page, 'Call');
	await page.getByRole('button', { name: '1 day before at 09:00' }).click();
	await page.getByRole('textbox', { name: 'Remind' }).fill('2 days before at 18:00');
	await page.keyboard.press('Tab');
	await page.getByRole('textbox', { name: 'Remind' }).fill('soon');
	await page.keyboard.press('Tab');
	await panel(page).getByText('“soon” is no reminder.').waitFor();
	await page.getByRole('textbox', { name: 'Remind' }).fill('2027-01-05 at 9:30');
	await page.keyboard.press('Tab');
	await expectAccessible(page, 'reminders');
	await done(page);
	await has(page, 'Call', { reminders: ['-P1D', '-P1DT15H', '2027-01-05T09:30:00Z'] });
	assert.match(await marks(page, 'Call'), /has a reminder/);
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await has(page, 'Call', { reminders: [] });
	await open(page, 'Meet');
	await page.getByRole('button', { name: 'Remove the reminder 15 minutes before' }).click();
	await page.getByRole('button', { name: 'When it is due' }).click();
	await done(page);
	await has(page, 'Meet', { reminders: ['PT0S'] });
});

test('subtasks stand below their task, and elsewhere say whose they are', async (t) => {
	const page = await withTree(t, { House: { Roof: { Tile: {} }, Door: {} }, Last: {} });
	await expectNames(page, ['House', 'Roof', 'Tile', 'Door', 'Last']);
	const indent = (name) => row(page, name).evaluate((one) => one.style.getPropertyValue('--level'));
	assert.deepEqual([await indent('House'), await indent('Roof'), await indent('Tile')],
		['0', '1', '2']);
	assert.match(await marks(page, 'House'), /0\/2 subtasks completed/);
	await expectAccessible(page, 'subtasks');
	const { id } = await one(page, 'Tile');
	await api(set, page.who.token, 'PATCH', `accounts/${page.who.username}/tasks/${id}`,
		{ due_date: day(0) });
	await page.evaluate(() => dispatchEvent(new Event('focus')));
	await page.locator('.views').getByRole('link', { name: 'Today' }).click();
	await expectNames(page, ['Tile']);
	assert.match(await marks(page, 'Tile'), /in Roof/);
});

test('the panel adds, completes and opens subtasks', async (t) => {
	const page = await openAs(set, t, { ...UTC, tasks: ['House'] });
	await open(page, 'House');
	const subtask = page.getByRole('textbox', { name: /^Subtasks/ });
	await subtask.fill('Roof tomorrow #home');
	await page.keyboard.press('Enter');
	await subtask.fill('Door');
	await page.keyboard.press('Enter');
	await panel(page).getByText('0 of 2').waitFor();
	await expectAccessible(page, 'subtasks in the panel');
	const { id } = await one(page, 'House');
	await has(page, 'Roof', { parent: id, due_date: day(1), tags: ['home'] });
	await panel(page).getByRole('checkbox', { name: 'Door' }).check();
	await has(page, 'Door', { completed: true, parent: id });
	await panel(page).getByText('1 of 2').waitFor();
	await panel(page).getByRole('button', { name: 'Roof' }).click();
	await page.getByRole('dialog', { name: 'Details of Roof' }).getByText('Subtask of').waitFor();
	await page.getByRole('button', { name: 'Take it out' }).click();
	await has(page, 'Roof', { parent: null });
	await done(page);
	await toast(page).waitFor();
	await expectNames(page, ['House', 'Roof', 'Door']);
});

test('keys put a task below the one above it, and take it out again', async (t) => {
	const page = await openAs(set, t, { ...UTC, tasks: ['A', 'B', 'C'] });
	const { id } = await one(page, 'A');
	for (const name of ['B', 'C']) {
		await row(page, name).click();
		await press(page, '>');
		await has(page, name, { parent: id });
	}
	await press(page, 'Alt+ArrowUp');
	await expectNames(page, ['A', 'C', 'B']);
	await press(page, '<');
	await has(page, 'C', { parent: null });
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await has(page, 'C', { parent: id });
	await expectNames(page, ['A', 'C', 'B']);
});

test('completing takes along what is below, and undo brings it all back', async (t) => {
	const page = await withTree(t, { House: { Roof: { Tile: {} } }, Last: {} });
	const open = (expected) => eventually(async () => (await stored(set, page.who))
		.filter(({ completed }) => !completed).map(({ name }) => name), (names) =>
		assert.deepEqual(names, expected));
	await page.getByRole('checkbox', { name: 'House' }).check();
	await eventually(() => page.locator('.left').textContent(), (text) => assert.equal(text, '1 left'));
	await open(['Last']);
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await expectNames(page, ['House', 'Roof', 'Tile', 'Last']);
	await open(['House', 'Roof', 'Tile', 'Last']);
});

test('what is chosen together with its subtasks is completed, and deleted', async (t) => {
	const page = await withTree(t, { House: { Roof: {} }, Last: {} });
	const choose = async () => {
		for (const name of ['House', 'Roof']) {
			await row(page, name).click();
			await press(page, 'm');
		}
	};
	await choose();
	await page.getByRole('button', { name: 'Complete', exact: true }).click();
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ completed }) => completed), [true, true, false]));
	await expectSent(page);
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await eventually(() => stored(set, page.who), (all) =>
		assert.ok(all.every(({ completed }) => !completed)));
	await expectNames(page, ['House', 'Roof', 'Last']);
	await choose();
	await page.getByRole('button', { name: 'Delete', exact: true }).click();
	await expectNames(page, ['Last']);
	await eventually(() => stored(set, page.who), (all) => assert.equal(all.length, 1));
});

test('what others did with a tree or a list is taken back as a whole', async (t) => {
	const page = await withTree(t, { House: { Roof: {} }, Last: {} });
	const { id } = await one(page, 'House');
	const at = `accounts/${page.who.username}`;
	await api(set, page.who.token, 'DELETE', `${at}/tasks/${id}`);
	const { list } = await api(set, page.who.token, 'POST', `${at}/lists`, { name: 'Garden' });
	await page.evaluate(() => dispatchEvent(new Event('focus')));
	await expectNames(page, ['Last']);
	await page.locator('.head h2').click();
	const takeBack = async (words) => {
		await press(page, 'z');
		await page.getByRole('dialog', { name: new RegExp(`^Undo “${words}”`) })
			.getByRole('button', { name: 'Undo' }).click();
		await toast(page).getByText('Undone').waitFor();
	};
	await takeBack('Add the list Garden');
	await assert.rejects(() => api(set, page.who.token, 'GET', `${at}/lists/${list.id}`), /404/);
	await takeBack('Delete (House|Roof)');
	await expectNames(page, ['House', 'Roof', 'Last']);
});

test('deleting takes along what is below, and undo brings it all back', async (t) => {
	const page = await withTree(t, { House: { Roof: {} }, Last: {} });
	await row(page, 'House').click();
	await page.keyboard.press('Delete');
	await expectNames(page, ['Last']);
	await eventually(() => stored(set, page.who), (all) => assert.equal(all.length, 1));
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await expectNames(page, ['House', 'Roof', 'Last']);
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ parent }) => parent), [null, all[0].id, null]));
});

test('subtasks that are made without a network are below their task', async (t) => {
	const page = await openAs(set, t, { ...UTC, allow: [/ERR_INTERNET_DISCONNECTED/] });
	await page.context().setOffline(true);
	await add(page, 'House');
	await open(page, 'House');
	await page.getByRole('textbox', { name: /^Subtasks/ }).fill('Roof');
	await page.keyboard.press('Enter');
	await done(page);
	await expectNames(page, ['House', 'Roof']);
	await page.context().setOffline(false);
	await expectSent(page);
	const { id } = await one(page, 'House');
	await has(page, 'Roof', { parent: id });
	await expectNames(page, ['House', 'Roof']);
});

test('nothing of a task is lost where the page changes another member', async (t) => {
	const members = { name: 'Full', due_date: '2027-01-08', start_date: '2027-01-01',
		repeat: 'FREQ=YEARLY;BYYEARDAY=8', repeat_from: 'completion', reminders: ['-P1D'] };
	const page = await openAs(set, t, { ...UTC, tasks: [members, 'Other'] });
	for (const name of ['Full', 'Other']) {
		await row(page, name).click();
		await press(page, 'm');
	}
	await page.getByRole('button', { name: 'Tags' }).click();
	await page.getByLabel('Add a tag to all').fill('home');
	await done(page);
	await has(page, 'Full', { ...members, tags: ['home'] });
	await press(page, 'Escape');
	await row(page, 'Full').click();
	await page.keyboard.press('Delete');
	await eventually(() => stored(set, page.who), (all) => assert.equal(all.length, 1));
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await has(page, 'Full', { ...members, tags: ['home'] });
	await open(page, 'Full');
	await page.getByText('History').click();
	await panel(page).getByText('Tags #home').waitFor();
});
