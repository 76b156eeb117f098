/*
 * Making elements. What a user wrote only ever becomes text: there is no way from here to markup.
 */

function setAttribute(element, name, value) {
	if (value === undefined || value === null || value === false)
		return;
	if (name.startsWith('on'))
		element.addEventListener(name.slice(2), value);
	else if (name in element && typeof value !== 'string')
		element[name] = value;
	else
		element.setAttribute(name, value === true ? '' : value);
}

/* el('button', { class: 'quiet', onclick: close }, 'Close') */
export function el(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes))
		setAttribute(element, name, value);
	element.append(...children.flat().filter((child) => child !== null && child !== undefined));
	return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/* One of the drawings of icons.svg's kind: a path on a grid of 16, as thick as the text. */
export function icon(path) {
	const svg = document.createElementNS(SVG, 'svg');
	const line = document.createElementNS(SVG, 'path');
	svg.setAttribute('viewBox', '0 0 16 16');
	svg.setAttribute('aria-hidden', 'true');
	svg.setAttribute('class', 'icon');
	line.setAttribute('d', path);
	svg.append(line);
	return svg;
}

/* The colour of a list, which says nothing that its name does not. */
export function dot(color) {
	const one = el('span', { class: 'dot', 'aria-hidden': 'true' });
	if (/^#[0-9a-f]{6}$/i.test(color))
		one.style.background = color;
	return one;
}

/* Tell those who do not see the list what has become of it. */
export function announce(text) {
	document.getElementById('live').textContent = text;
}

/* A dialog that is gone from the page once it is closed, and gives the focus back. */
export function openDialog(label, ...children) {
	const before = document.activeElement;
	const dialog = el('dialog', { 'aria-label': label }, ...children);
	dialog.addEventListener('close', () => {
		dialog.remove();
		if (before?.isConnected && document.activeElement === document.body)
			before.focus();
	});
	dialog.addEventListener('click', (event) => {
		if (event.target === dialog)
			dialog.close();
	});
	document.body.append(dialog);
	dialog.showModal();
	return dialog;
}

/*
 * A question before what cannot be undone, or what one may not have meant: a promise whether the
 * button was pressed. The other one has the focus, so that a key that is pressed on does nothing.
 */
export function openQuestion(text, title, danger = false) {
	return new Promise((resolve) => {
		let yes = false;
		const go = () => {
			yes = true;
			dialog.close();
		};
		const dialog = openDialog(text, el('p', { class: 'question' }, text),
			el('div', { class: 'buttons' },
				el('button', { type: 'button', autofocus: true, onclick: () => dialog.close() },
					'Cancel'),
				el('button', { type: 'button', class: danger ? 'danger' : 'main', onclick: go },
					title)));
		dialog.addEventListener('close', () => resolve(yes));
	});
}

/* A list of [title, run] to choose from, with the arrows or Tab. */
export function openMenu(label, items) {
	const buttons = items.map(([title, run]) => el('button', { type: 'button', onclick: () => {
		dialog.close();
		run();
	} }, title));
	const menu = el('div', { class: 'menu', onkeydown: ({ key }) => {
		const by = { ArrowDown: 1, ArrowUp: -1 }[key];
		if (by !== undefined)
			buttons.at((buttons.indexOf(document.activeElement) + by) % buttons.length).focus();
	} }, buttons);
	const dialog = openDialog(label, menu);
}
