/*
 * The views, lists and tags at the side, with how much is to be done in each.
 */
import { dot, el, icon } from './dom.js';
import { icons } from './icons.js';
import { addressOf, fixedViews, listOf, openOf, tagsOf } from '../model/views.js';

function link(place, title, drawing, count, here) {
	const address = addressOf(place);
	return el('li', {}, el('a', { href: address, 'data-place': place.name,
		'aria-current': address === here ? 'page' : null }, drawing,
		el('span', { class: 'title' }, title),
		count > 0 ? el('span', { class: 'count' }, String(count)) : null));
}

const action = (title, name) => el('li', {}, el('button', { type: 'button', class: 'quiet',
	'data-do': name }, icon(icons.add), el('span', { class: 'title' }, title)));

/* Archived ones are at hand by a button, and one of them is here while it is shown. */
function listLinks(tasks, place, here) {
	const lists = tasks.lists();
	const counts = openOf(tasks);
	const shown = listOf(place, tasks)?.uid;
	const isArchived = lists.some(({ archived }) => archived);
	return [
		...lists.filter(({ archived, uid }) => !archived || uid === shown).map((list) =>
			link({ name: 'list', list: String(tasks.referenceTo(list.uid)) }, list.name,
				dot(list.color), counts.get(list.uid), here)),
		action('New list', 'new list'),
		...isArchived ? [action('Archived lists', 'archived lists')] : [],
	];
}

let drawn = '';

/* nav: the list. It is left alone where nothing is new, and a link that has the focus keeps it. */
export function drawSidebar(nav, tasks, place) {
	const now = new Date();
	const shown = listOf(place, tasks);
	const here = addressOf(shown === null ? place
		: { name: 'list', list: String(tasks.referenceTo(shown.uid)) });
	const open = [...tasks].filter((task) => !task.completed);
	const count = (view) => (view.open ? open.filter((task) => view.open(task, now)).length : 0);
	const links = [
		...fixedViews.map((view) => link(view, view.title, icon(icons[view.name]), count(view), here)),
		...listLinks(tasks, place, here),
		...tagsOf(open).map(([tag, number]) =>
			link({ name: 'tag', tag }, tag, icon(icons.tag), number, here)),
	];
	const text = links.map((item) => item.outerHTML).join('');
	if (text === drawn)
		return;
	drawn = text;
	const name = (one) => one.href ?? one.dataset.do;
	const focused = nav.contains(document.activeElement) ? name(document.activeElement) : null;
	nav.replaceChildren(...links);
	nav.querySelectorAll('a, button').forEach((one) =>
		name(one) === focused && one.focus({ preventScroll: true }));
}
