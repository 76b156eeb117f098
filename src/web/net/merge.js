/*
 * When a change meets another one of the same task: what differs in different members goes
 * together, and what differs in the same one is somebody's to choose.
 */

export function same(a, b) {
	return JSON.stringify(a) === JSON.stringify(b);
}

/* The same members of another task. */
export function pick(task, members) {
	return Object.fromEntries(Object.keys(members).map((member) => [member, task[member]]));
}

/*
 * mine: members as I set them; was: as they were when I did; theirs: the task as it is now. What is
 * still to be set, and the members that both of us have changed.
 */
export function merge(mine, was, theirs) {
	const set = {};
	const conflicts = [];
	for (const [member, value] of Object.entries(mine)) {
		if (same(theirs[member], value))
			continue;
		set[member] = value;
		if (!same(theirs[member], was[member]))
			conflicts.push(member);
	}
	return { set, conflicts };
}
