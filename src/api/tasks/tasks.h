/*
 * What the resources around tasks share: the columns, the members, how a task is made and changes.
 */
#ifndef API_TASKS_H
#define API_TASKS_H

#include "tasks/task_fields.h"

/* A task as replies show it; the columns of tasks, and of states where now_deleted is ''. */
#define TASK_COLUMN(with, member, type, cast, ...) ", " #member " AS \"" #member cast "\""
#define TASK "id" TASK_FIELDS(TASK_COLUMN, TASK_COLUMN, ) ", revision"

/* clang-format off */
#define TASK_MEMBERS \
	{ "id", SCHEMA_INTEGER }, \
	TASK_FIELDS(TASK_MEMBER, TASK_MEMBER, ) \
	{ "revision", SCHEMA_INTEGER }

/* What a task's reply shows and its owner does not set. */
#define TASK_SHOWN \
	TASK_FIELDS(TASK_SKIP, TASK_SHOWN_INPUT, ) \
	{ "id", BODY, SHOWN }, { "deleted_date", BODY, SHOWN }, { "revision", BODY, SHOWN }, \
	{ "username", BODY, SHOWN }, { "msg", BODY, SHOWN }
/* clang-format on */

/*
 * Of $account; a task's condition goes on with its id. What a large change has staged, or has taken away
 * and not removed yet, is not there: see accounts.bulk in schema.sql. That leaves out next to nothing.
 */
#define VISIBLE(id)                                                                                \
	SQL_NOT_BY_INDEX(id) " <= $newest AND " id " NOT BETWEEN $hidden_from AND $hidden_to"
#define LIVE "account_id = $account AND deleted_date = '' AND " VISIBLE("id")
#define IN_TRASH                                                                                   \
	"account_id = $account AND deleted_date > '' AND " VISIBLE("id") " AND revision > "        \
									 "$emptied"

/* One of the trash by its id: by itself SQLite would look through the whole trash. */
#define TRASH_BY_ID "tasks" SQL_BY_INDEX("tasks_in_trash")

/* The columns of accounts that say so, and the newest change that is visible. */
#define ACCOUNT_VISIBLE "revision AS newest, hidden_from, hidden_to, emptied"

/* The task that was just made, or brought back, in this transaction. */
#define NEW_TASK "account_id = $account AND deleted_date = ''"

/*
 * Whatever changes a task takes the next revision; the triggers write the change down. A fault in
 * that would be ours.
 */
#define NEXT_REVISION "$newest + 1"
#define UPDATE_SET(tasks)                                                                          \
	"UPDATE" SQL_OR_ROLLBACK " " tasks " SET revision = " NEXT_REVISION ", changed = $now, "
#define UPDATE_TASKS_SET UPDATE_SET("tasks")

/* Behind the last of the account's tasks, those of a large change on its way included. */
#define LAST_POSITION "coalesce((SELECT max(position) FROM tasks WHERE " NEW_TASK "), 0) + 1"

#define SELECT_TASK "SELECT " TASK " FROM tasks WHERE " LIVE " AND id = $id"
#define SELECT_TASKS "SELECT " TASK " FROM tasks WHERE " LIVE " ORDER BY id"

#define INSERT_TASK                                                                                \
	"INSERT" SQL_OR_ROLLBACK                                                                   \
	" INTO tasks (account_id, deleted_date, id" TASK_NAMES("") ", revision, changed)"

/* A new task from what was sent; what was not is NULL. */
#define CREATE_TASK                                                                                \
	INSERT_TASK " SELECT $account, '', " NEXT_REVISION TASK_FIELDS(TASK_CREATED,               \
		TASK_CREATED, ) ", " NEXT_REVISION ", $now WHERE $tasks < $max_tasks"

#define SELECT_TRASH                                                                               \
	"SELECT " TASK ", deleted_date FROM tasks WHERE " IN_TRASH " ORDER BY deleted_date, id"

/* The changes of one transaction belong together, and were made by the server's clock. */
#define GROUP_CHANGES                                                                              \
	"UPDATE changes SET first = $newest + 1, time = $now"                                      \
	" WHERE account_id = $account AND revision > $newest"

/*
 * What one transaction may change of an account, so that others do not wait for it: so many tasks, and
 * so many bytes of their notes. What is more goes in slices of so many tasks, or fewer where
 * their notes are long.
 */
#define SMALL_TASKS "1000"
#define NOTE_BYTES SQL_BYTES("note")
#define SMALL_TEXT "4194304"
#define SLICE_TASKS "256"
#define SLICE_TEXT "524288"
#define REMOVED_TASKS "64" /* in one step of removing what nobody sees any more */

extern const struct shape task_shape;
extern const struct shape trashed_shape;

#endif
