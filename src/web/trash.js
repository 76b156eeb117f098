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
	}

	async load() {
		try {
			const { data } = await send('GET', this.tasks.at('trash'));
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
