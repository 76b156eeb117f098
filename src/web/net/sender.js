/*
 * What was done here, on its way to the server: as one request or as a batch, and beside what others
 * have done in the meantime.
 */
import { Problem, Unreachable, send } from './api.js';
import { merge, pick } from '../model/merge.js';
import { newKey } from './queue.js';

const ROUNDS = 5; /* of finding out what others have done, for one piece */

/* What the server keeps of a task by itself; it is not sent when the task is made anew. */
const OF_SERVER = ['id', 'revision', 'creation_date', 'modified_date', 'completed_date',
	'deleted_date', 'uid'];

export function settable(task) {
	return Object.fromEntries(Object.entries(task).filter(([name]) => !OF_SERVER.includes(name)));
}

/* That a reply has what was asked for; a server of ours never says less. */
function expectTask(task) {
	if (!Number.isInteger(task?.id) || !Number.isInteger(task.revision))
		throw new Unreachable('The answer cannot be understood. Try again.');
	return task;
}

export class Sender {
	/*
	 * tasks: those of tasks.js. ask.choose(set, theirs, conflicts): a promise of the members that the
	 * user wants set; ask.restore(task, members): a promise whether a task that was deleted elsewhere
	 * is to come back with them.
	 */
	constructor(tasks, ask) {
		this.tasks = tasks;
		this.ask = ask;
	}

	async perform({ key, ops }, round = 0) {
		const { tasks } = this;
		const ready = ops.filter((op) => op.op === 'create' || tasks.idOf(op.uid) !== null);
		try {
			const results = ready.length > 0 ? await this.#send(ready, key) : [];
			tasks.settle(ready, results);
			tasks.settle(ops.filter((op) => !ready.includes(op)), null);
		} catch (error) {
			if (!(error instanceof Problem))
				throw error;
			await this.#refused(error, ops, round);
		}
	}

	/*
	 * The results in the order of the operations. A batch has a key, which DELETE has not: where its
	 * answer is lost, it can be sent again.
	 */
	async #send(ops, key) {
		const headers = { 'Idempotency-Key': key };
		if (ops.length === 1 && ops[0].op !== 'delete') {
			const { data } = await this.#sendOne(ops[0], headers);
			return [{ task: expectTask(data.task) }];
		}
		const { data } = await send('POST', this.tasks.at('tasks/batch'),
			{ headers, body: { items: this.#items(ops) } });
		ops.forEach(({ op }, i) => op === 'delete' || expectTask(data.results?.[i]?.task));
		if (data.results?.length !== ops.length)
			throw new Unreachable('The answer cannot be understood. Try again.');
		return data.results;
	}

	/* What an item of the same batch has changed is ours, whatever its revision will be. */
	#items(ops) {
		const changed = new Set();
		return ops.map(({ op, uid, task }) => {
			const isFirst = !changed.has(uid);
			changed.add(uid);
			if (op === 'create')
				return { op, task };
			const item = { op, id: this.tasks.idOf(uid) };
			if (op !== 'patch')
				return item;
			return { ...item, task, ...(isFirst && { if_match: this.#tag(uid) }) };
		});
	}

	#tag(uid) {
		return `r${this.tasks.baseOf(uid)?.revision ?? 0}`;
	}

	#sendOne({ op, uid, task }, headers) {
		const { at } = this.tasks;
		const one = `tasks/${this.tasks.idOf(uid)}`;
		switch (op) {
		case 'create':
			return send('POST', at('tasks'), { headers, body: task });
		case 'patch':
			headers['If-Match'] = `"${this.#tag(uid)}"`;
			return send('PATCH', at(one), { headers, body: task });
		default:
			return send('POST', at(`${one}/restore`), { headers, body: {} });
		}
	}

	/* Somebody was faster, or it cannot be done at all. */
	async #refused(problem, ops, round) {
		const { tasks } = this;
		if (problem.status === 401) {
			tasks.dispatchEvent(new Event('over'));
			throw new Unreachable(problem.message);
		}
		if (![404, 412].includes(problem.status) || round === ROUNDS) {
			await tasks.follow().catch(() => {});
			tasks.settle(ops, null);
			tasks.dispatchEvent(new CustomEvent('problem', { detail: problem }));
			return;
		}
		await tasks.follow();
		const again = await this.#reconcile(ops);
		tasks.settle(ops, null);
		if (again.length > 0) {
			again.forEach((op) => tasks.pend(op));
			await this.perform({ key: newKey(), ops: again }, round + 1);
		}
	}

	/* The operations as they can be done beside what others have done. */
	async #reconcile(ops) {
		const again = [];
		for (const op of ops) {
			const theirs = this.tasks.baseOf(op.uid);
			const kept = op.op === 'patch' ? await (theirs ? this.#beside(op, theirs) : this.#lost(op))
				: this.#still(op, theirs);
			if (kept !== null)
				again.push(kept);
		}
		return again;
	}

	/* What is deleted already needs no deletion, and what is there no way back. */
	#still(op, theirs) {
		const isDone = op.op === 'delete' ? !theirs : op.op === 'restore' && Boolean(theirs);
		return isDone ? null : op;
	}

	async #beside(op, theirs) {
		const { set, conflicts } = merge(op.task, op.was, theirs);
		const wanted = conflicts.length > 0 ? await this.ask.choose(set, theirs, conflicts) : set;
		return Object.keys(wanted).length > 0
			? { ...op, task: wanted, was: pick(theirs, wanted) } : null;
	}

	/* The task of a change was deleted elsewhere: it comes back where the user says so. */
	async #lost(op) {
		const last = this.tasks.lostOf(op.uid) ?? await this.#fromHistory(op);
		if (!(await this.ask.restore(last, op.task)))
			return null;
		const theirs = await this.#bringBack(op.uid, last);
		return { ...op, was: pick(theirs, op.task) };
	}

	/* What the task of a change was, by its history; where that is gone, what the change tells. */
	async #fromHistory({ uid, was, task }) {
		try {
			const { data } = await send('GET',
				this.tasks.at(`tasks/${this.tasks.idOf(uid)}/history`));
			return data.history.findLast(({ before }) => before !== null).before;
		} catch (error) {
			if (!(error instanceof Problem))
				throw error;
			return { name: task.name ?? 'A task', ...was };
		}
	}

	/* From the trash, or where that has been emptied, as a new one like it. */
	async #bringBack(uid, last) {
		const { at } = this.tasks;
		let reply;
		try {
			reply = await send('POST', at(`tasks/${this.tasks.idOf(uid)}/restore`), { body: {} });
		} catch (error) {
			if (!(error instanceof Problem && error.status === 404))
				throw error;
			reply = await send('POST', at('tasks'), { body: settable(last) });
		}
		this.tasks.isNow(uid, expectTask(reply.data.task));
		this.tasks.own.add([reply.data.task.revision]);
		return this.tasks.baseOf(uid);
	}
}
