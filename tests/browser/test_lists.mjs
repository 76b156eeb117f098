/*
 * Lists: at the side, at the head of what they show, in quick add and in the panel; their headings;
 * and what becomes of them without a network, elsewhere, in the trash and by undo.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, api, eventually, expectAccessible, expectNames, expectSent, openAs, register, row, stage,
	stored } from './harness.mjs';

const set = stage();

const side = (page, name) => page.locator('.views').getByRole('link', { name });
const toast = (page) => page.locator('#toast');
const dialog = (page) => page.getByRole('dialog');
const press = (page, key) => page.keyboard.press(key, { delay: 250 });
const headings = (page) => page.locator('.heading h3').allTextContents();

const lists = async ({ who: { username, token } }) =>
	(await api(set, token, 'GET', `accounts/${username}/lists?archived=true`)).lists;

/* A page of somebody who has these lists, by their names: page.lists has their ids. */
async function withLists(t, wanted, { tasks = [], ...options } = {}) {
	const user = await register(set);
	const ids = {};
	for (const list of wanted) {
		const made = await api(set, user.token, 'POST', `accounts/${user.username}/lists`,
			typeof list === 'string' ? { name: list } : list);
		ids[made.list.name] = made.list.id;
	}
	const page = await openAs(set, t, { user, ...options,
		tasks: tasks.map((task) => (task.list ? { ...task, list: ids[task.list] } : task)) });
	page.lists = ids;
	return page;
}

async function choose(page, ...buttons) {
	await page.getByRole('button', { name: /^More for the list/ }).click();
	for (const name of buttons)
		await dialog(page).getByRole('button', { name, exact: true }).click();
}

test('the side has the inbox and the lists, with what is to be done in each', async (t) => {
	const page = await withLists(t, [{ name: 'Home', color: '#2e8b57' }, 'Work', { name: 'Old',
		archived: true }], { tasks: [{ name: 'Mop', list: 'Home' }, { name: 'Dust', list: 'Home',
		completed: true }, { name: 'Loose' }] });
	assert.equal(await side(page, /^Home/).textContent(), 'Home1');
	assert.equal(await side(page, /^Work/).textContent(), 'Work');
	assert.equal(await side(page, /^Inbox/).textContent(), 'Inbox1');
	assert.equal(await side(page, /^Old/).count(), 0);
	assert.equal(await side(page, /^Home/).locator('.dot').evaluate((dot) =>
		getComputedStyle(dot).backgroundColor), 'rgb(46, 139, 87)');
	assert.match(await row(page, 'Mop').locator('.marks').textContent(), /Home/);
	await side(page, /^Home/).click();
	await expectNames(page, ['Mop', 'Dust']);
	assert.equal(await page.locator('.head h2').textContent(), 'Home');
	assert.equal(await row(page, 'Mop').locator('.marks').textContent(), '');
	assert.equal(new URL(page.url()).search, `?list=${page.lists.Home}`);
	await expectAccessible(page, 'a list');
	await page.reload();
	await expectNames(page, ['Mop', 'Dust']);
	await side(page, /^Inbox/).click();
	await expectNames(page, ['Loose']);
	await page.getByRole('button', { name: 'Archived lists' }).click();
	await dialog(page).getByRole('button', { name: 'Old' }).click();
	await side(page, /^Old/).waitFor();
});

test('a list is made, renamed, coloured, archived, moved, and each is taken back', async (t) => {
	const page = await withLists(t, ['Home']);
	await page.getByRole('button', { name: 'New list' }).click();
	await expectAccessible(page, 'a new list');
	await page.getByLabel('Name', { exact: true }).fill('Garden');
	await page.getByLabel('Green').check();
	await page.keyboard.press('Enter');
	await toast(page).getByText('Added the list “Garden”').waitFor();
	await eventually(() => lists(page), (all) => assert.deepEqual(
		all.map(({ name, color }) => [name, color]), [['Home', ''], ['Garden', '#2e8b57']]));
	assert.equal(await page.locator('.head h2').textContent(), 'Garden');
	await choose(page, 'Name and colour');
	await page.getByLabel('Name', { exact: true }).fill('Balcony');
	await page.getByRole('button', { name: 'Save' }).click();
	await toast(page).getByText('Renamed the list “Balcony”').waitFor();
	await side(page, 'Balcony').waitFor();
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await side(page, 'Garden').waitFor();
	await choose(page, 'Move up');
	await eventually(() => lists(page), (all) => assert.deepEqual(all.map(({ name }) => name),
		['Garden', 'Home']));
	await choose(page, 'Archive');
	await toast(page).getByText('Archived the list “Garden”').waitFor();
	await side(page, 'Home').click();
	assert.equal(await side(page, 'Garden').count(), 0);
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await side(page, 'Garden').waitFor();
	await eventually(() => lists(page), (all) => assert.deepEqual(
		all.map(({ name, archived }) => [name, archived]), [['Garden', false], ['Home', false]]));
});

test('a list is deleted with its tasks, and comes back with them', async (t) => {
	const page = await withLists(t, ['Home'], { tasks: [{ name: 'Mop', list: 'Home' }, 'Loose'] });
	await side(page, /^Home/).click();
	await choose(page, 'Delete the list and its tasks');
	await toast(page).getByText('Deleted the list “Home”').waitFor();
	await expectNames(page, ['Loose']);
	assert.equal(await side(page, /^Home/).count(), 0);
	await eventually(() => stored(set, page.who), (all) => assert.equal(all.length, 1));
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await side(page, 'Home 1').waitFor();
	await expectNames(page, ['Mop', 'Loose']);
	await eventually(() => stored(set, page.who), (all) =>
		assert.equal(all[0].list, page.lists.Home));
});

test('a list lies in the trash, and is restored from there', async (t) => {
	const page = await withLists(t, ['Home'], { tasks: [{ name: 'Mop', list: 'Home' }] });
	await api(set, page.who.token, 'DELETE',
		`accounts/${page.who.username}/lists/${page.lists.Home}`);
	await side(page, 'Trash').click();
	await eventually(() => row(page, 'Home').locator('.marks').textContent(), (text) =>
		assert.match(text, /a list/));
	await expectAccessible(page, 'a list in the trash');
	await row(page, 'Home').getByRole('button', { name: 'Restore' }).click();
	await side(page, 'Home 1').waitFor();
	await expectNames(page, []);
	await eventually(() => stored(set, page.who), ([one]) => one.name === 'Mop');
});

test('what is added in a list is in it, and ~ names another one', async (t) => {
	const page = await withLists(t, ['Home', 'Work']);
	await side(page, 'Home').click();
	await add(page, 'Mop');
	await page.getByLabel('New task').fill('Report ~work tomorrow');
	await page.locator('#add').getByRole('button', { name: /^Work: keep “~work”/ }).waitFor();
	await page.keyboard.press('Enter');
	await toast(page).getByText('Added “Report”').waitFor();
	await add(page, 'Loose ~inbox');
	await expectNames(page, ['Mop']);
	const { Home, Work } = page.lists;
	await eventually(() => stored(set, page.who), (all) => assert.deepEqual(
		all.map(({ name, list }) => [name, list]), [['Mop', Home], ['Report', Work], ['Loose', null]]));
});

test('a task is moved to a list by a key, in the panel, and with others', async (t) => {
	const page = await withLists(t, ['Home', 'Work'], { tasks: ['A', { name: 'B', list: 'Work' }, 'C'] });
	await row(page, 'A').click();
	await press(page, 'l');
	await expectAccessible(page, 'a choice of lists');
	await page.getByRole('combobox', { name: 'List' }).selectOption('Home');
	await page.getByRole('button', { name: 'Done' }).click();
	await toast(page).getByText('Moved “A”').waitFor();
	await eventually(() => stored(set, page.who), ([a]) => a.list === page.lists.Home);
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await eventually(() => stored(set, page.who), ([a]) => a.list === null);
	await row(page, 'C').click();
	await press(page, 'n');
	await page.getByRole('combobox', { name: 'List' }).selectOption('Home');
	await page.getByLabel('Heading').fill('Kitchen');
	await page.getByRole('button', { name: 'Done' }).click();
	await eventually(() => stored(set, page.who), ([, , c]) =>
		assert.deepEqual([c.list, c.heading], [page.lists.Home, 'Kitchen']));
	for (const name of ['A', 'B']) {
		await row(page, name).click();
		await press(page, 'm');
	}
	await page.getByRole('button', { name: 'List', exact: true }).click();
	assert.equal(await page.getByRole('combobox', { name: 'List' }).locator('option:checked').textContent(), 'Mixed');
	await page.getByRole('combobox', { name: 'List' }).selectOption('Home');
	await page.getByRole('button', { name: 'Done' }).click();
	await toast(page).getByText('Moved 2 tasks').waitFor();
	await eventually(() => stored(set, page.who), (all) =>
		assert.ok(all.every(({ list }) => list === page.lists.Home)));
});

const KITCHEN = [{ name: 'Home', headings: ['Kitchen', 'Bath'] }];

test('headings part a list, and a task goes under one by a drag and by keys', async (t) => {
	const page = await withLists(t, KITCHEN, { tasks: [{ name: 'Loose', list: 'Home' },
		{ name: 'Sink', list: 'Home', heading: 'Kitchen' }, { name: 'Tub', list: 'Home',
			heading: 'Bath' }, { name: 'Oven', list: 'Home', heading: 'Kitchen' }] });
	await side(page, /^Home/).click();
	await expectNames(page, ['Loose', 'Sink', 'Oven', 'Tub']);
	assert.deepEqual(await headings(page), ['Kitchen', 'Bath']);
	const headingOf = (name, heading) => eventually(() => stored(set, page.who), (all) =>
		assert.equal(all.find((one) => one.name === name).heading, heading));
	await row(page, 'Oven').click();
	await press(page, 'Alt+ArrowDown');
	await expectNames(page, ['Loose', 'Sink', 'Oven', 'Tub']);
	await headingOf('Oven', 'Bath');
	await press(page, 'Alt+ArrowUp');
	await headingOf('Oven', 'Kitchen');
	const [from, to] = [row(page, 'Tub'), row(page, 'Sink')];
	await from.hover();
	const [handle, target] = [await from.locator('.handle').boundingBox(), await to.boundingBox()];
	await page.mouse.move(handle.x + 8, handle.y + 8);
	await page.mouse.down();
	await page.mouse.move(target.x + 50, target.y + 5, { steps: 5 });
	await page.mouse.up();
	await expectNames(page, ['Loose', 'Tub', 'Sink', 'Oven']);
	await headingOf('Tub', 'Kitchen');
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await expectNames(page, ['Loose', 'Sink', 'Oven', 'Tub']);
	await headingOf('Tub', 'Bath');
});

test('headings are added, renamed and taken away, with a way back', async (t) => {
	const page = await withLists(t, KITCHEN, { tasks: [
		{ name: 'Sink', list: 'Home', heading: 'Kitchen' }] });
	const stand = (expected, heading) => eventually(async () => [(await lists(page))[0].headings,
		(await stored(set, page.who))[0].heading], (now) => assert.deepEqual(now, [expected, heading]));
	await side(page, /^Home/).click();
	await choose(page, 'Headings');
	await expectAccessible(page, 'headings');
	await page.getByLabel('New heading').fill('Cellar');
	await page.keyboard.press('Enter');
	await stand(['Kitchen', 'Bath', 'Cellar'], 'Kitchen');
	await choose(page, 'Headings');
	await page.getByLabel('Heading 1').fill('Galley');
	await page.getByRole('button', { name: 'Save' }).click();
	await stand(['Galley', 'Bath', 'Cellar'], 'Galley');
	await eventually(() => headings(page), (all) =>
		assert.deepEqual(all, ['Galley', 'Bath', 'Cellar']));
	await choose(page, 'Headings');
	await page.getByLabel('Heading 1').fill('');
	await page.getByRole('button', { name: 'Save' }).click();
	await stand(['Bath', 'Cellar'], null);
	await expectSent(page);
	await toast(page).getByRole('button', { name: 'Undo' }).click();
	await stand(['Galley', 'Bath', 'Cellar'], 'Galley');
	await eventually(() => headings(page), (all) =>
		assert.deepEqual(all, ['Galley', 'Bath', 'Cellar']));
});

test('a list that is made without a network has its tasks once there is one', async (t) => {
	const page = await withLists(t, [], { allow: [/ERR_INTERNET_DISCONNECTED/] });
	await page.context().setOffline(true);
	await page.getByRole('button', { name: 'New list' }).click();
	await page.getByLabel('Name', { exact: true }).fill('Trip');
	await page.keyboard.press('Enter');
	await add(page, 'Tent');
	await add(page, 'Boots ~trip');
	await expectNames(page, ['Tent', 'Boots']);
	await side(page, 'Trip 2').waitFor();
	await page.context().setOffline(false);
	await expectSent(page);
	const [{ id }] = await lists(page);
	await eventually(() => stored(set, page.who), (all) =>
		assert.deepEqual(all.map(({ list }) => list), [id, id]));
	await expectNames(page, ['Tent', 'Boots']);
	await side(page, 'Trip 2').click();
	await eventually(() => new URL(page.url()).search, (now) => assert.equal(now, `?list=${id}`));
});

test('a list that waits to be sent outlives the page', async (t) => {
	const page = await withLists(t, [], { allow: [/ERR_/] });
	const fail = (route) => (route.request().method() === 'POST' ? route.abort() : route.continue());
	await page.route('**/lists', fail);
	await page.getByRole('button', { name: 'New list' }).click();
	await page.getByLabel('Name', { exact: true }).fill('Trip');
	await page.keyboard.press('Enter');
	await add(page, 'Tent');
	await page.getByText(/offline, 2 to send/).waitFor();
	await page.unroute('**/lists', fail);
	await page.goto(set.server.url);
	await side(page, 'Trip 1').waitFor();
	await expectSent(page);
	const [{ id, name }] = await lists(page);
	assert.equal(name, 'Trip');
	await eventually(() => stored(set, page.who), ([one]) => one.list === id);
});

test('what others do with lists is seen when one comes back', async (t) => {
	const page = await withLists(t, ['Home'], { tasks: [{ name: 'Mop', list: 'Home' }] });
	const at = `accounts/${page.who.username}/lists`;
	const look = () => page.evaluate(() => dispatchEvent(new Event('focus')));
	await api(set, page.who.token, 'PATCH', `${at}/${page.lists.Home}`, { name: 'House' });
	await api(set, page.who.token, 'POST', at, { name: 'Work' });
	await look();
	await side(page, 'House 1').waitFor();
	await side(page, 'Work').waitFor();
	await side(page, /^House/).click();
	await api(set, page.who.token, 'DELETE', `${at}/${page.lists.Home}`);
	await look();
	await expectNames(page, []);
	assert.equal(await page.locator('.head h2').textContent(), 'All');
});

test('what is typed for a list that is gone is kept', async (t) => {
	const page = await withLists(t, ['Home'], { allow: [/ERR_INTERNET_DISCONNECTED/, /422/] });
	await side(page, 'Home').click();
	await page.context().setOffline(true);
	await add(page, 'Mop');
	await page.getByText(/offline, 1 to send/).waitFor();
	await api(set, page.who.token, 'DELETE',
		`accounts/${page.who.username}/lists/${page.lists.Home}`);
	await page.context().setOffline(false);
	await eventually(() => stored(set, page.who), ([one]) =>
		assert.deepEqual([one.name, one.list], ['Mop', null]));
	await expectNames(page, ['Mop']);
});

test('the keys go to the inbox and to a list', async (t) => {
	const page = await withLists(t, ['Home'], { tasks: ['Loose', { name: 'Mop', list: 'Home' }] });
	await row(page, 'Mop').click();
	await press(page, 'g');
	await press(page, 'i');
	await expectNames(page, ['Loose']);
	await press(page, 'g');
	await press(page, 'l');
	await dialog(page).getByRole('button', { name: 'Home · 1 open' }).click();
	await expectNames(page, ['Mop']);
});
