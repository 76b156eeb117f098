/*
 * The picture of the README: page.png, beside this file. In the folder that stage.sh has made, with
 * TODO_BINARY set to the program.
 */
import { api, launch, logIn, register, startServer } from './harness.mjs';

const LINES = ['Water the plants every mon, thu', 'Call Bob about the roof fri at 15:00 !3 #house',
	'Buy milk tomorrow #home'];

const set = { server: await startServer(), browser: await launch() };
const { username, token } = await register(set);
const tasks = `accounts/${username}/tasks`;
const make = (path, body) => api(set, token, 'POST', path, body);
const { list } = await make(`accounts/${username}/lists`, { name: 'Garden', color: '#2e7d32' });
const { task } = await make(tasks, { name: 'Build the shed', list: list.id, priority: 2 });
await make(tasks, { name: 'Draw a plan', parent: task.id, completed: true });
await make(tasks, { name: 'Order the wood', parent: task.id });
const page = await set.browser.newPage({ viewport: { width: 960, height: 560 } });
await page.goto(set.server.url);
await logIn(page, username);
const input = page.getByLabel('New task');
for (const line of LINES) {
	await input.fill(line);
	await input.press('Enter');
}
await input.fill('Dentist next mon at 9am #health !1');
await page.screenshot({ path: new URL('page.png', import.meta.url).pathname });
await set.browser.close();
await set.server.stop();
