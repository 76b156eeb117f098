/*
 * Which of the account's revisions are this browser's own doing: what was done on this page undo
 * takes back itself, and of what was done elsewhere it asks.
 */
const KEPT = 500;

export class OwnRevisions {
	constructor(name) {
		this.name = name;
		this.here = new Set();
	}

	#read() {
		try {
			return JSON.parse(localStorage.getItem(this.name)) ?? [];
		} catch {
			return [];
		}
	}

	add(revisions) {
		if (revisions.length === 0)
			return;
		revisions.forEach((revision) => this.here.add(revision));
		try {
			localStorage.setItem(this.name,
				JSON.stringify([...this.#read(), ...revisions].slice(-KEPT)));
		} catch {
			/* no room or no permission: it is only less well known where something was done */
		}
	}

	isOfPage(revision) {
		return this.here.has(revision);
	}

	/* Of this one, of another window, or of an earlier one, as far as that is kept. */
	isOfBrowser(revision) {
		return this.here.has(revision) || this.#read().includes(revision);
	}
}
