/*
 * The input that adds: what Enter does, what it understands, and what can be taken back.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { add, eventually, expectAccessible, expectNames, expectStored, openAs, row, stage,
	stored } from './harness.mjs';

const set = stage();
const focused = (page) => page.evaluate(() => document.activeElement.getAttribute('aria-label'));

test('it has the focus on load, and q gives it back from anywhere', async (t) => {
	const page = await openAs(set, t, { tasks: ['One'] });
	await eventually(() => focused(page), (label) => assert.equal(label, 'New task'));
	await row(page, 'One').click();
	assert.notEqual(await focused(page), 'New task');
	await page.keyboard.press('q');
	assert.equal(await focused(page), 'New task');
	assert.equal(await page.getByLabel('New task').inputValue(), '');
});

test('Enter adds and keeps the focus; nothing is not added', async (t) => {
	const page = await openAs(set, t);
	await add(page, 'First');
	await add(page, '   ');
	await add(page, 'Second');
	await expectNames(page, ['First', 'Second']);
	assert.equal(await focused(page), 'New task');
	const tasks = await eventually(() => stored(set, page.who), (all) => all.length === 2);
	assert.deepEqual(tasks.map(({ name }) => name), ['First', 'Second']);
	assert.ok(tasks[0].position < tasks[1].position);
});

test('what it understands is shown as chips, which can be taken back', async (t) => {
	const page = await openAs(set, t);
	const input = page.getByLabel('New task');
	await input.fill('Pay rent tomorrow #home !3');
	const chips = page.locator('#add .chips .chip');
	assert.deepEqual(await chips.allTextContents(), ['Tomorrow', '#home', 'High priority']);
	await expectAccessible(page, 'chips');
	await page.getByRole('button', { name: 'Tomorrow: keep “tomorrow” in the name' }).click();
	assert.deepEqual(await chips.allTextContents(), ['#home', 'High priority']);
	assert.equal(await focused(page), 'New task');
	await page.keyboard.press('Enter');
	const [task] = await eventually(() => stored(set, page.who), (all) => all.length === 1);
	assert.equal(task.name, 'Pay rent tomorrow');
	assert.equal(task.due_date, null);
	assert.deepEqual(task.tags, ['home']);
	assert.equal(task.priority, 3);
	assert.equal(await chips.count(), 0);
});

test('several pasted lines may be several tasks, or one', async (t) => {
	const page = await openAs(set, t);
	const paste = (text) => page.getByLabel('New task').evaluate((input, text) => {
		const data = new DataTransfer();
		data.setData('text/plain', text);
		input.dispatchEvent(new ClipboardEvent('paste',
			{ clipboardData: data, bubbles: true, cancelable: true }));
	}, text);
	await paste('Milk #shop\r\n\n  Bread \nEggs tomorrow');
	await expectAccessible(page, 'pasted lines');
	await page.getByRole('button', { name: 'Add 3 tasks' }).click();
	await expectNames(page, ['Milk', 'Bread', 'Eggs']);
	await eventually(() => stored(set, page.who), (all) => all.length === 3);
	await paste('a\nb');
	await page.getByRole('button', { name: 'As one line' }).click();
	await eventually(() => page.getByLabel('New task').inputValue(), (value) =>
		assert.equal(value, 'a b')); /* once the dialog says that it is closed */
});

test('pasted lines are not lost for who answers nothing', async (t) => {
	const page = await openAs(set, t);
	const input = page.getByLabel('New task');
	await input.fill('Buy: ');
	await input.evaluate((input) => {
		const data = new DataTransfer();
		data.setData('text/plain', 'Milk #shop\nBread');
		input.setSelectionRange(5, 5);
		input.dispatchEvent(new ClipboardEvent('paste',
			{ clipboardData: data, bubbles: true, cancelable: true }));
	});
	await page.getByRole('button', { name: 'Add 2 tasks' }).waitFor();
	await page.keyboard.press('Escape');
	await eventually(() => input.inputValue(), (value) => assert.equal(value, 'Buy: Milk #shop Bread'));
	assert.equal(await focused(page), 'New task');
	await expectStored(set, page, ['Other']);
});

test('in the view of a tag, what is added has it', async (t) => {
	const page = await openAs(set, t, { tasks: [{ name: 'One', tags: ['home'] }] });
	await page.locator('.views').getByRole('link', { name: 'home' }).click();
	await add(page, 'Two');
	const tasks = await eventually(() => stored(set, page.who), (all) => all.length === 2);
	assert.deepEqual(tasks[1].tags, ['home']);
	await expectNames(page, ['One', 'Two']);
});

/* A row with a zone gives an instant in UTC; the others hold in every zone, with local times. */
function misread(page, cases) {
	return page.evaluate(async (cases) => {
		const script = document.querySelector('script[type=module]').src;
		const { parse } = await import(new URL('model/parse.js', script));
		const told = (due, zone) => (due === null || due.length === 10 || zone ? due
			: new Date(due).toLocaleString('sv').slice(0, 16));
		const lists = [{ list: 5, name: 'Home' }, { list: 7, name: 'Home garden' },
			{ list: 9, name: 'Work' }, { list: null, name: 'Inbox' }];
		return cases.filter(({ text, now, zone, name, due, tags, priority, ignore, ...more }) => {
			const read = parse(text, new Date(now), { ignore: new Set(ignore ?? []), lists });
			return JSON.stringify([read.name, told(read.due, zone), read.tags, read.priority,
				told(read.start, zone), read.repeat, read.from, read.list]) !==
				JSON.stringify([name, due, tags, priority, more.start ?? null, more.repeat ?? null,
					more.repeat_from ?? 'due', more.list]);
		}).map(({ text, now }) => `${text} (${now})`);
	}, cases);
}

for (const timezoneId of ['Europe/Berlin', 'America/New_York'])
	test(`it understands what the table says, in ${timezoneId}`, async (t) => {
		const cases = JSON.parse(readFileSync(new URL('quick_add.json', import.meta.url)))
			.filter(({ zone }) => !zone || zone === timezoneId);
		const page = await openAs(set, t, { timezoneId });
		assert.ok(cases.length >= 150);
		assert.deepEqual(await misread(page, cases), []);
	});
