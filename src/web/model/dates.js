/*
 * Days and instants. A day is "YYYY-MM-DD" and has no zone: it is the same wherever one is. An
 * instant is in UTC, as RFC 3339 writes it, and falls on a day of the account's zone, by which the
 * server reckons as well. What a task is due is one or the other, or null. `now` is always a Date
 * that the caller gives.
 */

/* As Date counts them: Sunday is 0, and January is 0. */
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday',
	'Saturday'];
export const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August',
	'September', 'October', 'November', 'December'];

const DAY_MS = 86400000;
const DAY_ONLY = /^\d{4}-\d\d-\d\d$/;

const digits = (number, width = 2) => String(number).padStart(width, '0');

/* Days are counted in UTC, where each has 24 hours. */
const midnight = (day) => Date.parse(`${day}T00:00:00Z`);
const dayAt = (ms) => new Date(ms).toISOString().slice(0, 10);

export const addDays = (day, count) => dayAt(midnight(day) + count * DAY_MS);
export const daysBetween = (from, to) => (midnight(to) - midnight(from)) / DAY_MS;
export const weekdayOf = (day) => new Date(midnight(day)).getUTCDay();

/* month from 1; null where the calendar has no such day. */
export function makeDay(year, month, dayOfMonth) {
	const day = `${digits(year, 4)}-${digits(month)}-${digits(dayOfMonth)}`;
	const ms = midnight(day);
	return Number.isNaN(ms) || dayAt(ms) !== day ? null : day;
}

/* The same day of a later month; that month's last one where it is shorter. */
export function addMonths(day, count) {
	const [year, month, dayOfMonth] = day.split('-').map(Number);
	const months = year * 12 + month - 1 + count;
	for (let last = dayOfMonth; ; last--) {
		const found = makeDay(Math.floor(months / 12), months % 12 + 1, last);
		if (found !== null)
			return found;
	}
}

/* ---- the zone ---- */

const KEPT = 20000; /* of the minutes whose day is known */
const MINUTE_MS = 60000;

let clock = null; /* what tells the time in the account's zone; null where that is the browser's */
const shown = new Map(); /* minute -> [day, clock] */

/* The IANA name of the browser's own zone. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/* Days are from now on those of this zone; of the browser's where it does not know that one. */
export function setZone(name) {
	shown.clear();
	try {
		clock = name === ownZone() ? null : new Intl.DateTimeFormat('en-CA', { timeZone: name,
			calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric',
			month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
	} catch {
		clock = null;
	}
}

/* What the zone's calendar and clock show: ["2026-11-25", "15:00"]. */
function wall(date) {
	if (clock === null)
		return [`${digits(date.getFullYear(), 4)}-${digits(date.getMonth() + 1)}-` +
			digits(date.getDate()), `${digits(date.getHours())}:${digits(date.getMinutes())}`];
	const minute = Math.floor(date.getTime() / MINUTE_MS);
	if (!shown.has(minute)) {
		const parts = Object.fromEntries(clock.formatToParts(date)
			.map(({ type, value }) => [type, value]));
		if (shown.size >= KEPT)
			shown.clear();
		shown.set(minute, [`${digits(parts.year, 4)}-${parts.month}-${parts.day}`,
			`${parts.hour}:${parts.minute}`]);
	}
	return shown.get(minute);
}

const localDay = (date) => wall(date)[0];

/* "15:00", in the account's zone. */
export const clockOf = (date) => wall(date)[1];

export const today = (now) => localDay(now);

/* To the minute that has begun. */
export const instantOf = (date) => `${date.toISOString().slice(0, 16)}:00Z`;

/*
 * When the zone's clock shows "15:00" on a day. An hour that is skipped for summer time is the one
 * after; of one that comes twice, it is the first.
 */
export function instantAt(day, time) {
	const utc = midnight(day) + time.split(':')
		.reduce((minutes, part) => minutes * 60 + Number(part), 0) * MINUTE_MS;
	if (clock === null) {
		const date = new Date(utc);
		return instantOf(new Date(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(),
			date.getUTCHours(), date.getUTCMinutes()));
	}
	const ahead = (ms) => Date.parse(`${wall(new Date(ms)).join('T')}:00Z`) - ms;
	const [before, after] = [utc - ahead(utc - DAY_MS), utc - ahead(utc + DAY_MS)];
	const isShown = (ms) => ms + ahead(ms) === utc;
	return instantOf(new Date(!isShown(before) && isShown(after) ? after : before));
}

const isDay = (due) => DAY_ONLY.test(due);

/* The day, in the account's zone, on which it is due; null for none. */
export function dayOf(due) {
	return due === null || isDay(due) ? due : localDay(new Date(due));
}

export const isToday = (due, now) => due !== null && dayOf(due) === today(now);

/* A day is over when the next one begins, an instant when it has come. */
export function isOverdue(due, now) {
	if (due === null)
		return false;
	return isDay(due) ? due < today(now) : Date.parse(due) < now.getTime();
}

/* The earlier first: a day alone ends after all times on it, and no date comes last. */
export function compareDue(a, b) {
	if (a === null || b === null)
		return (a === null) - (b === null);
	const [dayA, dayB] = [dayOf(a), dayOf(b)];
	if (dayA !== dayB)
		return dayA < dayB ? -1 : 1;
	if (isDay(a) || isDay(b))
		return isDay(a) - isDay(b);
	return Math.sign(Date.parse(a) - Date.parse(b));
}

const NEAR = new Map([[-1, 'Yesterday'], [0, 'Today'], [1, 'Tomorrow']]);

function dayText(day, now) {
	const away = daysBetween(today(now), day);
	if (NEAR.has(away))
		return NEAR.get(away);
	if (away > 1 && away < 7)
		return WEEKDAYS[weekdayOf(day)];
	const [year, month, dayOfMonth] = day.split('-').map(Number);
	const text = `${dayOfMonth} ${MONTHS[month - 1].slice(0, 3)}`;
	return digits(year, 4) === today(now).slice(0, 4) ? text : `${text} ${digits(year, 4)}`;
}

function stateOf(due, now) {
	const away = daysBetween(today(now), dayOf(due));
	if (isOverdue(due, now))
		return 'overdue';
	if (away < 2)
		return away === 0 ? 'today' : 'tomorrow';
	return away < 7 ? 'soon' : 'later';
}

/*
 * How a due date is shown: { text, state, iso }, with iso for <time datetime>. The text is one that
 * may be typed to mean it again, save for dates that are past. Null for none.
 */
export function dueLabel(due, now) {
	if (due === null)
		return null;
	const day = dayText(dayOf(due), now);
	const text = isDay(due) ? day : `${day} ${clockOf(new Date(due))}`;
	return { text, state: stateOf(due, now), iso: due };
}
