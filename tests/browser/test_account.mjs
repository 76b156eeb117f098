/*
 * The account page: every part of it changes what it says.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD, api, eventually, expectAccessible, expectNames, logIn, openAs, stage,
	stored } from './harness.mjs';

const set = stage();

/* The account page of a new user; card(title) is one of its parts. */
async function openAccount(t, options) {
	const page = await openAs(set, t, options);
	await page.getByRole('link', { name: 'Account' }).click();
	await page.getByText('Where you are logged in').waitFor();
	page.card = (name) => page.getByRole('region', { name });
	page.api = (method, path, body) => api(set, page.who.token, method,
		`accounts/${page.who.username}${path}`, body);
	return page;
}

test('the email is kept', async (t) => {
	const page = await openAccount(t, { allow: [/422/] });
	const card = page.card('Profile');
	await card.getByLabel('Email').fill('not an address');
	await card.getByRole('button', { name: 'Save' }).evaluate((button) => {
		button.form.noValidate = true;
	});
	await card.getByRole('button', { name: 'Save' }).click();
	await card.locator('.error').filter({ hasText: /./ }).first().waitFor();
	const email = `${page.who.username}@example.org`;
	await card.getByLabel('Email').fill(email);
	await card.getByRole('button', { name: 'Save' }).click();
	await eventually(() => page.api('GET', ''), (profile) => profile.email === email);
});

test('the time zone is that of the account, and can be changed', async (t) => {
	const page = await openAccount(t, { allow: [/422/], timezoneId: 'Asia/Tokyo' });
	const card = page.card('Profile');
	const zone = card.getByLabel('Time zone');
	assert.equal(await zone.inputValue(), 'Asia/Tokyo');
	await zone.fill('Atlantis/Capital');
	await card.getByRole('button', { name: 'Save' }).click();
	await eventually(() => card.locator('#time_zone-error').textContent(), (text) =>
		assert.notEqual(text, ''));
	await zone.fill('America/New_York');
	await card.getByRole('button', { name: 'Save' }).click();
	await page.locator('#toast').getByText('Saved').waitFor();
	await eventually(() => page.api('GET', ''), (profile) =>
		profile.time_zone === 'America/New_York');
});

/* 01:00 on the next day in Tokyo is 17:00 in Berlin, and 16:00 in UTC. */
test('days are those of the account, and who is elsewhere is asked once', async (t) => {
	const options = { timezoneId: 'Asia/Tokyo', zone: 'Europe/Berlin' };
	const page = await openAs(set, t, options);
	const now = Date.parse('2027-03-10T16:00:00Z');
	await page.clock.install({ time: now });
	await page.getByText('Days are those of Europe/Berlin, and this device is in Asia/Tokyo.').waitFor();
	await page.getByLabel('New task').fill('Call today at 18:00');
	await page.keyboard.press('Enter');
	const due = (date) => eventually(() => stored(set, page.who), (all) =>
		assert.equal(all.at(-1).due_date, date));
	await due('2027-03-10T17:00:00Z');
	await eventually(() => page.locator('.row .due').textContent(), (text) =>
		assert.equal(text, 'Today 18:00'));
	await page.locator('#toast').getByRole('button', { name: 'Use Asia/Tokyo' }).click();
	await eventually(() => api(set, page.who.token, 'GET', `accounts/${page.who.username}`),
		(profile) => profile.time_zone === 'Asia/Tokyo');
	await page.getByLabel('New task').fill('Call today');
	await page.keyboard.press('Enter');
	await due('2027-03-11');
	await page.reload();
	await page.getByLabel('New task').waitFor();
	await page.locator('.row').first().waitFor();
	assert.equal(await page.locator('#toast').textContent(), '');
});

test('the password is changed, and other devices are logged out', async (t) => {
	const page = await openAccount(t, { allow: [/422/] });
	const card = page.card('Password');
	await card.getByLabel('Password now').fill('not this one');
	await card.getByLabel('New password').fill('another password');
	await card.getByRole('button', { name: 'Change' }).click();
	await card.getByText('is not the password').waitFor();
	await expectAccessible(page, 'password with a fault');
	await card.getByLabel('Password now').fill(PASSWORD);
	await card.getByRole('button', { name: 'Change' }).click();
	await page.getByText('The password is changed.').waitFor();
	await api(set, null, 'POST', 'accounts/login',
		{ username: page.who.username, password: 'another password' });
	await assert.rejects(() => page.api('GET', ''), /401/);
	await page.reload();
	await page.getByText('Where you are logged in').waitFor();
});

test('sessions are listed and ended, but not this one', async (t) => {
	const page = await openAccount(t);
	const card = page.card('Where you are logged in');
	assert.equal(await card.getByRole('listitem').count(), 2);
	assert.equal(await card.getByRole('button', { name: 'This one' }).isDisabled(), true);
	await card.getByRole('button', { name: 'End' }).click();
	await eventually(() => card.getByRole('listitem').count(), (count) => count === 1);
	await assert.rejects(() => page.api('GET', ''), /401/);
});

test('a token is shown once, works, and can be ended', async (t) => {
	const page = await openAccount(t);
	const card = page.card('Tokens for programs');
	await card.getByLabel('Name').fill('backup');
	await card.getByLabel('Scope').selectOption('read');
	await card.getByRole('button', { name: 'Make a token' }).click();
	const dialog = page.getByRole('dialog', { name: 'New token' });
	await dialog.waitFor();
	await expectAccessible(page, 'new token');
	const token = await dialog.getByLabel('Token').inputValue();
	await dialog.getByRole('button', { name: 'Done' }).click();
	await card.getByText('backup · read · ends never').waitFor();
	assert.equal(await page.getByText(token).count(), 0);
	const { username } = page.who;
	await api(set, token, 'GET', `accounts/${username}/tasks`);
	await assert.rejects(() => api(set, token, 'POST', `accounts/${username}/tasks`, { name: 'x' }),
		/403/);
	await card.getByRole('button', { name: 'End' }).click();
	await eventually(() => card.getByText('backup').count(), (count) => count === 0);
	await assert.rejects(() => api(set, token, 'GET', `accounts/${username}/tasks`), /401/);
});

test('each format is downloaded', async (t) => {
	const page = await openAccount(t, { tasks: ['Milk'] });
	const card = page.card('Take it with you');
	for (const [link, name] of [['JSON', 'todo.json'], ['CSV', 'todo.csv'],
		['todo.txt', 'todo.txt'], ['iCalendar', 'todo.ics']]) {
		const [download] = await Promise.all([page.waitForEvent('download'),
			card.getByRole('link', { name: link }).click()]);
		assert.equal(download.suggestedFilename(), name);
		const stream = await download.createReadStream();
		const text = (await stream.toArray()).join('');
		assert.match(text, /Milk/);
	}
});

test('an import is shown before it is done', async (t) => {
	const page = await openAccount(t, { allow: [/422/] });
	const card = page.card('Bring something in');
	const file = (name, text) => card.getByLabel('A file').setInputFiles({ name,
		mimeType: 'text/plain', buffer: Buffer.from(text) });
	await file('bad.csv', 'name,due_date\nMilk,never\n');
	await card.getByText(/Line 2:/).waitFor();
	await file('todo.txt', '(A) Milk +shop\nBread due:2026-12-01\n');
	await card.getByText('2 tasks would come in').waitFor();
	assert.equal((await stored(set, page.who)).length, 0);
	await card.getByRole('button', { name: 'Import 2 tasks' }).click();
	await eventually(() => stored(set, page.who), (all) => all.length === 2);
	await page.getByRole('link', { name: 'All' }).click();
	await expectNames(page, ['Milk', 'Bread']);
});

/* What is sent to delete the account, on its way to the server. */
async function watchDeletions(page) {
	const sent = [];
	await page.route(`**/accounts/${page.who.username}`, (route) => {
		if (route.request().method() === 'DELETE')
			sent.push(route.request().postDataJSON());
		return route.continue();
	});
	return sent;
}

test('the account is deleted only where its name is typed, and by its password', async (t) => {
	const page = await openAccount(t, { tasks: ['Milk'], allow: [/401/, /422/] });
	const sent = await watchDeletions(page);
	const card = page.card('The end');
	const button = card.getByRole('button', { name: 'Delete the account' });
	const name = card.getByLabel(/^Type .* to delete/);
	assert.equal(await button.isDisabled(), true);
	await name.fill(page.who.username.slice(1));
	assert.equal(await button.isDisabled(), true);
	await name.fill(page.who.username);
	await button.click();
	assert.deepEqual(sent, []);
	await card.getByLabel('Your password').fill('not this one');
	await button.click();
	await card.getByText('is not the password').waitFor();
	await expectAccessible(page, 'the end with a fault');
	await card.getByLabel('Your password').fill(PASSWORD);
	await button.click();
	await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
	assert.deepEqual(sent, ['not this one', PASSWORD].map((current_password) => ({ current_password })));
	await assert.rejects(() => api(set, null, 'POST', 'accounts/login',
		{ username: page.who.username, password: PASSWORD }), /401/);
});

test('all other devices are logged out at once', async (t) => {
	const page = await openAccount(t);
	const card = page.card('Where you are logged in');
	assert.equal(await card.getByRole('listitem').count(), 2);
	const asked = page.waitForRequest((request) => request.method() === 'DELETE');
	await card.getByRole('button', { name: 'Log out everywhere else' }).click();
	assert.match((await asked).url(), new RegExp(`/accounts/${page.who.username}/sessions$`));
	await page.getByText('Logged out in one other place').waitFor();
	assert.equal(await card.getByRole('listitem').count(), 1);
	await card.getByRole('button', { name: 'This one' }).waitFor();
});

test('what cannot be done is said', async (t) => {
	const page = await openAccount(t, { tasks: ['Milk'], allow: [/ERR_/] });
	await page.route('**/api/**', (route) => route.abort());
	await page.card('Where you are logged in').getByRole('button', { name: 'End' }).click();
	const said = page.getByText('The server cannot be reached.');
	await page.getByRole('status').and(page.locator('.toast')).filter({ has: said }).waitFor();
	const end = page.card('The end');
	await end.getByLabel(/^Type .* to delete/).fill(page.who.username);
	await end.getByLabel('Your password').fill(PASSWORD);
	await end.getByRole('button').click();
	await end.getByText('The server cannot be reached.').waitFor();
});

test('one logs out', async (t) => {
	const page = await openAccount(t);
	await page.getByRole('button', { name: 'Log out', exact: true }).click();
	await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
	await page.reload();
	await logIn(page, page.who.username);
});
