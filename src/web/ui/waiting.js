/*
 * What the whole page waits for before it can begin.
 */
import { Unreachable } from '../net/api.js';
import { backOff } from '../net/retry.js';
import { el } from './dom.js';

const place = document.getElementById('waiting');

/* What the page waits for, and a button for who does not want to; nothing where it waits no more. */
export function showWaiting(text = null, now, title = 'Now') {
	const isAlone = !document.body.classList.contains('in');
	const parts = text === null ? [] : [isAlone ? el('h1', {}, 'todo') : null, el('p', {}, text),
		now ? el('button', { type: 'button', onclick: now }, title) : null];
	place.replaceChildren(...parts.filter((part) => part !== null));
}

function pause(ms, message) {
	return new Promise((resolve) => {
		const go = () => {
			clearTimeout(timer);
			removeEventListener('online', go);
			resolve();
		};
		const timer = setTimeout(go, ms);
		addEventListener('online', go);
		showWaiting(`${message.replace(/ Try again\.$/, '')} Retrying…`, go);
	});
}

/* What run() promises, once the server is reached; what it refuses is thrown. */
export async function insist(run) {
	for (let failures = 0; ; failures++) {
		try {
			return await run();
		} catch (error) {
			if (!(error instanceof Unreachable))
				throw error;
			await pause(backOff(failures), error.message);
		} finally {
			showWaiting();
		}
	}
}
