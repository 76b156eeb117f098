/*
 * The door: log in or sign up, on one page. What is wrong is said beside its field, in the server's
 * words.
 */
import { send } from '../net/api.js';
import { ownZone } from '../model/dates.js';
import { el } from './dom.js';

const ENDED = 'todo.ended';

/* Who was here until the session ended, and how much waits to be sent: { username, unsent }. */
export function rememberEnd(ended) {
	try {
		sessionStorage.setItem(ENDED, JSON.stringify(ended));
	} catch {
		/* then it is not said why one is here */
	}
}

/* The same, once; null where nobody was. */
export function takeEnd() {
	try {
		const ended = JSON.parse(sessionStorage.getItem(ENDED));
		sessionStorage.removeItem(ENDED);
		return ended;
	} catch {
		return null;
	}
}

const WAYS = {
	in: { title: 'Log in', path: 'api/v1/accounts/login', button: 'Log in',
		password: 'current-password', other: 'up', offer: 'New here? Sign up' },
	up: { title: 'Sign up', path: 'api/v1/accounts', button: 'Sign up',
		password: 'new-password', other: 'in', offer: 'Have an account? Log in' },
};

function field(name, label, attributes, hint) {
	return el('div', { class: 'field' },
		el('label', { for: name }, label),
		el('input', { id: name, name, 'aria-describedby': `${name}-error`, ...attributes }),
		el('p', { class: 'error', id: `${name}-error` }, hint ?? ''));
}

function fieldsOf(way) {
	const fields = [
		field('username', 'Name', { autocomplete: 'username', autocapitalize: 'none',
			spellcheck: 'false', required: true, maxlength: '64' }),
		field('password', 'Password', { type: 'password', autocomplete: way.password,
			required: true }),
	];
	if (way === WAYS.up)
		fields.splice(1, 0, field('email', 'Email, if you like', { type: 'email',
			autocomplete: 'email' }));
	return fields;
}

function showFaults(form, problem) {
	let named = false;
	for (const input of form.querySelectorAll('input')) {
		const fault = problem.of?.(input.name);
		const place = form.querySelector(`#${input.name}-error`);
		place.textContent = fault ? `${fault[0].toUpperCase()}${fault.slice(1)}.` : '';
		input.setAttribute('aria-invalid', Boolean(fault));
		if (fault && !named)
			input.focus();
		named ||= Boolean(fault);
	}
	form.querySelector('.general').textContent = named ? '' : problem.message;
}

class CookieRefused extends Error {}

/* Days are those of where one is, unless the server does not know that zone. */
async function signUp(path, values) {
	try {
		await send('POST', path, { body: { ...values, time_zone: ownZone() } });
	} catch (problem) {
		if (!problem.of?.('time_zone') || problem.document.errors.length > 1)
			throw problem;
		await send('POST', path, { body: values });
	}
}

/* A registration comes with a token of its own; the cookie is the login's. */
async function enter(way, values) {
	if (way === WAYS.up)
		await signUp(way.path, values);
	const { username, password } = values;
	const { data } = await send('POST', WAYS.in.path, { body: { username, password } });
	if (data.cookie_refused) /* the password was right, and yet nobody is in */
		throw new CookieRefused(data.cookie_refused);
	return data.username;
}

/* Why somebody is here who was in a moment ago. */
function reasonFor({ unsent }) {
	const kept = unsent === 0 ? '' : unsent === 1 ? ' One change that is not sent yet is kept.'
		: ` ${unsent} changes that are not sent yet are kept.`;
	return `Your session has ended: it was ended on another device, or is too old. Log in to go on.${kept}`;
}

/*
 * entered(username) is called once somebody is in. ended: { username, unsent } of whom the server
 * does not know any more, and how much waits to be sent. username: who it is likely to be. The form.
 */
export function showDoor(place, entered, { name = 'in', ended = null, username = ended?.username } = {}) {
	const way = WAYS[name];
	const form = el('form', { class: 'door', 'aria-label': way.title },
		el('h1', {}, 'todo'),
		el('h2', {}, way.title),
		ended && el('p', { class: 'reason', role: 'status' }, reasonFor(ended)),
		fieldsOf(way),
		el('p', { class: 'error general', role: 'alert' }),
		el('button', { class: 'main' }, way.button),
		el('button', { type: 'button', class: 'quiet',
			onclick: () => showDoor(place, entered, { name: way.other }) }, way.offer));
	/* Who has signed up has an account, with a cookie or without. */
	const fail = (problem, { username }) => {
		if (way === WAYS.up && problem instanceof CookieRefused)
			showFaults(showDoor(place, entered, { username }), problem);
		else
			showFaults(form, problem);
	};
	form.noValidate = true;
	form.addEventListener('submit', async (event) => {
		event.preventDefault();
		const values = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
		const button = form.querySelector('.main');
		button.disabled = true;
		try {
			entered(await enter(way, values));
		} catch (problem) {
			fail(problem, values);
		} finally {
			button.disabled = false;
		}
	});
	place.replaceChildren(form);
	form.querySelector('#username').value = username ?? '';
	form.querySelector(username ? '#password' : 'input').focus();
	return form;
}
