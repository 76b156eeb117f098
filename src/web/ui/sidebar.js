/*
 * The views and tags at the side, with how much is to be done in each.
 */
import { el, icon } from './dom.js';
import { icons } from './icons.js';
import { addressOf, fixedViews, tagsOf } from '../model/views.js';

function link(place, title, drawing, count, here) {
	const address = addressOf(place);
	return el('li', {}, el('a', { href: address, 'data-place': place.name,
		'aria-current': address === here ? 'page' : null }, icon(icons[drawing]),
		el('span', { class: 'title' }, title),
		count > 0 ? el('span', { class: 'count' }, String(count)) : null));
}

let drawn = '';

/* nav: the list. It is left alone where nothing is new, and a link that has the focus keeps it. */
export function drawSidebar(nav, tasks, place) {
	const now = new Date();
	const here = addressOf(place);
	const open = [...tasks].filter((task) => !task.completed);
	const count = (view) => (view.open ? open.filter((task) => view.open(task, now)).length : 0);
	const links = [
		...fixedViews.map((view) => link(view, view.title, view.name, count(view), here)),
		...tagsOf(open).map(([tag, number]) => link({ name: 'tag', tag }, tag, 'tag', number, here)),
	];
	const text = links.map((item) => item.outerHTML).join('');
	if (text === drawn)
		return;
	drawn = text;
	const focused = nav.contains(document.activeElement) ? document.activeElement.href : null;
	nav.replaceChildren(...links);
	nav.querySelectorAll('a').forEach((a) => a.href === focused && a.focus({ preventScroll: true }));
}
