/*
 * The beginning: who is here is asked until somebody answers, and then the list is shown, or the door.
 */
import { Problem, whoIsHere } from './net/api.js';
import { App } from './app.js';
import { showDoor, takeEnd } from './ui/door.js';
import { insist, showWaiting } from './net/retry.js';

const fail = (error) => showWaiting(error.message, () => location.reload(), 'Try again');

async function enter(username) {
	const app = new App(username);
	try {
		await app.begin();
	} catch (error) {
		if (error instanceof Problem && error.status === 401)
			app.over();
		else
			fail(error);
	}
}

async function begin() {
	const username = await insist(whoIsHere);
	if (username === null)
		showDoor(document.getElementById('main'), enter, { ended: takeEnd() });
	else
		await enter(username);
}

begin().catch(fail); /* without waiting for it: the page is there, and what it shows comes */
