/*
 * Undo: what this page did is taken back at once, what is older or was done elsewhere only where one
 * says so; every change offers it, to a pointer too; and letters typed in a row are words.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, api, eventually, expectAccessible, expectNames, expectSent, expectStored, openAs, row,
	stage, stored } from './harness.mjs';

const set = stage();
const PACE_MS = 250;

const press = (page, key) => page.keyboard.press(key, { delay: PACE_MS });
const toast = (page) => page.locator('#toast');
const question = (page) => page.getByRole('dialog', { name: /^Undo/ });
const trash = async (page) => (await api(set, page.who.token, 'GET',
	`accounts/${page.who.username}/trash`)).tasks.map(({ name }) => name);

/* A page whose focus is on white space, with tasks that were there before it. */
async function outside(t, tasks, options) {
	const page = await openAs(set, t, { tasks, ...options });
	await row(page, tasks[0].name ?? tasks[0]).waitFor();
	await page.locator('.head h2').click();
	return page;
}

test('what another device did is not taken back without a question', async (t) => {
	const page = await outside(t, ['Alpha', 'Beta']);
	await press(page, 'z');
	await question(page).getByText(/^Undo “Add Beta”, from .* ago on another device\?$/).waitFor();
	await expectAccessible(page, 'a question');
	await expectNames(page, ['Alpha', 'Beta']);
	await press(page, 'Escape');
	await question(page).waitFor({ state: 'detached' });
	await press(page, 'z');
	await question(page).waitFor();
	await press(page, 'Enter'); /* no key that is pressed on takes anything back */
	await question(page).waitFor({ state: 'detached' });
	await expectNames(page, ['Alpha', 'Beta']);
	await expectStored(set, page, ['Alpha', 'Beta', 'Next']);
	assert.deepEqual(await trash(page), []);
});

test('what was made and is taken back is in the trash, and can be done again', async (t) => {
	const page = await outside(t, ['Alpha', 'Beta']);
	await press(page, 'z');
	await question(page).getByRole('button', { name: 'Undo' }).click();
	await expectNames(page, ['Alpha']);
	await eventually(() => trash(page), (all) => assert.deepEqual(all, ['Beta']));
	await toast(page).getByText('Undone: Added “Beta”').waitFor();
	await toast(page).getByRole('button', { name: 'Redo' }).click();
	await expectNames(page, ['Alpha', 'Beta']);
	await eventually(() => trash(page), (all) => assert.deepEqual(all, []));
	await press(page, 'z');
	await expectNames(page, ['Alpha']);
	await press(page, 'z');
	await question(page).getByText('Undo “Add Alpha”').waitFor();
});

test('each kind of change elsewhere is named, and taken back as it was', async (t) => {
	const page = await outside(t, [{ name: 'Alpha', note: 'kept', tags: ['x'] }, 'Beta']);
	const [alpha, beta] = await stored(set, page.who);
	const at = `accounts/${page.who.username}/tasks`;
	await api(set, page.who.token, 'PATCH', `${at}/${alpha.id}`, { completed: true });
	await api(set, page.who.token, 'PATCH', `${at}/${beta.id}`, { due_date: '2027-01-02' });
	await api(set, page.who.token, 'DELETE', `${at}/${alpha.id}`);
	const takeBack = async (words) => {
		await press(page, 'z');
		await question(page).getByText(`Undo “${words}”`).waitFor();
		await question(page).getByRole('button', { name: 'Undo' }).click();
		await question(page).waitFor({ state: 'detached' });
		await toast(page).getByText('Undone').waitFor();
	};
	await takeBack('Delete Alpha');
	await takeBack('Change the date of Beta');
	await takeBack('Complete Alpha');
	const tasks = await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ completed, due_date }) => [completed, due_date]),
			[[false, null], [false, null]]));
	assert.deepEqual([tasks[0].note, tasks[0].tags], ['kept', ['x']]);
});

test('what was built upon stays', async (t) => {
	const page = await outside(t, ['Alpha']);
	const [{ id }] = await stored(set, page.who);
	await row(page, 'Alpha').locator('.name').dblclick();
	await page.getByLabel('Name of Alpha').fill('Mine');
	await page.keyboard.press('Enter');
	await eventually(() => stored(set, page.who), ([one]) => one.name === 'Mine');
	await expectSent(page);
	await api(set, page.who.token, 'PATCH', `accounts/${page.who.username}/tasks/${id}`,
		{ name: 'Theirs' });
	await page.reload();
	await row(page, 'Theirs').waitFor();
	await page.locator('.head h2').click();
	await press(page, 'z');
	await question(page).getByText(/Rename Theirs.*on another device/).waitFor();
	await question(page).getByRole('button', { name: 'Undo' }).click();
	await expectNames(page, ['Mine']);
	await press(page, 'z');
	await question(page).getByText(/Rename Mine.*on this device/).waitFor();
});

test('nor is what was done here and is long ago', async (t) => {
	const page = await outside(t, ['Alpha']);
	await page.clock.install();
	await add(page, 'Gamma');
	await row(page, 'Alpha').click();
	await page.clock.fastForward(1200000);
	await press(page, 'z');
	await page.clock.runFor(1000);
	await question(page).getByText('Undo “Add Gamma”, from 20 minutes ago?').waitFor();
	await question(page).getByRole('button', { name: 'Cancel' }).click();
	await expectNames(page, ['Alpha', 'Gamma']);
});

test('there is an end of it', async (t) => {
	const page = await openAs(set, t);
	await page.locator('.head h2').click();
	await press(page, 'z');
	await toast(page).getByText('Nothing more to undo here').waitFor();
});

/*
 * As fast as one types, however slow the page is: the first letters are on their way before it has
 * answered any of them.
 */
async function typeFast(page, text) {
	await Promise.all([...text.slice(0, 3)].map((letter) => page.keyboard.press(letter)));
	await page.keyboard.type(text.slice(3));
}

for (const text of ['Buy a jazz record', 'extra zebra', 'delete mezzo', 'I am here', 'x-ray',
	'go to the shop'])
	test(`"${text}", typed outside the input, goes into it`, async (t) => {
		const page = await outside(t, ['Alpha', 'Beta', 'Gamma']);
		await row(page, 'Beta').click();
		await typeFast(page, text);
		await eventually(() => page.getByLabel('New task').inputValue(), (value) =>
			assert.equal(value, text));
		assert.equal(await page.getByRole('dialog').count(), 0);
		await page.keyboard.press('Enter');
		await page.getByRole('link', { name: 'All' }).click();
		await expectNames(page, ['Alpha', 'Beta', 'Gamma', text]);
		await eventually(() => stored(set, page.who), (all) => all.length === 4 &&
			all.every(({ completed, tags, note }) => !completed && tags.length === 0 && note === ''));
	});

test('one letter, pressed again and again, is a command', async (t) => {
	const page = await outside(t, ['Alpha', 'Beta', 'Gamma', 'Delta']);
	await row(page, 'Alpha').click();
	await page.keyboard.type('jjk');
	await page.keyboard.type('jjj');
	assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Delta');
	assert.equal(await page.getByLabel('New task').inputValue(), '');
});

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/* Select both tasks, and choose what is done with them. */
async function selectBoth(page, menu, name) {
	await menu('Select');
	await row(page, 'Beta').getByRole('button', { name: 'More for Beta' }).tap();
	await page.getByRole('button', { name: 'Select' }).tap();
	await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name }).tap();
}

/* Each change by touch, and what the toast calls it. */
const changes = {
	'Renamed “Bread”': async (page, menu) => {
		await menu('Edit');
		await page.getByLabel('Name of Alpha').fill('Bread');
		await page.keyboard.press('Enter');
	},
	'Changed the date of “Alpha”': async (page, menu) => {
		await menu('Due date');
		await page.getByRole('button', { name: 'Tomorrow' }).tap();
		await page.getByRole('button', { name: 'Done' }).tap();
	},
	'Changed the priority of “Alpha”': async (page, menu) => {
		await menu('Priority');
		await page.getByText('High').tap();
		await page.getByRole('button', { name: 'Done' }).tap();
	},
	'Changed the tags of “Alpha”': async (page, menu) => {
		await menu('Tags');
		await page.getByRole('textbox', { name: 'Tags' }).fill('home');
		await page.getByRole('button', { name: 'Done' }).tap();
	},
	'Changed the note of “Alpha”': async (page, menu) => {
		await menu('Details');
		await page.getByLabel('Note').fill('noted');
		await page.getByRole('button', { name: 'Close' }).tap();
	},
	'Changed “Alpha”': async (page, menu) => {
		await menu('Details');
		await page.getByLabel('Note').fill('noted');
		await page.getByText('Low').tap();
		await page.getByRole('button', { name: 'Done' }).tap();
	},
	'Moved “Alpha”': (page, menu) => menu('Move to the end'),
	'Completed “Alpha”': (page) => row(page, 'Alpha').getByRole('checkbox').tap(),
	'Deleted “Alpha”': (page, menu) => menu('Delete'),
	'Reopened “Alpha”': (page) => row(page, 'Alpha').getByRole('checkbox').tap(),
	'Changed the priority of 2 tasks': async (page, menu) => {
		await selectBoth(page, menu, 'Priority');
		await page.getByText('High').tap();
		await page.getByRole('button', { name: 'Done' }).tap();
	},
	'Changed the date of 2 tasks': async (page, menu) => {
		await selectBoth(page, menu, 'Due');
		await page.getByRole('button', { name: 'Tomorrow' }).tap();
		await page.getByRole('button', { name: 'Done' }).tap();
	},
	'Changed the tags of 2 tasks': async (page, menu) => {
		await selectBoth(page, menu, 'Tags');
		await page.getByRole('textbox', { name: 'Add a tag to all' }).fill('home');
		await page.getByRole('button', { name: 'Done' }).tap();
	},
	'Completed 2 tasks': (page, menu) => selectBoth(page, menu, 'Complete'),
	'Deleted 2 tasks': (page, menu) => selectBoth(page, menu, 'Delete'),
};

const seen = (tasks) => tasks.map(({ name, note, due_date, completed, priority, tags, position }) =>
	[name, note, due_date, completed, priority, tags, position]);

for (const [said, change] of Object.entries(changes))
	test(`by touch: "${said}" can be taken back`, async (t) => {
		const completed = said.startsWith('Reopened');
		const page = await openAs(set, t, { tasks: [{ name: 'Alpha', completed }, 'Beta'], ...PHONE });
		const before = seen(await stored(set, page.who));
		await row(page, 'Alpha').waitFor();
		await change(page, async (item) => {
			await row(page, 'Alpha').getByRole('button', { name: 'More for Alpha' }).tap();
			await page.getByRole('dialog').getByRole('button', { name: item, exact: true }).tap();
		});
		await toast(page).getByText(said, { exact: true }).waitFor();
		await eventually(() => stored(set, page.who), (all) =>
			assert.notDeepEqual(seen(all), before));
		await toast(page).getByRole('button', { name: 'Undo' }).tap();
		await toast(page).getByText(`Undone: ${said}`).waitFor();
		await eventually(() => stored(set, page.who), (all) => assert.deepEqual(seen(all), before));
	});

test('an import can be taken back, and done again', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha'] });
	await page.getByRole('link', { name: 'Account' }).click();
	const card = page.getByRole('region', { name: 'Bring something in' });
	await card.locator('input[type=file]').setInputFiles({ name: 'todo.txt',
		mimeType: 'text/plain', buffer: Buffer.from('Milk\nBread\n') });
	await card.getByRole('button', { name: 'Import 2 tasks' }).click();
	await toast(page).getByText('Imported 2 tasks').waitFor();
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await toast(page).getByText('Undone: Imported 2 tasks').waitFor();
	await eventually(() => stored(set, page.who), (all) => all.length === 1);
	await toast(page).getByRole('button', { name: 'Redo' }).click();
	await eventually(() => stored(set, page.who), (all) => all.length === 3);
	await page.getByRole('link', { name: 'All' }).click();
	await expectNames(page, ['Alpha', 'Milk', 'Bread']);
});

test('a task that is added where one does not see it is told of', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha'], go: '?view=completed' });
	await add(page, 'Beta');
	await toast(page).getByText('Added “Beta”').waitFor();
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await eventually(() => trash(page), (all) => assert.deepEqual(all, ['Beta']));
});
