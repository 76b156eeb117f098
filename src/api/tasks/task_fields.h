/*
 * The members of a task, each once. This table makes the columns of statements, the members of
 * replies, the inputs, the members that an undo restores, and the columns of files.
 *
 * TASK_FIELDS(SET, KEPT, RARE, with) has a row for each member but the id, the assignee, the uid
 * and the revision: SET(with, ...) for a member that a client sets, KEPT(with, ...) for one that
 * the server sets, RARE(with, ...) for one that a client sets and most tasks do not have.
 *
 *   SET(with, member, type, cast, schema, created, required, INPUT_ type and bounds)
 *   KEPT(with, member, type, cast, schema, created, imported)
 *   RARE(with, member, type, cast, schema, absent, stored, INPUT_ type and bounds)
 *
 * A task without any of the rare members is plain (see is_plain in schema.sql): a statement shows
 * all of them as one constant text, and makes or changes such a task without naming them.
 *
 * type is that of the column and of the value: TEXT, INTEGER or REAL. cast follows the name of the
 * column where it is read ("name:json", see store.h). created is the SQL of the value of a new task
 * from $member, which is NULL if it was not sent. imported is the same for a task of a file.
 * absent is the JSON of NULL; where that is an array, the column is JSON already. stored is the SQL of
 * what is kept of $member: NULL for what NULL stands for.
 */
#ifndef API_TASK_FIELDS_H
#define API_TASK_FIELDS_H

#include "endpoint/endpoint.h"

#define SCHEMA_TAGS                                                                                \
	"{\"type\":\"array\",\"maxItems\":32,\"uniqueItems\":true,"                                \
	"\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":64}}"
#define SCHEMA_PRIORITY "{\"type\":\"integer\",\"minimum\":0,\"maximum\":3}"
#define SCHEMA_INTEGER_OR_NULL "{\"type\":[\"integer\",\"null\"]}"
#define SCHEMA_REPEAT_FROM "{\"enum\":[\"due\",\"completion\"]}"
#define SCHEMA_REMINDERS                                                                           \
	"{\"type\":\"array\",\"maxItems\":8,\"items\":{\"type\":\"string\"}}"
#define SCHEMA_IDS "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"
#define SCHEMA_TIME_OR_NULL "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"

/* clang-format off */
#define TASK_FIELDS(SET, KEPT, RARE, with) \
	SET(with, name, TEXT, "", SCHEMA_TEXT, "$name", true, INPUT_LINE, .max = 1000) \
	SET(with, note, TEXT, "", SCHEMA_TEXT, "coalesce($note, '')", false, INPUT_TEXT, .max = 65536) \
	KEPT(with, creation_date, TEXT, "", SCHEMA_TIME, "$now", \
		"coalesce(" INSTANT("creation_date") ", $now)") \
	SET(with, due_date, TEXT, "", SCHEMA_DATE_OR_NULL, "$due_date", false, INPUT_DATE) \
	SET(with, completed, INTEGER, ":bool", SCHEMA_BOOL, "coalesce($completed, 0)", false, INPUT_BOOL) \
	SET(with, priority, INTEGER, "", SCHEMA_PRIORITY, "coalesce($priority, 0)", false, \
		INPUT_INTEGER, .min = 0, .max = 3) \
	SET(with, tags, TEXT, ":json", SCHEMA_TAGS, "coalesce($tags, '[]')", false, INPUT_TAGS, .max = 32) \
	SET(with, position, REAL, "", SCHEMA_NUMBER, "coalesce($position, " LAST_POSITION ")", false, INPUT_REAL) \
	KEPT(with, completed_date, TEXT, "", SCHEMA_TIME_OR_NULL, "CASE WHEN $completed <> 0 THEN $now END", \
		"CASE WHEN $completed <> 0 THEN coalesce(" INSTANT("completed_date") ", $now) END") \
	KEPT(with, modified_date, TEXT, "", SCHEMA_TIME, "$now", \
		"coalesce(" INSTANT("modified_date") ", $now)") \
	RARE(with, list, INTEGER, "", SCHEMA_INTEGER_OR_NULL, "null", "$list", \
		INPUT_INTEGER, .min = 1, .max = INT64_MAX, .nullable = true) \
	RARE(with, heading, TEXT, "", SCHEMA_TEXT_OR_NULL, "null", "$heading", \
		INPUT_LINE, .max = 100, .nullable = true) \
	RARE(with, parent, INTEGER, "", SCHEMA_INTEGER_OR_NULL, "null", "$parent", \
		INPUT_INTEGER, .min = 1, .max = INT64_MAX, .nullable = true) \
	RARE(with, start_date, TEXT, "", SCHEMA_DATE_OR_NULL, "null", "$start_date", INPUT_DATE) \
	RARE(with, repeat, TEXT, "", SCHEMA_TEXT_OR_NULL, "null", "$repeat", INPUT_REPEAT) \
	RARE(with, repeat_from, TEXT, "", SCHEMA_REPEAT_FROM, "\"due\"", "nullif($repeat_from, 'due')", \
		INPUT_CHOICE, .choices = "due completion", .nullable = true) \
	RARE(with, reminders, TEXT, ":json", SCHEMA_REMINDERS, "[]", "nullif($reminders, '[]')", \
		INPUT_REMINDERS, .max = 8)
/* clang-format on */

/* Skip the rows of a kind. */
#define TASK_SKIP(...)

/* SQL lists, each with a comma before every member. */
#define TASK_NAME(table, member, ...) ", " table #member
#define TASK_CREATED(with, member, type, cast, schema, created, ...) ", " created
#define TASK_CREATED_COLUMN(with, member, type, cast, schema, created, ...)                        \
	", " created " AS \"" #member cast "\""
#define TASK_IMPORTED(with, member, type, cast, schema, created, imported) ", " imported

#define TASK_STORED(with, member, type, cast, schema, absent, stored, ...) ", " stored

/* All columns of a table ("t.") but id and revision. */
#define TASK_NAMES(table)                                                                          \
	TASK_FIELDS(TASK_NAME, TASK_NAME, TASK_NAME, table) ", " table "is_plain, " table "uid"
/* The same of a plain task; the others have their default. */
#define TASK_PLAIN_NAMES(table) TASK_FIELDS(TASK_NAME, TASK_NAME, TASK_SKIP, table)

/*
 * The rare members, the assignee among them, as JSON text: the column "rare:members", which is NULL
 * for a plain task (see store_define_members()). Only a group's task has an assignee.
 */
#define RARE_MEMBER(with, member, ...) #member ","
#define RARE_ABSENT(with, member, type, cast, schema, absent, ...) "\"" #member "\":" absent ","
#define RARE_VALUE(table, member, ...) ", " table #member
#define RARE_MEMBERS TASK_FIELDS(TASK_SKIP, TASK_SKIP, RARE_MEMBER, ) "assignee"
#define RARE_PLAIN TASK_FIELDS(TASK_SKIP, TASK_SKIP, RARE_ABSENT, ) "\"assignee\":null"
#define RARE_TEXT(table)                                                                           \
	"CASE WHEN " table "is_plain = 0 THEN "                                                    \
	SQL_MEMBERS(RARE_PLAIN, TASK_FIELDS(TASK_SKIP, TASK_SKIP, RARE_VALUE, table)) " END"

/* The same, where some members (SQL texts) are absent under a condition. */
#define RARE_VALUE_WITHOUT(with, member, ...)                                                      \
	", CASE WHEN '" #member "' IN (" RARE_NAMES with ") AND " RARE_CONDITION with              \
	" THEN NULL ELSE " RARE_TABLE with #member " END"
#define RARE_TABLE(table, names, condition) table
#define RARE_NAMES(table, names, condition) names
#define RARE_CONDITION(table, names, condition) condition
#define RARE_TEXT_WITHOUT(table, names, condition)                                                 \
	"CASE WHEN " table "is_plain = 0 THEN " SQL_MEMBERS(RARE_PLAIN, TASK_FIELDS(TASK_SKIP,     \
		TASK_SKIP, RARE_VALUE_WITHOUT, (table, names, condition))) " END"

/* Whether a task with the values that value(member) gives is plain. */
#define RARE_IS_ABSENT(value, member, type, cast, schema, absent, stored, ...)                     \
	" AND " value(member, stored) " IS NULL"
#define IS_PLAIN(value)                                                                            \
	"CASE WHEN true" TASK_FIELDS(TASK_SKIP, TASK_SKIP, RARE_IS_ABSENT, value)                  \
	" THEN 1 ELSE 0 END"
#define STORED_ALONE(member, stored) stored

/* The uid of a task as text, by the columns of a table. The column "uid:made" needs less: uid. */
#define TASK_UID(table) "coalesce(" table "uid, $uid_base || " table "id)"

/* A file may have a day alone, which stands for its first second. */
#define INSTANT(date)                                                                              \
	"CASE WHEN length($" date ") = 10 THEN $" date " || 'T00:00:00Z' ELSE $" date " END"

/* Initialisers: of struct member, of struct input, of names, of struct slot. */
#define TASK_MEMBER(with, member, type, cast, schema, ...) { #member, schema },
#define TASK_CREATE_INPUT(with, member, type, cast, schema, created, must, ...)                    \
	{ #member, IN_BODY, __VA_ARGS__, .required = must },
#define TASK_EDIT_INPUT(with, member, type, cast, schema, created, must, ...)                      \
	{ #member, IN_BODY, __VA_ARGS__ },
#define TASK_RARE_INPUT(with, member, type, cast, schema, absent, stored, ...)                             \
	{ #member, IN_BODY, __VA_ARGS__ },
#define TASK_DATE_INPUT(with, member, ...) { #member, IN_BODY, INPUT_DATE },
#define TASK_SHOWN_INPUT(with, member, ...) { #member, IN_BODY, INPUT_READ_ONLY },
/* The names of the rare inputs, as struct endpoint takes them. */
#define RARE_INPUT(with, member, ...) #member " "
#define RARE_INPUTS TASK_FIELDS(TASK_SKIP, TASK_SKIP, RARE_INPUT, )
#define TASK_LITERAL(with, member, ...) #member,
#define TASK_SLOT(with, member, type, ...) type##_SLOT(#member),
#define TASK_GIVEN_SLOT(with, member, ...) INTEGER_SLOT(#member "_given"),

#endif
