/*
 * The beginning, on a line that is slow or breaks: it waits as long as something comes, tries again
 * where nothing does, says what it waits for, and takes nobody else's answers for the server's.
 */
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { test } from 'node:test';
import { add, api, eventually, expectAccessible, expectNames, openAs, register, row, stage,
	stored } from './harness.mjs';

const set = stage();
const MANY = 2300;
const SLOWLY_MS = 20000;
const QUIET = /ERR_|503|Failed to load resource/;

async function fill({ username, token }, count) {
	for (let i = 0; i < count; i += 1000)
		await api(set, token, 'POST', `accounts/${username}/tasks/batch`, {
			items: Array.from({ length: Math.min(1000, count - i) }, (_, n) =>
				({ op: 'create', task: { name: `Task ${i + n}` } })) });
}

/*
 * The page's own timers are the test's, those behind AbortSignal.timeout() too: its time stands
 * still but where the test lets it go on, however long anything takes meanwhile.
 */
async function ownTime(page) {
	await page.clock.install();
	await page.clock.pauseAt(Date.now() + 60000);
	await page.addInitScript(() => {
		AbortSignal.timeout = (ms) => {
			const control = new AbortController();
			setTimeout(() => control.abort(), ms);
			return control.signal;
		};
	});
}

/*
 * A proxy in front of the server. gate(request) is 'reply' where the reply is to come in pieces, each
 * once somebody takes a function from waiting and calls it; 'work' where the request is passed on like
 * that; and null for all else.
 */
async function slowProxy(t, gate) {
	const waiting = [];
	const turn = () => new Promise((resolve) => waiting.push(resolve));
	const pieces = async (from, to) => {
		for await (const piece of from) {
			await turn();
			to.write(piece);
		}
		to.end();
	};
	const proxy = createServer(async (req, res) => {
		const held = gate(req);
		const body = [];
		for await (const piece of req)
			body.push(piece);
		if (held === 'work')
			await turn();
		const inner = request({ port: new URL(set.server.url).port, host: '127.0.0.1',
			method: req.method, path: req.url,
			/* In gzip a list would be one piece. */
			headers: { ...req.headers, 'accept-encoding': 'identity' } }, (reply) => {
			res.writeHead(reply.statusCode, reply.headers);
			res.flushHeaders();
			if (held === 'reply')
				pieces(reply, res);
			else
				reply.pipe(res);
		});
		inner.on('error', () => res.destroy());
		inner.end(Buffer.concat(body));
	});
	await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	t.after(() => {
		proxy.closeAllConnections();
		proxy.close();
	});
	return { ...set, waiting, server: { url: `http://127.0.0.1:${proxy.address().port}/` } };
}

const isList = ({ url }) => /\/tasks\?/.test(url);

test('a list that takes minutes comes, since it comes', async (t) => {
	const user = await register(set);
	await fill(user, 900);
	let isSlow = false;
	const slow = await slowProxy(t, (one) => (isSlow && isList(one) ? 'reply' : null));
	const page = await openAs(slow, t, { user });
	await row(page, 'Task 0').first().waitFor();
	await ownTime(page);
	await fill(user, 1); /* or the browser would have it already */
	await page.addInitScript(() => {
		const { read } = ReadableStreamDefaultReader.prototype;
		window.heard = 0;
		ReadableStreamDefaultReader.prototype.read = async function readAndCount() {
			const piece = await read.call(this);
			window.heard += piece.value?.length ?? 0;
			return piece;
		};
	});
	const heard = () => page.evaluate(() => window.heard);
	isSlow = true;
	await page.reload();
	await page.getByText('One moment…').waitFor();
	let passed = 0;
	while (await page.locator('.row').count() === 0) {
		if (slow.waiting.length === 0)
			continue;
		await page.clock.runFor(SLOWLY_MS);
		const before = await heard();
		slow.waiting.shift()();
		await eventually(heard, (bytes) => bytes > before); /* or more time would pass in silence */
		passed++;
	}
	assert.ok(passed * SLOWLY_MS > 60000, `${passed} pieces`);
	await eventually(() => page.locator('.left').textContent(), (text) =>
		assert.equal(text, '901 left'));
});

test('a long list comes in pages, and all of it', async (t) => {
	const user = await register(set);
	await fill(user, MANY);
	const page = await openAs(set, t, { user });
	await eventually(() => page.locator('.left').textContent(), (text) => text === `${MANY} left`);
	const asked = [];
	page.on('request', (one) => isList({ url: one.url() }) && asked.push(one.url()));
	await page.reload();
	await eventually(() => page.locator('.left').textContent(), (text) => text === `${MANY} left`);
	assert.equal(asked.length, 3);
	assert.ok(asked.every((url) => url.includes('limit=1000')));
});

test('what is changed while the list comes is not missed', async (t) => {
	const user = await register(set);
	await fill(user, 1200);
	const page = await openAs(set, t, { user });
	await eventually(() => page.locator('.left').textContent(), (text) => text === '1200 left');
	const tasks = `accounts/${user.username}/tasks`;
	const [{ id }] = await stored(set, user);
	let done = false;
	await page.route('**/tasks?*cursor=*', async (route) => {
		if (!done) {
			await api(set, user.token, 'DELETE', `${tasks}/${id}`);
			await api(set, user.token, 'PATCH', `${tasks}/${id + 1}`, { name: 'Changed' });
			await api(set, user.token, 'POST', tasks, { name: 'Fresh' });
			done = true;
		}
		await route.continue();
	});
	await page.reload();
	await row(page, 'Changed').first().waitFor();
	await eventually(() => page.locator('.left').textContent(), (text) =>
		assert.equal(text, '1200 left'));
	assert.equal(await page.locator('.row .name', { hasText: /^Task 0$/ }).count(), 0);
});

/* What may go wrong with a request once. */
const faults = {
	'is lost': (route) => route.abort(),
	'is answered with 503': (route) => route.fulfill({ status: 503,
		contentType: 'application/problem+json', body: '{"status":503,"detail":"Too busy."}' }),
	'is answered by somebody else': (route) => route.fulfill({ status: 200,
		contentType: 'text/html', body: '<h1>Log in to the network</h1>' }),
};

/* It failed, and tries again once so much time has passed. */
async function retryAfter(page, ms) {
	await page.getByText(/Retrying…/).waitFor();
	await page.clock.runFor(ms - 1);
	await page.getByText(/Retrying…/).waitFor();
	await page.clock.runFor(1);
}

const QUESTIONS = { 'who one is': '**/page/session', 'the list': '**/tasks?*' };

for (const [what, path] of Object.entries(QUESTIONS))
	for (const [how, fail] of Object.entries(faults))
		test(`the page comes although the question for ${what} ${how}`, async (t) => {
			const page = await openAs(set, t, { tasks: ['Alpha'], allow: [QUIET] });
			await ownTime(page);
			let asked = 0, isBroken = true;
			await page.route(path, (route) => (asked++, isBroken ? fail(route) : route.continue()));
			await page.reload();
			await retryAfter(page, 1000);
			await retryAfter(page, 2000);
			await eventually(() => asked, (times) => times === 3);
			await page.getByText(/Retrying…/).waitFor();
			assert.equal(await page.getByRole('button', { name: 'Log in' }).count(), 0);
			isBroken = false;
			await page.getByRole('button', { name: 'Now' }).click();
			await expectNames(page, ['Alpha']);
			assert.equal(asked, 4);
			assert.equal(await page.getByText(/Retrying…/).count(), 0);
		});

test('what it waits for can be read by all', async (t) => {
	for (const path of Object.values(QUESTIONS)) {
		const page = await openAs(set, t, { tasks: ['Alpha'], allow: [QUIET] });
		await ownTime(page);
		await page.route(path, (route) => route.abort());
		await page.reload();
		for (const wait of [1000, 2000, 5000, 10000])
			await retryAfter(page, wait);
		await page.getByText(/Retrying…/).waitFor(); // and for 30 seconds it does not
		await page.clock.resume();
		await expectAccessible(page, path);
	}
});

test('it tries again by itself, less and less often', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha'], allow: [QUIET] });
	await ownTime(page);
	let asked = 0;
	await page.route('**/tasks?*', (route) => (asked++ < 3 ? route.abort() : route.continue()));
	await page.reload();
	for (const [times, wait] of [[1, 1000], [2, 2000], [3, 5000]]) {
		await eventually(() => asked, (now) => now === times);
		await retryAfter(page, wait);
	}
	await expectNames(page, ['Alpha']);
	assert.equal(asked, 4);
});

test('a reply that stops coming is given up, and asked for again', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha'], allow: [QUIET] });
	await ownTime(page);
	let asked = 0;
	await page.route('**/tasks?*', (route) => asked++ > 0 && route.continue());
	await page.reload();
	await eventually(() => asked, (now) => now === 1);
	await page.clock.runFor(29000);
	assert.equal(await page.getByText(/Retrying…/).count(), 0);
	assert.equal(asked, 1);
	await page.clock.runFor(1000);
	await retryAfter(page, 1000);
	await expectNames(page, ['Alpha']);
	assert.equal(asked, 2);
});

test('where a part of the page is missing, there is a word', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha'], allow: [QUIET] });
	await page.route('**/phrases.js', (route) => route.abort());
	await page.reload();
	await page.getByText(/could not be fetched/).waitFor();
	await expectAccessible(page, 'a part is missing');
	await page.unroute('**/phrases.js');
	await page.getByRole('link', { name: 'load it again' }).click();
	await expectNames(page, ['Alpha']);
	assert.equal(await page.getByText(/could not be fetched/).count(), 0);
});

/* The card that imports, and a file of many tasks for it. */
async function importing(page) {
	await page.getByRole('link', { name: 'Account' }).click();
	const card = page.getByRole('region', { name: 'Bring something in' });
	const take = () => card.locator('input[type=file]').setInputFiles({ name: 'todo.txt',
		mimeType: 'text/plain', buffer: Buffer.from('Milk\n'.repeat(20000)) });
	await card.waitFor();
	return { card, take };
}

test('an import that takes longer than half a minute is not given up', async (t) => {
	const slow = await slowProxy(t, ({ url }) => (/\/import\?/.test(url) ? 'work' : null));
	const page = await openAs(slow, t);
	await ownTime(page);
	await page.reload();
	const { card, take } = await importing(page);
	await take();
	await card.getByText('Reading…').waitFor();
	await eventually(() => slow.waiting.length, (number) => number === 1);
	for (let i = 0; i < 4; i++)
		await page.clock.runFor(SLOWLY_MS);
	slow.waiting.shift()();
	await card.getByText('20000 tasks would come in').waitFor();
});

test('the sending of a large file says how far it is', async (t) => {
	const page = await openAs(set, t);
	const { card, take } = await importing(page);
	await page.evaluate(() => {
		window.said = [];
		new MutationObserver(() => window.said.push(document.querySelector('[aria-live] p')?.textContent))
			.observe(document.querySelector('main'), { subtree: true, childList: true });
	});
	await take();
	await card.getByText('20000 tasks would come in').waitFor();
	assert.ok((await page.evaluate(() => window.said)).some((text) => /Reading…|Sending/.test(text)));
});

/* Once nothing is in the way it may be sent by itself, too, and then the button is hidden. */
const sendNow = (page) => page.evaluate(() => [...document.querySelectorAll('button')]
	.find((button) => button.textContent === 'Send now').click());

/* Answers that are nobody's who knows tasks, and yet look like some. */
const strangers = {
	'a page of a network that wants a log-in': { status: 200, contentType: 'text/html',
		body: '<h1>Welcome to the hotel</h1>' },
	'JSON of something else': { status: 200, json: { ok: true } },
	'a list': { status: 200, json: [] },
	'JSON that breaks off': { status: 200, contentType: 'application/json', body: '{"task":' },
	'nothing': { status: 200, body: '' },
	'a bare 404': { status: 404, contentType: 'text/html', body: 'Not Found' },
	'a bare 403': { status: 403, body: '' },
	'a 401 of a proxy': { status: 401, contentType: 'text/html', body: 'Who are you?' },
	'a 403 with JSON': { status: 403, json: { error: 'forbidden' } },
};

for (const [what, answer] of Object.entries(strangers))
	test(`no change is lost for ${what}`, async (t) => {
		const page = await openAs(set, t, { tasks: ['Alpha', 'Beta'], allow: [QUIET] });
		await row(page, 'Beta').waitFor();
		const stranger = (route) => (route.request().method() === 'GET' ? route.continue()
			: route.fulfill(answer));
		await page.route('**/tasks', stranger);
		await page.route('**/tasks/**', stranger);
		await add(page, 'Gamma');
		await page.getByRole('checkbox', { name: 'Beta' }).check();
		await row(page, 'Alpha').click();
		await page.keyboard.press('Delete');
		await page.getByText(/3 to send/).waitFor();
		await expectNames(page, ['Gamma', 'Beta']);
		await page.unroute('**/tasks');
		await page.unroute('**/tasks/**');
		await sendNow(page);
		const tasks = await eventually(() => stored(set, page.who), (all) =>
			assert.deepEqual(all.map(({ name }) => name), ['Beta', 'Gamma']));
		assert.equal(tasks[0].completed, true);
		await eventually(() => page.locator('.left').textContent(), (text) => text === '1 left');
	});

test('what the server itself says while it cannot is shown, and the change is kept', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha'], allow: [QUIET] });
	await page.route('**/tasks', (route) => (route.request().method() === 'GET' ? route.continue()
		: route.fulfill({ status: 507, contentType: 'application/problem+json',
			body: '{"status":507,"detail":"There is no room for more tasks."}' })));
	await add(page, 'Beta');
	await page.getByText('1 to send: There is no room for more tasks.').waitFor();
	await page.getByRole('button', { name: 'Send now' }).waitFor();
	await page.unroute('**/tasks');
	await sendNow(page);
	await eventually(() => stored(set, page.who), (all) => all.length === 2);
});

test('a fault of the page itself is shown, and what could not be sent is kept', async (t) => {
	const page = await openAs(set, t, { tasks: ['Alpha'] });
	await page.evaluate(() => {
		window.stringify = JSON.stringify;
		JSON.stringify = (value, ...more) => {
			if (value?.name === 'Beta' && !value.op)
				throw new Error('out of order');
			return window.stringify(value, ...more);
		};
	});
	await add(page, 'Beta');
	await page.getByText('1 to send: out of order').waitFor();
	await page.getByRole('button', { name: 'Send now' }).waitFor();
	await page.evaluate(() => {
		JSON.stringify = window.stringify;
	});
	await sendNow(page);
	await eventually(() => stored(set, page.who), (all) => all.length === 2);
});
