/*
 * The trash: what can be done with what was deleted, and what is asked before it is gone for good.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, eventually, expectAccessible, expectNames, openAs, register, row, stage,
	stored } from './harness.mjs';

const set = stage();

const trashed = async (page) => (await api(set, page.who.token, 'GET',
	`accounts/${page.who.username}/trash`)).tasks.map(({ name }) => name);

/* The trash of somebody who deleted tasks of these names. */
async function openTrash(t, names, options) {
	const user = await register(set);
	const tasks = `accounts/${user.username}/tasks`;
	for (const name of names) {
		const { task } = await api(set, user.token, 'POST', tasks, { name, tags: ['x'] });
		await api(set, user.token, 'DELETE', `${tasks}/${task.id}`);
	}
	const page = await openAs(set, t, { user, ...options });
	await page.getByRole('link', { name: 'Trash' }).click();
	await row(page, names.at(-1)).waitFor();
	page.menu = async (name) => {
		await row(page, name).hover();
		await row(page, name).getByRole('button', { name: `More for ${name}` }).click();
	};
	return page;
}

/* How often the page has asked for a deletion, once it has asked for anything later. */
function countDeletions(page) {
	let count = 0;
	page.on('request', (request) => request.method() === 'DELETE' && count++);
	return () => count;
}

test('it says how long things stay, and when they were deleted', async (t) => {
	const page = await openTrash(t, ['Alpha']);
	await page.getByText('What is deleted stays here for thirty days.').waitFor();
	await row(page, 'Alpha').getByText('deleted Today').waitFor();
	await expectAccessible(page, 'trash');
});

test('the menu restores, and that can be taken back', async (t) => {
	const page = await openTrash(t, ['Alpha', 'Beta']);
	await page.menu('Alpha');
	await expectAccessible(page, 'menu in the trash');
	await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
	await expectNames(page, ['Beta']);
	await page.locator('#toast').getByText('Restored “Alpha”').waitFor();
	const [task] = await eventually(() => stored(set, page.who), (all) => all.length === 1);
	assert.deepEqual(task.tags, ['x']);
	await page.locator('#toast').getByRole('button', { name: 'Undo' }).click();
	await eventually(() => trashed(page), (all) => assert.deepEqual(all.sort(), ['Alpha', 'Beta']));
	await eventually(async () => (await page.locator('.row .name').allTextContents()).sort(),
		(all) => assert.deepEqual(all, ['Alpha', 'Beta']));
});

test('deleting for good is asked first', async (t) => {
	const page = await openTrash(t, ['Alpha', 'Beta']);
	const deletions = countDeletions(page);
	const question = page.getByRole('dialog', { name: /for good\?/ });
	await page.menu('Alpha');
	await page.getByRole('button', { name: 'Delete for good' }).click();
	await question.waitFor();
	await expectAccessible(page, 'a question in the trash');
	await page.keyboard.press('Enter');
	await question.waitFor({ state: 'detached' });
	await expectNames(page, ['Beta', 'Alpha']);
	await page.menu('Alpha');
	await page.getByRole('button', { name: 'Delete for good' }).click();
	await question.getByRole('button', { name: 'Delete for good' }).click();
	await expectNames(page, ['Beta']);
	assert.deepEqual(await trashed(page), ['Beta']);
	assert.equal(deletions(), 1);
});

test('emptying the trash is asked first', async (t) => {
	const page = await openTrash(t, ['Alpha', 'Beta']);
	const deletions = countDeletions(page);
	await page.getByRole('button', { name: 'Empty the trash' }).click();
	const question = page.getByRole('dialog');
	await question.getByText('Delete all 2 tasks in the trash for good?').waitFor();
	await question.getByRole('button', { name: 'Cancel' }).click();
	assert.deepEqual((await trashed(page)).sort(), ['Alpha', 'Beta']);
	await page.getByRole('button', { name: 'Empty the trash' }).click();
	await question.getByRole('button', { name: 'Empty the trash' }).click();
	await page.locator('.empty').getByText('The trash is empty.').waitFor();
	assert.deepEqual(await trashed(page), []);
	assert.equal(deletions(), 1);
	assert.equal(await page.getByRole('button', { name: 'Empty the trash' }).isVisible(), false);
});

test('keys do the same in the trash', async (t) => {
	const page = await openTrash(t, ['Alpha', 'Beta']);
	await page.getByLabel('New task').focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Delete');
	await page.getByRole('dialog', { name: /Delete “Beta” for good/ }).waitFor();
	await page.keyboard.press('Escape');
	await page.keyboard.press('Enter');
	await page.getByRole('dialog', { name: 'Beta' }).getByRole('button', { name: 'Restore' }).click();
	await expectNames(page, ['Alpha']);
	await eventually(() => stored(set, page.who), ([one]) => one.name === 'Beta');
});

test('what cannot be done is said, and stays', async (t) => {
	const page = await openTrash(t, ['Alpha'], { allow: [/ERR_/] });
	await page.route('**/trash/*', (route) => route.abort());
	await page.menu('Alpha');
	await page.getByRole('button', { name: 'Delete for good' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
	await page.locator('#toast').getByText('The server cannot be reached.').waitFor();
	await expectNames(page, ['Alpha']);
});

test('a phone has it all, too', async (t) => {
	const page = await openTrash(t, ['Alpha'], { viewport: { width: 320, height: 640 } });
	assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
	await page.getByRole('button', { name: 'Empty the trash' }).waitFor();
});

test('a trash that cannot be read is not called empty', async (t) => {
	const page = await openTrash(t, ['Alpha'], { allow: [/ERR_/] });
	await page.route('**/trash', (route) => route.abort());
	await page.goto(`${set.server.url}?view=trash`);
	await page.locator('.empty').getByText('The server cannot be reached.').waitFor();
	assert.equal(await page.getByText('The trash is empty.').count(), 0);
});
