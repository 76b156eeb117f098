/*
 * What has just been done, with a way back, for as long as it takes to read it. One at a time; it
 * stays while the pointer or the focus is on it.
 */
import { el } from './dom.js';

const SECONDS = 8;
let timer = 0;

function leave(toast) {
	clearTimeout(timer);
	timer = setTimeout(() => toast.replaceChildren(), SECONDS * 1000);
}

/* undo may be left out: then it is only said. */
export function toast(text, undo) {
	const place = document.getElementById('toast');
	const back = undo && el('button', { type: 'button', onclick: () => {
		place.replaceChildren();
		undo();
	} }, 'Undo');
	place.replaceChildren(el('p', {}, text), ...(back ? [back] : []));
	place.onmouseenter = place.onfocusin = () => clearTimeout(timer);
	place.onmouseleave = place.onfocusout = () => leave(place);
	leave(place);
}
