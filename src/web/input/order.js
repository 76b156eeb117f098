/*
 * Order by hand: with a handle and the pointer. The keys and the menu go the same way, by moved().
 */

const EDGE = 60; /* pixels from the window's edge at which it scrolls */

/*
 * list: the element of the rows; drop(uid, before, after, over): called with the uids of the
 * neighbours that the row was put between, undefined at the ends, and of the one that it was put to.
 */
export class Dragging {
	constructor(list, drop) {
		this.list = list;
		this.drop = drop;
		list.addEventListener('pointerdown', (event) => this.#begin(event));
	}

	#rows() {
		return [...this.list.querySelectorAll('.row')];
	}

	#begin(event) {
		if (event.button !== 0 || !event.target.closest('[data-handle]'))
			return;
		event.preventDefault();
		this.row = event.target.closest('.row');
		this.startY = event.clientY + scrollY;
		this.row.classList.add('dragged');
		this.row.setPointerCapture(event.pointerId);
		this.row.onpointermove = (move) => this.#move(move);
		this.row.onpointerup = () => this.#end(true);
		this.row.onpointercancel = () => this.#end(false);
		this.escape = (key) => key.key === 'Escape' && this.#end(false);
		addEventListener('keydown', this.escape);
	}

	#move(event) {
		if (event.clientY < EDGE)
			scrollBy(0, -10);
		else if (event.clientY > innerHeight - EDGE)
			scrollBy(0, 10);
		this.row.style.translate = `0 ${event.clientY + scrollY - this.startY}px`;
		for (const row of this.#rows())
			row.classList.remove('target');
		this.target = this.#under(event.clientY);
		this.target?.row.classList.add('target');
		this.target?.row.classList.toggle('below', this.target.below);
	}

	#under(y) {
		for (const row of this.#rows()) {
			const box = row.getBoundingClientRect();
			if (row !== this.row && y >= box.top && y <= box.bottom)
				return { row, below: y > box.top + box.height / 2 };
		}
		return null;
	}

	#end(takes) {
		const { row, target } = this;
		removeEventListener('keydown', this.escape);
		row.onpointermove = row.onpointerup = row.onpointercancel = null;
		row.classList.remove('dragged');
		row.style.translate = '';
		target?.row.classList.remove('target', 'below');
		this.row = this.target = null;
		if (!takes || !target)
			return;
		const rows = this.#rows().filter((other) => other !== row);
		const at = rows.indexOf(target.row) + (target.below ? 1 : 0);
		this.drop(row.dataset.uid, rows[at - 1]?.dataset.uid, rows[at]?.dataset.uid,
			target.row.dataset.uid);
	}
}
