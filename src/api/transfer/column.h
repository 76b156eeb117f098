/*
 * The columns of a task in files: their names, and the conversions from text to a member of JSON
 * and from a value to text. Any thread.
 */
#ifndef API_COLUMN_H
#define API_COLUMN_H

#include "base/buffer.h"
#include "base/text.h"
#include "tasks/tasks.h"

#include <jansson.h>

/*
 * The columns, in the order of TASK: TASK_id, TASK_name, and so on. Tags are a JSON array as text.
 * so are reminders. What a task does not have is NULL.
 */
#define TASK_ENUMERATOR(with, member, ...) TASK_##member,
enum task_column {
	TASK_id,
	TASK_FIELDS(TASK_ENUMERATOR, TASK_ENUMERATOR, TASK_ENUMERATOR, ) TASK_assignee,
	TASK_uid,
	TASK_revision,
	TASK_COLUMNS,
};

/*
 * The tasks of an account by these columns. Ids mean nothing outside of it: the list is there by its
 * name, and the parent by its uid.
 */
#define SELECT_TASK_COLUMNS                                                                        \
	"SELECT id" TASK_FIELDS(TASK_NAME, TASK_NAME, COLUMN_OF, "t.") ", NULL AS assignee, "      \
	TASK_UID("t.") " AS uid, revision FROM tasks t WHERE " LIVE " ORDER BY id"
#define COLUMN_OF(table, member, ...) ", " COLUMN_##member(table #member) " AS " #member
#define COLUMN_list(id)                                                                            \
	"(SELECT l.name FROM lists l WHERE l.account_id = $account AND l.deleted_date = ''"        \
	" AND l.id = " id ")"
#define COLUMN_parent(of)                                                                          \
	"(SELECT " TASK_UID("p.") " FROM tasks p WHERE p.account_id = $account"                    \
	" AND p.deleted_date = '' AND p.id = " of ")"
#define COLUMN_heading(column) column
#define COLUMN_start_date(column) column
#define COLUMN_repeat(column) column
#define COLUMN_repeat_from(column) column
#define COLUMN_reminders(column) column

/* The members of a file's task for those two, which are no ids. */
#define COLUMN_LIST_NAME "list_name"
#define COLUMN_PARENT_UID "parent_uid"

/* The name of a column, as in TASK. Terminated. */
struct text column_name(enum task_column column);

/* Whether it is an array of strings. */
bool column_is_array(enum task_column column);

/* Whether a file cannot set the column. */
bool column_is_read_only(enum task_column column);

/* The column with this name, in any case; TASK_COLUMNS if there is none. */
enum task_column column_of(struct text name);

/*
 * Set the member of a column from text, which must be UTF-8 without a NUL. Text that is not the
 * expected number or boolean becomes a string, which the input check refuses later. An empty text
 * sets only the name. The columns id, assignee and revision set nothing. True if a tag had to be changed.
 */
bool column_set(json_t *task, enum task_column column, struct text text);

#define COLUMN_TAGS_MOST 32 /* of a task; one more is added, so that the input check refuses it */

/*
 * Add a tag to the member "tags", unless it is there. White space and commas become "-"; then true.
 */
bool column_add_tag(json_t *task, struct text tag);

#define COLUMN_REMINDERS_MOST 8 /* the same of reminders */

/* Add a reminder to the member "reminders", if it is not empty and there is room. */
bool column_add_reminder(json_t *task, struct text reminder);

/* Write the value as text: true and false, tags and reminders separated by commas, nothing for NULL. */
void column_write(struct buffer *out, enum task_column column, const struct value *value);

/* The tags or reminders of a value as an array of strings; NULL if none. The caller calls json_decref(). */
json_t *column_strings(const struct value *value);

/* Whether the value is a text that is not empty. */
bool column_is_text(const struct value *value);

/* Whether the value is an integer or real other than 0. */
bool column_is_true(const struct value *value);

#endif
