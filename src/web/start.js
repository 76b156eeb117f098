/*
 * The beginning: who is here is asked until somebody answers, and then the list is shown, or the door.
 */
import { Problem, whoIsHere } from './net/api.js';
import { App } from './app.js';
import { showDoor, takeEnd } from './ui/door.js';
import { setZone } from './model/dates.js';
import { insist, showWaiting } from './ui/waiting.js';

const fail = (error) => showWaiting(error.message, () => location.reload(), 'Try again');

async function enter(username, zone) {
	setZone(zone);
	const app = new App(username, zone);
	try {
		await app.begin();
	} catch (error) {
		if (error instanceof Problem && error.status === 401)
			app.over();
		else
			fail(error);
	}
}

/* Somebody came in by the door. */
async function entered(username) {
	const { zone } = await insist(whoIsHere);
	await enter(username, zone);
}

async function begin() {
	const { username, zone } = await insist(whoIsHere);
	if (username === null)
		showDoor(document.getElementById('main'), (name) => entered(name).catch(fail),
			{ ended: takeEnd() });
	else
		await enter(username, zone);
}

begin().catch(fail); /* without waiting for it: the page is there, and what it shows comes */
