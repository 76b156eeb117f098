/*
 * The tasks as the user sees them: what the server has said, and on top of it what was done here a
 * moment ago. Whatever is done shows at once, goes to the server by the queue, and can be undone.
 *
 * An operation is { op: 'create' | 'patch' | 'delete' | 'restore', uid, task, was }. A task is known
 * here by a uid of its own, since it is there before the server gives it an id.
 */
import { Problem, Unreachable, account, send } from './api.js';
import { merge } from './merge.js';
import { Queue, newKey } from './queue.js';

const FOLLOW_MS = 20000;
const PAGE = 1000;

const FRESH = { note: '', due_date: null, completed: false, priority: 0, tags: [], position: 0,
	completed_date: null };

const OPPOSITE = { create: 'delete', delete: 'restore', restore: 'delete', patch: 'patch' };

/* What takes an operation back. */
function inverse({ op, uid, task, was }) {
	return { op: OPPOSITE[op], uid, task: was, was: task };
}

function pick(task, members) {
	return Object.fromEntries(Object.keys(members).map((member) => [member, task[member]]));
}

export class Tasks extends EventTarget {
	/* choose(task, theirs, conflicts): a promise of the members that the user wants set. */
	constructor(username, choose) {
		super();
		this.username = username;
		this.at = account(username);
		this.choose = choose;
		this.revision = 0;
		this.items = new Map(); /* uid -> { uid, id, base, pending, task } */
		this.uids = new Map(); /* id -> uid */
		this.undone = [];
		this.done = [];
		this.queue = new Queue(`todo.queue.${username}`, (action) => this.#perform(action));
		this.queue.addEventListener('state', () => this.#changed());
	}

	/* ---- what there is ---- */

	get(uid) {
		return this.items.get(uid)?.task ?? null;
	}

	/* All that are not deleted, as { uid, ...members }. */
	*[Symbol.iterator]() {
		for (const { task } of this.items.values())
			if (task !== null)
				yield task;
	}

	uidOf(id) {
		return this.uids.get(id);
	}

	idOf(uid) {
		return this.items.get(uid)?.id ?? null;
	}

	lastPosition() {
		let last = 0;
		for (const task of this)
			last = Math.max(last, task.position);
		return last;
	}

	#item(uid) {
		if (!this.items.has(uid))
			this.items.set(uid, { uid, id: null, base: null, pending: [], task: null });
		return this.items.get(uid);
	}

	/* What is seen of an item: the server's word, and what waits to be sent. */
	#show(item) {
		let task = item.base;
		for (const { op, task: members } of item.pending) {
			if (op === 'delete')
				task = null;
			else if (op === 'create')
				task = { ...FRESH, creation_date: new Date().toISOString(), ...members };
			else if (op === 'restore')
				task = task ?? item.last ?? null;
			else if (task !== null)
				task = { ...task, ...members };
		}
		item.task = task === null ? null : { ...task, uid: item.uid };
		if (task !== null)
			item.last = task;
	}

	#changed() {
		this.dispatchEvent(new Event('change'));
	}

	/* ---- from the server ---- */

	#take(id, task) {
		let uid = this.uids.get(id);
		if (uid === undefined) {
			uid = `t${id}`;
			this.uids.set(id, uid);
		}
		const item = this.#item(uid);
		item.id = id;
		if (task === null || item.base === null || task.revision >= item.base.revision)
			item.base = task;
		this.#show(item);
	}

	async load() {
		const { data, etag } = await send('GET', this.at('tasks'));
		const seen = new Set();
		for (const task of data.tasks) {
			this.#take(task.id, task);
			seen.add(task.id);
		}
		for (const [id, uid] of this.uids)
			if (!seen.has(id) && this.items.get(uid).base !== null)
				this.#take(id, null);
		this.revision = Number(/r(\d+)/.exec(etag)[1]);
		this.#resume();
		this.#changed();
	}

	/* What was waiting when the page was left. */
	#resume() {
		if (this.resumed)
			return;
		this.resumed = true;
		for (const { ops } of this.queue.actions)
			for (const op of ops)
				this.#pend(op);
		this.queue.retry();
	}

	/* What others have done since. */
	async follow() {
		let more = true;
		while (more) {
			const { data } = await send(
				'GET', this.at(`changes?since=${this.revision}&limit=${PAGE}`));
			for (const { id, task } of data.changes)
				this.#take(id, task);
			more = data.more;
			this.revision = Math.max(this.revision, data.revision);
			if (data.changes.length > 0)
				this.#changed();
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

	/* The operation that sets members; null where that changes nothing, or the task is gone. */
	patch(uid, members) {
		const task = this.get(uid);
		if (task === null)
			return null;
		const was = pick(task, members);
		const { set } = merge(members, was, task);
		if (Object.keys(set).length === 0)
			return null;
		return { op: 'patch', uid, task: set, was: pick(task, set) };
	}

	/*
	 * Do it, all or nothing; label says what was done: "Completed". The step that undo() takes back;
	 * null where there is nothing to do.
	 */
	act(label, ops) {
		ops = ops.filter((op) => op !== null);
		if (ops.length === 0)
			return null;
		const step = { label, ops };
		this.done.push(step);
		this.undone = [];
		this.#run(ops);
		return step;
	}

	#run(ops) {
		for (const op of ops)
			this.#pend(op);
		this.queue.add({ ops });
		this.#changed();
	}

	#pend(op) {
		const item = this.#item(op.uid);
		item.pending.push(op);
		this.#show(item);
	}

	/* The label of what was taken back, the last step or an older one; null where there is nothing. */
	undo(step = this.done.at(-1)) {
		if (!this.done.includes(step))
			return null;
		this.done.splice(this.done.indexOf(step), 1);
		this.undone.push(step);
		this.#run(step.ops.map(inverse).reverse());
		return step.label;
	}

	/* The label of what was put back; null where there is nothing. */
	redo() {
		const step = this.undone.pop();
		if (step === undefined)
			return null;
		this.done.push(step);
		/* What was made and taken back is in the trash: it comes from there, not anew. */
		this.#run(step.ops.map((op) => (op.op === 'create' ? { ...op, op: 'restore' } : op)));
		return step.label;
	}

	/* ---- to the server ---- */

	#settle(ops, results) {
		ops.forEach((op, i) => {
			const item = this.#item(op.uid);
			item.pending = item.pending.filter((other) => !sameOp(other, op));
			const task = results?.[i]?.task;
			if (task) {
				this.#isNow(item, task);
			} else if (results && op.op === 'delete') {
				item.base = null;
			}
			this.#show(item);
		});
		this.#changed();
	}

	/* The server has said what became of it; the feed may have shown it as a task of its own before. */
	#isNow(item, task) {
		const other = this.uids.get(task.id);
		if (other !== undefined && other !== item.uid)
			this.items.delete(other);
		this.uids.set(task.id, item.uid);
		item.id = task.id;
		item.base = task;
	}

	async #perform({ key, ops }) {
		const ready = ops.filter((op) => op.op === 'create' || this.idOf(op.uid) !== null);
		try {
			const results = ready.length > 0 ? await this.#send(ready, key) : [];
			this.#settle(ready, results);
			this.#settle(ops.filter((op) => !ready.includes(op)), null);
		} catch (error) {
			if (!(error instanceof Problem))
				throw error;
			await this.#refused(error, key, ops);
		}
	}

	/*
	 * The results in the order of the operations. A batch has a key, which DELETE has not: where its
	 * answer is lost, it can be sent again.
	 */
	async #send(ops, key) {
		const headers = { 'Idempotency-Key': key };
		if (ops.length === 1 && ops[0].op !== 'delete')
			return [(await this.#sendOne(ops[0], headers)).data];
		const items = ops.map(({ op, uid, task }) => {
			const item = op === 'create' ? { op, task } : { op, id: this.idOf(uid) };
			return op === 'patch' ? { ...item, task, if_match: this.#tag(uid) } : item;
		});
		const { data } = await send('POST', this.at('tasks/batch'), { headers, body: { items } });
		return data.results;
	}

	#tag(uid) {
		return `r${this.items.get(uid).base?.revision ?? 0}`;
	}

	#sendOne({ op, uid, task }, headers) {
		const one = `tasks/${this.idOf(uid)}`;
		switch (op) {
		case 'create':
			return send('POST', this.at('tasks'), { headers, body: task });
		case 'patch':
			headers['If-Match'] = `"${this.#tag(uid)}"`;
			return send('PATCH', this.at(one), { headers, body: task });
		default:
			return send('POST', this.at(`${one}/restore`), { headers, body: {} });
		}
	}

	/* Somebody was faster, or it cannot be done at all. */
	async #refused(problem, key, ops) {
		if (problem.status === 401) {
			this.dispatchEvent(new Event('over'));
			throw new Unreachable(problem.message);
		}
		await this.follow().catch(() => {});
		if (problem.status === 412) {
			const again = await this.#reconcile(ops);
			this.#settle(ops, null);
			if (again.length > 0) {
				again.forEach((op) => this.#pend(op));
				await this.#perform({ key: newKey(), ops: again });
			}
			return;
		}
		this.#settle(ops, null);
		this.dispatchEvent(new CustomEvent('problem', { detail: problem }));
	}

	/* The operations as they can be done beside what others have done. */
	async #reconcile(ops) {
		const again = [];
		for (const op of ops) {
			const theirs = this.items.get(op.uid)?.base;
			if (op.op !== 'patch' || !theirs) {
				if (op.op !== 'patch')
					again.push(op);
				continue;
			}
			const { set, conflicts } = merge(op.task, op.was, theirs);
			const wanted = conflicts.length > 0
				? await this.choose(set, theirs, conflicts) : set;
			if (Object.keys(wanted).length > 0)
				again.push({ ...op, task: wanted, was: pick(theirs, wanted) });
		}
		return again;
	}
}

/* Operations come back from storage as copies. */
function sameOp(a, b) {
	return a === b || (a.op === b.op && a.uid === b.uid && JSON.stringify(a) === JSON.stringify(b));
}
