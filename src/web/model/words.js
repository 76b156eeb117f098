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
	start: ['Change the start of', 'Changed the start of', 'Changed'],
	repeat: ['Change the repeat of', 'Changed the repeat of', 'Changed'],
	reminders: ['Change the reminders of', 'Changed the reminders of', 'Changed'],
	addList: ['Add the list', 'Added the list'],
	renameList: ['Rename the list', 'Renamed the list'],
	changeList: ['Change the list', 'Changed the list'],
	moveList: ['Move the list', 'Moved the list'],
	archiveList: ['Archive the list', 'Archived the list'],
	unarchiveList: ['Take out of the archive', 'Took out of the archive'],
	deleteList: ['Delete the list', 'Deleted the list'],
	restoreList: ['Restore the list', 'Restored the list'],
};

const OF_MEMBER = { name: 'rename', note: 'note', due_date: 'due', priority: 'priority', tags: 'tags',
	position: 'move', list: 'move', heading: 'move', parent: 'move', start_date: 'start',
	repeat: 'repeat', repeat_from: 'repeat', reminders: 'reminders' };

/* The act that sets these members. */
export function actOf(members) {
	const names = Object.keys(members);
	if (names.length === 1 && names[0] === 'completed')
		return members.completed ? 'complete' : 'reopen';
	/* What repeats is given a date, too. */
	const acts = new Set(names.map((name) => (name === 'due_date' && members.repeat ? 'repeat'
		: OF_MEMBER[name] ?? 'change')));
	return acts.size === 1 ? [...acts][0] : 'change';
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
