/*
 * The list on the screen. Of a long one only what is near the window is there, so that ten thousand
 * tasks are as quick as ten; the rest is room. One row has the focus at most, and keeps it: by its
 * task, not by its place. Tab comes to that one alone, and from there to what is in it.
 */
import { el } from './dom.js';
import { controlsOf, setTabbable } from './row.js';

const ROW_HEIGHT = 44; /* of a row that nobody has seen yet */
const MARGIN = 300; /* pixels around the window in which rows are made */
const WHOLE = 200; /* rows that are all there, always */

export class List {
	/* make(row): its element; update(element, row). Both of { task } and { heading }. */
	constructor(element, make, update) {
		this.element = element;
		this.make = make;
		this.update = update;
		this.rows = [];
		this.made = new Map(); /* key -> element */
		this.heights = new Map(); /* key -> pixels */
		this.index = new Map(); /* uid -> place in rows */
		this.first = 0;
		this.end = 0;
		this.marked = null;
		this.frame = 0;
		addEventListener('scroll', () => this.#later(), { passive: true });
		addEventListener('resize', () => this.#later());
		addEventListener('beforeprint', () => this.#draw(0, this.rows.length));
	}

	/* The uid of the task that keys mean, or null. */
	get active() {
		return this.marked;
	}

	set active(uid) {
		this.marked = uid;
		this.#rove();
	}

	/* Tab comes to the active row, or where that is not drawn, to the first that is. */
	#rove() {
		const stop = this.made.get(this.active) ?? this.element.querySelector('.row');
		for (const row of this.made.values())
			setTabbable(row, row === stop);
	}

	static key(row) {
		return row.task ? row.task.uid : `${row.isOwn ? 'g' : 'h'} ${row.heading}`;
	}

	#later() {
		this.frame ||= requestAnimationFrame(() => {
			this.frame = 0;
			this.#draw(...this.#range());
		});
	}

	#height(row) {
		return this.heights.get(List.key(row)) ?? ROW_HEIGHT;
	}

	/* The rows near the window. */
	#range() {
		if (this.rows.length <= WHOLE)
			return [0, this.rows.length];
		const top = -this.element.getBoundingClientRect().top - MARGIN;
		const bottom = top + innerHeight + 2 * MARGIN;
		let y = 0, first = 0;
		while (first < this.rows.length && y + this.#height(this.rows[first]) < top)
			y += this.#height(this.rows[first++]);
		let end = first;
		while (end < this.rows.length && y < bottom)
			y += this.#height(this.rows[end++]);
		return [first, end];
	}

	#room(from, to) {
		let room = 0;
		for (let i = from; i < to; i++)
			room += this.#height(this.rows[i]);
		return room;
	}

	/* The element of a row, as it is now. */
	#element(row, place) {
		const key = List.key(row);
		let element = this.made.get(key);
		if (!element)
			element = this.make(row);
		this.update(element, row);
		if (row.task && this.rows.length > WHOLE) {
			element.setAttribute('aria-setsize', this.index.size);
			element.setAttribute('aria-posinset', place + 1);
		}
		return element;
	}

	#draw(first, end) {
		const focused = this.#focused();
		const made = new Map();
		const elements = [];
		for (let i = first; i < end; i++) {
			const element = this.#element(this.rows[i], i);
			made.set(List.key(this.rows[i]), element);
			elements.push(element);
		}
		this.made = made;
		this.first = first;
		this.end = end;
		this.#place(elements);
		this.element.style.paddingBlockStart = `${this.#room(0, first)}px`;
		this.element.style.paddingBlockEnd = `${this.#room(end, this.rows.length)}px`;
		this.#measure();
		this.#rove();
		if (focused && !this.element.contains(document.activeElement))
			this.element.focus({ preventScroll: true });
	}

	/* Only what has moved is moved: an element that is taken out and put in again loses the focus. */
	#place(elements) {
		const wanted = new Set(elements);
		for (const child of [...this.element.children])
			if (!wanted.has(child))
				child.remove();
		let at = this.element.firstElementChild;
		for (const element of elements) {
			if (element === at)
				at = at.nextElementSibling;
			else
				this.element.insertBefore(element, at);
		}
	}

	#measure() {
		for (const [key, element] of this.made)
			this.heights.set(key, element.offsetHeight || ROW_HEIGHT);
	}

	#focused() {
		return this.element.contains(document.activeElement) ? document.activeElement : null;
	}

	/*
	 * Show these rows. Where the focused one is gone, its neighbour gets the focus; what has it and
	 * stays, such as a name that is edited, is left alone.
	 */
	show(rows) {
		const focused = this.#focused();
		const place = this.index.get(this.active) ?? 0;
		this.rows = rows;
		this.index = new Map();
		rows.forEach((row, i) => row.task && this.index.set(row.task.uid, i));
		if (this.active !== null && !this.index.has(this.active))
			this.active = this.#nearest(place);
		this.#draw(...this.#range());
		if (focused !== null && document.activeElement !== focused)
			this.focus(this.active);
	}

	/* The task at a place, or the next one there is. */
	#nearest(place) {
		const after = this.rows.slice(place).find((row) => row.task);
		const before = this.rows.slice(0, place).findLast((row) => row.task);
		return (after ?? before)?.task.uid ?? null;
	}

	/* Put the focus on a task; where there is none, on the list itself. */
	focus(uid) {
		const place = this.index.get(uid);
		if (place === undefined) {
			this.element.focus({ preventScroll: true });
			return;
		}
		this.active = uid;
		if (place < this.first || place >= this.end) {
			scrollTo({ top: this.#room(0, place) + this.element.offsetTop - innerHeight / 2 });
			this.#draw(...this.#range());
		}
		this.made.get(uid)?.focus();
		this.made.get(uid)?.scrollIntoView({ block: 'nearest' });
	}

	/* Put the focus on the active task, or on the first where there is none. */
	enter() {
		if (this.index.has(this.active))
			this.focus(this.active);
		else
			this.move(1);
	}

	/* From control to control of the row that has the focus, and back to it; false where it is in none. */
	step(by) {
		const row = document.activeElement?.closest?.('.row');
		if (!row || !this.element.contains(row))
			return false;
		const stops = [row, ...controlsOf(row)];
		const at = stops.indexOf(document.activeElement) + by;
		stops[Math.max(0, Math.min(stops.length - 1, at))].focus();
		return true;
	}

	/* Up or down by so many tasks, over headings. */
	move(by) {
		const uids = [...this.index.keys()];
		const at = uids.indexOf(this.active);
		const next = (at < 0 ? (by > 0 ? -1 : uids.length) : at) + by;
		if (uids.length > 0)
			this.focus(uids[Math.max(0, Math.min(uids.length - 1, next))]);
	}

	/* The task that comes next when those are gone: behind the active one, else before it. */
	after(uids) {
		const gone = new Set(uids);
		const stays = (row) => row.task && !gone.has(row.task.uid);
		const place = this.index.get(this.active) ?? 0;
		const next = this.rows.slice(place).find(stays) ?? this.rows.slice(0, place).findLast(stays);
		return next?.task.uid ?? null;
	}

	elementOf(uid) {
		return this.made.get(uid) ?? null;
	}

	static empty(text) {
		return el('p', { class: 'empty' }, text);
	}
}
