/*
 * A task as a to-do of a calendar (RFC 5545, VTODO). Any thread.
 */
#include "transfer/format_column.h"
#include "transfer/ical/format_content.h"
#include "transfer/ical/format_todo.h"

#include <string.h>

/* "2026-11-25" or "2026-11-25T10:00:00Z" without what stands between the digits. */
static struct text todo_compact(struct text date, char compact[32])
{
	size_t length = 0;

	for (size_t i = 0; i < date.length && length < 32; i++) {
		if (date.at[i] != '-' && date.at[i] != ':')
			compact[length++] = date.at[i];
	}
	return (struct text){ compact, length };
}

static void todo_write_date(struct buffer *out, const char *name, const struct value *date)
{
	char compact[32];

	if (column_is_text(date))
		content_write(out, name, todo_compact(date->text, compact));
}

/* The same task has the same one in every file; no other one was made then with this number. */
static void todo_write_uid(struct buffer *out, const struct value task[TASK_COLUMNS])
{
	struct buffer uid = { 0 };
	char compact[32];

	buffer_add_text(&uid, TEXT("todo-"));
	column_write(&uid, TASK_id, &task[TASK_id]);
	buffer_add(&uid, "-", 1);
	if (column_is_text(&task[TASK_creation_date]))
		buffer_add_text(&uid, todo_compact(task[TASK_creation_date].text, compact));
	content_write(out, "UID", (struct text){ uid.data, uid.length });
	buffer_free(&uid);
}

static void todo_write_priority(struct buffer *out, const struct value *priority)
{
	static const struct text levels[] = { TEXT_INIT("0"), TEXT_INIT("9"), TEXT_INIT("5"),
		TEXT_INIT("1") };

	if (priority->type == VALUE_INTEGER && priority->integer > 0 && priority->integer < 4)
		content_write(out, "PRIORITY", levels[priority->integer]);
}

static void todo_write_tags(struct buffer *out, const struct value *value)
{
	struct buffer escaped = { 0 };
	json_t *tags = column_tags(value);
	json_t *tag;
	size_t i;

	json_array_foreach (tags, i, tag) {
		if (i > 0)
			buffer_add(&escaped, ",", 1);
		content_escape(&escaped, text_of(json_string_value(tag)));
	}
	if (escaped.length > 0)
		content_write(out, "CATEGORIES", (struct text){ escaped.data, escaped.length });
	buffer_free(&escaped);
	json_decref(tags);
}

static void todo_write_position(struct buffer *out, const struct value *position)
{
	struct buffer number = { 0 };

	column_write(&number, TASK_position, position);
	if (number.length > 0)
		content_write(out, "X-TODO-POSITION", (struct text){ number.data, number.length });
	buffer_free(&number);
}

void todo_write(struct buffer *out, const struct value task[TASK_COLUMNS])
{
	const struct value *due = &task[TASK_due_date], *modified = &task[TASK_modified_date];
	bool completed = column_is_true(&task[TASK_completed]);
	bool day = column_is_text(due) && due->text.length == strlen("YYYY-MM-DD");

	buffer_add_text(out, TEXT("BEGIN:VTODO\r\n"));
	todo_write_uid(out, task);
	todo_write_date(
		out, "DTSTAMP", column_is_text(modified) ? modified : &task[TASK_creation_date]);
	todo_write_date(out, "CREATED", &task[TASK_creation_date]);
	todo_write_date(out, "LAST-MODIFIED", modified);
	content_write_text(out, "SUMMARY", task[TASK_name].text);
	if (column_is_text(&task[TASK_note]))
		content_write_text(out, "DESCRIPTION", task[TASK_note].text);
	todo_write_date(out, day ? "DUE;VALUE=DATE" : "DUE", due);
	content_write(out, "STATUS", completed ? TEXT("COMPLETED") : TEXT("NEEDS-ACTION"));
	if (completed)
		todo_write_date(out, "COMPLETED", &task[TASK_completed_date]);
	todo_write_priority(out, &task[TASK_priority]);
	todo_write_tags(out, &task[TASK_tags]);
	todo_write_position(out, &task[TASK_position]);
	buffer_add_text(out, TEXT("END:VTODO\r\n"));
}
