/*
 * The page: who is here, what is shown, and what each command does.
 */
import { account, whoIsHere } from './api.js';
import { Actions } from './actions.js';
import { Adder } from './add.js';
import { showAccount } from './account.js';
import { el } from './dom.js';
import { showDoor } from './door.js';
import { Edits } from './edits.js';
import { listen, openHelp } from './keys.js';
import { List } from './list.js';
import { Dragging } from './order.js';
import { openChoice } from './panel.js';
import { makeHeading, makeRow, updateRow } from './row.js';
import { Search } from './search.js';
import { drawSidebar } from './sidebar.js';
import { Tasks } from './tasks.js';
import { toast } from './toast.js';
import { Trash } from './trash.js';
import { addressOf, contents, placeOf, viewOf } from './views.js';

const main = document.getElementById('main');

class App {
	constructor(username) {
		this.username = username;
		this.at = account(username);
		this.tasks = new Tasks(username, openChoice);
		this.selected = new Set();
		this.trash = new Trash(this.tasks, () => this.#draw());
		this.place = placeOf(location.search);
		this.#frame();
		this.tasks.addEventListener('change', () => this.#later());
		this.tasks.queue.addEventListener('state', () =>
			this.tasks.queue.stuck || this.#followTrash());
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
		this.actions = new Actions(this.tasks, this.list, () => this.place);
		this.adder = new Adder(this.form, (tasks) => this.actions.add(tasks));
		this.edits = new Edits(this);
		this.search = new Search(document.getElementById('search'), {
			arrive: (place) => this.#arrive(place), down: () => this.list.move(1) });
		new Dragging(this.ul, (...where) => this.actions.put(...where));
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
		this.search.follow(place);
		this.#followTrash();
		this.#draw();
	}

	/* What is deleted here is in the trash once the server has it. */
	#followTrash() {
		if (this.place.name === 'trash')
			this.trash.load();
	}

	#followed(event) {
		const link = event.target.closest('a[data-place]');
		if (!link || event.ctrlKey || event.metaKey || event.shiftKey)
			return;
		event.preventDefault();
		this.go(placeOf(new URL(link.href).search));
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
		drawSidebar(this.nav, this.tasks, this.place);
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
		this.list.show([]);
		this.accountPage = el('div', { class: 'cards' });
		this.emptiness.replaceChildren(this.accountPage);
		showAccount(this.accountPage, this.at, this.username, {
			over: () => location.assign('./'), imported: () => this.tasks.load() });
	}

	#drawList(view) {
		const now = new Date();
		const { rows, left } = view.trash
			? { rows: this.trash.list.map((task) => ({ task })), left: this.trash.list.length }
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

	step(uid, by) {
		this.actions.step(uid, by);
		this.#draw();
		this.list.focus(uid);
	}

	/* What is done with rows that leave their place: the next one has the focus, and nothing is selected. */
	#toAll(run) {
		const next = this.list.after(this.#meant());
		run();
		this.selected.clear();
		this.#draw();
		if (next !== null)
			this.list.focus(next);
	}

	select(uid) {
		if (!this.selected.delete(uid))
			this.selected.add(uid);
		this.#draw();
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
			this.edits.menu(uid);
		else if (what === 'restore')
			this.trash.restore(uid);
		else if (!what && !event.target.closest('a, input'))
			this.list.focus(uid);
	}

	#checked(event) {
		const uid = this.#uidAt(event);
		if (uid !== null && event.target.matches('.check')) {
			this.list.active = uid;
			this.actions.complete([uid]);
		}
	}

	#doubled(event) {
		if (event.target.closest('.name') && this.place.name !== 'trash')
			this.edits.name(this.#uidAt(event));
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
			undo: () => this.actions.undo(),
			redo: () => this.actions.redo(),
			help: () => openHelp(),
			escape: () => {
				this.selected.clear();
				this.#draw();
			},
		};
		const uids = this.place.name === 'account' ? [] : this.#meant();
		const withTask = {
			complete: () => this.#toAll(() => this.actions.complete(uids)),
			edit: () => this.edits.name(this.list.active),
			due: () => this.edits.field('due', uids),
			priority: () => this.edits.field('priority', uids),
			tags: () => this.edits.field('tags', uids),
			note: () => this.edits.panel(uids[0], 'note'),
			delete: () => this.#toAll(() => this.actions.delete(uids)),
			select: () => this.select(this.list.active),
			up: () => this.step(this.list.active, -1),
			down: () => this.step(this.list.active, 1),
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
