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
 * due_date and completed_date may be NULL.
 */
#define TASK_ENUMERATOR(with, member, ...) TASK_##member,
enum task_column {
	TASK_id,
	TASK_FIELDS(TASK_ENUMERATOR, TASK_ENUMERATOR, TASK_ENUMERATOR, ) TASK_assignee,
	TASK_uid,
	TASK_revision,
	TASK_COLUMNS,
};

/* The tasks of an account by these columns. */
#define SELECT_TASK_COLUMNS                                                                        \
	"SELECT id" TASK_FIELDS(TASK_NAME, TASK_NAME, TASK_NAME, "") ", NULL AS assignee, "        \
	TASK_UID("") " AS uid, revision FROM tasks WHERE " LIVE " ORDER BY id"

/* The name of a column, as in TASK. Terminated. */
struct text column_name(enum task_column column);

/* Whether a file cannot set the column. */
bool column_is_read_only(enum task_column column);

/* The column with this name, in any case; TASK_COLUMNS if there is none. */
enum task_column column_of(struct text name);

/*
 * Set the member of a column from text, which must be UTF-8 without a NUL. Text that is not the
 * expected number or boolean becomes a string, which the input check refuses later. An empty text
 * sets only the name. The columns id and revision set nothing. True if a tag had to be changed.
 */
bool column_set(json_t *task, enum task_column column, struct text text);

#define COLUMN_TAGS_MOST 32 /* of a task; one more is added, so that the input check refuses it */

/*
 * Add a tag to the member "tags", unless it is there. White space and commas become "-"; then true.
 */
bool column_add_tag(json_t *task, struct text tag);

/* Write the value as text: true and false, tags separated by commas, nothing for NULL. */
void column_write(struct buffer *out, enum task_column column, const struct value *value);

/* The tags of a value as an array of strings; NULL if none. The caller calls json_decref(). */
json_t *column_tags(const struct value *value);

/* Whether the value is a text that is not empty. */
bool column_is_text(const struct value *value);

/* Whether the value is an integer or real other than 0. */
bool column_is_true(const struct value *value);

#endif
