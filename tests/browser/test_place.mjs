/*
 * Where the page may find itself: below a path of a proxy, and on a phone.
 */
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { test } from 'node:test';
import { add, eventually, expectNames, open, openAs, PASSWORD, row, stage,
	stored } from './harness.mjs';

const set = stage();

/* A proxy that has the server below /lists/ and nothing else, as the harness knows servers. */
async function below(t) {
	const proxy = createServer((req, res) => {
		if (!req.url.startsWith('/lists/')) {
			res.writeHead(404).end();
			return;
		}
		const { port } = new URL(set.server.url);
		req.pipe(request({ port, host: '127.0.0.1', method: req.method, headers: req.headers,
			path: req.url.slice('/lists'.length) }, (reply) => {
			res.writeHead(reply.statusCode, reply.headers);
			reply.pipe(res);
		}));
	});
	await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	t.after(() => proxy.close());
	return { ...set, server: { url: `http://127.0.0.1:${proxy.address().port}/lists/` } };
}

test('it works below a path', async (t) => {
	const page = await openAs(await below(t), t, { tasks: ['A'] });
	await add(page, 'B #home');
	await expectNames(page, ['A', 'B']);
	await page.locator('#views').getByRole('link', { name: 'home' }).click();
	await expectNames(page, ['B']);
	await eventually(() => page.url(), (url) => assert.match(url, /\/lists\/\?tag=home$/));
	await page.getByRole('link', { name: 'Account' }).click();
	await page.getByRole('heading', { name: 'Profile' }).waitFor();
	await page.goBack();
	await expectNames(page, ['B']);
	await page.reload();
	await expectNames(page, ['B']);
	await eventually(() => stored(set, page.who), (all) => all.length === 2);
});

test('and so do its forms', async (t) => {
	const page = await open(await below(t), t, { javaScriptEnabled: false, go: 'plain' });
	const form = page.locator('form', { hasText: 'Sign up' });
	await form.getByLabel('Name').fill(`below${process.pid}`);
	await form.getByLabel('Password').fill(PASSWORD);
	await form.getByRole('button').click();
	await page.getByLabel('New task').fill('Milk');
	await page.getByRole('button', { name: 'Add', exact: true }).click();
	await page.getByText('Milk').waitFor();
	assert.match(page.url(), /\/lists\/plain$/);
});

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/* A finger, as the browser hears of it: put down, moved in steps, and lifted. */
async function drag(page, from, to) {
	const cdp = await page.context().newCDPSession(page);
	const touch = (type, y) => cdp.send('Input.dispatchTouchEvent', { type,
		touchPoints: type === 'touchEnd' ? [] : [{ x: from.x, y }] });
	await touch('touchStart', from.y);
	for (let step = 1; step <= 5; step++)
		await touch('touchMove', from.y + (to.y - from.y) * step / 5);
	await touch('touchEnd');
}

async function middle(locator) {
	const { x, y, width, height } = await locator.boundingBox();
	return { x: x + width / 2, y: y + height / 2 };
}

test('a finger does all on a phone', async (t) => {
	const page = await openAs(set, t, { tasks: ['Apples', 'Bread', 'Cheese', 'Dates'], ...PHONE });
	await row(page, 'Bread').getByRole('checkbox').tap();
	await eventually(() => stored(set, page.who), (all) => all.some((one) => one.completed));
	await row(page, 'Cheese').getByRole('button', { name: 'More for Cheese' }).tap();
	await page.getByRole('button', { name: 'Details' }).tap();
	await page.getByLabel('Note').fill('by thumb');
	await page.getByRole('button', { name: 'Done' }).tap();
	await eventually(() => stored(set, page.who), (all) =>
		all.some(({ name, note }) => name === 'Cheese' && note === 'by thumb'));
	await expectNames(page, ['Apples', 'Cheese', 'Dates', 'Bread']);
	const { y } = await middle(row(page, 'Dates'));
	await drag(page, await middle(row(page, 'Apples').locator('[data-handle]')), { y: y + 15 });
	await expectNames(page, ['Cheese', 'Dates', 'Apples', 'Bread']);
	const place = (all, wanted) => all.find(({ name }) => name === wanted).position;
	await eventually(() => stored(set, page.who), (all) =>
		place(all, 'Apples') > place(all, 'Dates'));
});
