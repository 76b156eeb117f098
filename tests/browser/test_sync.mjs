/*
 * The page beside the network and other devices: it shows at once, keeps what could not be sent, and
 * brings together what was changed in two places.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD, add, api, eventually, expectAccessible, expectNames, expectSent, expectStored,
	openAs, row, stage, startServer, stored } from './harness.mjs';

const set = stage();

const patch = (page, id, members) => api(set, page.who.token, 'PATCH',
	`accounts/${page.who.username}/tasks/${id}`, members);

async function rename(page, from, to) {
	await row(page, from).locator('.name').dblclick();
	await page.getByLabel(`Name of ${from}`).fill(to);
	await page.keyboard.press('Enter');
}

test('it does not wait for the server', async (t) => {
	const page = await openAs(set, t, { tasks: ['A'] });
	let go;
	const held = new Promise((resolve) => {
		go = resolve;
	});
	await page.route('**/tasks**', async (route) => {
		await held;
		await route.continue();
	});
	await add(page, 'B');
	await page.getByRole('checkbox', { name: 'A' }).check();
	await expectNames(page, ['B', 'A']);
	assert.equal((await stored(set, page.who)).length, 1);
	go();
	await eventually(() => stored(set, page.who), (all) => all.length === 2 && all[0].completed);
});

test('what was done without a network is sent later, once, in order', async (t) => {
	const page = await openAs(set, t, { tasks: ['A'], allow: [/ERR_INTERNET_DISCONNECTED/] });
	await page.context().setOffline(true);
	await add(page, 'B');
	await rename(page, 'A', 'A2');
	await page.getByRole('checkbox', { name: 'B' }).check();
	await page.getByText(/offline, \d to send/).waitFor();
	await expectNames(page, ['A2', 'B']);
	await page.context().setOffline(false);
	const tasks = await eventually(() => stored(set, page.who), (all) =>
		all.length === 2 && all[1].completed);
	assert.deepEqual(tasks.map(({ name }) => name), ['A2', 'B']);
	await eventually(() => page.locator('.left').textContent(), (text) => text === '1 left');
});

test('what could not be sent outlives the page', async (t) => {
	const page = await openAs(set, t, { tasks: ['A'], allow: [/ERR_/] });
	await page.route('**/tasks', (route) =>
		(route.request().method() === 'POST' ? route.abort() : route.continue()));
	await add(page, 'B');
	await page.getByText(/offline, 1 to send/).waitFor();
	await page.unroute('**/tasks');
	await page.reload();
	await expectNames(page, ['A', 'B']);
	await eventually(() => stored(set, page.who), (all) => all.length === 2);
	await page.reload();
	await expectNames(page, ['A', 'B']);
});

test('two windows keep what both could not send', async (t) => {
	const page = await openAs(set, t, { tasks: ['A'], allow: [/ERR_/] });
	const context = page.context();
	const other = await context.newPage();
	await other.goto(set.server.url);
	await row(other, 'A').waitFor();
	await context.setOffline(true);
	for (const [window, name] of [[page, 'B'], [other, 'C']]) {
		await add(window, name);
		await window.getByText(/offline, 1 to send/).waitFor();
	}
	await page.close();
	await other.close();
	await context.setOffline(false);
	await (await context.newPage()).goto(set.server.url);
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ name }) => name).sort(), ['A', 'B', 'C']));
});

test('an answer that was lost does nothing twice', async (t) => {
	const page = await openAs(set, t, { allow: [/ERR_/] });
	let lost = 0;
	await page.route('**/tasks', async (route) => {
		if (route.request().method() !== 'POST' || lost++ > 0)
			return route.continue();
		await route.fetch();
		await route.abort();
	});
	await add(page, 'Once');
	await eventually(() => lost, (times) => times > 1);
	await expectNames(page, ['Once']);
	await expectStored(set, page, ['Once', 'Next']);
});

test('an answer that comes late does not hide what others did since', async (t) => {
	const page = await openAs(set, t, { tasks: ['A'], allow: [/ERR_/] });
	const [{ id }] = await stored(set, page.who);
	await page.route('**/tasks/*', async (route) => {
		await route.fetch();
		await route.abort();
	});
	await rename(page, 'A', 'Mine');
	await page.getByText(/offline, 1 to send/).waitFor();
	await patch(page, id, { name: 'Theirs' });
	await page.unroute('**/tasks/*');
	await page.reload();
	await expectSent(page);
	await expectNames(page, ['Theirs']);
	await expectStored(set, page, ['Theirs', 'Next']);
});

test('changes of different members go together', async (t) => {
	const page = await openAs(set, t, { tasks: ['A'], allow: [/412/] });
	const [{ id }] = await stored(set, page.who);
	await patch(page, id, { note: 'theirs' });
	await rename(page, 'A', 'Mine');
	const [task] = await eventually(() => stored(set, page.who), ([one]) => one.name === 'Mine');
	assert.equal(task.note, 'theirs');
});

for (const [choice, expected] of [['Yours', 'Mine'], ['Theirs', 'Other']])
	test(`changes of the same member are a choice: ${choice}`, async (t) => {
		const page = await openAs(set, t, { tasks: ['A'], allow: [/412/] });
		const [{ id }] = await stored(set, page.who);
		await patch(page, id, { name: 'Other' });
		await rename(page, 'A', 'Mine');
		const dialog = page.getByRole('dialog', { name: 'Changed in two places' });
		await dialog.waitFor();
		await expectAccessible(page, 'choice');
		await dialog.getByText(`${choice}: ${expected}`).click();
		await dialog.getByRole('button', { name: 'Keep these' }).click();
		await expectNames(page, [expected]);
		await expectStored(set, page, [expected, 'Next']);
	});

test('what was deleted elsewhere is gone here, and said', async (t) => {
	const page = await openAs(set, t, { tasks: ['A', 'B'], allow: [/404/] });
	const [{ id }] = await stored(set, page.who);
	await api(set, page.who.token, 'DELETE', `accounts/${page.who.username}/tasks/${id}`);
	await rename(page, 'A', 'Mine');
	await expectNames(page, ['B']);
	await page.getByRole('status').filter({ hasText: /./ }).first().waitFor();
});

/* Rename a task that is deleted elsewhere at the same time; the question that comes. */
async function renameDeleted(page) {
	const tasks = `accounts/${page.who.username}/tasks`;
	const [{ id }] = await stored(set, page.who);
	await api(set, page.who.token, 'DELETE', `${tasks}/${id}`);
	await rename(page, 'Alpha', 'Mine');
	const dialog = page.getByRole('dialog', { name: 'Deleted on another device' });
	await dialog.getByText('“Alpha” was deleted on another device.').waitFor();
	await dialog.getByText('Name Mine').waitFor();
	return { dialog, tasks, id };
}

const full = { name: 'Alpha', note: 'noted', tags: ['x'], priority: 2 };

test('a change of what was deleted elsewhere brings it back', async (t) => {
	const page = await openAs(set, t, { tasks: [full], allow: [/404/] });
	const { dialog, id } = await renameDeleted(page);
	await expectAccessible(page, 'deleted elsewhere');
	await dialog.getByRole('button', { name: 'Restore it with your change' }).click();
	await expectNames(page, ['Mine']);
	const [task] = await eventually(() => stored(set, page.who), ([one]) => one.name === 'Mine');
	assert.deepEqual([task.id, task.note, task.tags, task.priority], [id, 'noted', ['x'], 2]);
});

test('a change of what was deleted for good makes it anew', async (t) => {
	const page = await openAs(set, t, { tasks: [full], allow: [/404/] });
	const { dialog, tasks, id } = await renameDeleted(page);
	await api(set, page.who.token, 'DELETE', `${tasks.replace('/tasks', '/trash')}/${id}`);
	await dialog.getByRole('button', { name: 'Restore it with your change' }).click();
	await expectNames(page, ['Mine']);
	const [task] = await eventually(() => stored(set, page.who), ([one]) => one?.name === 'Mine');
	assert.deepEqual([task.note, task.tags, task.priority], ['noted', ['x'], 2]);
	await api(set, page.who.token, 'POST', tasks, { name: 'Theirs' });
	await eventually(async () => {
		await page.evaluate(() => dispatchEvent(new Event('focus'))); /* it may be sending yet */
		return page.locator('.row .name').allTextContents();
	}, (all) => assert.deepEqual(all, ['Mine', 'Theirs']));
});

test('the question is asked again after a reload: nothing is decided by that', async (t) => {
	const page = await openAs(set, t, { tasks: [full], allow: [/404/] });
	await renameDeleted(page);
	await page.reload();
	const dialog = page.getByRole('dialog', { name: 'Deleted on another device' });
	await dialog.getByRole('button', { name: 'Restore it with your change' }).click();
	await eventually(() => stored(set, page.who), ([one]) => one?.name === 'Mine');
});

test('a change of a task that was new a moment ago outlives the page, too', async (t) => {
	const page = await openAs(set, t, { allow: [/ERR_/] });
	await add(page, 'Fresh');
	await eventually(() => stored(set, page.who), (all) => all.length === 1);
	await page.route('**/tasks/**', (route) => route.abort());
	await rename(page, 'Fresh', 'Renamed');
	await page.getByText(/offline, 1 to send/).waitFor();
	await page.unroute('**/tasks/**');
	await page.reload();
	await expectNames(page, ['Renamed']);
	await eventually(() => stored(set, page.who), ([one]) => one.name === 'Renamed');
});

test('it stays deleted where one says so', async (t) => {
	const page = await openAs(set, t, { tasks: [full, 'Beta'], allow: [/404/] });
	const { dialog } = await renameDeleted(page);
	await dialog.getByRole('button', { name: 'Leave it deleted' }).click();
	await expectNames(page, ['Beta']);
	await add(page, 'Gamma');
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ name }) => name), ['Beta', 'Gamma']));
});

test('of two deletions one is enough', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha', 'Beta'], allow: [/404/] });
	const [{ id }] = await stored(set, page.who);
	await row(page, 'Alpha').click();
	await api(set, page.who.token, 'DELETE', `accounts/${page.who.username}/tasks/${id}`);
	await page.keyboard.press('Delete');
	await add(page, 'Gamma');
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ name }) => name), ['Beta', 'Gamma']));
	assert.equal(await page.getByRole('dialog').count(), 0);
});

test('a restart of the server is not noticed but for a moment', async (t) => {
	const own = { ...set, server: await startServer() };
	t.after(() => own.server.stop());
	const page = await openAs(own, t, { tasks: ['A'], allow: [/ERR_/] });
	await own.server.halt();
	await add(page, 'B');
	await page.getByText(/offline, 1 to send/).waitFor();
	await own.server.start();
	await eventually(() => stored(own, page.who), (all) => all.length === 2);
});

test('a session that has ended leads to the door, and loses nothing', async (t) => {
	const page = await openAs(set, t, { tasks: ['A'], allow: [/401/] });
	const { username, token } = page.who;
	const { sessions } = await api(set, token, 'GET', `accounts/${username}/sessions`);
	const theirs = sessions.find(({ current }) => !current);
	await api(set, token, 'DELETE', `accounts/${username}/sessions/${theirs.id}`);
	await add(page, 'B');
	await page.getByText(/Your session has ended.* One change that is not sent yet is kept\./).waitFor();
	await expectAccessible(page, 'a session that has ended');
	assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), username);
	assert.equal(await page.evaluate(() => document.activeElement.id), 'password');
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.keyboard.press('Enter');
	await page.getByLabel('New task').waitFor();
	await expectNames(page, ['A', 'B']);
	await eventually(() => stored(set, page.who), (all) => all.length === 2);
});
