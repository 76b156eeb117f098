/*
 * What the tables of tasks, trash, undo and files share: columns, members, and the SQL that creates
 * and changes a task.
 */
#ifndef API_TASKS_H
#define API_TASKS_H

#include "tasks/task_fields.h"
#include "tasks/changing.h"
#include "tasks/visible.h"

/* The columns of a task in replies, from tasks, or from states where now_deleted is ''. */
#define TASK_COLUMN(with, member, type, cast, ...) ", " with #member " AS \"" #member cast "\""
#define TASK_WITH(table, rare)                                                                     \
	table "id" TASK_FIELDS(TASK_COLUMN, TASK_COLUMN, TASK_SKIP, table) ", " rare               \
	" AS \"rare:members\", " table "uid AS \"uid:made\", " table "revision"
#define TASK_OF(table) TASK_WITH(table, RARE_TEXT(table))
#define TASK TASK_OF("")

/* A task as the object "name", from the columns of a table; null if there was no task. */
#define OBJECT_COLUMN(with, member, type, cast, ...)                                               \
	", " OBJECT_TABLE with "." #member " AS \"" OBJECT_NAME with "." #member cast "\""
#define OBJECT_TABLE(table, name) table
#define OBJECT_NAME(table, name) name
#define TASK_OBJECT(name, table, there, task_revision)                                             \
	"CASE WHEN " there " THEN " table ".id END AS \"" name ".id\"" TASK_FIELDS(OBJECT_COLUMN,  \
		OBJECT_COLUMN, TASK_SKIP, (table, name)) ", " RARE_TEXT(table ".") " AS \"" name  \
	".rare:members\", " table ".uid AS \"" name ".uid:made\", " task_revision " AS \"" name ".revision\""

#define SCHEMA_TASK_OR_NULL                                                                        \
	"{\"anyOf\":[{\"$ref\":\"#/components/schemas/Task\"},{\"type\":\"null\"}]}"

/* clang-format off */
#define TASK_MEMBERS \
	{ "id", SCHEMA_INTEGER }, \
	TASK_FIELDS(TASK_MEMBER, TASK_MEMBER, TASK_MEMBER, ) \
	{ "assignee", SCHEMA_TEXT_OR_NULL }, \
	{ "uid", SCHEMA_TEXT }, \
	{ "revision", SCHEMA_INTEGER }

/* The members of a reply that a client may send back, and that are ignored. */
#define TASK_SHOWN \
	TASK_FIELDS(TASK_SKIP, TASK_SHOWN_INPUT, TASK_SKIP, ) \
	{ "id", IN_BODY, INPUT_READ_ONLY }, { "deleted_date", IN_BODY, INPUT_READ_ONLY }, \
	{ "revision", IN_BODY, INPUT_READ_ONLY }, \
	{ "username", IN_BODY, INPUT_READ_ONLY }, { "msg", IN_BODY, INPUT_READ_ONLY }, \
	{ "next", IN_BODY, INPUT_READ_ONLY }, { "also", IN_BODY, INPUT_READ_ONLY }
/* clang-format on */

/* A condition for the task that was created or restored in this transaction. */
#define NEW_TASK "account_id = $account AND deleted_date = ''"

/* After the last of the account's tasks, including those that a large change has staged. */
#define LAST_POSITION "coalesce((SELECT max(position) FROM tasks WHERE " NEW_TASK "), 0.0) + 1"

#define SELECT_TASK "SELECT " TASK " FROM tasks WHERE " LIVE " AND id = $id"
#define SELECT_TASKS "SELECT " TASK " FROM tasks WHERE " LIVE " ORDER BY id"
/* The same, where they may begin later; here both ends are those of a run through the table. */
#define SELECT_TASKS_BEHIND                                                                        \
	"SELECT " TASK " FROM tasks WHERE account_id = $account AND deleted_date = ''"             \
	" AND id > coalesce($after_id, 0) AND id <= $newest"                                       \
	" AND id NOT BETWEEN $hidden_from AND $hidden_to ORDER BY id"

#define INSERT_TASK(names)                                                                         \
	"INSERT" SQL_OR_ROLLBACK                                                                   \
	" INTO tasks (account_id, deleted_date, id" names ", due_order, revision, changed)"

/* What a due date sorts as: see tasks in schema.sql. */
#define DUE_ORDER(due_date) "coalesce(replace(" due_date ", 'T00:00:00Z', ''), '~')"

/*
 * A new task from the inputs, plain or any; an input that was not sent is NULL. What takes a function or a query
 * is computed before: an insert that calls one, or that reads its values from a query, costs about
 * twice as much in SQLite. The reply is made of the same values: to read the row again would cost
 * twice as much as that.
 */
#define BELOW_MAX_TASKS                                                                            \
	"SELECT coalesce($position, " LAST_POSITION ") AS position, " DUE_ORDER("$due_date")        \
	" AS due_order WHERE $tasks < $max_tasks"
#define CREATE_PLAIN_TASK                                                                          \
	INSERT_TASK(TASK_PLAIN_NAMES(""))                                                          \
	" VALUES ($account, '', " NEXT_REVISION TASK_FIELDS(TASK_CREATED, TASK_CREATED,            \
		TASK_SKIP, ) ", $due_order, " NEXT_REVISION ", $now)"
#define CREATED_PLAIN_TASK                                                                         \
	"SELECT " NEXT_REVISION " AS id" TASK_FIELDS(TASK_CREATED_COLUMN, TASK_CREATED_COLUMN,     \
		TASK_SKIP, ) ", NULL AS \"rare:members\", NULL AS \"uid:made\", "                \
	NEXT_REVISION " AS revision"
#define CREATE_TASK                                                                                \
	INSERT_TASK(TASK_NAMES(""))                                                                \
	" VALUES ($account, '', " NEXT_REVISION TASK_FIELDS(TASK_CREATED, TASK_CREATED,            \
		TASK_STORED, ) ", " IS_PLAIN(STORED_ALONE) ", $uid, $due_order, " NEXT_REVISION       \
	", $now)"
#define SELECT_NEW_TASK                                                                            \
	"SELECT " TASK " FROM tasks WHERE " NEW_TASK " AND id = " NEXT_REVISION

/* In the trash a task may be of a list that is gone for good: then it is of none. */
#define SELECT_TRASH                                                                               \
	"SELECT " TASK_WITH("tasks.", RARE_TEXT_WITHOUT("tasks.", "'list', 'heading'",             \
		"tasks.list IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lists l"                     \
		" WHERE l.account_id = $account AND l.id = tasks.list)"))                          \
	", deleted_date FROM tasks WHERE " IN_TRASH " ORDER BY deleted_date, id"

extern const struct shape task_shape;
extern const struct shape trashed_shape;

#endif
