/*
 * The door: signing up and logging in, and what is said where something is wrong.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD, api, expectAccessible, expectNames, logIn, names, open, openAs, register,
	stage } from './harness.mjs';

const set = stage();

test('who signs up lands in an empty list that says what to do first', async (t) => {
	const page = await open(set, t);
	await page.getByRole('button', { name: 'New here? Sign up' }).click();
	await expectAccessible(page, 'sign up');
	await page.getByLabel('Name', { exact: true }).fill('newcomer');
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.getByRole('button', { name: 'Sign up', exact: true }).click();
	await page.getByText('Your list is empty.').waitFor();
	assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')),
		'New task');
	await page.reload();
	await page.getByText('Your list is empty.').waitFor();
});

test('who signs up has the time zone of the browser', async (t) => {
	const page = await open(set, t, { timezoneId: 'Asia/Kolkata' });
	await page.getByRole('button', { name: 'New here? Sign up' }).click();
	await page.getByLabel('Name', { exact: true }).fill('traveller');
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.getByRole('button', { name: 'Sign up', exact: true }).click();
	await page.getByText('Your list is empty.').waitFor();
	const { token } = await api(set, null, 'POST', 'accounts/login',
		{ username: 'traveller', password: PASSWORD });
	const { time_zone } = await api(set, token, 'GET', 'accounts/traveller');
	assert.match(time_zone, /^Asia\/(Kolkata|Calcutta)$/);
	assert.equal(await page.locator('#toast').textContent(), '');
});

test('password managers find the fields', async (t) => {
	const page = await open(set, t);
	const told = (label) => page.getByLabel(label, { exact: true }).getAttribute('autocomplete');
	assert.equal(await told('Name'), 'username');
	assert.equal(await told('Password'), 'current-password');
	await page.getByRole('button', { name: 'New here? Sign up' }).click();
	assert.equal(await told('Password'), 'new-password');
});

test('what is wrong is said beside its field', async (t) => {
	const page = await open(set, t, { allow: [/422/, /409/] });
	const { username } = await register(set);
	await page.getByRole('button', { name: 'New here? Sign up' }).click();
	await page.getByLabel('Name', { exact: true }).fill('no spaces please');
	await page.getByLabel('Password', { exact: true }).fill('short');
	await page.getByRole('button', { name: 'Sign up', exact: true }).click();
	for (const name of ['username', 'password'])
		await page.locator(`#${name}-error:not(:empty)`).waitFor();
	assert.equal(await page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid'), 'true');
	await expectAccessible(page, 'sign up with faults');
	await page.getByLabel('Name', { exact: true }).fill(username);
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.getByRole('button', { name: 'Sign up', exact: true }).click();
	await page.getByText('This username is taken already.').waitFor();
});

test('a wrong password is said, and a right one comes in', async (t) => {
	const { username } = await register(set);
	const page = await open(set, t, { allow: [/401/] });
	await page.getByLabel('Name', { exact: true }).fill(username);
	await page.getByLabel('Password', { exact: true }).fill('not the password');
	await page.getByRole('button', { name: 'Log in', exact: true }).click();
	await page.getByText('The name or the password is wrong.').waitFor();
	await logIn(page, username);
});

test('who has guessed too often is told to wait', async (t) => {
	const { username } = await register(set);
	for (let i = 0; i < 10; i++)
		await assert.rejects(() => api(set, null, 'POST', 'accounts/login',
			{ username, password: 'not the password' }), /401/);
	const page = await open(set, t, { allow: [/429/] });
	await page.getByLabel('Name', { exact: true }).fill(username);
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.getByRole('button', { name: 'Log in', exact: true }).click();
	await page.getByText(/too many failed logins/).waitFor();
});

test('names are only ever text', async (t) => {
	const evil = '<img src=x onerror=alert(1)><b>bold</b>';
	const page = await openAs(set, t, { tasks: [{ name: evil, note: evil, tags: ['<i>'] }] });
	await page.locator('.row').waitFor();
	await expectNames(page, [evil]);
	assert.equal(await page.locator('main img, main b, main i').count(), 0);
});

const REFUSED = 'The page was opened at https://a.example, and the server is asked as http://b.example.';

/* A server that takes the password and gives no cookie, as behind a proxy that changes the host. */
async function withoutCookies(page) {
	await page.route('**/accounts/login', async (route) => {
		const reply = await route.fetch();
		const { 'set-cookie': cookie, ...headers } = reply.headers();
		await page.context().clearCookies();
		await route.fulfill({ status: reply.status(), headers,
			body: JSON.stringify({ ...await reply.json(), cookie_refused: REFUSED }) });
	});
}

test('why there is no cookie is said, and the door does not just come back', async (t) => {
	const { username } = await register(set);
	const page = await open(set, t);
	await withoutCookies(page);
	await page.getByLabel('Name', { exact: true }).fill(username);
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.getByRole('button', { name: 'Log in', exact: true }).click();
	await page.getByRole('alert').getByText(REFUSED).waitFor();
	await expectAccessible(page, 'no cookie');
	assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), username);
});

test('it is said after a sign-up too, and the account is there', async (t) => {
	const username = `refused${process.pid}`;
	const page = await open(set, t);
	await withoutCookies(page);
	await page.getByRole('button', { name: 'New here? Sign up' }).click();
	await page.getByLabel('Name', { exact: true }).fill(username);
	await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await page.getByRole('button', { name: 'Sign up', exact: true }).click();
	await page.getByRole('alert').getByText(REFUSED).waitFor();
	await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
	await page.unroute('**/accounts/login');
	await logIn(page, username);
});
