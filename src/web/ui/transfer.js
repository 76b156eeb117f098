/*
 * What goes out of the account and comes into it, as files.
 */
import { send } from '../net/api.js';
import { el } from './dom.js';
import { field, section } from './forms.js';
import { toast } from './toast.js';

const FORMATS = [['json', 'JSON, with everything'], ['csv', 'CSV'], ['todo.txt', 'todo.txt'],
	['ics', 'iCalendar']];

const tasks = (count) => (count === 1 ? '1 task' : `${count} tasks`);

export function exports(at) {
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

/* tell(words) is told how far it is. */
async function importFile(at, file, dry, tell) {
	const query = new URLSearchParams({ format: formatOf(file.name), ...(dry && { dry_run: true }) });
	const sent = (part) => tell(part < 1 ? `Sending, ${Math.floor(part * 100)} %…` : 'Reading…');
	return (await send('POST', at(`import?${query}`), { body: file, raw: true, tell: sent,
		headers: { 'Content-Type': 'application/octet-stream' } })).data;
}

/* imported(count) once so many tasks have come in: a promise. */
export function imports(at, imported) {
	const preview = el('div', { 'aria-live': 'polite' });
	const say = (words) => preview.replaceChildren(el('p', {}, words));
	const show = (title, lines, ...more) => preview.replaceChildren(el('p', {}, title),
		el('ul', { class: 'preview' }, lines.slice(0, 20).map(({ pointer, detail }) =>
			el('li', {}, `${pointer.replace('/line/', 'Line ')}: ${detail}`))), ...more);
	const bring = async (file) => {
		const { created } = await importFile(at, file, false, say);
		preview.replaceChildren();
		toast(`Imported ${tasks(created)}`);
		await imported(created);
	};
	const look = async (file) => {
		try {
			const { created, skipped, errors } = await importFile(at, file, true, say);
			const go = el('button', { type: 'button', class: 'main', onclick: () => {
				go.disabled = true;
				bring(file).catch((error) => show(error.message, error.document?.errors ?? []));
			} }, `Import ${tasks(created)}`);
			show(`${tasks(created)} would come in, ${skipped} things be left out.`, errors, go);
		} catch (error) {
			show(error.message, error.document?.errors ?? []);
		}
	};
	const input = el('input', { id: 'file', type: 'file', accept: '.json,.csv,.txt,.ics',
		onchange: () => input.files[0] && look(input.files[0]) });
	return section('Bring something in',
		field('A file of JSON, CSV, todo.txt or iCalendar', input), preview);
}
