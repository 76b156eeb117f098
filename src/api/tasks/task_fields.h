/*
 * The members of a task, each once. This table makes the columns of statements, the members of
 * replies, the inputs, the members that an undo restores, and the columns of files.
 *
 * TASK_FIELDS(SET, KEPT, with) has a row for each member but the id and the revision:
 * SET(with, ...) for a member that a client sets, KEPT(with, ...) for one that the server sets.
 *
 *   SET(with, member, type, cast, schema, created, required, INPUT_ type and bounds)
 *   KEPT(with, member, type, cast, schema, created, imported)
 *
 * type is that of the column and of the value: TEXT, INTEGER or REAL. cast follows the name of the
 * column where it is read ("name:json", see store.h). created is the SQL of the value of a new task
 * from $member, which is NULL if it was not sent. imported is the same for a task of a file.
 */
#ifndef API_TASK_FIELDS_H
#define API_TASK_FIELDS_H

#include "endpoint/endpoint.h"

#define SCHEMA_TAGS                                                                                \
	"{\"type\":\"array\",\"maxItems\":32,\"uniqueItems\":true,"                                \
	"\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":64}}"
#define SCHEMA_PRIORITY "{\"type\":\"integer\",\"minimum\":0,\"maximum\":3}"
#define SCHEMA_TIME_OR_NULL "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"

/* clang-format off */
#define TASK_FIELDS(SET, KEPT, with) \
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
		"coalesce(" INSTANT("modified_date") ", $now)")
/* clang-format on */

/* Skip the rows of a kind. */
#define TASK_SKIP(...)

/* SQL lists, each with a comma before every member. */
#define TASK_NAME(table, member, ...) ", " table #member
#define TASK_CREATED(with, member, type, cast, schema, created, ...) ", " created
#define TASK_CREATED_COLUMN(with, member, type, cast, schema, created, ...)                        \
	", " created " AS \"" #member cast "\""
#define TASK_IMPORTED(with, member, type, cast, schema, created, imported) ", " imported

/* All columns of a table ("t.") but id and revision. */
#define TASK_NAMES(table) TASK_FIELDS(TASK_NAME, TASK_NAME, table)

/* A file may have a day alone, which stands for its first second. */
#define INSTANT(date)                                                                              \
	"CASE WHEN length($" date ") = 10 THEN $" date " || 'T00:00:00Z' ELSE $" date " END"

/* Initialisers: of struct member, of struct input, of names, of struct slot. */
#define TASK_MEMBER(with, member, type, cast, schema, ...) { #member, schema },
#define TASK_CREATE_INPUT(with, member, type, cast, schema, created, must, ...)                    \
	{ #member, IN_BODY, __VA_ARGS__, .required = must },
#define TASK_EDIT_INPUT(with, member, type, cast, schema, created, must, ...)                      \
	{ #member, IN_BODY, __VA_ARGS__ },
#define TASK_DATE_INPUT(with, member, ...) { #member, IN_BODY, INPUT_DATE },
#define TASK_SHOWN_INPUT(with, member, ...) { #member, IN_BODY, INPUT_READ_ONLY },
#define TASK_LITERAL(with, member, ...) #member,
#define TASK_SLOT(with, member, type, ...) type##_SLOT(#member),

#endif
