/*
 * What was done, in words: each act as one asks for it, as one says that it was done, and in one word
 * where the task need not be named.
 */
const ACTS = {
	add: ['Add', 'Added'],
	complete: ['Complete', 'Completed'],
	reopen: ['Reopen', 'Reopened'],
	delete: ['Delete', 'Deleted'],
	restore: ['Restore', 'Restored'],
	rename: ['Rename', 'Renamed'],
	note: ['Change the note of', 'Changed the note of', 'Changed'],
	due: ['Change the date of', 'Changed the date of', 'Changed'],
	priority: ['Change the priority of', 'Changed the priority of', 'Changed'],
	tags: ['Change the tags of', 'Changed the tags of', 'Changed'],
	change: ['Change', 'Changed'],
	move: ['Move', 'Moved'],
	import: ['Import', 'Imported'],
};

const OF_MEMBER = { name: 'rename', note: 'note', due_date: 'due', priority: 'priority', tags: 'tags',
	position: 'move' };

/* The act that sets these members. */
export function actOf(members) {
	const names = Object.keys(members);
	if (names.length === 1 && names[0] === 'completed')
		return members.completed ? 'complete' : 'reopen';
	return names.length === 1 ? OF_MEMBER[names[0]] ?? 'change' : 'change';
}

const many = (count) => (count === 1 ? '1 task' : `${count} tasks`);

/* "Delete Beta", "Delete 3 tasks" */
export const asked = ({ act, name, count }) =>
	`${ACTS[act][0]} ${count > 1 || name === '' ? many(count) : name}`;

/* "Deleted “Beta”", "Deleted 3 tasks" */
export const done = ({ act, name, count }) =>
	`${ACTS[act][1]} ${count > 1 || name === '' ? many(count) : `“${name}”`}`;

export const word = (act) => ACTS[act][2] ?? ACTS[act][1];

const UNITS = [['day', 86400000], ['hour', 3600000], ['minute', 60000]];

/* "2 hours ago" */
export function ago(time, now) {
	const [unit, ms] = UNITS.find(([, length]) => now - time >= length) ?? [];
	if (unit === undefined)
		return 'a moment ago';
	return new Intl.RelativeTimeFormat('en').format(-Math.floor((now - time) / ms), unit);
}
