/*
 * One request and its reply, whoever answers. It is given up where nothing moves any more, and not
 * because all of it takes long: a slow line is no dead one.
 */
const SILENCE_MS = 30000; /* without a byte in either direction */
const WORK_MS = 600000; /* for what the server does with a file once it has it */

async function readAll(response, heard) {
	const reader = response.body.getReader();
	const decoder = new TextDecoder();
	let text = '';
	for (;;) {
		heard();
		const { done, value } = await reader.read();
		if (done)
			return text + decoder.decode();
		text += decoder.decode(value, { stream: true });
	}
}

/* A promise of { status, headers, text }; it is rejected where there is no reply. */
export async function exchange(url, init) {
	const control = new AbortController();
	let timer = 0;
	const heard = () => {
		clearTimeout(timer);
		timer = setTimeout(() => control.abort(), SILENCE_MS);
	};
	heard();
	try {
		const response = await fetch(url, { ...init, signal: control.signal });
		const text = response.body ? await readAll(response, heard) : '';
		return { status: response.status, headers: response.headers, text };
	} finally {
		clearTimeout(timer);
	}
}

/* As exchange(), for a large body: fetch() does not tell how much of it is sent. tell(part of 1) does. */
export function upload(url, { method, headers, body }, tell) {
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		let timer = 0;
		const wait = (ms) => {
			clearTimeout(timer);
			timer = setTimeout(() => request.abort(), ms);
		};
		request.open(method, url);
		for (const [name, value] of Object.entries(headers))
			request.setRequestHeader(name, value);
		request.upload.onprogress = ({ loaded, total }) => {
			wait(SILENCE_MS);
			tell?.(total > 0 ? loaded / total : 1);
		};
		request.upload.onload = () => wait(WORK_MS);
		request.onprogress = () => wait(SILENCE_MS);
		request.onload = () => resolve({ status: request.status, text: request.responseText,
			headers: { get: (name) => request.getResponseHeader(name) } });
		request.onerror = request.onabort = () => reject(new Error('no reply'));
		request.onloadend = () => clearTimeout(timer);
		wait(SILENCE_MS);
		request.send(body);
	});
}
