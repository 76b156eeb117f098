/*
 * Without a pointer, and without single letters: Tab comes to all of the list, and a menu has all that
 * the letters do.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, expectAccessible, expectNames, expectStored, openAs, register, row, stage,
	stored } from './harness.mjs';

const set = stage();

/* What has the focus, in words. */
const focused = (page) => page.evaluate(() => {
	const { activeElement: one } = document;
	const name = one.getAttribute('aria-label') ?? one.textContent.trim();
	return `${one.classList.contains('row') ? 'row' : one.localName} ${name}`;
});
const expectFocus = (page, wanted) => eventually(() => focused(page), (now) =>
	(wanted instanceof RegExp ? assert.match(now, wanted) : assert.equal(now, wanted)));

async function press(page, ...keys) {
	for (const key of keys)
		await page.keyboard.press(key);
}

/* Press a key until something has the focus. */
async function until(page, key, wanted) {
	const seen = [];
	while (!wanted.test(await focused(page))) {
		seen.push(await focused(page));
		assert.ok(seen.length < 40, `${wanted} is not among ${seen.join(', ')}`);
		await press(page, key);
	}
}

test('a task is completed, edited, moved and restored by Tab, Enter, Space and arrows', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha', 'Beta', 'Gamma'] });
	await expectFocus(page, 'input New task');
	await press(page, 'Tab');
	await expectFocus(page, 'row Alpha');
	await press(page, 'Tab');
	await expectFocus(page, 'input Alpha');
	await press(page, 'Space');
	await expectNames(page, ['Beta', 'Gamma', 'Alpha']);
	await until(page, 'Shift+Tab', /^input New task$/);
	await press(page, 'Tab');
	await until(page, 'ArrowUp', /^row Beta$/);
	await press(page, 'Enter');
	await expectFocus(page, 'input Name of Beta');
	await page.keyboard.type('Better');
	await press(page, 'Enter');
	await expectFocus(page, 'row Better');
	await until(page, 'Tab', /^button More for Better$/);
	await press(page, 'Enter');
	await until(page, 'ArrowDown', /^button Move down$/);
	await press(page, 'Enter');
	await expectNames(page, ['Gamma', 'Better', 'Alpha']);
	await expectFocus(page, 'row Better');
	await until(page, 'ArrowRight', /^button More for Better$/);
	await press(page, 'Space');
	await until(page, 'Tab', /^button Delete$/);
	await press(page, 'Space');
	await expectNames(page, ['Gamma', 'Alpha']);
	await eventually(() => stored(set, page.who), (all) => all.length === 2);
	await until(page, 'Shift+Tab', /^a Trash/);
	await press(page, 'Enter');
	await expectNames(page, ['Better']);
	await until(page, 'Tab', /^button Restore$/);
	await press(page, 'Enter');
	await expectNames(page, []);
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ name, completed }) => [name, completed]).sort(),
			[['Alpha', true], ['Better', false], ['Gamma', false]]));
});

test('the list is one stop, and a row leads into its own controls', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha', { name: 'Beta', tags: ['home', 'work'] }] });
	await row(page, 'Beta').waitFor();
	const stops = () => page.locator('.list [tabindex="0"]').evaluateAll((all) =>
		[...new Set(all.map((one) => one.closest('.row').getAttribute('aria-label')))]);
	assert.deepEqual(await stops(), ['Alpha']);
	await press(page, 'ArrowDown');
	await expectFocus(page, 'row Alpha');
	await press(page, 'ArrowDown');
	assert.deepEqual(await stops(), ['Beta']);
	for (const [key, wanted] of [['ArrowRight', 'input Beta'], ['ArrowRight', 'a #home'],
		['Tab', 'a #work'], ['ArrowRight', 'button More for Beta'], ['ArrowRight', 'button More for Beta'],
		['ArrowLeft', 'a #work'], ['Escape', 'row Beta'], ['ArrowLeft', 'row Beta'],
		['Shift+Tab', 'input New task'], ['Tab', 'row Beta']]) {
		await press(page, key);
		await expectFocus(page, wanted);
	}
});

test('Escape leaves the input for the first row, and keeps what is typed', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha', 'Beta'] });
	await row(page, 'Beta').waitFor();
	await page.keyboard.type('half a tas');
	await press(page, 'Escape');
	await expectFocus(page, 'row Alpha');
	assert.equal(await page.getByLabel('New task').inputValue(), 'half a tas');
});

test('the skip link leads to the active row', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha', 'Beta'] });
	await row(page, 'Beta').click();
	await page.getByText('To the list').focus();
	await press(page, 'Enter');
	await expectFocus(page, 'row Beta');
});

test('of a long list Tab comes to what is on the screen', async (t) => {
	const user = await register(set);
	const page = await openAs(set, t, { user,
		tasks: Array.from({ length: 260 }, (_, i) => `Task ${i}`) });
	await row(page, 'Task 0').first().waitFor();
	await press(page, 'ArrowDown');
	await expectFocus(page, 'row Task 0');
	await page.getByLabel('New task').focus();
	await page.mouse.move(600, 500);
	await page.mouse.wheel(0, 6000);
	await eventually(() => page.locator('.row').first().textContent(), (text) =>
		assert.doesNotMatch(text, /^Task 0\b/));
	assert.equal(await page.locator('.row[tabindex="0"]').count(), 1);
});

/* A page without single letters, whose focus is on the first row. */
async function lettersOff(t, tasks) {
	const page = await openAs(set, t, { tasks });
	await page.getByRole('link', { name: 'Account' }).click();
	await page.getByLabel('Single letters are commands').uncheck();
	await page.getByRole('link', { name: 'All' }).click();
	await row(page, tasks[0].name ?? tasks[0]).click();
	return page;
}

test('single letters are switched off and on in the account; the help is there without', async (t) => {
	const page = await lettersOff(t, ['Alpha']);
	await page.keyboard.press('x', { delay: 250 });
	await page.keyboard.press('e', { delay: 250 });
	await expectFocus(page, 'row Alpha');
	for (const open of [() => press(page, 'F1'), () => press(page, 'Control+/'),
		() => page.getByRole('button', { name: 'Help: the keys' }).click(),
		async () => {
			await page.getByLabel('New task').focus();
			await press(page, 'F1');
		}]) {
		await open();
		const help = page.getByRole('dialog', { name: 'Keyboard' });
		assert.equal(await help.getByLabel('Single letters are commands').isChecked(), false);
		await press(page, 'Escape');
		await help.waitFor({ state: 'detached' });
		assert.equal(await page.locator('.row.done, .row .edit').count(), 0);
	}
	await page.getByRole('link', { name: 'Account' }).click();
	await expectAccessible(page, 'account with the switch');
	await page.getByLabel('Single letters are commands').check();
	await page.getByRole('link', { name: 'All' }).click();
	await row(page, 'Alpha').click();
	await page.keyboard.press('x', { delay: 250 });
	await eventually(() => stored(set, page.who), ([one]) => one.completed);
});

test('without letters the menu has all, and Ctrl+Z takes it back', async (t) => {
	const page = await lettersOff(t, ['Alpha', 'Beta']);
	const menu = page.getByRole('dialog', { name: 'Alpha', exact: true });
	const choose = async (key, item) => {
		await press(page, key);
		await until(page, 'ArrowDown', new RegExp(`^button ${item}$`));
		await press(page, 'Enter');
	};
	await press(page, 'ContextMenu');
	await menu.waitFor();
	await expectAccessible(page, 'the menu of the keys');
	assert.deepEqual(await menu.getByRole('button').allTextContents(), ['Complete', 'Edit', 'Details',
		'Due date', 'Start date', 'Repeat', 'Move to a list', 'Priority', 'Tags', 'Move up', 'Move down',
		'Move to the top', 'Move to the end', 'Make it a subtask of the one above', 'Select', 'Delete']);
	await press(page, 'Escape');
	await choose('Shift+F10', 'Priority');
	await press(page, 'ArrowRight', 'Enter');
	await expectFocus(page, 'row Alpha');
	await choose('ContextMenu', 'Tags');
	await page.keyboard.type('home');
	await press(page, 'Enter');
	await expectFocus(page, 'row Alpha');
	await choose('ContextMenu', 'Due date');
	await page.keyboard.type('tomorrow');
	await press(page, 'Enter');
	await expectFocus(page, 'row Alpha');
	await choose('ContextMenu', 'Complete');
	await eventually(() => stored(set, page.who), ([one]) => one.completed && one.priority === 1 &&
		one.due_date !== null && one.tags[0] === 'home');
	for (let i = 0; i < 4; i++)
		await press(page, 'Control+z');
	await eventually(() => stored(set, page.who), ([one]) => !one.completed && one.priority === 0 &&
		one.due_date === null && one.tags.length === 0);
	await press(page, 'Control+Shift+z', 'Control+y');
	await eventually(() => stored(set, page.who), ([one]) => one.priority === 1 &&
		one.tags[0] === 'home' && one.due_date === null);
});

test('Ctrl+Z in the input is the input\'s own', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha'] });
	await row(page, 'Alpha').waitFor();
	const asked = [];
	page.on('request', (request) => asked.push(request.url()));
	await page.keyboard.type('abc');
	await press(page, 'Control+z');
	await expectStored(set, page, ['Alpha', 'Next']);
	await expectNames(page, ['Alpha', 'Next']);
	assert.equal(await page.getByRole('dialog').count(), 0);
	assert.deepEqual(asked.filter((url) => url.includes('/changes?')), []); /* for a step */
});

test('what is done with the selection leaves the focus where it was', async (t) => {
	const page = await lettersOff(t, ['Alpha', 'Beta']);
	await press(page, 'ContextMenu');
	await until(page, 'ArrowDown', /^button Select$/);
	await press(page, 'Enter');
	await until(page, 'Tab', /^button Priority$/);
	await press(page, 'Enter', 'ArrowRight');
	await page.getByRole('dialog').waitFor();
	await press(page, 'Escape');
	await eventually(() => stored(set, page.who), ([one]) => one.priority === 1);
	await expectFocus(page, /^(button Priority|row Alpha)/);
});
