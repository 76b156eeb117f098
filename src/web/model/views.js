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

const isInInbox = ({ list }) => list === null;

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
	inbox: { title: 'Inbox', key: 'i', open: isInInbox, done: isInInbox, sort: byPosition,
		empty: 'The inbox is empty: what you add goes here.', movable: true, list: null },
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

/* The open tasks of a list stand under its headings, and one that the list has not yet at the end. */
function listView(list, tasks) {
	if (list === null)
		return { title: 'A list that is gone', empty: 'There is no such list here.', open: () => false };
	const has = (task) => task.list !== null && tasks.refersTo(task.list) === list.uid;
	return { title: list.name, open: has, done: has, sort: byPosition, movable: true,
		list: tasks.referenceTo(list.uid), headings: list.headings,
		empty: 'Nothing is in this list yet. What you add here goes into it.' };
}

/* ---- addresses: ?view=today, ?list=12, ?tag=home, ?q=milk ---- */

export function placeOf(search) {
	const query = new URLSearchParams(search);
	if (query.get('q'))
		return { name: 'search', query: query.get('q') };
	if (query.get('tag'))
		return { name: 'tag', tag: query.get('tag') };
	if (query.get('list'))
		return { name: 'list', list: query.get('list') };
	const name = query.get('view') ?? 'all';
	return { name: Object.hasOwn(views, name) || name === 'account' ? name : 'all' };
}

export function addressOf({ name, tag, query, list }) {
	const parts = { search: { q: query }, tag: { tag }, list: { list }, all: {} }[name] ?? { view: name };
	const text = new URLSearchParams(parts).toString();
	return text ? `?${text}` : './';
}

/* The list that a place shows; null for none. An address has the id in digits. */
export function listOf({ name, list }, tasks) {
	const uid = name === 'list' ? tasks.refersTo(/^\d+$/.test(list) ? Number(list) : list) : null;
	return uid && tasks.get(uid);
}

export function viewOf(place, tasks) {
	if (place.name === 'search')
		return searchView(place.query);
	if (place.name === 'list')
		return listView(listOf(place, tasks), tasks);
	return place.name === 'tag' ? tagView(place.tag) : views[place.name];
}

/* ---- contents ---- */

/* Those below another one that is there follow it: { task, level }, with level 0 at the top. */
function nest(open, tasks) {
	const there = new Set(open.map(({ uid }) => uid));
	const below = new Map([[null, []]]); /* uid of a task -> those below it */
	for (const task of open) {
		const parent = task.parent === null ? null : tasks.refersTo(task.parent);
		const above = there.has(parent) ? parent : null;
		if (!below.has(above))
			below.set(above, []);
		below.get(above).push(task);
	}
	const all = [];
	const put = (task, level, top) => {
		all.push({ task, level, top });
		below.get(task.uid)?.forEach((one) => put(one, level + 1, top));
	};
	below.get(null).forEach((task) => put(task, 0, task));
	return all;
}

/* The rows of each heading of a list, below it; those of none come first. */
function underHeadings(nested, headings) {
	const all = new Set([...headings, ...nested.map(({ top }) => top.heading)]);
	all.delete(null);
	const under = (heading) => nested.filter(({ top }) => top.heading === heading);
	return [...under(null), ...[...all].flatMap((heading) =>
		[{ heading, isOwn: true }, ...under(heading)])];
}

function underDays(open, view, now) {
	const rows = [];
	let above = null;
	for (const task of open) {
		const heading = view.heading?.(task, now) ?? null;
		if (heading !== above)
			rows.push({ heading });
		above = heading;
		rows.push({ task });
	}
	return rows;
}

/*
 * The rows of a view, and how many are left to be done: { heading }, which isOwn where it is one of a
 * list, or { task, level }, whose level is that below the other ones.
 */
export function contents(view, tasks, now) {
	const open = [], done = [];
	for (const task of tasks) {
		const keep = task.completed ? view.done : view.open;
		if (keep?.(task, now))
			(task.completed ? done : open).push(task);
	}
	open.sort(view.sort ?? byPosition);
	done.sort(byCompletion);
	const nested = view.movable ? nest(open, tasks) : null;
	const rows = nested === null ? underDays(open, view, now)
		: view.headings ? underHeadings(nested, view.headings) : nested;
	if (done.length > 0 && view.open)
		rows.push({ heading: 'Completed' });
	rows.push(...done.map((task) => ({ task })));
	return { rows, left: open.length };
}

/* Of those that have tasks below them: uid -> [completed ones, all]. */
export function progressOf(tasks) {
	const counts = new Map();
	for (const { parent, completed } of tasks) {
		const uid = parent === null ? null : tasks.refersTo(parent);
		if (uid === null)
			continue;
		const [done, all] = counts.get(uid) ?? [0, 0];
		counts.set(uid, [done + completed, all + 1]);
	}
	return counts;
}

/* How many tasks of each list are to be done, by its uid. */
export function openOf(tasks) {
	const counts = new Map();
	for (const { list, completed } of tasks) {
		const uid = list === null || completed ? null : tasks.refersTo(list);
		counts.set(uid, (counts.get(uid) ?? 0) + 1);
	}
	return counts;
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
