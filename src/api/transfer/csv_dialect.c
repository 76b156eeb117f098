/*
 * The dialects of CSV. A row of the table has the header cells by which the file of a program is
 * recognised, and its columns: the header cell, the member of a task, and the function that reads a
 * cell. Any thread.
 */
#include "transfer/csv_dialect.h"

#include <string.h>

/* Read a cell as todo writes it. */
static enum record read_cell(
	struct reader *reader, json_t **reported, enum task_column column, struct text cell)
{
	if (column_set(reader->task, column, cell))
		reader_report_tags(reader, reported);
	return RECORD_TASK;
}

/* clang-format off */
#define TODO_COLUMN(with, member, ...) { TEXT_INIT(#member), TASK_##member, read_cell },
static const struct csv_column todo_columns[] = {
	{ TEXT_INIT("id"), TASK_id, NULL },
	TASK_FIELDS(TODO_COLUMN, TODO_COLUMN, TODO_COLUMN, )
	{ TEXT_INIT("assignee"), TASK_assignee, NULL },
	{ TEXT_INIT("uid"), TASK_uid, read_cell },
	{ TEXT_INIT("revision"), TASK_revision, NULL },
};
/* clang-format on */

#define COLUMNS(array) array, sizeof(array) / sizeof((array)[0])

/* The first dialect that fits is used. The last one needs no header cell, and fits every file. */
static const struct csv_dialect dialects[] = {
	/* todo, and spreadsheets with the same names of columns */
	{ (const struct text[]){ { NULL, 0 } }, COLUMNS(todo_columns) },
};

static bool has_cell(struct text header, struct text name)
{
	for (size_t at = 0; at < header.length;) {
		struct text cell = text_of(header.data + at);

		if (text_equal_nocase(cell, name))
			return true;
		at += cell.length + 1;
	}
	return false;
}

static bool fits_header(const struct csv_dialect *dialect, struct text header)
{
	const struct text *name = dialect->known_by;

	while (name->length > 0 && has_cell(header, *name))
		name++;
	return name->length == 0;
}

const struct csv_dialect *csv_dialect_of(struct text header)
{
	const struct csv_dialect *dialect = dialects;

	while (!fits_header(dialect, header))
		dialect++;
	return dialect;
}

unsigned char csv_column_of(const struct csv_dialect *dialect, struct text name)
{
	for (size_t i = 0; i < dialect->count; i++) {
		if (text_equal_nocase(dialect->columns[i].name, name))
			return (unsigned char)i;
	}
	return CSV_UNKNOWN;
}
