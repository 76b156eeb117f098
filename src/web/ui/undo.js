/*
 * Undo and redo. What this page did a moment ago is taken back at once. What is older, or was done
 * elsewhere, only where the user says so: one does not see any more what would change. Whatever is
 * made and taken back lies in the trash.
 */
import { Problem, send } from '../net/api.js';
import { openQuestion } from './dom.js';
import { pick, same } from '../net/merge.js';
import { settable } from '../net/sender.js';
import { toast } from './toast.js';
import { actOf, ago, asked, done } from '../model/words.js';

const SEEN_MS = 300000; /* so long one remembers what one did */
const STEPS_BACK = 30; /* changes of others that are looked at for one that can be taken back */

/* What a change was, as an operation of ours and its act; null where it was none. */
function readChange(uid, before, after) {
	if (before === null)
		return { act: after.id === after.revision ? 'add' : 'restore',
			op: { op: 'create', uid, task: settable(after) } };
	if (after === null)
		return { act: 'delete', op: { op: 'delete', uid, task: settable(before) } };
	const [old, fresh] = [settable(before), settable(after)];
	const members = Object.keys(fresh).filter((member) => !same(old[member], fresh[member]));
	const set = Object.fromEntries(members.map((member) => [member, fresh[member]]));
	return members.length === 0 ? null
		: { act: actOf(set), op: { op: 'patch', uid, task: set, was: pick(old, set) } };
}

/* The same of a list: its act alone, for the server takes it back with all that went along. */
function readListChange(before, after) {
	if (before === null)
		return after.id === after.revision ? 'addList' : 'restoreList';
	if (after === null)
		return 'deleteList';
	const archived = after.archived ? 'archiveList' : 'unarchiveList';
	const acts = { name: 'renameList', archived, position: 'moveList', color: 'changeList',
		headings: 'changeList' };
	return Object.keys(acts).filter((member) => !same(before[member], after[member]))
		.map((member) => acts[member])[0] ?? null;
}

export class Undo {
	/* seen(): called once something was taken back or done again. */
	constructor(tasks, seen) {
		this.tasks = tasks;
		this.seen = seen;
		this.below = Infinity; /* the revisions from here on are dealt with */
		this.isAsking = false;
	}

	/* The last step, or the one that a toast speaks of. */
	undo(step) {
		return this.#alone(() => this.#undo(step));
	}

	redo(step) {
		return this.#alone(() => this.#redo(step));
	}

	/* What needs no answer is done at once, so that two that come together are both done. */
	async #alone(run) {
		if (this.isAsking)
			return;
		try {
			await run();
		} catch (error) {
			toast(error.message);
		}
	}

	/* One question at a time, to the user or to the server. */
	async #answer(ask) {
		this.isAsking = true;
		try {
			return await ask();
		} finally {
			this.isAsking = false;
		}
	}

	async #undo(chosen) {
		const step = chosen ?? this.tasks.done.at(-1) ??
			await this.#answer(() => this.#elsewhere());
		if (step === null) {
			toast('Nothing more to undo here');
			return;
		}
		if (!chosen && this.#isFar(step) && !(await this.#answer(() => this.#isMeant(step))))
			return;
		if (step.where)
			this.#take(step);
		if (step.revision !== undefined)
			await this.#answer(() => this.#tell('undo', step));
		else if (!this.tasks.undo(step)) {
			toast('Undone already');
			return;
		}
		toast(`Undone: ${done(step)}`, () => this.redo(step), 'Redo');
		this.seen();
	}

	async #redo(chosen) {
		const step = chosen ?? this.tasks.undone.at(-1);
		if (step === undefined) {
			toast('Nothing to redo');
			return;
		}
		if (step.revision !== undefined)
			await this.#answer(() => this.#tell('redo', step));
		else if (!this.tasks.redo(step)) {
			toast('Redone already');
			return;
		}
		toast(`Redone: ${done(step)}`, () => this.undo(step));
		this.seen();
	}

	/* What the server does not take back, it will not do so when it is asked again. */
	async #tell(way, step) {
		await this.#isSent();
		try {
			await this.tasks.tell(way, step);
		} catch (error) {
			if (error instanceof Problem)
				this.tasks.drop(step);
			throw error;
		}
	}

	/* Done elsewhere, or long ago. */
	#isFar(step) {
		return Boolean(step.where) || Date.now() - step.time >= SEEN_MS;
	}

	#isMeant(step) {
		const now = Date.now();
		const where = step.where ? ` on ${step.where}` : '';
		return openQuestion(`Undo “${asked(step)}”, from ${ago(step.time, now)}${where}?`, 'Undo');
	}

	/* What was done elsewhere is from now on a step as those of this page. */
	#take(step) {
		this.below = step.at;
		step.where = undefined;
		this.tasks.adopt(step);
	}

	/* ---- what was done elsewhere ---- */

	/* The last step that was not done on this page and can be taken back; null where there is none. */
	async #elsewhere() {
		const { tasks } = this;
		await this.#isSent();
		await tasks.follow();
		let revision = Math.min(tasks.revision, this.below - 1);
		for (let left = STEPS_BACK; left > 0 && revision > 0; revision--) {
			if (tasks.own.isOfPage(revision))
				continue;
			left--;
			const step = await this.#stepOf(revision);
			if (step === undefined)
				return null;
			if (step !== null)
				return step;
		}
		return null;
	}

	/* What is on its way would be taken for somebody else's. */
	async #isSent() {
		if (!(await this.tasks.queue.settled()))
			throw new Error('What was done before cannot be undone until all is sent');
	}

	/* null where it cannot be taken back, undefined where nobody knows any more what it was. */
	async #stepOf(revision) {
		const { tasks } = this;
		try {
			const { data: { changes } } = await send('GET',
				tasks.at(`changes?since=${revision - 1}&limit=1`));
			const [change] = changes;
			if (change?.revision !== revision || !('task' in change || 'list' in change))
				return null;
			return await this.#readStep(change.id, revision, 'list' in change);
		} catch (error) {
			if (error instanceof Problem && error.status === 410)
				return undefined;
			if (error instanceof Problem && error.status === 404)
				return null; /* deleted for good since */
			throw error;
		}
	}

	async #readStep(id, revision, isList) {
		const { tasks } = this;
		const { data: { history } } = await send('GET',
			tasks.at(`${isList ? 'lists' : 'tasks'}/${id}/history`));
		const entry = history.find((one) => one.revision === revision);
		if (entry === undefined)
			return null;
		const { before, after, time } = entry;
		const uid = tasks.know(id, after ?? before, isList);
		const change = isList ? { act: readListChange(before, after) }
			: readChange(uid, before, after);
		const isOurs = !isList && !this.#isWide(id, before, after);
		if (!change?.act || (isOurs && !this.#stands(uid, after, change.op)))
			return null;
		const where = tasks.own.isOfBrowser(revision) ? 'this device' : 'another device';
		return { act: change.act, name: (after ?? before).name, count: 1, time: Date.parse(time), where,
			at: revision, ...(isOurs ? { ops: [change.op] } : { ops: [], revision }) };
	}

	/* Whether other tasks may have changed along with it: then the server takes all of it back. */
	#isWide(id, before, after) {
		return this.tasks.parents.has(id) || [before, after].some((task) => task !== null &&
			(task.parent !== null || task.repeat !== null));
	}

	/* Whether nothing was built upon a change: what it made is still so. */
	#stands(uid, after, { op, task }) {
		const now = this.tasks.get(uid);
		if (now === null || after === null)
			return now === null && after === null;
		return Object.keys(op === 'create' ? settable(after) : task)
			.every((member) => same(now[member], after[member]));
	}
}
