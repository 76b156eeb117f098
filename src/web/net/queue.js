/*
 * What was done here and is not on the server yet: sent in order, one at a time, again and again
 * until the server has it, and kept over a reload. Each piece carries a key of its own, so that what
 * was done is done once, whatever became of the reply.
 */
import { backOff } from './retry.js';

/* crypto.randomUUID() is there in secure contexts alone; a page at home may have no TLS. */
export function newKey() {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Queue extends EventTarget {
	/* perform(action): a promise; whatever it throws, it is called again after a while. */
	constructor(name, perform) {
		super();
		this.name = name;
		this.perform = perform;
		this.failures = 0;
		this.problem = null; /* why the first one could not be sent when it was tried last */
		this.busy = false;
		this.actions = this.#read();
		this.known = new Set(this.actions.map(({ key }) => key));
		addEventListener('online', () => this.retry());
	}

	#read() {
		try {
			return JSON.parse(localStorage.getItem(this.name)) ?? [];
		} catch {
			return [];
		}
	}

	/* Beside what other windows keep there, which a later one sends where they cannot. */
	#keep() {
		const others = this.#read().filter(({ key }) => !this.known.has(key));
		try {
			localStorage.setItem(this.name, JSON.stringify([...others, ...this.actions]));
		} catch {
			/* no room or no permission: it is still in memory */
		}
	}

	get length() {
		return this.actions.length;
	}

	/* A promise whether all is sent, or waits because it could not be. */
	async settled() {
		while (this.actions.length > 0 && !this.stuck)
			await new Promise((resolve) =>
				this.addEventListener('state', resolve, { once: true }));
		return this.actions.length === 0;
	}

	get stuck() {
		return this.failures > 0;
	}

	add(action) {
		const key = newKey();
		this.known.add(key);
		this.actions.push({ key, ...action });
		this.#keep();
		this.#run();
	}

	retry() {
		clearTimeout(this.timer);
		this.#run();
	}

	async #run() {
		if (this.busy)
			return;
		this.busy = true;
		try {
			while (this.actions.length > 0 && (await this.#first()));
		} finally {
			this.busy = false;
		}
	}

	/* Whether to go on with the next one. */
	async #first() {
		try {
			await this.perform(this.actions[0]);
		} catch (error) {
			this.problem = error;
			this.#wait();
			return false;
		}
		this.actions.shift();
		this.#keep();
		this.failures = 0;
		this.problem = null;
		this.dispatchEvent(new Event('state'));
		return true;
	}

	#wait() {
		this.timer = setTimeout(() => this.#run(), backOff(this.failures++));
		this.dispatchEvent(new Event('state'));
	}
}
