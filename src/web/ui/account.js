/*
 * The account: who one is, where one is logged in, what comes in and goes out, and the end of it.
 */
import { Problem, send } from '../net/api.js';
import { announce, el, openDialog } from './dom.js';
import { ownZone, setZone } from '../model/dates.js';
import { field, section, tried } from './forms.js';
import { lettersSwitch } from './letters.js';
import { toast } from './toast.js';
import { exports, imports } from './transfer.js';

function when(time) {
	return time === null ? 'never' : new Date(time).toLocaleString();
}

/* A form whose faults stand beside its fields; run(values) does it. */
function form(button, fields, run) {
	const general = el('p', { class: 'error', role: 'alert' });
	const element = el('form', {}, fields, general, el('button', { class: 'main' }, button));
	element.addEventListener('submit', async (event) => {
		event.preventDefault();
		general.textContent = '';
		try {
			await run(Object.fromEntries(new FormData(element)), element);
			showFaults(element, null);
		} catch (error) {
			if (!showFaults(element, error))
				general.textContent = error.message;
		}
	});
	return element;
}

/* Whether some field has a fault. */
function showFaults(element, error) {
	let some = false;
	for (const input of element.querySelectorAll('input')) {
		const fault = error instanceof Problem ? error.of(input.name) : undefined;
		const place = element.querySelector(`#${input.id}-error`);
		if (place)
			place.textContent = fault ?? '';
		some ||= Boolean(fault);
	}
	return some;
}

/* By the zone's calendar the server reckons what is due on which day, and so does the page. */
function zoneField(zone) {
	const known = Intl.supportedValuesOf?.('timeZone') ?? [];
	const input = el('input', { id: 'time_zone', name: 'time_zone', value: zone, list: 'zones',
		autocomplete: 'off', spellcheck: 'false' });
	return [field('Time zone', input), el('datalist', { id: 'zones' },
		[...new Set([ownZone(), ...known])].map((value) => el('option', { value })))];
}

function profile(at, { email, date_joined, time_zone }, username) {
	const input = el('input', { id: 'email', name: 'email', type: 'email', value: email ?? '',
		autocomplete: 'email' });
	return section('Profile',
		el('p', {}, `${username}, since ${new Date(date_joined).toLocaleDateString()}`),
		form('Save', [field('Email', input), zoneField(time_zone)].flat(), async (values) => {
			const { data } = await send('PATCH', at(), { body: { email: values.email || null,
				time_zone: values.time_zone || null } });
			setZone(data.time_zone);
			toast('Saved');
		}));
}

function password(at, username) {
	const name = el('input', { name: 'username', value: username, autocomplete: 'username',
		hidden: true });
	const old = el('input', { id: 'current_password', name: 'current_password',
		type: 'password', autocomplete: 'current-password', required: true });
	const fresh = el('input', { id: 'password', name: 'password', type: 'password',
		autocomplete: 'new-password', required: true });
	return section('Password',
		form('Change', [name, field('Password now', old), field('New password', fresh)],
			async ({ current_password, password }, element) => {
				await send('PATCH', at(), { body: { current_password, password } });
				element.reset();
				toast('The password is changed. Other devices are logged out.');
			}));
}

/* A list of things that can be ended; what ends is gone from it at once. */
function endable(items, tell, path, at) {
	return el('ul', { class: 'plain' }, items.map((item) => {
		const row = el('li', {}, el('span', {}, tell(item)));
		const end = el('button', { type: 'button', disabled: item.current === true,
			onclick: tried(async () => {
				await send('DELETE', at(`${path}/${item.id}`));
				row.remove();
				announce('Ended');
			}) }, item.current ? 'This one' : 'End');
		row.append(end);
		return row;
	}));
}

function sessions(at, list, over) {
	const tell = ({ user_agent, last_used }) =>
		`${user_agent || 'Unknown program'} · last used ${when(last_used)}`;
	const rows = endable(list, tell, 'sessions', at);
	const others = el('button', { type: 'button', onclick: tried(async () => {
		const { data } = await send('DELETE', at('sessions'));
		rows.querySelectorAll('button:enabled').forEach((button) => button.closest('li').remove());
		toast(data.count === 1 ? 'Logged out in one other place'
			: `Logged out in ${data.count} other places`);
	}) }, 'Log out everywhere else');
	return section('Where you are logged in', rows,
		el('div', { class: 'choices' }, leave(over), others));
}

function tokens(at, list, reload) {
	const tell = ({ name, scope, expires }) => `${name} · ${scope} · ends ${when(expires)}`;
	const name = el('input', { id: 'name', name: 'name', required: true, autocomplete: 'off' });
	const scope = el('select', { id: 'scope', name: 'scope' },
		el('option', { value: 'read' }, 'may read'),
		el('option', { value: 'read-write' }, 'may read and write'));
	return section('Tokens for programs', endable(list, tell, 'tokens', at),
		form('Make a token', [field('Name', name), field('Scope', scope)], async (values) => {
			const { data } = await send('POST', at('tokens'), { body: values });
			openDialog('New token', el('form', { method: 'dialog', class: 'panel' },
				el('h2', {}, 'New token'),
				el('p', {}, 'Copy it now: it is not shown again.'),
				el('input', { readonly: true, value: data.token, 'aria-label': 'Token' }),
				el('div', { class: 'buttons' }, el('button', { class: 'main' }, 'Done'))))
				.addEventListener('close', reload);
		}));
}

function leave(over) {
	return el('button', { type: 'button', onclick: tried(async () => {
		await send('POST', 'api/v1/accounts/logout', { body: {} });
		over();
	}) }, 'Log out');
}

/* By its name, so that nobody does it by mistake, and by the password, so that nobody else does it. */
function end(at, username, over) {
	const name = el('input', { id: 'really', name: 'really', autocomplete: 'off' });
	const secret = el('input', { id: 'end_password', name: 'current_password', type: 'password',
		autocomplete: 'current-password', required: true });
	const element = form('Delete the account',
		[field(`Type ${username} to delete all of it, for good`, name),
			field('Your password', secret)], async ({ current_password }) => {
			await send('DELETE', at(), { body: { current_password } });
			for (const kept of ['queue', 'own', 'zone'])
				localStorage.removeItem(`todo.${kept}.${username}`);
			over();
		});
	const button = element.querySelector('button');
	button.className = 'danger';
	button.disabled = true;
	name.addEventListener('input', () => {
		button.disabled = name.value !== username;
	});
	return section('The end', element);
}

function letters() {
	return section('Keyboard', lettersSwitch(),
		el('p', { class: 'hint' }, 'Off: no letter alone does anything. Ctrl+Z undoes, F1 shows all ' +
			'keys, and the menu of a task, by Shift+F10 or its button, has the rest.'));
}

function looks() {
	const now = localStorage.getItem('todo.theme') ?? 'system';
	const set = (theme) => {
		localStorage.setItem('todo.theme', theme);
		if (theme === 'system')
			delete document.documentElement.dataset.theme;
		else
			document.documentElement.dataset.theme = theme;
	};
	return section('Light and dark', el('div', { class: 'choices' },
		['system', 'light', 'dark'].map((theme) => el('label', { class: 'chip' },
			el('input', { type: 'radio', name: 'theme', value: theme, checked: theme === now,
				onchange: () => set(theme) }), theme))));
}

/* over(): nobody is logged in any more. imported(): the tasks are to be read again. */
export async function showAccount(place, at, username, { over, imported }) {
	const get = async (resource) => (await send('GET', at(resource))).data;
	const again = () => showAccount(place, at, username, { over, imported });
	place.replaceChildren(el('p', { class: 'empty' }, 'One moment…'));
	try {
		const [who, here, programs] = await Promise.all([get(''), get('sessions'), get('tokens')]);
		place.replaceChildren(
			profile(at, who, username), password(at, username), looks(), letters(),
			sessions(at, here.sessions, over), tokens(at, programs.tokens, again),
			exports(at), imports(at, imported), end(at, username, over));
	} catch (error) {
		place.replaceChildren(el('p', { class: 'empty' }, error.message));
	}
}
