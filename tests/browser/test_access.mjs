/*
 * Everyone: nothing for axe to find in any state, light and dark; what fits a narrow or a zoomed
 * window; and no more movement or colour than one wants.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrive, expectAccessible, expectNames, open, openAs, row, stage } from './harness.mjs';

const set = stage();
const day = (offset) => new Date(Date.now() + offset * 86400000).toISOString().slice(0, 10);
const TASKS = [
	{ name: 'Plain' }, { name: 'Late', due_date: day(-3), priority: 3 },
	{ name: 'Today', due_date: day(0), priority: 2, tags: ['home'] },
	{ name: 'Ahead', due_date: day(9), priority: 1, note: 'x' }, { name: 'Done', completed: true },
	{ name: 'averylongwordthatnobodycanbreakanywhereatall'.repeat(5) },
];

async function goTo(page, place) {
	await page.goto(set.server.url + place);
	await arrive(page);
}

/* Each state that the page can be in, and how one gets there. */
const states = {
	'the list': async () => {},
	'a row with the focus': (page) => row(page, 'Late').click(),
	'editing': (page) => row(page, 'Late').locator('.name').dblclick(),
	'the panel': async (page) => {
		await row(page, 'Ahead').click();
		await page.keyboard.press('n');
		await page.getByText('History').click();
		await page.getByText('Made').waitFor();
	},
	'the menu': async (page) => {
		await row(page, 'Late').hover();
		await row(page, 'Late').getByRole('button', { name: 'More for Late' }).click();
	},
	'a due date': async (page) => {
		await row(page, 'Late').click();
		await page.keyboard.press('d');
		await page.getByRole('textbox', { name: 'Due' }).fill('nonsense');
	},
	'the toast': (page) => page.getByRole('checkbox', { name: 'Plain' }).check(),
	'today': (page) => goTo(page, '?view=today'),
	'upcoming': (page) => goTo(page, '?view=upcoming'),
	'an empty view': (page) => goTo(page, '?tag=none'),
	'the trash': async (page) => {
		await row(page, 'Late').click();
		await page.keyboard.press('Delete');
		await goTo(page, '?view=trash');
		await row(page, 'Late').waitFor();
	},
	'the account': async (page) => {
		await page.getByRole('link', { name: 'Account' }).click();
		await page.getByText('Where you are logged in').waitFor();
	},
};

for (const colorScheme of ['light', 'dark'])
	for (const [name, reach] of Object.entries(states))
		test(`${name}, ${colorScheme}`, async (t) => {
			const page = await openAs(set, t, { tasks: TASKS, colorScheme, reducedMotion: 'reduce' });
			await row(page, 'Plain').waitFor();
			await reach(page);
			await page.locator(':is(.row, .empty, .card):visible').first().waitFor();
			await expectAccessible(page, name);
		});

test('the door, light and dark', async (t) => {
	for (const colorScheme of ['light', 'dark'])
		await expectAccessible(await open(set, t, { colorScheme }), `door, ${colorScheme}`);
});

const overflow = (page) => page.evaluate(() =>
	document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const [name, viewport] of Object.entries({ '320 pixels': { width: 320, height: 640 },
	'200 % zoom': { width: 640, height: 400 }, '400 % zoom': { width: 320, height: 256 } }))
	test(`it fits a window of ${name}`, async (t) => {
		const page = await openAs(set, t, { tasks: TASKS, viewport });
		await row(page, 'Late').waitFor();
		assert.equal(await overflow(page), 0);
		await page.getByRole('link', { name: 'Account' }).click();
		await page.getByText('Where you are logged in').waitFor();
		assert.equal(await overflow(page), 0);
	});

test('what is pressed is at least 24 pixels large', async (t) => {
	const page = await openAs(set, t, { tasks: TASKS, viewport: { width: 390, height: 844 },
		hasTouch: true, isMobile: true });
	await row(page, 'Late').waitFor();
	const small = await page.locator('button, input, a:not(.mark), .handle').evaluateAll((all) =>
		all.filter((one) => one.checkVisibility() && !one.closest('.skip, .unseen'))
			.map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
			.filter(([, { width, height }]) => width > 0 && Math.min(width, height) < 24)
			.map(([html]) => html));
	assert.deepEqual(small, []);
});

test('nothing moves for those who want none of it', async (t) => {
	const page = await openAs(set, t, { tasks: TASKS, reducedMotion: 'reduce' });
	await row(page, 'Late').click();
	await page.keyboard.press('n');
	await page.getByRole('dialog').waitFor(); /* which a letter opens a moment later */
	assert.deepEqual(await page.evaluate(() => document.getAnimations().length), 0);
});

test('forced colours keep what a colour says', async (t) => {
	const page = await openAs(set, t, { tasks: TASKS, forcedColors: 'active' });
	await row(page, 'Done').waitFor();
	const fill = (name) => row(page, name).locator('.check').evaluate((check) =>
		getComputedStyle(check).backgroundColor);
	assert.notEqual(await fill('Done'), await fill('Plain'));
	await expectAccessible(page, 'forced colours');
});

test('the theme is the system\'s, or one\'s own, from the first pixel on', async (t) => {
	const page = await openAs(set, t, { colorScheme: 'light' });
	const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await paper();
	await page.getByRole('link', { name: 'Account' }).click();
	await page.getByText('dark', { exact: true }).click();
	const dark = await paper();
	assert.notEqual(dark, light);
	await page.addInitScript(() => {
		addEventListener('DOMContentLoaded', () => {
			window.first = getComputedStyle(document.body).backgroundColor;
		});
	});
	await page.reload();
	assert.equal(await page.evaluate(() => window.first), dark);
	await page.emulateMedia({ colorScheme: 'dark' });
	await page.getByText('system', { exact: true }).click();
	assert.equal(await paper(), dark);
	await page.emulateMedia({ colorScheme: 'light' });
	assert.equal(await paper(), light);
});

test('on paper is the list alone', async (t) => {
	const page = await openAs(set, t, { tasks: TASKS });
	await row(page, 'Late').waitFor();
	await page.emulateMedia({ media: 'print' });
	for (const selector of ['.bar', '.views', '#add', '.row .more'])
		assert.equal(await page.locator(selector).first().isVisible(), false, selector);
	assert.equal(await row(page, 'Late').isVisible(), true);
	const [open, done] = [false, true].map((wanted) =>
		TASKS.filter(({ completed = false }) => completed === wanted));
	await expectNames(page, [...open, ...done].map(({ name }) => name));
});

test('the page has its landmarks, and the list is a list', async (t) => {
	const page = await openAs(set, t, { tasks: TASKS });
	for (const role of ['banner', 'navigation', 'main', 'search'])
		await page.getByRole(role).first().waitFor();
	assert.equal(await page.getByRole('listitem').filter({ hasText: 'Late' }).count(), 1);
	assert.equal(await page.getByRole('checkbox', { name: 'Late' }).count(), 1);
	await row(page, TASKS[0].name).waitFor();
	await page.getByText('To the list').focus();
	await page.keyboard.press('Enter');
	assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')),
		TASKS[0].name);
});
