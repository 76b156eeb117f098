/*
 * The search above the list: it is shown as one types.
 */
import { addressOf } from '../model/views.js';

const WAIT_MS = 60;

export class Search {
	/* arrive(place) shows it; down() is what the arrow down and Enter lead to. */
	constructor(input, { arrive, down }) {
		this.input = input;
		this.arrive = arrive;
		this.down = down;
		this.shown = false;
		input.addEventListener('input', () => this.#typed());
		input.addEventListener('keydown', (event) => this.#key(event));
	}

	focus() {
		this.input.focus();
		this.input.select();
	}

	/* Another place is shown: the input says the same. */
	follow(place) {
		this.shown = place.name === 'search';
		if (!this.shown)
			this.input.value = '';
		else if (document.activeElement !== this.input)
			this.input.value = place.query;
	}

	#typed() {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.#show(), WAIT_MS);
	}

	/* The first letter is a step that the back button takes back; those that follow are none. */
	#show() {
		clearTimeout(this.timer);
		const query = this.input.value.trim();
		const place = query ? { name: 'search', query } : { name: 'all' };
		history[this.shown ? 'replaceState' : 'pushState'](null, '', addressOf(place));
		this.arrive(place);
	}

	#key(event) {
		if (event.key === 'Escape') {
			this.input.value = '';
			this.#show();
			this.down();
		} else if (event.key === 'Enter' || event.key === 'ArrowDown') {
			event.preventDefault();
			this.down();
		}
	}
}
