/*
 * What becomes of tasks and lists: whatever is done shows at once, goes to the server by the queue, and
 * can be undone; and what the server says is taken in.
 *
 * An operation is { op: 'create' | 'patch' | 'delete' | 'restore', uid, task, was, isList }: task has
 * the members of a task, or of a list. A step is what undo takes back at once: { act, name, count, ops,
 * time }; act is one of words.js, and time is when it was done, in milliseconds. Where the server alone
 * knows the operations, it has a revision of them.
 */
import { Problem, account, send } from '../net/api.js';
import { Items, REFERENCES } from './items.js';
import { merge, pick, same } from '../net/merge.js';
import { OwnRevisions } from './own.js';
import { Queue, newKey } from '../net/queue.js';
import { Sender, rowOf } from '../net/sender.js';

const FOLLOW_MS = 20000;
const PAGE = 1000; /* the most that the server gives at once, or takes */

const OPPOSITE = { create: 'delete', delete: 'restore', restore: 'delete', patch: 'patch' };

/*
 * What takes an operation back. isBack: what the server did along with it, such as the next one of a
 * task that repeats, is to be taken back as well.
 */
function inverse({ op, uid, task, was, isList }) {
	return { op: OPPOSITE[op], uid, task: was, was: task, isList, isBack: op === 'patch' };
}

/* What a change is known by to the operation that takes it back. */
const nameOf = (uid, members) => `${uid} ${JSON.stringify(members)}`;

/* Operations come back from storage as copies. */
function sameOp(a, b) {
	return a === b || (a.op === b.op && a.uid === b.uid && JSON.stringify(a) === JSON.stringify(b));
}

const without = (list, one) => list.filter((other) => other !== one);

export class Tasks extends Items {
	/* ask: what the Sender asks the user. */
	constructor(username, ask) {
		super();
		this.username = username;
		this.at = account(username);
		this.revision = 0;
		this.groups = new Map(); /* name of a change -> its revision, where the server did more */
		this.expected = new Set(); /* ids of what changes along with what was done here */
		this.undone = [];
		this.done = [];
		this.own = new OwnRevisions(`todo.own.${username}`);
		this.sender = new Sender(this, ask);
		this.queue = new Queue(`todo.queue.${username}`, (action) => this.sender.perform(action));
		this.queue.addEventListener('state', () => this.#changed());
	}

	#changed() {
		this.dispatchEvent(new Event('change'));
	}

	/* ---- from the server ---- */

	/*
	 * What a task or a list was made by a revision, null where that deleted it; what is known to be
	 * newer stays.
	 */
	#take(id, task, revision, isList = false) {
		const item = this.itemOf(id, isList);
		if (item.base !== null && item.base.revision > revision)
			return;
		if ((task === null && item.deletedHere) || this.#isExpected(id, task))
			this.own.add([revision]);
		item.deletedHere = false;
		item.lost = item.base ?? item.lost;
		item.base = task;
		this.show(item);
	}

	/* Whether it changes along with something that was done here. */
	#isExpected(id, task) {
		if (!this.expected.has(id) && !this.expected.has(task?.parent))
			return false;
		this.expected.add(id);
		return true;
	}

	/* A task or a list that is in the trash: it may come back from there. Its uid. */
	know(id, task, isList = false) {
		const item = this.itemOf(id, isList);
		item.last ??= task;
		return item.uid;
	}

	/*
	 * All of it, page by page; insist(run) tries each page until it is there, and tell(number) is told
	 * how many tasks have come. What is changed meanwhile, the changes since the first page tell.
	 */
	async load(insist = (run) => run(), tell = () => {}) {
		const seen = new Set();
		let cursor = null, first = null;
		do {
			const query = new URLSearchParams({ limit: PAGE, ...(cursor && { cursor }) });
			const { data, etag, next } = await insist(() => send('GET', this.at(`tasks?${query}`)));
			for (const task of data.tasks) {
				this.#take(task.id, task, task.revision);
				seen.add(task.id);
			}
			first ??= Number(/r(\d+)/.exec(etag)?.[1] ??
				Math.max(0, ...data.tasks.map(({ revision }) => revision)));
			cursor = next;
			tell(seen.size);
		} while (cursor !== null);
		const { data } = await insist(() => send('GET', this.at('lists?archived=true')));
		for (const list of data.lists) {
			this.#take(list.id, list, list.revision, true);
			seen.add(list.id);
		}
		for (const [id, uid] of this.uids)
			if (!seen.has(id) && this.baseOf(uid) !== null)
				this.#take(id, null, first);
		this.revision = first;
		await insist(() => this.follow());
		this.#resume();
		this.#changed();
	}

	/* What was waiting when the page was left. */
	#resume() {
		if (this.resumed)
			return;
		this.resumed = true;
		for (const { ops } of this.queue.actions)
			for (const op of ops) {
				this.#recognize(op);
				this.pend(op);
			}
		this.queue.retry();
	}

	/* An operation of a page that is gone may know its task by another uid; the id is the same. */
	#recognize(op) {
		if (!Number.isInteger(op.id))
			return;
		if (this.uids.has(op.id)) {
			op.uid = this.uids.get(op.id);
		} else {
			this.uids.set(op.id, op.uid);
			this.item(op.uid, op.isList).id = op.id;
		}
	}

	/* What others have done since: a promise of the revisions. */
	async follow() {
		const revisions = [];
		let more = true;
		while (more) {
			const { data } = await send(
				'GET', this.at(`changes?since=${this.revision}&limit=${PAGE}`));
			revisions.push(...this.takeChanges(data.changes));
			more = data.more;
			this.revision = Math.max(this.revision, data.revision);
			if (data.changes.length > 0)
				this.#changed();
		}
		return revisions;
	}

	/* Entries of the feed, of which some may be of nothing that is known here: their revisions. */
	takeChanges(changes) {
		for (const entry of changes)
			if ('task' in entry || 'list' in entry)
				this.#take(entry.id, entry.list ?? entry.task ?? null, entry.revision,
					'list' in entry);
		return changes.map(({ revision }) => revision);
	}

	/* What the server did along with what was done here. */
	async #catchUp() {
		try {
			await this.follow();
			this.expected.clear();
		} catch {
			/* it comes when somebody looks again */
		}
	}

	/* Ask now and then, while somebody looks, and at once when somebody comes back. */
	async #lookAfter() {
		if (document.hidden || this.stopped || this.queue.busy)
			return;
		try {
			await this.follow();
			this.queue.retry();
			this.#changed(); /* time alone makes a task late */
		} catch (error) {
			if (error instanceof Problem && error.status === 410)
				await this.load().catch(() => {});
			else if (error instanceof Problem && error.status === 401)
				this.dispatchEvent(new Event('over'));
		}
	}

	keepFollowing() {
		const look = () => this.#lookAfter();
		this.timer = setInterval(look, FOLLOW_MS);
		document.addEventListener('visibilitychange', look);
		addEventListener('focus', look);
	}

	stop() {
		this.stopped = true;
		clearInterval(this.timer);
	}

	/* ---- from the user ---- */

	/* The operation that makes a new task; its uid can be used at once. */
	newTask(members) {
		return { op: 'create', uid: `n${newKey()}`, task: members };
	}

	newList(members) {
		return { ...this.newTask(members), isList: true };
	}

	/* The operation that sets members; null where that changes nothing, or the task is gone. */
	patch(uid, members) {
		const task = this.get(uid);
		const { isList } = this.items.get(uid) ?? {};
		if (task === null)
			return null;
		const was = pick(task, members);
		const { set } = merge(members, was, task);
		if (Object.keys(set).length === 0)
			return null;
		return { op: 'patch', uid, task: set, was: pick(task, set), isList };
	}

	delete(uid) {
		return { op: 'delete', uid, isList: this.items.get(uid)?.isList };
	}

	restore(uid) {
		return { op: 'restore', uid, isList: this.items.get(uid)?.isList };
	}

	/*
	 * Do it, all or nothing: the step that undo() takes back, null where there is nothing to do. What
	 * belongs to a step that is done already becomes a part of it. of: the uid of the task that it is
	 * named after; the first one else.
	 */
	act(act, ops, { step = null, of = null } = {}) {
		ops = ops.filter((op) => op !== null);
		if (ops.length === 0)
			return null;
		step ??= { act, ops: [] };
		step.act = step.act === act ? act : 'change';
		step.ops.push(...ops);
		step.time = Date.now();
		this.#run(ops);
		step.count = of === null ? new Set(step.ops.map(({ uid }) => uid)).size : 1;
		step.name = this.lastOf(of ?? step.ops[0].uid)?.name ?? '';
		this.done = [...without(this.done, step), step];
		this.undone = [];
		return step;
	}

	/* A step that was done elsewhere, as the last one of those that undo() takes back. */
	adopt(step) {
		this.done.push(step);
	}

	/* A step that cannot be taken back, or be done again. */
	drop(step) {
		this.done = without(this.done, step);
		this.undone = without(this.undone, step);
	}

	/* In pieces that the server takes, each operation with its task's id, for a page that comes later. */
	#run(ops) {
		const sent = ops.map((op) => ({ ...op, id: this.idOf(op.uid) }));
		for (const op of sent)
			this.pend(op);
		for (let i = 0; i < sent.length; i += PAGE)
			this.queue.add({ ops: sent.slice(i, i + PAGE) });
		this.#changed();
	}

	pend(op) {
		const item = this.item(op.uid, op.isList);
		item.pending.push(op);
		this.show(item);
	}

	/* Take a step back; false where it has been. */
	undo(step) {
		if (!this.done.includes(step))
			return false;
		this.done = without(this.done, step);
		this.undone.push(step);
		this.#run(step.ops.map(inverse).reverse());
		return true;
	}

	/* Do a step again that was taken back; false where it has been. */
	redo(step) {
		if (this.done.includes(step))
			return false;
		this.undone = without(this.undone, step);
		this.done.push(step);
		step.time = Date.now();
		/* What was made and taken back is in the trash: it comes from there, not anew. */
		this.#run(step.ops.map((op) => (op.op === 'create' ? { ...op, op: 'restore' } : op)));
		return true;
	}

	/* Say to the server alone 'undo' or 'redo' of a step that it alone knows. */
	async tell(way, step) {
		await send('POST', this.at(way), { body: way === 'undo' ? { revision: step.revision } : {} });
		const [from, to] = way === 'undo' ? ['done', 'undone'] : ['undone', 'done'];
		this[from] = without(this[from], step);
		this[to].push(step);
		step.time = Date.now();
		this.own.add(await this.follow());
	}

	/* ---- to the server, by the Sender ---- */

	/* The server has answered, or will not be asked again: results of the operations, or null. */
	settle(ops, results) {
		const isMore = ops.map((op, i) => results !== null && this.#doesMore(op, results[i]));
		ops.forEach((op, i) => {
			const item = this.item(op.uid, op.isList);
			const task = rowOf(results?.[i]);
			item.pending = item.pending.filter((other) => !sameOp(other, op));
			if (task) {
				this.isNow(op.uid, task);
				this.#alsoDone(op, results[i]);
			} else if (results && op.op === 'delete') {
				item.base = null;
				item.deletedHere = true;
			}
			this.show(item);
		});
		this.own.add((results ?? []).map((result) => rowOf(result)?.revision).filter(Boolean));
		if (isMore.includes(true))
			this.#catchUp();
		this.#changed();
	}

	/* Whether the server changed other rows as well, which the feed tells. */
	#doesMore({ op, uid, task, isList }, { next, also }) {
		const { id } = this.item(uid, isList);
		const isTree = this.parents.has(id) || this.parents.has(uid);
		if (isList || (isTree && op !== 'patch'))
			for (const { id: other, last } of this.items.values())
				if (last?.list === id || last?.parent === id)
					this.expected.add(other);
		for (const one of [...(also ?? []), next?.id].filter(Number.isInteger))
			this.expected.add(one);
		const members = ['list', 'parent', 'heading', 'completed'].some((name) => name in (task ?? {}));
		return Boolean(isList || next || also?.length || (isTree && (op !== 'patch' || members)) ||
			task?.heading);
	}

	/* What a completed task brought along: the next one where it repeats, and those below it. */
	#alsoDone({ op, uid, task, isList }, { next, also = [] }) {
		const { base } = this.item(uid);
		if (next || also.length > 0 || (isList && op === 'patch'))
			this.groups.set(nameOf(uid, task), base.revision);
		if (next) {
			this.#take(next.id, next, next.revision);
			this.own.add([next.revision]);
		}
		for (const id of also) {
			const item = this.of(id);
			if (!item?.base)
				continue;
			item.base = { ...item.base, completed: true, completed_date: base.completed_date };
			this.show(item);
		}
	}

	/*
	 * The revision of a change that is to be taken back by the server, with all that it did along with
	 * it; undefined where it did nothing more.
	 */
	groupOf({ uid, isBack, was }) {
		return isBack ? this.groups.get(nameOf(uid, was)) : undefined;
	}

	/* The server has taken a change back. */
	tookBack(revision, changes) {
		for (const [name, group] of this.groups)
			if (group === revision)
				this.groups.delete(name);
		this.own.add(this.takeChanges(changes));
	}

	/* Whether the server has it as an operation wants it. */
	isSo({ op, uid, task }) {
		const base = this.baseOf(uid);
		return op === 'patch' && base !== null && same(pick(base, task), task);
	}

	/* The server has said what became of it; the feed may have shown it as a task of its own before. */
	isNow(uid, task) {
		const item = this.item(uid);
		const other = this.uids.get(task.id);
		if (other !== undefined && other !== uid)
			this.items.delete(other);
		if (item.id !== task.id)
			this.#isCalled(item, task.id);
		this.uids.set(task.id, uid);
		if (!(item.base?.revision > task.revision)) /* an answer that comes again may be */
			item.base = task;
		item.deletedHere = false;
	}

	/* A task or a list has got its id, or another one: what waits to be sent is of that. */
	#isCalled(item, id) {
		const references = [item.uid, item.id];
		const name = (members) => REFERENCES.forEach((reference) => {
			if (members && members[reference] && references.includes(members[reference]))
				members[reference] = id;
		});
		const waiting = this.queue.actions.flatMap(({ ops }) => ops);
		const all = [...waiting, ...[...this.done, ...this.undone].flatMap(({ ops }) => ops)];
		all.forEach(({ task, was }) => [task, was].forEach(name));
		for (const op of waiting)
			if (op.uid === item.uid && op.op !== 'create')
				op.id = id;
		this.uids.delete(item.id);
		item.id = id;
		for (const other of this.items.values())
			if (other.pending.length > 0)
				this.show(other);
	}
}
