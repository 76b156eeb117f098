/*
 * The page of somebody who is logged in: what is shown, and what each command does.
 */
import { Unreachable, account, send } from './net/api.js';
import { Actions } from './ui/actions.js';
import { Adder } from './input/add.js';
import { showAccount } from './ui/account.js';
import { ownZone, setZone } from './model/dates.js';
import { el } from './ui/dom.js';
import { rememberEnd } from './ui/door.js';
import { Edits } from './ui/edits.js';
import { Keys, openHelp } from './input/keys.js';
import { List } from './ui/list.js';
import { Lists } from './ui/lists.js';
import { Dragging } from './input/order.js';
import { openChoice, openRestore } from './ui/panel.js';
import { insist } from './ui/waiting.js';
import { makeHeading, makeRow, updateRow } from './ui/row.js';
import { Search } from './input/search.js';
import { drawSidebar } from './ui/sidebar.js';
import { Tasks } from './model/tasks.js';
import { toast } from './ui/toast.js';
import { Trash } from './ui/trash.js';
import { addressOf, contents, listOf, placeOf, progressOf, viewOf } from './model/views.js';

const main = document.getElementById('main');

export class App {
	/* zone: that of the account. */
	constructor(username, zone) {
		this.username = username;
		this.zone = zone;
		this.at = account(username);
		const named = (reference) => this.edits.named(reference);
		this.tasks = new Tasks(username, {
			choose: (...what) => openChoice(...what, named),
			restore: (...what) => openRestore(...what, named) });
		this.selected = new Set();
		this.isLoaded = false;
		this.place = placeOf(location.search);
		this.#frame();
		this.#parts();
		this.#listen();
	}

	#listen() {
		this.tasks.addEventListener('change', () => this.#later());
		this.tasks.queue.addEventListener('state', () =>
			this.tasks.queue.stuck || this.#followTrash());
		this.tasks.addEventListener('over', () => this.over());
		this.tasks.addEventListener('problem', ({ detail }) => toast(detail.message));
		addEventListener('popstate', () => this.#arrive(placeOf(location.search)));
		new Keys((command) => this.#run(command), (text) => this.#typed(text));
		this.ul.addEventListener('click', (event) => this.#clicked(event));
		this.ul.addEventListener('change', (event) => this.#checked(event));
		this.ul.addEventListener('dblclick', (event) => this.#doubled(event));
		this.ul.addEventListener('focusin', (event) => this.#focused(event));
		document.body.addEventListener('click', (event) => this.#followed(event));
		this.nav.addEventListener('click', (event) => this.#pressed(event));
		document.getElementById('help').addEventListener('click', openHelp);
		document.querySelector('.skip').addEventListener('click', (event) => this.#skipped(event));
	}

	/* ---- what stands on the page ---- */

	#frame() {
		this.nav = document.getElementById('views');
		this.title = el('h2', { id: 'title' });
		this.left = el('p', { class: 'left', 'aria-live': 'off' });
		this.more = el('span');
		this.retry = el('button', { type: 'button', class: 'quiet', hidden: true,
			onclick: () => this.tasks.queue.retry() }, 'Send now');
		this.ul = el('ul', { class: 'list', tabindex: '-1', 'aria-labelledby': 'title' });
		this.emptiness = el('div');
		this.chosen = el('span');
		this.selection = this.#selectionBar();
		this.bin = el('div', { class: 'bin', hidden: true },
			el('p', { class: 'hint' }, 'What is deleted stays here for thirty days.'),
			el('button', { type: 'button', onclick: () => this.trash.empty() }, 'Empty the trash'));
		document.body.classList.add('in');
		main.tabIndex = -1;
		main.replaceChildren(el('div', { class: 'head' }, this.title, this.more, this.left, this.retry), this.bin,
			this.ul, this.emptiness, this.selection);
	}

	#selectionBar() {
		const button = (title, command) => el('button', { type: 'button',
			onclick: () => this.#run(command) }, title);
		return el('div', { class: 'selection', role: 'region', 'aria-label': 'Selection',
			hidden: true }, this.chosen, button('Complete', 'complete'), button('Due', 'due'), button('List', 'list'),
		button('Priority', 'priority'), button('Tags', 'tags'), button('Delete', 'delete'),
		button('None', 'none'));
	}

	#parts() {
		this.list = new List(this.ul, (row) => (row.task ? makeRow(row) : makeHeading(row)),
			(element, row) => row.task && this.#updateRow(element, row));
		this.actions = new Actions(this.tasks, this.list, () => this.place);
		this.trash = new Trash(this.tasks, this.actions, () => this.#draw());
		this.adder = new Adder(document.getElementById('add'),
			(tasks) => this.actions.add(tasks), () => this.edits.lists(), () => this.list.move(-Infinity));
		this.edits = new Edits(this);
		this.lists = new Lists(this);
		this.search = new Search(document.getElementById('search'), {
			arrive: (place) => this.#arrive(place), down: () => this.list.move(1) });
		new Dragging(this.ul, (...where) => this.actions.put(...where));
	}

	#updateRow(element, { task, level = 0 }) {
		const trash = this.place.name === 'trash';
		updateRow(element, task, { selected: this.selected.has(task.uid),
			movable: Boolean(this.view.movable) && !task.completed, trash,
			place: trash ? {} : this.#placeOf(task, level) });
	}

	/* What a row tells of where its task stands, beside what one sees. */
	#placeOf(task, level) {
		const { tasks } = this;
		const list = task.list !== null && this.view.list !== task.list
			? tasks.get(tasks.refersTo(task.list)) : null;
		const parent = task.parent === null ? null : tasks.get(tasks.refersTo(task.parent));
		return { listName: list?.name, color: list?.color, parentName: parent?.name, level,
			progress: this.progress.get(task.uid) };
	}

	async begin() {
		this.#draw();
		await this.tasks.load(insist, (number) => {
			this.left.textContent = `${number} so far`;
		});
		this.isLoaded = true;
		this.tasks.keepFollowing();
		this.#arrive(this.place);
		if (matchMedia('(hover: hover)').matches && document.activeElement === document.body)
			this.adder.focus();
		this.#offerZone();
	}

	/* Who has gone to another zone is asked once whether the account goes along. */
	#offerZone() {
		const here = ownZone();
		const kept = `todo.zone.${this.username}`;
		if (!this.zone || this.zone === here || localStorage.getItem(kept) === here)
			return;
		localStorage.setItem(kept, here);
		toast(`Days are those of ${this.zone}, and this device is in ${here}.`, async () => {
			try {
				await send('PATCH', this.at(), { body: { time_zone: here } });
				setZone(here);
				this.#draw();
			} catch (error) {
				toast(error.message);
			}
		}, `Use ${here}`);
	}

	/* The session has ended; what waits to be sent is kept for whom it is of. */
	over() {
		rememberEnd({ username: this.username, unsent: this.tasks.queue.length });
		location.reload();
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
		if (this.place.name === 'list' && this.isLoaded && listOf(this.place, this.tasks) === null)
			this.#leave();
		this.view = account ? null : viewOf(this.place, this.tasks);
		this.progress = progressOf(this.tasks);
		this.bin.hidden = this.place.name !== 'trash';
		this.retry.hidden = account || !this.tasks.queue.stuck;
		document.body.classList.toggle('account', account);
		drawSidebar(this.nav, this.tasks, this.place);
		if (account)
			this.#drawAccount();
		else
			this.#drawList(this.view);
		this.#drawMore();
		this.#drawSelection();
	}

	/* A list that is deleted is not looked at any more. */
	#leave() {
		this.place = { name: 'all' };
		this.selected.clear();
		history.replaceState(null, '', addressOf(this.place));
	}

	/* The button of a list beside its title, which keeps the focus. */
	#drawMore() {
		const list = listOf(this.place, this.tasks);
		const shown = list && `${list.uid} ${list.name}`;
		if (this.more.shown === shown)
			return;
		const isFocused = this.more.contains(document.activeElement);
		this.more.shown = shown;
		this.more.replaceChildren(...(list === null ? [] : [this.lists.button(list)]));
		if (isFocused)
			this.more.firstChild?.focus();
	}

	#pressed(event) {
		const what = event.target.closest('[data-do]')?.dataset.do;
		if (what === 'new list')
			this.lists.add();
		else if (what === 'archived lists')
			this.lists.archive();
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
			over: () => location.assign('./'), imported: (count) => this.#imported(count) });
	}

	/* What came in is one step, which the server takes back as it was made. */
	async #imported(count) {
		const { tasks } = this;
		const revisions = await tasks.follow();
		const step = { act: 'import', name: '', count, ops: [], time: Date.now(),
			revision: revisions.at(-1) };
		tasks.own.add(revisions);
		if (step.revision === undefined)
			return;
		tasks.adopt(step);
		this.actions.say(step);
	}

	/* What could not be sent, and why: the network, or what the server itself says. */
	#unsent() {
		const { stuck, length, problem } = this.tasks.queue;
		if (!stuck)
			return '';
		const isNetwork = problem instanceof Unreachable && !problem.said;
		return isNetwork ? ` · offline, ${length} to send` : ` · ${length} to send: ${problem.message}`;
	}

	#drawList(view) {
		const { rows, left } = !this.isLoaded ? { rows: [], left: 0 } : view.trash
			? { rows: this.trash.list.map((task) => ({ task })), left: this.trash.list.length }
			: contents(view, this.tasks, new Date());
		this.title.textContent = this.isLoaded || this.place.name !== 'list' ? view.title : 'todo';
		document.title = `${view.title} · todo`;
		if (this.isLoaded)
			this.left.textContent = view.trash ? `${left} deleted` : `${left} left${this.#unsent()}`;
		this.bin.querySelector('button').hidden = rows.length === 0;
		this.ul.hidden = false;
		this.list.show(rows);
		const text = this.isLoaded ? this.#emptyText(view) : 'One moment…';
		this.emptiness.replaceChildren(...(rows.length > 0 ? [] : [List.empty(text)]));
	}

	#emptyText(view) {
		if (view.trash && this.trash.problem !== null)
			return this.trash.problem;
		const none = this.place.name === 'all' && [...this.tasks].length === 0;
		return none ? 'Your list is empty. Type what is to be done, such as “Buy milk tomorrow #home”, '
			+ 'and press Enter.' : view.empty;
	}

	#drawSelection() {
		const number = this.selected.size;
		this.selection.hidden = number === 0;
		this.chosen.textContent = `${number} selected`;
	}

	/* ---- what is done ---- */

	/* The tasks that a command means: those that are selected, else the one with the focus. */
	#meant() {
		const uids = this.selected.size > 0 ? [...this.selected] : [this.list.active];
		return uids.filter((uid) => uid !== null && this.tasks.get(uid) !== null);
	}

	step(uid, by) {
		this.#moved(uid, () => this.actions.step(uid, by));
	}

	indent(uid) {
		this.#moved(uid, () => this.actions.indent(uid));
	}

	outdent(uid) {
		this.#moved(uid, () => this.actions.outdent(uid));
	}

	#moved(uid, move) {
		move();
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
			this.#menu(uid);
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
		const uid = this.#uidAt(event);
		if (uid !== null && uid !== this.list.active)
			this.list.active = uid;
	}

	/* Words that were typed where no field is. */
	#typed(text) {
		if (this.place.name !== 'account')
			this.adder.type(text);
	}

	#skipped(event) {
		event.preventDefault();
		if (this.list.rows.length > 0)
			this.list.enter();
		else
			main.focus();
	}

	#escape() {
		if (document.activeElement?.closest('.row :not(.row)'))
			this.list.focus(this.list.active);
		else
			this.#selectNone();
	}

	#selectNone() {
		this.selected.clear();
		this.#draw();
		if (document.activeElement === document.body)
			this.list.focus(this.list.active);
	}

	#menu(uid) {
		if (this.place.name === 'trash')
			this.trash.menu(uid);
		else
			this.edits.menu(uid);
	}

	/* What the commands mean in the trash, for the one with the focus. */
	#inTrash() {
		const uid = this.list.active;
		const isThere = this.place.name === 'trash' && this.trash.list.some((task) => task.uid === uid);
		return isThere ? { edit: () => this.trash.menu(uid), menu: () => this.trash.menu(uid),
			delete: () => this.trash.delete(uid) } : {};
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
			lists: () => this.lists.choose(),
			escape: () => this.#escape(),
			none: () => this.#selectNone(),
			...this.#inTrash(),
		};
		if (command === 'into' || command === 'out')
			return this.list.step(command === 'into' ? 1 : -1);
		const uids = this.place.name === 'account' ? [] : this.#meant();
		const withTask = {
			complete: () => this.#toAll(() => this.actions.complete(uids)),
			edit: () => this.edits.name(this.list.active),
			due: () => this.edits.field('due', uids),
			start: () => this.edits.field('start', uids),
			repeat: () => this.edits.field('repeat', uids),
			list: () => this.edits.field('list', uids),
			indent: () => this.indent(this.list.active),
			outdent: () => this.outdent(this.list.active),
			priority: () => this.edits.field('priority', uids),
			tags: () => this.edits.field('tags', uids),
			note: () => this.edits.panel(uids[0], 'note'),
			delete: () => this.#toAll(() => this.actions.delete(uids)),
			select: () => this.select(this.list.active),
			menu: () => this.edits.menu(this.list.active ?? uids[0]),
			up: () => this.step(this.list.active, -1),
			down: () => this.step(this.list.active, 1),
		};
		const action = anywhere[command] ?? (uids.length > 0 ? withTask[command] : null);
		action?.();
		return Boolean(action);
	}
}
