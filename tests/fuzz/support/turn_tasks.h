/* The tasks that an import would take of a file. */
#ifndef TESTS_FUZZ_TURN_TASKS_H
#define TESTS_FUZZ_TURN_TASKS_H

#include "turn.h"

#define TASKS_MOST 64

struct task {
	struct value values[TASK_COLUMNS];
	struct value deleted;
};

struct turn {
	const struct format *format;
	struct task tasks[TASKS_MOST];
	size_t count;
	size_t left;	 /* records that an import would refuse */
	const char *why; /* of the last one */
	size_t reports;	 /* of what was left out */
	struct arena *arena;
};

/* The members of a task, by its columns. */
extern const char *const turn_names[TASK_COLUMNS];

/* All of them as a file of their format. */
void turn_write(struct buffer *out, const struct turn *turn);

#endif
