/*
 * A task's columns as the files have them: their names, and the way from text to a member of JSON
 * and from a value to text. Any thread.
 */
#ifndef API_COLUMN_H
#define API_COLUMN_H

#include "base/buffer.h"
#include "base/text.h"
#include "tasks/task_fields.h"

#include <jansson.h>

/*
 * A task's columns, as TASK has them: TASK_id, TASK_name, and so on. Tags are a JSON array as text;
 * due_date and completed_date are NULL where there is none.
 */
#define TASK_ENUMERATOR(with, member, ...) TASK_##member,
enum task_column {
	TASK_id,
	TASK_FIELDS(TASK_ENUMERATOR, TASK_ENUMERATOR, ) TASK_revision,
	TASK_COLUMNS,
};

/* The name of a column, as TASK shows it. */
struct text column_name(enum task_column column);

/* The column of a name, whatever its case; TASK_COLUMNS where there is none. */
enum task_column column_of(struct text name);

/*
 * Set the member of a column from text, which must be UTF-8 without a NUL. What is no number or
 * boolean is passed on as a string. Nothing is set where the text is empty (but the name), nor by
 * a column that is told by nobody: id, revision. True where a tag had to be changed to be one.
 */
bool column_set(json_t *task, enum task_column column, struct text text);

#define COLUMN_TAGS_MOST 32 /* of a task; one more is added, so that it is refused, and no others */

/*
 * Add a tag to the member "tags", unless it is there: white space and commas in it become "-"; true
 * where any was.
 */
bool column_add_tag(json_t *task, struct text tag);

/* The value as text: true and false, tags with commas between them, nothing for NULL. */
void column_write(struct buffer *out, enum task_column column, const struct value *value);

/* The tags of a value as an array of strings, to be freed by the caller; NULL where none. */
json_t *column_tags(const struct value *value);

/* Whether the value is one of text that is not empty. */
bool column_is_text(const struct value *value);

/* Whether an integer or real is other than 0. */
bool column_is_true(const struct value *value);

#endif
