/*
 * Letters outside of any field: each may be a command, but several that follow each other as fast as
 * one types are words, which somebody means to write. So a letter waits a moment before it is run.
 */
const WITHIN_MS = 400; /* so many letters within this are words */
const LETTERS = 3;
const QUIET_MS = WITHIN_MS / (LETTERS - 1); /* none after this: it was alone */

export class Letters {
	/* type(text): put it where one writes. */
	constructor(type) {
		this.type = type;
		this.recent = []; /* { letter, time, runs, moves } of the last ones */
		this.waiting = []; /* what they do, in order */
		this.timer = 0;
	}

	/*
	 * A letter at a time in milliseconds. run: what it does, or undefined. moves: that is harmless and
	 * done at once, over and over while one goes through a list.
	 */
	press(letter, time, run, moves = false) {
		this.recent = this.recent.filter((one) => time - one.time <= WITHIN_MS);
		this.recent.push({ letter, time, moves, runs: Boolean(run) });
		if (this.#areWords()) {
			this.#write();
			return;
		}
		if (moves) {
			this.flush();
			run();
		} else if (run) {
			this.waiting.push(run);
		}
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.flush(), QUIET_MS);
	}

	/* The timer of a busy page is late: what was alone when the next key came is run before it. */
	settle(time) {
		const last = this.recent.at(-1);
		if (last !== undefined && time - last.time > QUIET_MS)
			this.flush();
	}

	/* A space belongs to what is written, if that has begun. */
	isWriting(time) {
		const last = this.recent.at(-1);
		if (last === undefined || time - last.time > WITHIN_MS)
			return false;
		return !last.runs || (this.recent.length > 1 && !this.recent.every(({ moves }) => moves));
	}

	/* One that is pressed again and again, and a walk through the list, are none. */
	#areWords() {
		const { recent } = this;
		return recent.length >= LETTERS && !recent.every(({ moves }) => moves) &&
			recent.some(({ letter }) => letter !== recent[0].letter);
	}

	#write() {
		const text = this.recent.map(({ letter }) => letter).join('');
		this.drop();
		this.type(text);
	}

	drop() {
		clearTimeout(this.timer);
		this.recent = [];
		this.waiting = [];
	}

	/* Whatever waits is run: it was a command. */
	flush() {
		clearTimeout(this.timer);
		const runs = this.waiting;
		this.waiting = [];
		runs.forEach((run) => run());
	}
}
