/*
 * The way to the server. All addresses are relative to the page's, so that it works below any path.
 */

/* The server could not be reached, or was not itself: the same request may be sent again. */
export class Unreachable extends Error {}

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
const PATIENCE_MS = 30000;

async function readReply(response) {
	const type = response.headers.get('content-type') ?? '';
	return type.includes('json') ? response.json() : null;
}

/*
 * { data, etag } of a reply that went well. It throws Unreachable where sending again may help, and
 * Problem where it does not.
 */
export async function send(method, path, { body, headers = {}, raw } = {}) {
	const init = { method, headers: { Accept: 'application/json', ...headers } };
	if (body !== undefined) {
		init.body = raw ? body : JSON.stringify(body);
		init.headers['Content-Type'] ??= 'application/json';
	}
	init.signal = AbortSignal.timeout(PATIENCE_MS);
	let response, data;
	try {
		response = await fetch(new URL(path, base), init);
		data = await readReply(response);
	} catch {
		throw new Unreachable('The server cannot be reached. Try again.');
	}
	if (response.ok)
		return { data, etag: response.headers.get('etag') };
	if (response.status >= 500 || response.status === 429)
		throw new Unreachable(data?.detail ?? response.statusText);
	throw new Problem(response.status, data ?? {});
}

/* The resources of one account: account('ann')('tasks/3') is its address. */
export function account(username) {
	const root = `api/v1/accounts/${encodeURIComponent(username)}`;
	return (resource) => (resource ? `${root}/${resource}` : root);
}

/* Who is logged in by the cookie: a username, or null. */
export async function whoIsHere() {
	return (await send('GET', 'page/session')).data.username;
}
