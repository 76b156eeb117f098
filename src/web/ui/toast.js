/*
 * What has just been done, with a way back, for as long as it takes to read it. One at a time; it
 * stays while the pointer or the focus is on it.
 */
import { el } from './dom.js';

const SECONDS = 8;
const place = document.getElementById('toast');
let timer = 0;

function stay() {
	clearTimeout(timer);
}

function leave() {
	stay();
	timer = setTimeout(() => place.replaceChildren(), SECONDS * 1000);
}

for (const [event, then] of Object.entries({ mouseenter: stay, focusin: stay, mouseleave: leave,
	focusout: leave }))
	place.addEventListener(event, then);

/* The button, which does run(), may be left out: then it is only said. */
export function toast(text, run, title = 'Undo') {
	const button = run && el('button', { type: 'button', onclick: () => {
		place.replaceChildren();
		run();
	} }, title);
	place.replaceChildren(el('p', {}, text), ...(button ? [button] : []));
	leave();
}
