/*
 * Without scripts the page still logs in, lists, adds, completes and deletes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD, api, eventually, expectAccessible, launch, open, register, stage, startServer, stored }
	from './harness.mjs';

const set = stage();
const PLAIN = { javaScriptEnabled: false };

const button = (page, name) => page.getByRole('button', { name, exact: true });

/* The page without scripts, to which the other one leads by itself. */
async function openPlain(t, options) {
	const page = await open(set, t, { ...PLAIN, ...options });
	await page.waitForURL('**/plain');
	return page;
}

/* Press a button of a form, or a link, until the page is there that comes of it. */
const submit = (page, one) => Promise.all([page.waitForEvent('load'), one.click()]);

async function fill(page, form, username, password) {
	await form.getByLabel('Name').fill(username);
	await form.getByLabel('Password').fill(password);
	await submit(page, form.getByRole('button'));
}

test('one signs up, adds, completes, opens again, deletes and leaves', async (t) => {
	const page = await openPlain(t);
	await fill(page, page.locator('form', { hasText: 'Sign up' }), 'plain-person', PASSWORD);
	for (const name of ['Milk & <bread>', 'Eggs']) {
		await page.getByLabel('New task').fill(name);
		await submit(page, button(page, 'Add'));
	}
	assert.deepEqual(await page.locator('li > :first-child').allTextContents(),
		['Milk & <bread>', 'Eggs']);
	await submit(page, button(page, 'Complete: Milk & <bread>'));
	assert.deepEqual(await page.locator('li s').allTextContents(), ['Milk & <bread>']);
	await submit(page, button(page, 'Open again: Milk & <bread>'));
	assert.equal(await page.locator('li s').count(), 0);
	await submit(page, button(page, 'Delete: Eggs'));
	assert.equal(await page.locator('li').count(), 1);
	assert.ok(page.url().endsWith('/plain'));
	await button(page, 'Log out').click();
	await page.getByRole('heading', { name: 'Log in' }).waitFor();
});

test('lists are shown with their tasks, and one adds to them', async (t) => {
	const who = await register(set);
	const post = (path, body) => api(set, who.token, 'POST', `accounts/${who.username}/${path}`, body);
	const { list } = await post('lists', { name: 'Home & garden' });
	await post('lists', { name: 'Gone', archived: true });
	await post('tasks', { name: 'Mop', list: list.id });
	await post('tasks', { name: 'Loose' });
	const page = await openPlain(t, { allow: [/404/] });
	await fill(page, page.locator('form', { hasText: 'Log in' }), who.username, PASSWORD);
	const links = page.getByRole('navigation').locator('li');
	assert.deepEqual(await links.allTextContents(), ['Home & garden 1 to do']);
	assert.match(await page.locator('ul:not(nav ul) > li').first().textContent(),
		/^Mop Home & garden/);
	await submit(page, page.getByRole('link', { name: 'Home & garden' }));
	await page.getByRole('heading', { name: 'Home & garden' }).waitFor();
	await page.getByLabel('New task').fill('Dust');
	await submit(page, button(page, 'Add'));
	await submit(page, button(page, 'Complete: Mop'));
	assert.ok(page.url().endsWith(`/plain/${list.id}`));
	assert.deepEqual(await page.locator('ul:not(nav ul) > li > :first-child').allTextContents(),
		['Dust', 'Mop']);
	await submit(page, button(page, 'Delete: Mop'));
	assert.deepEqual((await stored(set, who)).map(({ name, list: of }) => [name, of]),
		[['Loose', null], ['Dust', list.id]]);
	await submit(page, page.getByRole('link', { name: 'All tasks' }));
	assert.ok(page.url().endsWith('/plain'));
	await page.goto(`${set.server.url}plain/999`);
	await page.getByText('There is no such list here.').waitFor();
});

test('what is wrong is said, with a way back', async (t) => {
	const { username } = await register(set);
	const page = await openPlain(t, { allow: [/4\d\d/] });
	await fill(page, page.locator('form', { hasText: 'Log in' }), username, 'wrong password');
	await page.getByText('The name or the password is wrong.').waitFor();
	await submit(page, page.getByRole('link', { name: 'Back' }));
	await fill(page, page.locator('form', { hasText: 'Sign up' }), 'not a name', 'x'.repeat(9));
	await page.getByText(/username must/).waitFor();
	await submit(page, page.getByRole('link', { name: 'Back' }));
	await fill(page, page.locator('form', { hasText: 'Log in' }), username, PASSWORD);
	await page.getByLabel('New task').waitFor();
});

test('a session that has ended leads to the door', async (t) => {
	const page = await openPlain(t);
	const { username } = await register(set);
	await fill(page, page.locator('form', { hasText: 'Log in' }), username, PASSWORD);
	await page.context().clearCookies();
	await page.getByLabel('New task').fill('Late');
	await button(page, 'Add').click();
	await page.getByRole('heading', { name: 'Log in' }).waitFor();
});

/*
 * By plain http, and not on this machine as far as the browser knows, it sends no Sec-Fetch-Site: a
 * form is known for the page's own by its Origin alone.
 */
test('one signs up under a name, by plain http, from a path with a slash at its end', async (t) => {
	const server = await startServer('--allow-host', 'todo.example');
	const browser = await launch('--host-resolver-rules=MAP todo.example 127.0.0.1');
	t.after(async () => {
		await browser.close();
		await server.stop();
	});
	const named = { browser, server: { url: `http://todo.example:${server.port}/` } };
	const page = await open(named, t, { ...PLAIN, go: 'plain/' });
	assert.ok(page.url().endsWith('/plain'));
	await fill(page, page.locator('form', { hasText: 'Sign up' }), 'named-person', PASSWORD);
	await page.getByLabel('New task').fill('Bread');
	await submit(page, button(page, 'Add'));
	assert.deepEqual(await page.locator('li > :first-child').allTextContents(), ['Bread']);
});

test('another site cannot use the forms', async (t) => {
	const who = await register(set);
	const page = await openPlain(t, { allow: [/403/] });
	await fill(page, page.locator('form', { hasText: 'Log in' }), who.username, PASSWORD);
	const [{ name, value }] = await page.context().cookies();
	for (const headers of [{}, { Origin: 'http://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
		const reply = await fetch(new URL('plain/add', set.server.url), { method: 'POST',
			redirect: 'manual', body: new URLSearchParams({ name: 'Evil' }),
			headers: { Cookie: `${name}=${value}`, ...headers } });
		assert.equal(reply.status, 403);
	}
	await eventually(() => stored(set, who), (all) => all.length === 0);
});

test('everyone can use it', async (t) => {
	const page = await open(set, t, { colorScheme: 'dark' });
	await page.goto(`${set.server.url}plain`);
	await expectAccessible(page, 'the door without scripts');
	const { username, token } = await register(set);
	await api(set, token, 'POST', `accounts/${username}/lists`, { name: 'Home' });
	await fill(page, page.locator('form', { hasText: 'Log in' }), username, PASSWORD);
	await page.getByLabel('New task').fill('One');
	await submit(page, button(page, 'Add'));
	await expectAccessible(page, 'the list without scripts');
	await submit(page, page.getByRole('link', { name: 'Home' }));
	await expectAccessible(page, 'a list without scripts');
});
