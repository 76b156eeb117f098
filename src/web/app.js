/*
 * The page: who is here, what is shown, and what each command does.
 */
import { account, send, whoIsHere } from './api.js';
import { Adder } from './add.js';
import { showAccount } from './account.js';
import { announce, el, icon, openDialog } from './dom.js';
import { showDoor } from './door.js';
import { dueField, priorityField, tagsField } from './fields.js';
import { icons } from './icons.js';
import { listen, openHelp } from './keys.js';
import { List } from './list.js';
import { Dragging } from './order.js';
import { openChoice, openField, openPanel } from './panel.js';
import { editName, makeHeading, makeRow, updateRow } from './row.js';
import { Tasks } from './tasks.js';
import { toast } from './toast.js';
import { addressOf, between, contents, fixedViews, placeOf, tagsOf, viewOf } from './views.js';

const main = document.getElementById('main');
const SEARCH_MS = 60;

class App {
	constructor(username) {
		this.username = username;
		this.at = account(username);
		this.tasks = new Tasks(username, openChoice);
		this.selected = new Set();
		this.trash = [];
		this.place = placeOf(location.search);
		this.#frame();
		this.tasks.addEventListener('change', () => this.#later());
		this.tasks.addEventListener('over', () => location.reload());
		this.tasks.addEventListener('problem', ({ detail }) => toast(detail.message));
		addEventListener('popstate', () => this.#arrive(placeOf(location.search)));
		listen((command) => this.#run(command));
	}

	/* ---- what stands on the page ---- */

	#frame() {
		this.nav = document.getElementById('views');
		this.title = el('h2', { id: 'title' });
		this.left = el('p', { class: 'left', 'aria-live': 'off' });
		this.ul = el('ul', { class: 'list', tabindex: '-1', 'aria-labelledby': 'title' });
		this.emptiness = el('div');
		this.selection = el('div', { class: 'selection', role: 'region',
			'aria-label': 'Selection', hidden: true });
		this.form = document.getElementById('add');
		this.list = new List(this.ul, (row) => (row.task ? makeRow(row) : makeHeading(row)),
			(element, row) => row.task && this.#updateRow(element, row.task));
		this.adder = new Adder(this.form, (tasks) => this.#add(tasks));
		this.search = document.getElementById('search');
		this.search.addEventListener('input', () => this.#searched());
		this.search.addEventListener('keydown', (event) => this.#searchKey(event));
		new Dragging(this.ul, (uid, before, after) => this.#drop(uid, before, after));
		this.ul.addEventListener('click', (event) => this.#clicked(event));
		this.ul.addEventListener('change', (event) => this.#checked(event));
		this.ul.addEventListener('dblclick', (event) => this.#doubled(event));
		this.ul.addEventListener('focusin', (event) => this.#focused(event));
		document.body.addEventListener('click', (event) => this.#followed(event));
		document.body.classList.add('in');
		main.replaceChildren(el('div', { class: 'head' }, this.title, this.left), this.ul,
			this.emptiness, this.selection);
	}

	#updateRow(element, task) {
		updateRow(element, task, { selected: this.selected.has(task.uid),
			movable: Boolean(viewOf(this.place).movable) && !task.completed,
			trash: this.place.name === 'trash' });
	}

	async begin() {
		await this.tasks.load();
		this.tasks.keepFollowing();
		this.#arrive(this.place);
		if (matchMedia('(hover: hover)').matches)
			this.adder.focus();
	}

	/* ---- places ---- */

	go(place) {
		history.pushState(null, '', addressOf(place));
		this.#arrive(place);
		scrollTo(0, 0);
	}

	#arrive(place) {
		this.place = place;
		this.selected.clear();
		this.list.active = null;
		if (place.name !== 'search')
			this.search.value = '';
		else if (document.activeElement !== this.search)
			this.search.value = place.query;
		if (place.name === 'trash')
			this.#loadTrash();
		this.#draw();
	}

	#followed(event) {
		const link = event.target.closest('a[data-place]');
		if (!link || event.ctrlKey || event.metaKey || event.shiftKey)
			return;
		event.preventDefault();
		this.go(placeOf(new URL(link.href).search));
	}

	#searched() {
		clearTimeout(this.searching);
		this.searching = setTimeout(() => {
			const query = this.search.value.trim();
			const place = query ? { name: 'search', query } : { name: 'all' };
			const known = this.place.name === 'search';
			history[known ? 'replaceState' : 'pushState'](null, '', addressOf(place));
			this.#arrive(place);
		}, SEARCH_MS);
	}

	#searchKey(event) {
		if (event.key === 'Escape') {
			this.search.value = '';
			this.#searched();
			this.list.focus(this.list.active);
		} else if (event.key === 'Enter' || event.key === 'ArrowDown') {
			event.preventDefault();
			this.list.move(1);
		}
	}

	/* ---- drawing ---- */

	#later() {
		this.frame ||= requestAnimationFrame(() => {
			this.frame = 0;
			this.#draw();
		});
	}

	#draw() {
		const account = this.place.name === 'account';
		document.body.classList.toggle('account', account);
		this.#drawViews();
		if (account)
			this.#drawAccount();
		else
			this.#drawList(viewOf(this.place));
		this.#drawSelection();
	}

	#drawAccount() {
		if (this.accountPage?.isConnected)
			return;
		this.title.textContent = 'Account';
		document.title = 'Account · todo';
		this.left.textContent = '';
		this.ul.hidden = true;
		this.accountPage = el('div', { class: 'cards' });
		this.emptiness.replaceChildren(this.accountPage);
		showAccount(this.accountPage, this.at, this.username, {
			over: () => location.assign('./'), imported: () => this.tasks.load() });
	}

	#drawList(view) {
		const now = new Date();
		const { rows, left } = view.trash
			? { rows: this.trash.map((task) => ({ task })), left: this.trash.length }
			: contents(view, this.tasks, now);
		const unsent = this.tasks.queue.stuck ? ` · offline, ${this.tasks.queue.length} to send` : '';
		this.title.textContent = view.title;
		document.title = `${view.title} · todo`;
		this.left.textContent = view.trash ? `${left} deleted` : `${left} left${unsent}`;
		this.ul.hidden = false;
		this.list.show(rows);
		this.emptiness.replaceChildren(...(rows.length > 0 ? [] : [List.empty(this.#emptyText(view))]));
	}

	#emptyText(view) {
		const none = this.place.name === 'all' && [...this.tasks].length === 0;
		return none ? 'Your list is empty. Type what is to be done, such as “Buy milk tomorrow #home”, '
			+ 'and press Enter.' : view.empty;
	}

	#link(place, title, drawing, count) {
		const here = addressOf(place) === addressOf(this.place);
		return el('li', {}, el('a', { href: addressOf(place), 'data-place': place.name,
			'aria-current': here ? 'page' : null }, icon(icons[drawing]),
			el('span', { class: 'title' }, title),
			count ? el('span', { class: 'count' }, String(count)) : null));
	}

	#drawViews() {
		const now = new Date();
		const open = [...this.tasks].filter((task) => !task.completed);
		const count = (view) => (view.open ? open.filter((task) => view.open(task, now)).length : 0);
		const links = [
			...fixedViews.map((view) => this.#link({ name: view.name }, view.title, view.name,
				count(view))),
			...tagsOf(open).map(([tag, number]) => this.#link({ name: 'tag', tag }, tag, 'tag',
				number)),
		];
		const drawn = links.map((link) => link.outerHTML).join('');
		if (drawn === this.drawnViews)
			return;
		this.drawnViews = drawn;
		this.nav.replaceChildren(...links);
	}

	#drawSelection() {
		const number = this.selected.size;
		this.selection.hidden = number === 0;
		if (number === 0)
			return;
		const button = (title, command) => el('button', { type: 'button',
			onclick: () => this.#run(command) }, title);
		this.selection.replaceChildren(el('span', {}, `${number} selected`),
			button('Complete', 'complete'), button('Due', 'due'), button('Priority', 'priority'),
			button('Tags', 'tags'), button('Delete', 'delete'), button('None', 'escape'));
	}

	/* ---- what is done ---- */

	/* The tasks that a command means: those that are selected, else the one with the focus. */
	#meant() {
		const uids = this.selected.size > 0 ? [...this.selected] : [this.list.active];
		return uids.filter((uid) => uid !== null && this.tasks.get(uid) !== null);
	}

	#act(label, ops) {
		this.tasks.act(label, ops);
		this.#draw();
		const { left } = contents(viewOf(this.place.name === 'trash' ? { name: 'all' } : this.place),
			this.tasks, new Date());
		announce(`${label}, ${left} left`);
	}

	/* The same with a way back on the screen. */
	#actWithUndo(label, ops) {
		const number = ops.filter(Boolean).length;
		if (number === 0)
			return;
		this.#act(label, ops);
		toast(number > 1 ? `${label} ${number} tasks` : label, () => this.#undo());
	}

	#add(tasks) {
		let position = this.tasks.lastPosition();
		const { tag } = viewOf(this.place);
		const ops = tasks.map((task) => this.tasks.newTask({ ...task, position: ++position,
			tags: tag && !task.tags.includes(tag) ? [...task.tags, tag] : task.tags }));
		this.#act(ops.length > 1 ? `Added ${ops.length} tasks` : 'Added', ops);
	}

	#patch(label, uids, members) {
		this.#act(label, uids.map((uid) => this.tasks.patch(uid, members)));
	}

	#complete(uids) {
		const completed = uids.some((uid) => !this.tasks.get(uid).completed);
		this.#actWithUndo(completed ? 'Completed' : 'To be done again',
			uids.map((uid) => this.tasks.patch(uid, { completed })));
		this.selected.clear();
		this.#draw();
	}

	#delete(uids) {
		this.selected.clear();
		this.#actWithUndo('Deleted', uids.map((uid) => ({ op: 'delete', uid })));
	}

	#undo() {
		const label = this.tasks.undo();
		if (label === null)
			return this.#undoThere();
		announce(`Undone: ${label}`);
		toast(`Undone: ${label}`);
		return true;
	}

	/* What was done before this page was opened, the server knows. */
	async #undoThere() {
		try {
			await send('POST', this.at('undo'), { body: {} });
			await this.tasks.follow();
			toast('Undone');
		} catch (error) {
			toast(error.status === 409 ? 'Nothing to undo' : error.message);
		}
	}

	#redo() {
		const label = this.tasks.redo();
		toast(label === null ? 'Nothing to redo' : `Done again: ${label}`);
	}

	#edit(uid) {
		const row = this.list.elementOf(uid);
		const task = this.tasks.get(uid);
		if (!row || !task || row.querySelector('.edit'))
			return;
		editName(row, task, (name) => {
			if (name === '')
				this.#delete([uid]);
			else if (name !== null)
				this.#patch('Changed', [uid], { name });
			this.list.focus(this.list.active);
		});
	}

	#panel(uid, focus) {
		const task = this.tasks.get(uid);
		const id = this.tasks.idOf(uid);
		openPanel(task, { focus,
			known: tagsOf(this.tasks).map(([tag]) => tag),
			set: (members) => members.name?.trim() !== ''
				&& this.#patch('Changed', [uid], members),
			history: id === null ? null
				: async () => (await send('GET', this.at(`tasks/${id}/history`))).data.history,
			act: { Delete: () => this.#delete([uid]) } })
			.addEventListener('close', () => this.list.focus(uid));
	}

	/* One member of several tasks, or of the one that has the focus. */
	#field(name) {
		const uids = this.#meant();
		if (uids.length === 0)
			return;
		const task = this.tasks.get(uids[0]);
		const set = (members) => this.#patch('Changed', uids, members);
		const known = tagsOf(this.tasks).map(([tag]) => tag);
		const fields = {
			due: ['Due', () => dueField(task.due_date, set)],
			priority: ['Priority', () => priorityField(task.priority, set)],
			tags: ['Tags', () => tagsField(task.tags, known, set)],
		};
		const [title, make] = fields[name];
		openField(uids.length > 1 ? `${title} of ${uids.length} tasks` : title, make())
			.addEventListener('close', () => this.list.focus(this.list.active));
	}

	/* Everything that can be done with a row, for those who have no keys. */
	#menu(uid) {
		const item = (title, run) => el('button', { type: 'button', onclick: () => {
			dialog.close();
			run();
		} }, title);
		const movable = viewOf(this.place).movable && !this.tasks.get(uid).completed;
		const dialog = openDialog(this.tasks.get(uid).name, el('div', { class: 'menu' },
			item('Edit', () => this.#edit(uid)),
			item('Details', () => this.#panel(uid)),
			item('Due date', () => this.#field('due')),
			...(movable ? [
				item('Move up', () => this.#step(uid, -1)),
				item('Move down', () => this.#step(uid, 1)),
				item('Move to the top', () => this.#step(uid, -Infinity)),
				item('Move to the end', () => this.#step(uid, Infinity)),
			] : []),
			item(this.selected.has(uid) ? 'Select no more' : 'Select', () => this.#select(uid)),
			item('Delete', () => this.#delete([uid]))));
	}

	#select(uid) {
		if (!this.selected.delete(uid))
			this.selected.add(uid);
		this.#draw();
	}

	/* ---- order ---- */

	/* Put a task between two others, of which either may not be there. */
	#drop(uid, before, after) {
		const of = (other) => (other === undefined ? undefined : this.tasks.get(other)?.position);
		const position = between(of(before), of(after));
		if (position === null)
			this.#spread(uid, before);
		else
			this.#act('Moved', [this.tasks.patch(uid, { position })]);
	}

	/* The numbers between two tasks are used up: all get new ones, in whole steps. */
	#spread(uid, before) {
		const order = this.#openOrder().filter((other) => other !== uid);
		order.splice(order.indexOf(before) + 1, 0, uid);
		this.#act('Moved', order.map((other, i) => this.tasks.patch(other, { position: i + 1 })));
	}

	#openOrder() {
		return contents(viewOf({ name: 'all' }), this.tasks, new Date()).rows
			.filter(({ task }) => task && !task.completed).map(({ task }) => task.uid);
	}

	/* Up or down among the tasks that are shown. */
	#step(uid, by) {
		const shown = this.list.rows.filter(({ task }) => task && !task.completed)
			.map(({ task }) => task.uid);
		const rest = shown.filter((other) => other !== uid);
		const place = Math.max(0, Math.min(rest.length, shown.indexOf(uid) + by));
		if (!viewOf(this.place).movable || place === shown.indexOf(uid))
			return;
		this.#drop(uid, rest[place - 1], rest[place]);
		this.list.focus(uid);
		announce(`Moved to place ${place + 1} of ${shown.length}`);
	}

	/* ---- trash ---- */

	async #loadTrash() {
		try {
			const { data } = await send('GET', this.at('trash'));
			this.trash = data.tasks.reverse().map((task) => ({ ...task, uid: `x${task.id}` }));
			this.#draw();
		} catch (error) {
			toast(error.message);
		}
	}

	async #restore(uid) {
		const task = this.trash.find((other) => other.uid === uid);
		this.trash = this.trash.filter((other) => other !== task);
		this.#draw();
		try {
			await send('POST', this.at(`tasks/${task.id}/restore`), { body: {} });
			await this.tasks.follow();
			toast(`Restored: ${task.name}`);
		} catch (error) {
			toast(error.message);
			this.#loadTrash();
		}
	}

	/* ---- events ---- */

	#uidAt(event) {
		return event.target.closest('.row')?.dataset.uid ?? null;
	}

	#clicked(event) {
		const uid = this.#uidAt(event);
		const what = event.target.closest('[data-do]')?.dataset.do;
		if (uid === null)
			return;
		if (what === 'menu')
			this.#menu(uid);
		else if (what === 'restore')
			this.#restore(uid);
		else if (!what && !event.target.closest('a, input'))
			this.list.focus(uid);
	}

	#checked(event) {
		const uid = this.#uidAt(event);
		if (uid !== null && event.target.matches('.check')) {
			this.list.active = uid;
			this.#complete([uid]);
		}
	}

	#doubled(event) {
		if (event.target.closest('.name') && this.place.name !== 'trash')
			this.#edit(this.#uidAt(event));
	}

	#focused(event) {
		this.list.active = this.#uidAt(event) ?? this.list.active;
	}

	/* Whether the command meant anything here. */
	#run(command) {
		if (command.startsWith('go ')) {
			this.go({ name: command.slice(3) });
			return true;
		}
		const anywhere = {
			add: () => this.adder.focus(),
			search: () => this.search.focus(),
			next: () => this.list.move(1),
			previous: () => this.list.move(-1),
			first: () => this.list.move(-Infinity),
			last: () => this.list.move(Infinity),
			undo: () => this.#undo(),
			redo: () => this.#redo(),
			help: () => openHelp(),
			escape: () => {
				this.selected.clear();
				this.#draw();
			},
		};
		const uids = this.place.name === 'account' ? [] : this.#meant();
		const withTask = {
			complete: () => this.#complete(uids),
			edit: () => this.#edit(this.list.active),
			due: () => this.#field('due'),
			priority: () => this.#field('priority'),
			tags: () => this.#field('tags'),
			note: () => this.#panel(uids[0], 'note'),
			delete: () => this.#delete(uids),
			select: () => this.#select(this.list.active),
			up: () => this.#step(this.list.active, -1),
			down: () => this.#step(this.list.active, 1),
		};
		const action = anywhere[command] ?? (uids.length > 0 ? withTask[command] : null);
		action?.();
		return Boolean(action);
	}
}

async function enter(username) {
	const app = new App(username);
	try {
		await app.begin();
	} catch (error) {
		toast(error.message);
	}
}

const username = await whoIsHere().catch(() => null);
if (username === null)
	showDoor(main, (name) => enter(name));
else
	await enter(username);
