/*
 * The columns and members of a change in replies.
 */
#ifndef API_CHANGES_H
#define API_CHANGES_H

#include "tasks/tasks.h"

/* A task as the object "name", from the columns of a table; null if there was no task. */
#define OBJECT_COLUMN(with, member, type, cast, ...)                                               \
	", " OBJECT_TABLE with "." #member " AS \"" OBJECT_NAME with "." #member cast "\""
#define OBJECT_TABLE(table, name) table
#define OBJECT_NAME(table, name) name
#define TASK_OBJECT(name, table, there, task_revision)                                             \
	"CASE WHEN " there " THEN " table ".id END AS \"" name ".id\"" TASK_FIELDS(OBJECT_COLUMN,  \
		OBJECT_COLUMN, TASK_SKIP, (table, name)) ", " RARE_TEXT(table ".") " AS \"" name  \
	".rare:members\", " table ".uid AS \"" name ".uid:made\", " task_revision " AS \"" name ".revision\""

/* The task after a change (from the view states), and before it (from the table changes). */
#define AFTER_IT TASK_OBJECT("after", "s", "s.now_deleted = ''", "s.revision")
#define BEFORE_IT TASK_OBJECT("before", "c", "c.deleted_date = ''", "c.was_revision")

/* A condition: the change is kept. Older ones count as deleted before their rows are. */
#define KEPT "time > $kept_since"

/* A row of the feed, from the view states. */
#define CHANGE "revision, id, " TASK_OBJECT("task", "states", "states.now_deleted = ''", "revision")

#define SCHEMA_TASK_OR_NULL                                                                        \
	"{\"anyOf\":[{\"$ref\":\"#/components/schemas/Task\"},{\"type\":\"null\"}]}"

/* clang-format off */
#define CHANGE_MEMBERS \
	{ "revision", SCHEMA_INTEGER }, \
	{ "id", SCHEMA_INTEGER }, \
	{ "task", SCHEMA_TASK_OR_NULL }
/* clang-format on */

extern const struct shape change_shape;

#endif
