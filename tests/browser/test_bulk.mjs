/*
 * Several tasks at once: what is chosen is set for all of them, and nothing else is touched.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrive, eventually, expectAccessible, expectStored, openAs, row, stage, stored }
	from './harness.mjs';

const set = stage();
const TASKS = [{ name: 'Uno', tags: ['home', 'x'], priority: 1, due_date: '2027-01-05' },
	{ name: 'Sec', tags: ['work'], priority: 3 }, { name: 'Tre', tags: ['travel', 'home'] }];

/* A page on which these tasks are selected, by the menu. */
async function selected(t, tasks = TASKS) {
	const page = await openAs(set, t, { tasks, timezoneId: 'UTC' });
	for (const { name } of tasks) {
		await row(page, name).hover();
		await row(page, name).getByRole('button', { name: `More for ${name}` }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Select' }).click();
	}
	await page.getByText(`${tasks.length} selected`).waitFor();
	page.choose = (name) => page.getByRole('region', { name: 'Selection' })
		.getByRole('button', { name }).click();
	page.done = () => page.getByRole('button', { name: 'Done' }).click();
	return page;
}

const tags = (all) => all.map((task) => task.tags);
const boxes = (page) => page.locator('.boxes li').evaluateAll((all) => Object.fromEntries(
	all.map((li) => [li.querySelector('input').dataset.tag, li.querySelector('input').indeterminate
		? 'some' : li.querySelector('input').checked ? 'all' : 'none'])));

test('a tag is added to all, and no tag is lost', async (t) => {
	const page = await selected(t);
	await page.choose('Tags');
	await page.keyboard.press('End');
	await page.keyboard.type(', urgent');
	await page.keyboard.press('Enter');
	await eventually(() => stored(set, page.who), (all) => assert.deepEqual(tags(all),
		[['home', 'x', 'urgent'], ['work', 'urgent'], ['travel', 'home', 'urgent']]));
	await page.locator('#toast').getByText('Changed the tags of 3 tasks').waitFor();
	await page.locator('#toast').getByRole('button', { name: 'Undo' }).click();
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(tags(all), tags(TASKS)));
});

test('a box says whether all have a tag, some or none, and sets it for all', async (t) => {
	const page = await selected(t, [...TASKS.map((task) => ({ ...task, tags: [...task.tags, 'every'] })),
	]);
	await page.choose('Tags');
	assert.deepEqual(await boxes(page),
		{ home: 'some', x: 'some', every: 'all', work: 'some', travel: 'some' });
	await expectAccessible(page, 'tags of several');
	await page.getByText('2 of 3').waitFor();
	const box = (tag) => page.getByRole('checkbox', { name: `#${tag}` });
	await box('home').click();
	await box('work').click();
	await box('work').click();
	await box('every').click();
	assert.deepEqual(await boxes(page),
		{ home: 'all', x: 'some', every: 'none', work: 'none', travel: 'some' });
	await box('work').click();
	await box('x').focus();
	await page.keyboard.press('Space');
	assert.deepEqual(await boxes(page),
		{ home: 'all', x: 'all', every: 'none', work: 'some', travel: 'some' });
	await page.done();
	await eventually(() => stored(set, page.who), (all) => assert.deepEqual(tags(all),
		[['home', 'x'], ['work', 'home', 'x'], ['travel', 'home', 'x']]));
});

test('who looks at the tags and goes changes nothing', async (t) => {
	const page = await selected(t);
	const before = await stored(set, page.who);
	for (const part of ['Tags', 'Due', 'Priority'])
		for (const leave of ['Enter', 'Escape']) {
			await page.choose(part);
			await page.getByRole('dialog').waitFor();
			await page.keyboard.press(leave);
			await page.getByRole('dialog').waitFor({ state: 'detached' });
		}
	await page.reload();
	await arrive(page);
	const after = await expectStored(set, page, [...before.map(({ name }) => name), 'Last']);
	assert.deepEqual(after.slice(0, -1), before);
});

test('the first one\'s date is given to all by choosing it', async (t) => {
	const page = await selected(t);
	await page.choose('Due');
	const input = page.getByRole('textbox', { name: 'Due' });
	assert.equal(await input.inputValue(), '');
	await expectAccessible(page, 'dates of several');
	await input.fill('5 jan 2027');
	await page.done();
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ due_date }) => due_date), Array(3).fill('2027-01-05')));
	await page.locator('#toast').getByText('Changed the date of 2 tasks').waitFor();
	await page.choose('Due');
	await page.getByRole('button', { name: 'No date' }).click();
	await page.done();
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ due_date }) => due_date), [null, null, null]));
});

test('the first one\'s priority is given to all by choosing it', async (t) => {
	const page = await selected(t);
	await page.choose('Priority');
	assert.equal(await page.getByRole('dialog').locator(':checked').count(), 0);
	await expectAccessible(page, 'priorities of several');
	await page.getByRole('dialog').getByText('Low').click();
	await page.done();
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ priority }) => priority), [1, 1, 1]));
	await page.locator('#toast').getByRole('button', { name: 'Undo' }).click();
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ priority }) => priority), [1, 3, 0]));
});

test('what cannot be done with one that is gone is done with the others', async (t) => {
	const page = await selected(t, ['Uno', 'Sec', 'Tre'].map((name) => ({ name })));
	const [{ id }] = await stored(set, page.who);
	const gone = await fetch(`${set.server.url}api/v1/accounts/${page.who.username}/tasks/${id}`,
		{ method: 'DELETE', headers: { Authorization: `Bearer ${page.who.token}` } });
	assert.equal(gone.status, 200);
	page.removeAllListeners('console'); /* the 404 is what this is about */
	await page.choose('Complete');
	await page.getByRole('button', { name: 'Leave it deleted' }).click();
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ name, completed }) => [name, completed]),
			[['Sec', true], ['Tre', true]]));
});
