/*
 * What is shown where, in which order, and under which address.
 */
import { compareDue, dayOf, dueLabel, isOverdue, today } from './dates.js';

const byPosition = (a, b) => a.position - b.position || (a.id ?? Infinity) - (b.id ?? Infinity);
const byCompletion = (a, b) =>
	(b.completed_date ?? '~').localeCompare(a.completed_date ?? '~') || byPosition(a, b);
const byDue = (a, b) => compareDue(a.due_date, b.due_date) || b.priority - a.priority ||
	byPosition(a, b);

const isDueBy = (task, day) => task.due_date !== null && dayOf(task.due_date) <= day;

/* A heading for each day, or for what is late. */
function dayHeading(task, now) {
	if (isOverdue(task.due_date, now) && dayOf(task.due_date) < today(now))
		return 'Overdue';
	return dueLabel(dayOf(task.due_date), now).text;
}

/*
 * open: which of the tasks that are to be done; done: which of the others, below them. heading:
 * what stands above the first of several.
 */
const views = {
	all: { title: 'All', key: 'a', open: () => true, done: () => true, sort: byPosition,
		empty: 'Nothing to do. Add what comes to mind above.', movable: true },
	today: { title: 'Today', key: 't', open: (task, now) => isDueBy(task, today(now)),
		sort: byDue, heading: dayHeading, empty: 'Nothing is due today.' },
	upcoming: { title: 'Upcoming', key: 'u', sort: byDue, heading: dayHeading,
		open: (task, now) => task.due_date !== null && !isDueBy(task, today(now)),
		empty: 'Nothing with a date is ahead.' },
	overdue: { title: 'Overdue', key: 'o', open: (task, now) => isOverdue(task.due_date, now),
		sort: byDue, empty: 'Nothing is late.' },
	completed: { title: 'Completed', key: 'c', done: () => true,
		empty: 'Nothing is completed yet.' },
	trash: { title: 'Trash', key: 'x', trash: true, empty: 'The trash is empty.' },
};

export const fixedViews = Object.entries(views).map(([name, view]) => ({ name, ...view }));

/* "Résumé" is found by "resume". */
export function fold(text) {
	return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function searchView(query) {
	const words = fold(query).split(/\s+/u).filter(Boolean);
	const finds = (task) => {
		const text = fold(`${task.name}\n${task.note}\n${task.tags.join(' ')}`);
		return words.every((word) => text.includes(word));
	};
	return { title: `“${query}”`, open: finds, done: finds, sort: byPosition,
		empty: 'Nothing has these words.' };
}

function tagView(tag) {
	const has = (task) => task.tags.includes(tag);
	return { title: `#${tag}`, open: has, done: has, sort: byPosition, tag, movable: true,
		empty: 'Nothing has this tag.' };
}

/* ---- addresses: ?view=today, ?tag=home, ?q=milk ---- */

export function placeOf(search) {
	const query = new URLSearchParams(search);
	if (query.get('q'))
		return { name: 'search', query: query.get('q') };
	if (query.get('tag'))
		return { name: 'tag', tag: query.get('tag') };
	const name = query.get('view') ?? 'all';
	return { name: Object.hasOwn(views, name) || name === 'account' ? name : 'all' };
}

export function addressOf({ name, tag, query }) {
	const parts = { search: { q: query }, tag: { tag }, all: {} }[name] ?? { view: name };
	const text = new URLSearchParams(parts).toString();
	return text ? `?${text}` : './';
}

export function viewOf(place) {
	if (place.name === 'search')
		return searchView(place.query);
	return place.name === 'tag' ? tagView(place.tag) : views[place.name];
}

/* ---- contents ---- */

/* The rows of a view: { heading } or { task }, and how many are left to be done. */
export function contents(view, tasks, now) {
	const open = [], done = [];
	for (const task of tasks) {
		const keep = task.completed ? view.done : view.open;
		if (keep?.(task, now))
			(task.completed ? done : open).push(task);
	}
	open.sort(view.sort ?? byPosition);
	done.sort(byCompletion);
	const rows = [];
	let above = null;
	for (const task of open) {
		const heading = view.heading?.(task, now) ?? null;
		if (heading !== above)
			rows.push({ heading });
		above = heading;
		rows.push({ task });
	}
	if (done.length > 0 && view.open)
		rows.push({ heading: 'Completed' });
	rows.push(...done.map((task) => ({ task })));
	return { rows, left: open.length };
}

/* Every tag of what is to be done, with how often it is there, by name. */
export function tagsOf(tasks) {
	const counts = new Map();
	for (const task of tasks)
		if (!task.completed)
			for (const tag of task.tags)
				counts.set(tag, (counts.get(tag) ?? 0) + 1);
	return [...counts].sort(([a], [b]) => a.localeCompare(b));
}

/*
 * The position of something that goes between two others; where the numbers have no room left, null.
 */
export function between(before, after) {
	if (before === undefined && after === undefined)
		return 1;
	if (before === undefined)
		return after - 1;
	if (after === undefined)
		return before + 1;
	const middle = (before + after) / 2;
	return middle > before && middle < after ? middle : null;
}
