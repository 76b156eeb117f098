/*
 * The account: who one is, where one is logged in, what comes in and goes out, and the end of it.
 */
import { Problem, send } from './api.js';
import { announce, el, openDialog } from './dom.js';
import { toast } from './toast.js';

const FORMATS = [['json', 'JSON, with everything'], ['csv', 'CSV'], ['todo.txt', 'todo.txt'],
	['ics', 'iCalendar']];

function when(time) {
	return time === null ? 'never' : new Date(time).toLocaleString();
}

function section(title, ...children) {
	return el('section', { class: 'card', 'aria-label': title }, el('h2', {}, title), ...children);
}

function field(label, input) {
	return el('div', { class: 'field' }, el('label', { for: input.id }, label), input,
		el('p', { class: 'error', id: `${input.id}-error` }));
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

function profile(at, { email, date_joined }, username) {
	const input = el('input', { id: 'email', name: 'email', type: 'email', value: email ?? '',
		autocomplete: 'email' });
	return section('Profile',
		el('p', {}, `${username}, since ${new Date(date_joined).toLocaleDateString()}`),
		form('Save', field('Email', input), async ({ email }) => {
			await send('PATCH', at(), { body: { email: email || null } });
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

/* What a button does where no form says what went wrong. */
function tried(run) {
	return () => run().catch((error) => toast(error.message));
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
	return section('Where you are logged in', endable(list, tell, 'sessions', at), leave(over));
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

function exports(at) {
	return section('Take it with you', el('ul', { class: 'plain' },
		FORMATS.map(([format, words]) => el('li', {},
			el('a', { href: at(`export?${new URLSearchParams({ format })}`), download: true },
				words)))));
}

/* By what the file is called; JSON where that says nothing. */
function formatOf(name) {
	const found = FORMATS.find(([format]) => name.endsWith(`.${format}`));
	if (name.endsWith('.txt'))
		return 'todo.txt';
	return found ? found[0] : 'json';
}

async function importFile(at, file, dry) {
	const query = new URLSearchParams({ format: formatOf(file.name), ...(dry && { dry_run: true }) });
	return (await send('POST', at(`import?${query}`), { body: file, raw: true,
		headers: { 'Content-Type': 'application/octet-stream' } })).data;
}

function imports(at, imported) {
	const preview = el('div', { 'aria-live': 'polite' });
	const show = (title, lines, ...more) => preview.replaceChildren(el('p', {}, title),
		el('ul', { class: 'preview' }, lines.slice(0, 20).map(({ pointer, detail }) =>
			el('li', {}, `${pointer.replace('/line/', 'Line ')}: ${detail}`))), ...more);
	const look = async (file) => {
		try {
			const { created, skipped, errors } = await importFile(at, file, true);
			const go = el('button', { type: 'button', class: 'main', onclick: tried(async () => {
				await importFile(at, file, false);
				preview.replaceChildren();
				toast(`Imported ${created} tasks`);
				await imported();
			}) }, `Import ${created} tasks`);
			show(`${created} tasks would come in, ${skipped} things be left out.`, errors, go);
		} catch (error) {
			show(error.message, error.document?.errors ?? []);
		}
	};
	const input = el('input', { id: 'file', type: 'file', accept: '.json,.csv,.txt,.ics',
		onchange: () => input.files[0] && look(input.files[0]) });
	return section('Bring something in',
		field('A file of JSON, CSV, todo.txt or iCalendar', input), preview);
}

function leave(over) {
	return el('button', { type: 'button', onclick: tried(async () => {
		await send('POST', 'api/v1/accounts/logout', { body: {} });
		over();
	}) }, 'Log out');
}

function end(at, username, over) {
	const name = el('input', { id: 'really', name: 'really', autocomplete: 'off' });
	const element = form('Delete the account',
		[field(`Type ${username} to delete all of it, for good`, name)], async () => {
			await send('DELETE', at());
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
			profile(at, who, username), password(at, username), looks(),
			sessions(at, here.sessions, over), tokens(at, programs.tokens, again),
			exports(at), imports(at, imported), end(at, username, over));
	} catch (error) {
		place.replaceChildren(el('p', { class: 'empty' }, error.message));
	}
}
