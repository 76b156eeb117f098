/* The tasks of a file, as an export would write them. */
#include "turn_tasks.h"

#include "base/json.h"

const char *const turn_names[TASK_COLUMNS] = { "id",
	TASK_FIELDS(TASK_LITERAL, TASK_LITERAL, TASK_LITERAL, ) "assignee", "uid", "revision" };

static void write_member(struct buffer *out, int column, const struct value *value)
{
	buffer_add_format(out, "%s\"%s\":", column > 0 ? "," : "", turn_names[column]);
	if (value->type == VALUE_NULL)
		buffer_add_text(out, TEXT("null"));
	else if (column == TASK_completed)
		buffer_add_text(out, value->integer != 0 ? TEXT("true") : TEXT("false"));
	else if (column == TASK_tags || column == TASK_reminders)
		buffer_add_text(out, value->text);
	else if (value->type == VALUE_TEXT)
		json_write_text(out, value->text);
	else if (value->type == VALUE_REAL)
		json_write_real(out, value->real);
	else
		json_write_integer(out, value->integer);
}

/* In JSON the store writes the tasks, as this does; those in the trash come behind the others. */
static void write_list(struct buffer *out, const struct turn *turn, bool trash)
{
	bool first = true;

	for (size_t i = 0; i < turn->count; i++) {
		const struct task *task = &turn->tasks[i];

		if ((task->deleted.type != VALUE_NULL) != trash)
			continue;
		buffer_add_text(out, first ? TEXT("{") : TEXT(",{"));
		first = false;
		for (int column = 0; column < TASK_COLUMNS; column++)
			write_member(out, column, &task->values[column]);
		if (trash) {
			buffer_add_text(out, TEXT(",\"deleted_date\":"));
			json_write_text(out, task->deleted.text);
		}
		buffer_add_text(out, TEXT("}"));
	}
}

static void write_json(struct buffer *out, const struct turn *turn)
{
	buffer_add_text(out, TEXT("{\"username\":\"ann\",\"tasks\":["));
	write_list(out, turn, false);
	buffer_add_text(out, TEXT("],\"trash\":["));
	write_list(out, turn, true);
	buffer_add_text(out, TEXT("]}"));
}

void turn_write(struct buffer *out, const struct turn *turn)
{
	const struct format *format = turn->format;

	if (format->write == NULL) {
		write_json(out, turn);
		return;
	}
	format->begin(out);
	for (size_t i = 0; i < turn->count; i++)
		format->write(out, turn->tasks[i].values);
	format->end(out);
}
