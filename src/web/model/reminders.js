/*
 * Reminders: a duration before or after the due date, as ISO 8601 writes it, or an instant. Where the
 * due date is a day, they count from 09:00 on it.
 */
import { dueLabel } from './dates.js';

const DURATION = /^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const DAY = 1440; /* minutes */
const MORNING = 540; /* 09:00 */
const UNITS = [['week', 7 * DAY], ['day', DAY], ['hour', 60], ['minute', 1]];

const isDay = (due) => due !== null && due.length === 10;

/* In minutes, below 0 where it is before; null for an instant. */
function minutesOf(reminder) {
	const match = DURATION.exec(reminder);
	if (match === null)
		return null;
	const [weeks, days, hours, minutes, seconds] = match.slice(2).map((text) => Number(text ?? 0));
	const length = weeks * 7 * DAY + days * DAY + hours * 60 + minutes + seconds / 60;
	return match[1] === '-' ? -length : length;
}

function durationOf(minutes) {
	const length = Math.abs(minutes);
	const [days, rest] = [Math.floor(length / DAY), length % DAY];
	const time = [[Math.floor(rest / 60), 'H'], [rest % 60, 'M']]
		.filter(([number]) => number > 0).map((part) => part.join('')).join('');
	const day = days > 0 ? `${days}D` : '';
	return `${minutes < 0 ? '-' : ''}P${day}${time || day === '' ? `T${time || '0S'}` : ''}`;
}

const many = (number, unit) => `${number} ${unit}${number === 1 ? '' : 's'}`;

/* "1 day 2 hours" */
function lengthWords(minutes) {
	let left = minutes;
	return UNITS.map(([unit, length]) => {
		const number = unit === 'week' && left % length !== 0 ? 0 : Math.floor(left / length);
		left -= number * length;
		return number > 0 ? many(number, unit) : '';
	}).filter(Boolean).join(' ');
}

const side = (minutes) => (minutes < 0 ? 'before' : 'after');

/* Of a day: which day it is, and the clock's time on it. */
function dayWords(minutes) {
	const at = MORNING + minutes;
	const days = Math.floor(at / DAY);
	const clock = new Date((at - days * DAY) * 60000).toISOString().slice(11, 16);
	return days === 0 ? `on the day at ${clock}`
		: `${lengthWords(Math.abs(days) * DAY)} ${side(days)} at ${clock}`;
}

/* "15 minutes before", "1 day before at 09:00", "Friday 15:00" */
export function reminderWords(reminder, due, now) {
	const minutes = minutesOf(reminder);
	if (minutes === null)
		return dueLabel(reminder, now).text;
	if (isDay(due))
		return dayWords(minutes);
	return minutes === 0 ? 'when it is due' : `${lengthWords(Math.abs(minutes))} ${side(minutes)}`;
}

const LENGTH = /(\d+|an?|one)\s*(w(?:eeks?)?|d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?)\b/gi;

function readLength(text) {
	if (text.replace(LENGTH, '').replace(/[\s,]|\band\b/g, '') !== '')
		return null;
	return [...text.matchAll(LENGTH)].reduce((sum, [, number, unit]) => sum +
		(Number(number) || 1) * UNITS.find(([name]) => name[0] === unit[0].toLowerCase())[1], 0);
}

const WORDS = new RegExp(['^(?:(?<now>when it is due|at the time|on the day)|(?<length>.+?)\\s+',
	'(?<side>before|after))?(?:\\s*(?:at|@)\\s*(?<hour>\\d\\d?):(?<minute>[0-5]\\d))?$'].join(''), 'i');

/*
 * A reminder as one writes it, for what is due so; undefined where it is none. readDate(text) is an
 * instant or a day of words, or undefined.
 */
export function readReminder(text, due, readDate) {
	const words = text.trim();
	const groups = words === '' ? undefined : WORDS.exec(words)?.groups;
	const length = groups?.now ? 0 : groups?.length ? readLength(groups.length) : null;
	if (length === null || length > 3650 * DAY) {
		const date = readDate(words);
		return date?.length > 10 ? date : undefined;
	}
	const minutes = groups.side?.toLowerCase() === 'before' ? -length : length;
	if (groups.hour === undefined)
		return durationOf(minutes);
	if (!isDay(due) || Number(groups.hour) > 23)
		return undefined;
	return durationOf(minutes + Number(groups.hour) * 60 + Number(groups.minute) - MORNING);
}
