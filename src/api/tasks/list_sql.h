/*
 * What the tables of lists, trash, undo, the change log and batches share: columns, members and
 * conditions. LIVE and IN_TRASH (tasks.h) hold of lists, too.
 */
#ifndef API_LIST_SQL_H
#define API_LIST_SQL_H

#include "tasks/tasks.h"

/*
 * The members that a client sets, each once: X(with, member, cast, JSON). cast follows the name of
 * the column where it is read, and JSON makes the column JSON.
 */
#define LIST_TEXT(column) SQL_TO_JSON(column)
#define LIST_ARRAY(column) column
#define LIST_REAL(column) SQL_REAL_TO_JSON(column)
#define LIST_BOOL(column) "CASE WHEN " column " <> 0 THEN 'true' ELSE 'false' END"
/* clang-format off */
#define LIST_FIELDS(X, with) \
	X(with, name, "", LIST_TEXT) \
	X(with, color, "", LIST_TEXT) \
	X(with, headings, ":json", LIST_ARRAY) \
	X(with, position, "", LIST_REAL) \
	X(with, archived, ":bool", LIST_BOOL)
/* clang-format on */

/* All columns of a table ("t.") but ids and revisions, each after a comma. */
#define LIST_NAME(with, member, ...) ", " with #member
#define LIST_NAMES(table) LIST_FIELDS(LIST_NAME, table) ", " table "creation_date, " table "modified_date"

/* The number of open tasks of a list. It is counted when it is shown. */
#define OPEN_TASKS(list)                                                                           \
	"(SELECT count(*) FROM tasks t WHERE t.account_id = $account AND t.list = " list           \
	" AND t.deleted_date = '' AND t.completed = 0 AND " VISIBLE("t.id") ")"

/* The columns of a list in replies, from lists. */
#define LIST_COLUMN(with, member, cast, ...) ", " #member " AS \"" #member cast "\""
#define LIST                                                                                       \
	"id" LIST_FIELDS(LIST_COLUMN, ) ", " OPEN_TASKS("lists.id") " AS open, creation_date, "    \
					"modified_date, revision"

/* The same as the text of a JSON object; open and revision are expressions. */
#define LIST_MEMBER_JSON(with, member, cast, json) "'\"" #member "\":' || " json(with #member) " || ',' || "
#define LIST_JSON(table, open, revision)                                                           \
	"'{\"id\":' || " table "id || ',' || " LIST_FIELDS(LIST_MEMBER_JSON, table)                \
	"'\"open\":' || " open " || ',\"creation_date\":' || " SQL_TO_JSON(table "creation_date")  \
	" || ',\"modified_date\":' || " SQL_TO_JSON(table "modified_date")                         \
	" || ',\"revision\":' || " revision " || '}'"

#define SCHEMA_COLOR "{\"type\":\"string\",\"pattern\":\"^(#[0-9A-Fa-f]{6})?$\"}"
#define SCHEMA_HEADINGS                                                                            \
	"{\"type\":\"array\",\"maxItems\":100,\"uniqueItems\":true,"                               \
	"\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":100}}"
#define SCHEMA_LIST_OR_NULL                                                                        \
	"{\"anyOf\":[{\"$ref\":\"#/components/schemas/List\"},{\"type\":\"null\"}]}"

/* clang-format off */
#define LIST_MEMBERS \
	{ "id", SCHEMA_INTEGER }, \
	{ "name", SCHEMA_TEXT }, \
	{ "color", SCHEMA_COLOR }, \
	{ "headings", SCHEMA_HEADINGS }, \
	{ "position", SCHEMA_NUMBER }, \
	{ "archived", SCHEMA_BOOL }, \
	{ "open", SCHEMA_INTEGER }, \
	{ "creation_date", SCHEMA_TIME }, \
	{ "modified_date", SCHEMA_TIME }, \
	{ "revision", SCHEMA_INTEGER }
/* clang-format on */

#define SELECT_LIST "SELECT " LIST " FROM lists WHERE " LIVE " AND id = $id"

#define SELECT_TRASHED_LISTS                                                                       \
	"SELECT " LIST ", deleted_date FROM lists WHERE " IN_TRASH " ORDER BY deleted_date, id"

/* A condition: the list l is the one of a task, and is not in the trash. */
#define IS_LIST_OF(task)                                                                           \
	"l.account_id = $account AND l.deleted_date = '' AND l.id = " task ".list"

/* Conditions: a task's list is there; and it has the task's heading. */
#define HAS_LIST(task) "EXISTS (SELECT 1 FROM lists l WHERE " IS_LIST_OF(task) ")"
#define HAS_HEADING(task)                                                                          \
	"EXISTS (SELECT 1 FROM lists l CROSS JOIN " SQL_ELEMENTS("l.headings") " e WHERE "          \
	IS_LIST_OF(task) " AND e.value = " task ".heading)"

/* Whether a task would be plain if it was in no list: a condition. */
#define IS_ABSENT_OR_OF_LIST(table, member, ...)                                                   \
	" AND ('" #member "' IN ('list', 'heading') OR " table #member " IS NULL)"
#define IS_PLAIN_WITHOUT_LIST(table)                                                               \
	"true" TASK_FIELDS(TASK_SKIP, TASK_SKIP, IS_ABSENT_OR_OF_LIST, table)

extern const struct shape list_shape;
extern const struct shape trashed_list_shape;

#endif
