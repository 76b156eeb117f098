/*
 * The columns and members of a change in replies.
 */
#ifndef API_CHANGES_H
#define API_CHANGES_H

#include "tasks/tasks.h"

/* The task after a change (from the view states), and before it (from the table changes). */
#define AFTER_IT TASK_OBJECT("after", "s", "s.now_deleted = ''", "s.revision")
#define BEFORE_IT TASK_OBJECT("before", "c", "c.deleted_date = ''", "c.was_revision")

/* A condition: the change is kept. Older ones count as deleted before their rows are. */
#define KEPT "time > $kept_since"

/* A row of the feed, from the view states. */
#define CHANGE "revision, id, " TASK_OBJECT("task", "states", "states.now_deleted = ''", "revision")

/* clang-format off */
#define CHANGE_MEMBERS \
	{ "revision", SCHEMA_INTEGER }, \
	{ "id", SCHEMA_INTEGER }, \
	{ "task", SCHEMA_TASK_OR_NULL }
/* clang-format on */

extern const struct shape change_shape;

#endif
