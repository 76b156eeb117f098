/*
 * What the resources around tasks share: the columns, the members, and how a task changes.
 */
#ifndef API_TASKS_H
#define API_TASKS_H

#include "endpoint/endpoint.h"

/* A task as replies show it; the columns of tasks, and of states where now_deleted is ''. */
#define TASK                                                                                       \
	"id, name, note, creation_date, due_date, completed AS \"completed:bool\", priority,"      \
	" tags AS \"tags:json\", position, completed_date, modified_date, revision"

/* clang-format off */
#define SCHEMA_TAGS \
	"{\"type\":\"array\",\"maxItems\":32,\"uniqueItems\":true," \
	"\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":64}}"

#define SCHEMA_TIME_OR_NULL "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"

#define TASK_MEMBERS \
	{ "id", SCHEMA_INTEGER }, \
	{ "name", SCHEMA_TEXT }, \
	{ "note", SCHEMA_TEXT }, \
	{ "creation_date", SCHEMA_TIME }, \
	{ "due_date", SCHEMA_DATE_OR_NULL }, \
	{ "completed", SCHEMA_BOOL }, \
	{ "priority", "{\"type\":\"integer\",\"minimum\":0,\"maximum\":3}" }, \
	{ "tags", SCHEMA_TAGS }, \
	{ "position", SCHEMA_NUMBER }, \
	{ "completed_date", SCHEMA_TIME_OR_NULL }, \
	{ "modified_date", SCHEMA_TIME }, \
	{ "revision", SCHEMA_INTEGER }

/* What a task's owner sets; the name is required where a task is made. */
#define TASK_SET(name_required) \
	{ "name", BODY, LINE, .required = name_required, .most = 1000 }, \
	{ "note", BODY, LINES, .most = 65536 }, \
	{ "due_date", BODY, DATE }, \
	{ "completed", BODY, BOOL }, \
	{ "priority", BODY, INTEGER, .least = 0, .most = 3 }, \
	{ "tags", BODY, LABELS, .most = 32 }, \
	{ "position", BODY, REAL }

/* What a task's reply shows and its owner does not set. */
#define TASK_SHOWN \
	{ "id", BODY, SHOWN }, { "creation_date", BODY, SHOWN }, { "completed_date", BODY, SHOWN }, \
	{ "modified_date", BODY, SHOWN }, { "deleted_date", BODY, SHOWN }, \
	{ "revision", BODY, SHOWN }, { "username", BODY, SHOWN }, { "msg", BODY, SHOWN }
/* clang-format on */

/*
 * Of $account; a task's condition goes on with its id. What a large change has staged, or has taken away
 * and not removed yet, is not there: see accounts.bulk in schema.sql. That leaves out next to nothing.
 */
#define VISIBLE(id)                                                                                \
	SQL_NOT_BY_INDEX(id) " <= $newest AND " id " NOT BETWEEN $hidden_from AND $hidden_to"
#define LIVE "account_id = $account AND deleted_date = '' AND " VISIBLE("id")
#define TRASHED                                                                                    \
	"account_id = $account AND deleted_date > '' AND " VISIBLE("id") " AND revision > "        \
									 "$emptied"

/* One of the trash by its id: by itself SQLite would look through the whole trash. */
#define TRASHED_BY_ID "tasks" SQL_BY_INDEX("tasks_in_trash")

/* The columns of accounts that say so, and the newest change that is visible. */
#define ACCOUNT_VISIBLE "revision AS newest, hidden_from, hidden_to, emptied"

/* The task that was just made, or brought back, in this transaction. */
#define NEW_TASK "account_id = $account AND deleted_date = ''"

/*
 * Whatever changes a task takes the next revision; the triggers write the change down. A fault in
 * that would be ours.
 */
#define NEXT_REVISION "$newest + 1"
#define CHANGE_IN(tasks)                                                                           \
	"UPDATE" SQL_OR_ROLLBACK " " tasks " SET revision = " NEXT_REVISION ", changed = $now, "
#define CHANGE_TASKS CHANGE_IN("tasks")

/* Behind the last of the account's tasks, those of a large change on its way included. */
#define LAST_POSITION "coalesce((SELECT max(position) FROM tasks WHERE " NEW_TASK "), 0) + 1"

#define SELECT_TASK "SELECT " TASK " FROM tasks WHERE " LIVE " AND id = $id"
#define SELECT_TASKS "SELECT " TASK " FROM tasks WHERE " LIVE " ORDER BY id"

#define INSERT_TASK                                                                                \
	"INSERT" SQL_OR_ROLLBACK                                                                   \
	" INTO tasks (account_id, deleted_date, id, name, note, creation_date, "                   \
	"due_date,"                                                                                \
	" completed, priority, tags, position, completed_date, modified_date, revision, changed)"

#define SELECT_TRASH                                                                               \
	"SELECT " TASK ", deleted_date FROM tasks WHERE " TRASHED " ORDER BY deleted_date, id"

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
