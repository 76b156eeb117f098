/*
 * The tasks and lists as the user sees them: what the server has said, and on top of it what was done
 * here a moment ago. Both are known here by a uid of their own, since they are there before the server
 * gives them an id; until then it stands in place of the id in the list and the parent of a task.
 */
const FRESH = { note: '', due_date: null, completed: false, priority: 0, tags: [], position: 0,
	completed_date: null, list: null, heading: null, parent: null, start_date: null, repeat: null,
	repeat_from: 'due', reminders: [] };
const FRESH_LIST = { color: '', headings: [], position: 0, archived: false };
const DEEPEST = 8; /* tasks below each other */

/* The members that hold the id of a list or a task, or what stands in its place. */
export const REFERENCES = ['list', 'parent'];

/* A task or a list with other members; rename_heading is none, but what is done with those of a list. */
function changed(row, { rename_heading: rename, ...members }) {
	const headings = rename && row.headings.map((one) => (one === rename.from ? rename.to : one));
	return { ...row, ...members, ...(rename && { headings: [...new Set(headings)] }) };
}

export class Items extends EventTarget {
	items = new Map(); /* uid -> { uid, id, isList, base, pending, task, last, lost } */
	uids = new Map(); /* id -> uid, of tasks and of lists */
	parents = new Set(); /* ids of tasks that have had others below them */

	get(uid) {
		const item = this.items.get(uid);
		return item === undefined ? null : this.#seen(item);
	}

	/* All tasks that are not deleted, as { uid, ...members }. */
	*[Symbol.iterator]() {
		for (const item of this.items.values()) {
			const task = item.isList ? null : this.#seen(item);
			if (task !== null)
				yield task;
		}
	}

	/* All lists that are not deleted, in their order. */
	lists() {
		return [...this.items.values()].filter(({ isList, task }) => isList && task !== null)
			.map(({ task }) => task)
			.sort((a, b) => a.position - b.position || (a.id ?? Infinity) - (b.id ?? Infinity));
	}

	/* What a list or a parent refers to; undefined where that is not known. */
	of(reference) {
		return this.items.get(typeof reference === 'string' ? reference : this.uids.get(reference));
	}

	/* The uid of what a list or a parent refers to; null where there is none. */
	refersTo(reference) {
		const item = reference === null ? undefined : this.of(reference);
		return item === undefined || this.#seen(item) === null ? null : item.uid;
	}

	/* As other tasks refer to it. */
	referenceTo(uid) {
		return this.idOf(uid) ?? uid;
	}

	/* A task goes along with its list and with those that it is below. */
	#seen({ task }) {
		if (task === null || ((task.list ?? null) === null && (task.parent ?? null) === null))
			return task;
		if (this.of(task.list)?.task === null)
			return null;
		let isDone = false;
		let above = this.of(task.parent);
		for (let depth = 0; above !== undefined && depth < DEEPEST; depth++) {
			if (above.task === null)
				return null;
			isDone ||= above.pending.some(({ op, task: set }) => op === 'patch' && set.completed);
			above = this.of(above.task.parent);
		}
		return isDone && !task.completed ? { ...task, completed: true,
			completed_date: new Date().toISOString() } : task;
	}

	uidOf(id) {
		return this.uids.get(id);
	}

	idOf(uid) {
		return this.items.get(uid)?.id ?? null;
	}

	/* As the server has it: null where it is deleted, or not known there. */
	baseOf(uid) {
		return this.items.get(uid)?.base ?? null;
	}

	/* As it was seen last; null where it never was. */
	lastOf(uid) {
		return this.items.get(uid)?.last ?? null;
	}

	/* As the server had it before it was deleted; null where this page has not seen that. */
	lostOf(uid) {
		return this.items.get(uid)?.lost ?? null;
	}

	lastPosition() {
		let last = 0;
		for (const task of this)
			last = Math.max(last, task.position);
		return last;
	}

	item(uid, isList = false) {
		if (!this.items.has(uid))
			this.items.set(uid, { uid, id: null, isList, base: null, pending: [], task: null,
				last: null });
		return this.items.get(uid);
	}

	/* That of an id. */
	itemOf(id, isList) {
		if (!this.uids.has(id))
			this.uids.set(id, `t${id}`);
		const item = this.item(this.uids.get(id), isList);
		item.id = id;
		return item;
	}

	/* What is seen of an item: the server's word, and what waits to be sent. */
	show(item) {
		let task = item.base;
		for (const { op, task: members } of item.pending) {
			if (op === 'delete')
				task = null;
			else if (op === 'create')
				task = { ...(item.isList ? FRESH_LIST : FRESH),
					creation_date: new Date().toISOString(), ...members };
			else if (op === 'restore')
				task = task ?? item.last ?? null;
			else if (task !== null)
				task = changed(task, members);
		}
		item.task = task === null ? null : { ...task, uid: item.uid };
		if (task !== null)
			item.last = task;
		if (task?.parent)
			this.parents.add(task.parent);
	}

	/* As the server takes members: what has no id there is none. */
	sent(members) {
		const unnamed = REFERENCES.filter((name) => typeof members[name] === 'string');
		return unnamed.length === 0 ? members : { ...members,
			...Object.fromEntries(unnamed.map((name) => [name, this.idOf(members[name])])) };
	}
}
