/*
 * What each test of the page begins with: the real server on a new file, and a real browser. What
 * nobody may see is watched for throughout: an error in the console, an exception, a request that
 * leaves the origin.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

export const PASSWORD = 'correct horse battery';
const DEADLINE_MS = 30000; /* of a machine that does much else */

/* Start the server in a folder of its own: { url, stop(), start() }; the file stays over a restart. */
export async function startServer(...options) {
	const folder = await mkdtemp(join(tmpdir(), 'todo-page-'));
	const server = { folder, port: 0 };
	server.start = async () => {
		const child = spawn(process.env.TODO_BINARY, ['--db', join(folder, 'todo.sqlite'),
			'--port', String(server.port), '--log', 'off', ...options],
			{ stdio: ['ignore', 'pipe', 'inherit'] });
		const line = await new Promise((resolve, reject) => {
			child.stdout.once('data', (data) => resolve(String(data)));
			child.once('exit', () => reject(new Error('the server did not start')));
		});
		server.child = child;
		server.port = Number(/:(\d+)\s*$/.exec(line)[1]);
		server.url = `http://127.0.0.1:${server.port}/`;
	};
	server.halt = () => new Promise((resolve) => {
		if (server.child.exitCode !== null) /* as where a test failed between halt() and start() */
			resolve(server.child.exitCode);
		server.child.once('exit', resolve); /* with 0, or a sanitizer has found something */
		server.child.kill('SIGTERM');
	});
	server.stop = async () => {
		assert.equal(await server.halt(), 0);
		await rm(folder, { recursive: true });
	};
	await server.start();
	return server;
}

export const launch = (...options) => chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--no-sandbox', ...options] });

/* A browser and a server for all tests of a file; the fields are there once they run. */
export function stage(...options) {
	const set = {};
	before(async () => {
		set.server = await startServer(...options);
		set.browser = await launch();
	});
	after(async () => {
		await set.browser?.close();
		await set.server?.stop();
	});
	return set;
}

/* A request to the API, beside the page; the reply's JSON. */
export async function api({ server }, token, method, path, body) {
	const reply = await fetch(new URL(`api/v1/${path}`, server.url), { method,
		headers: { ...(token && { Authorization: `Bearer ${token}` }),
			...(body !== undefined && { 'Content-Type': 'application/json' }) },
		body: body === undefined ? undefined : JSON.stringify(body) });
	const data = await reply.json();
	assert.ok(reply.ok, `${method} ${path}: ${reply.status} ${JSON.stringify(data)}`);
	return data;
}

let people = 0;

/* An account that nobody else has: { username, token }. */
export async function register(set) {
	const username = `user${process.pid}-${++people}`;
	const { token } = await api(set, null, 'POST', 'accounts', { username, password: PASSWORD });
	return { username, token };
}

/*
 * A page of a new visitor: open(set, t) closes it with the test t and fails it for whatever nobody
 * may see. allow: patterns of console errors that the test provokes itself.
 */
export async function open(set, t, { allow = [], go = '', ...options } = {}) {
	const context = await set.browser.newContext({ viewport: { width: 1100, height: 800 },
		...options });
	context.setDefaultTimeout(DEADLINE_MS);
	const page = await context.newPage();
	const faults = [];
	page.on('console', (message) => message.type() === 'error' &&
		!allow.some((pattern) => pattern.test(message.text())) && faults.push(message.text()));
	page.on('pageerror', (error) => faults.push(error.stack));
	page.on('request', (request) => !request.url().startsWith(set.server.url) &&
		!/^(data|blob):/.test(request.url()) && faults.push(`left the origin: ${request.url()}`));
	t.after(async () => {
		await context.close();
		assert.deepEqual(faults, []);
	});
	await page.goto(set.server.url + go);
	return page;
}

/* Log in by the page's own door. */
export async function logIn(page, username, password = PASSWORD) {
	await page.getByLabel('Name', { exact: true }).fill(username);
	await page.getByLabel('Password', { exact: true }).fill(password);
	await page.getByRole('button', { name: 'Log in', exact: true }).click();
	await page.getByLabel('New task').waitFor();
}

/*
 * A page of somebody who is logged in already, with these tasks (members, or names alone). The zone
 * of the account is that of the browser, if no other one is named.
 */
export async function openAs(set, t, { tasks = [], user, zone, ...options } = {}) {
	const who = user ?? await register(set);
	const time_zone = zone ?? options.timezoneId;
	if (time_zone !== undefined && time_zone !== 'UTC')
		await api(set, who.token, 'PATCH', `accounts/${who.username}`, { time_zone });
	for (const task of tasks)
		await api(set, who.token, 'POST', `accounts/${who.username}/tasks`,
			typeof task === 'string' ? { name: task } : task);
	const page = await open(set, t, options);
	page.who = who;
	await logIn(page, who.username);
	await arrive(page);
	return page;
}

/* The list has come, as after a reload: what the page does with its focus then is done as well. */
export async function arrive(page) {
	await page.getByLabel('New task').waitFor();
	await page.getByText('One moment…').waitFor({ state: 'hidden' });
}

/* The tasks as the server has them. */
export async function stored(set, { username, token }) {
	return (await api(set, token, 'GET', `accounts/${username}/tasks`)).tasks;
}

/* Wait until check(read()) is not false; both may throw meanwhile. The value. */
export async function eventually(read, check) {
	const end = Date.now() + DEADLINE_MS;
	for (;;) {
		let value, wrong = null;
		try {
			value = await read();
			if (check(value) !== false)
				return value;
		} catch (error) {
			wrong = error;
		}
		if (Date.now() > end)
			throw wrong ?? new Error(`still ${JSON.stringify(value)}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

/* Type a line into the input that adds, and press Enter. */
export async function add(page, line) {
	await page.getByLabel('New task').fill(line);
	await page.keyboard.press('Enter');
}

/*
 * Whatever was done so far, the server has this and no more: names are those that it has, and one
 * that is added now. What the page sends, it sends in order, so that the last one tells of all.
 */
export async function expectStored(set, page, names) {
	await add(page, names.at(-1));
	return eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ name }) => name), names));
}

/* All that was done is sent, and the page has heard so. */
export const expectSent = (page) => eventually(() => page.evaluate((name) =>
	JSON.parse(localStorage.getItem(name) ?? '[]').length, `todo.queue.${page.who.username}`),
(number) => assert.equal(number, 0));

/* The names of the rows, in order. */
export const names = (page) => page.locator('.row .name').allTextContents();

/* These are the rows, now or in a moment. */
export const expectNames = (page, expected, why) =>
	eventually(() => names(page), (all) => assert.deepEqual(all, expected, why));

export const row = (page, name) => page.locator('.row', { hasText: name });

/* The axe engine finds nothing on the page as it is, once nothing moves any more. */
export async function expectAccessible(page, what) {
	await page.evaluate(() => Promise.allSettled(
		document.getAnimations().map((animation) => animation.finished)));
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
		.analyze();
	assert.deepEqual(violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes[0].html}`), []);
}
