/*
 * The picture of the README: page.png, beside this file. In the folder that stage.sh has made, with
 * TODO_BINARY set to the program.
 */
import { launch, logIn, register, startServer } from './harness.mjs';

const LINES = ['Water the plants today', 'Call Bob about the roof fri at 15:00 !3 #house',
	'Buy milk tomorrow #home', 'Pay the rent 1st !2 #home', 'Read “The 9/11 Report”'];

const set = { server: await startServer(), browser: await launch() };
const { username } = await register(set);
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
