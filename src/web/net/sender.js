/*
 * What was done here, on its way to the server: as one request or as a batch, and beside what others
 * have done in the meantime.
 */
import { Problem, Unreachable, send } from './api.js';
import { merge, pick } from './merge.js';
import { newKey } from './queue.js';

const ROUNDS = 5; /* of finding out what others have done, for one piece */

/* What the server keeps of a task by itself; it is not sent when the task is made anew. */
const OF_SERVER = ['id', 'revision', 'creation_date', 'modified_date', 'completed_date',
	'deleted_date', 'uid', 'assignee', 'open'];

/* Where a task stands: a place that is gone is left out. */
const PLACES = ['list', 'heading', 'parent'];

export function settable(task) {
	return Object.fromEntries(Object.entries(task).filter(([name]) => !OF_SERVER.includes(name)));
}

/* The row of a result or a reply: a task or a list; undefined where it has none. */
export const rowOf = (result) => result?.list ?? result?.task;

/* That a reply has what was asked for; a server of ours never says less. */
function expectRow(result) {
	const task = rowOf(result);
	if (!Number.isInteger(task?.id) || !Number.isInteger(task.revision))
		throw new Unreachable('The answer cannot be understood. Try again.');
	return result;
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
		const known = ops.filter((op) => op.op === 'create' || tasks.idOf(op.uid) !== null);
		try {
			const done = await this.#takeBack(known, key);
			const ready = known.filter((op) => !done.includes(op) && !(op.isBack && tasks.isSo(op)));
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
	 * What the server did more than it was told, it alone can take back; where others have built upon
	 * it, the rest is taken back as any other change. The operations that are done.
	 */
	async #takeBack(ops, key) {
		const { tasks } = this;
		const done = [];
		for (const op of ops) {
			const revision = tasks.groupOf(op);
			if (revision === undefined)
				continue;
			try {
				const { data } = await send('POST', tasks.at('undo'),
					{ headers: { 'Idempotency-Key': `${key}-${revision}` }, body: { revision } });
				tasks.tookBack(revision, data.changes);
				done.push(op);
			} catch (error) {
				if (!(error instanceof Problem) || error.status === 401)
					throw error;
			}
		}
		return done;
	}

	/*
	 * The results in the order of the operations. A batch has a key, which DELETE has not: where its
	 * answer is lost, it can be sent again.
	 */
	async #send(ops, key) {
		const headers = { 'Idempotency-Key': key };
		if (ops.length === 1 && ops[0].op !== 'delete') {
			const { data } = await this.#sendOne(ops[0], headers);
			return [expectRow(data)];
		}
		const { data } = await send('POST', this.tasks.at('tasks/batch'),
			{ headers, body: { items: this.#items(ops) } });
		ops.forEach(({ op }, i) => op === 'delete' || expectRow(data.results?.[i]));
		if (data.results?.length !== ops.length)
			throw new Unreachable('The answer cannot be understood. Try again.');
		return data.results;
	}

	/* What an item of the same batch has changed is ours, whatever its revision will be. */
	#items(ops) {
		const changed = new Set();
		return ops.map(({ op, uid, task, isList }) => {
			const row = task && { [isList ? 'list' : 'task']: this.tasks.sent(task) };
			const isFirst = !changed.has(uid);
			changed.add(uid);
			if (op === 'create')
				return { op, ...row };
			const item = { op, id: this.tasks.idOf(uid) };
			if (op !== 'patch')
				return item;
			return { ...item, ...row, ...(isFirst && { if_match: this.#tag(uid) }) };
		});
	}

	#tag(uid) {
		return `r${this.tasks.baseOf(uid)?.revision ?? 0}`;
	}

	#sendOne({ op, uid, task, isList }, headers) {
		const { at } = this.tasks;
		const all = isList ? 'lists' : 'tasks';
		const one = `${all}/${this.tasks.idOf(uid)}`;
		switch (op) {
		case 'create':
			return send('POST', at(all), { headers, body: this.tasks.sent(task) });
		case 'patch':
			headers['If-Match'] = `"${this.#tag(uid)}"`;
			return send('PATCH', at(one), { headers, body: this.tasks.sent(task) });
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
			const left = round < ROUNDS ? this.#elsewhere(problem, ops) : null;
			tasks.settle(ops, null);
			if (left !== null) {
				tasks.dispatchEvent(new CustomEvent('problem', { detail: problem }));
				left.forEach((op) => tasks.pend(op));
				await this.perform({ key: newKey(), ops: left }, round + 1);
				return;
			}
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

	/*
	 * The operations without the list, heading or parent that are gone, for nothing that was typed is
	 * lost with them; null where it is something else that is wrong.
	 */
	#elsewhere({ status, document }, ops) {
		const wrong = document.errors?.map(({ pointer }) => pointer.split('/').at(-1)) ?? [];
		if (status !== 422 || wrong.length === 0 || !wrong.every((name) => PLACES.includes(name)))
			return null;
		const isPlaced = ({ task }) => task && PLACES.some((name) => task[name]);
		const without = (op) => ({ ...op, task: Object.fromEntries(
			Object.entries(op.task).filter(([name]) => !PLACES.includes(name))) });
		return ops.map((op) => (isPlaced(op) ? without(op) : op))
			.filter(({ op, task }) => op !== 'patch' || Object.keys(task).length > 0);
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
		if ('rename_heading' in op.task)
			return op;
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
		const theirs = await this.#bringBack(op, last);
		return { ...op, was: pick(theirs, op.task) };
	}

	/* What the task of a change was, by its history; where that is gone, what the change tells. */
	async #fromHistory({ uid, was, task, isList }) {
		try {
			const { data } = await send('GET',
				this.tasks.at(`${isList ? 'lists' : 'tasks'}/${this.tasks.idOf(uid)}/history`));
			return data.history.findLast(({ before }) => before !== null).before;
		} catch (error) {
			if (!(error instanceof Problem))
				throw error;
			return { name: task.name ?? (isList ? 'A list' : 'A task'), ...was };
		}
	}

	/* From the trash, or where that has been emptied, as a new one like it. */
	async #bringBack({ uid, isList }, last) {
		const { at } = this.tasks;
		const all = isList ? 'lists' : 'tasks';
		let reply;
		try {
			reply = await send('POST', at(`${all}/${this.tasks.idOf(uid)}/restore`), { body: {} });
		} catch (error) {
			if (!(error instanceof Problem && error.status === 404))
				throw error;
			reply = await send('POST', at(all), { body: settable(last) });
		}
		const task = rowOf(expectRow(reply.data));
		this.tasks.isNow(uid, task);
		this.tasks.own.add([task.revision]);
		return this.tasks.baseOf(uid);
	}
}
