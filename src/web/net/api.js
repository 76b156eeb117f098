/*
 * The way to the server. All addresses are relative to the page's, so that it works below any path.
 */
import { exchange, upload } from './wire.js';

/*
 * The server could not be reached, or was not itself: the same request may be sent again. said: it
 * did answer, and cannot do it at present.
 */
export class Unreachable extends Error {
	constructor(message, said = false) {
		super(message);
		this.said = said;
	}
}

/* The server said no, in a problem document (RFC 9457). */
export class Problem extends Error {
	constructor(status, document) {
		super(document.detail ?? `The server answered ${status}.`);
		this.status = status;
		this.document = document;
	}

	/* What is wrong with a member; undefined where nothing is. */
	of(member) {
		return this.document.errors?.find(({ pointer }) => pointer === `/${member}`)?.detail;
	}
}

const base = new URL('.', document.baseURI);

const SOMEBODY_ELSE = 'Something else answered in place of the server. Try again.';

/* The object in a reply of ours; null for whatever else it may be, such as a proxy's own page. */
function read({ status, headers, text }) {
	const type = (headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase();
	if (type !== (status < 300 ? 'application/json' : 'application/problem+json'))
		return null;
	try {
		const data = JSON.parse(text);
		return typeof data === 'object' ? data : null;
	} catch {
		return null;
	}
}

function result(reply) {
	const { status, headers } = reply;
	const data = read(reply);
	if (data === null)
		throw new Unreachable(SOMEBODY_ELSE);
	if (status >= 500 || status === 429)
		throw new Unreachable(data.detail ?? `The server answered ${status}.`, true);
	if (status >= 300)
		throw new Problem(status, data);
	const next = /[?&]cursor=([^>&]+)/.exec(headers.get('link') ?? '');
	return { data, etag: headers.get('etag'), next: next && decodeURIComponent(next[1]) };
}

/*
 * { data, etag, next } of a reply that went well: next is the cursor of a list's next page, or null.
 * It throws Unreachable where sending again may help, and Problem where it does not. raw: the body
 * is a file, and tell(part of 1) is told how much of it is sent.
 */
export async function send(method, path, { body, headers = {}, raw = false, tell } = {}) {
	const init = { method, headers: { Accept: 'application/json', ...headers } };
	if (body !== undefined) {
		init.body = raw ? body : JSON.stringify(body);
		init.headers['Content-Type'] ??= 'application/json';
	}
	const url = new URL(path, base);
	let reply;
	try {
		reply = await (raw ? upload(url, init, tell) : exchange(url, init));
	} catch {
		throw new Unreachable('The server cannot be reached. Try again.');
	}
	return result(reply);
}

/* The resources of one account: account('ann')('tasks/3') is its address. */
export function account(username) {
	const root = `api/v1/accounts/${encodeURIComponent(username)}`;
	return (resource) => (resource ? `${root}/${resource}` : root);
}

/* Who is logged in by the cookie: { username, zone }, with null for nobody. */
export async function whoIsHere() {
	const { username, time_zone } = (await send('GET', 'page/session')).data;
	if (username === undefined)
		throw new Unreachable(SOMEBODY_ELSE);
	return { username, zone: time_zone };
}
