/*
 * What was deleted. It is read when somebody looks, since the tasks do not have it.
 */
import { send } from './api.js';
import { toast } from './toast.js';

export class Trash {
	constructor(tasks, changed) {
		this.tasks = tasks;
		this.changed = changed;
		this.list = [];
		this.asked = 0;
	}

	/* Of several that are on their way the one that was asked for last counts. */
	async load() {
		const turn = ++this.asked;
		try {
			const { data } = await send('GET', this.tasks.at('trash'));
			if (turn !== this.asked)
				return;
			this.list = data.tasks.reverse().map((task) => ({ ...task, uid: `x${task.id}` }));
			this.changed();
		} catch (error) {
			toast(error.message);
		}
	}

	async restore(uid) {
		const task = this.list.find((other) => other.uid === uid);
		this.list = this.list.filter((other) => other !== task);
		this.changed();
		try {
			await send('POST', this.tasks.at(`tasks/${task.id}/restore`), { body: {} });
			await this.tasks.follow();
			toast(`Restored: ${task.name}`);
		} catch (error) {
			toast(error.message);
			this.load();
		}
	}
}
