/*
 * See row.h. JSON is written of each column as it comes, without a value in between.
 */
#include "sqlite/values/row.h"

#include "base/json.h"

#include <string.h>

/* ---- values ---- */

/*
 * A column's value is looked up once, not by each sqlite3_column function. It is not "protected",
 * which makes no difference as long as a connection stays with one thread.
 */
static struct text value_text(sqlite3_value *value)
{
	const char *at = (const char *)sqlite3_value_text(value);

	return (struct text){ at, (size_t)sqlite3_value_bytes(value) };
}

/* A value that does not outlive its row. */
static struct value column_borrow(sqlite3_stmt *stmt, int column)
{
	sqlite3_value *value = sqlite3_column_value(stmt, column);

	switch (sqlite3_value_type(value)) {
	case SQLITE_INTEGER:
		return (struct value){ VALUE_INTEGER, .integer = sqlite3_value_int64(value) };
	case SQLITE_FLOAT:
		return (struct value){ VALUE_REAL, .real = sqlite3_value_double(value) };
	case SQLITE_NULL:
		return (struct value){ 0 };
	case SQLITE_BLOB:
		return (struct value){ VALUE_BLOB, .text = value_text(value) };
	default:
		return (struct value){ VALUE_TEXT, .text = value_text(value) };
	}
}

struct value row_value(sqlite3_stmt *stmt, int column, struct arena **arena)
{
	struct value value = column_borrow(stmt, column);

	if (value.type != VALUE_TEXT && value.type != VALUE_BLOB)
		return value;
	char *copy = arena_alloc(arena, value.text.length + 1);
	if (value.text.length > 0)
		memcpy(copy, value.text.data, value.text.length);
	copy[value.text.length] = '\0';
	value.text.data = copy;
	return value;
}

void row_borrow(sqlite3_stmt *stmt, const struct statement *statement, struct value *row)
{
	for (int i = 0; i < statement->columns; i++)
		row[i] = column_borrow(stmt, i);
}

/* ---- JSON ---- */

/* A row while it is written. */
struct row {
	sqlite3_stmt *stmt;
	const struct value *values; /* of the job or its part */
	struct buffer *out;
	struct {
		size_t at, length;
	} id; /* in out: the digits of the first column of the row, or of the object in it */
};

static inline void write_value(
	struct buffer *out, sqlite3_value *value, int type, const struct column *column)
{
	switch (type) {
	case SQLITE_NULL:
		buffer_add_text(out, TEXT("null"));
		break;
	case SQLITE_INTEGER:
		if (column->form == COLUMN_BOOL)
			buffer_add_text(out,
				sqlite3_value_int64(value) != 0 ? TEXT("true") : TEXT("false"));
		else
			json_write_integer(out, sqlite3_value_int64(value));
		break;
	case SQLITE_FLOAT:
		json_write_real(out, sqlite3_value_double(value));
		break;
	default:
		if (column->form == COLUMN_JSON || column->form == COLUMN_MEMBERS)
			buffer_add_text(out, value_text(value));
		else
			json_write_text(out, value_text(value));
		break;
	}
}

/* The first column has been written: it began there. */
static inline void note_id(struct row *row, size_t at)
{
	row->id.at = at;
	row->id.length = row->out->length - at;
}

/* A text that is made of the value of a slot and the row's id: neither has to be escaped. */
static void write_made(const struct row *row, const struct column *column)
{
	struct text base = row->values[column->base].text;
	size_t length = base.length + row->id.length + 2;
	char *to = buffer_reserve(row->out, length);

	*to = '"';
	memcpy(to + 1, base.data, base.length);
	memcpy(to + 1 + base.length, row->out->data + row->id.at, row->id.length);
	to[length - 1] = '"';
	row->out->length += length;
}

/* The columns of an object that is null, from its first on: how many there are. */
static int write_no_object(const struct row *row, const struct column *column)
{
	int length = 1;

	buffer_add_text(row->out, TEXT("null"));
	for (; !column->closes; column++)
		length++;
	return length;
}

/* A column in an object, or of a form of its own. */
static int write_special(
	struct row *row, sqlite3_value *value, int type, const struct column *column)
{
	bool null = type == SQLITE_NULL, first = column->inner.data != NULL;

	if (null && column->left_out > 0)
		return column->left_out;
	buffer_add_padded(row->out, column->opening);
	if (first && null)
		return write_no_object(row, column);
	if (first)
		buffer_add_text(row->out, column->inner);
	size_t at = row->out->length;

	if (null && column->form == COLUMN_MEMBERS)
		buffer_add_text(row->out, column->absent);
	else if (null && column->form == COLUMN_MADE)
		write_made(row, column);
	else
		write_value(row->out, value, type, column);
	if (first)
		note_id(row, at);
	if (column->closes)
		buffer_add_text(row->out, TEXT("}"));
	return 1;
}

/* Write a column of the row, or all of an object that is null. How many columns that were. */
static inline int write_column(struct row *row, int index, const struct column *column)
{
	sqlite3_value *value = sqlite3_column_value(row->stmt, index);
	int type = sqlite3_value_type(value);

	if (column->object != NULL || column->form >= COLUMN_MEMBERS)
		return write_special(row, value, type, column);
	buffer_add_padded(row->out, column->opening);
	write_value(row->out, value, type, column);
	return 1;
}

void row_write_json(sqlite3_stmt *stmt, const struct statement *statement,
	const struct value *values, struct buffer *out)
{
	struct row row = { .stmt = stmt, .values = values, .out = out };
	size_t at = out->length + statement->column[0].opening.length;
	int i = write_column(&row, 0, &statement->column[0]);

	if (statement->column[0].object == NULL)
		note_id(&row, at);
	while (i < statement->columns)
		i += write_column(&row, i, &statement->column[i]);
	buffer_add_text(out, TEXT("}"));
}

/* The object that begins at this column, as a value that outlives its row. */
static struct value keep_object(sqlite3_stmt *stmt, const struct statement *statement, int index,
	const struct value *values, struct arena **arena)
{
	struct buffer out = { 0 };
	struct row row = { .stmt = stmt, .values = values, .out = &out };
	size_t before = statement->column[index].opening.length;
	struct value value = { .type = VALUE_TEXT };
	char *copy;

	do
		index += write_column(&row, index, &statement->column[index]);
	while (!statement->column[index - 1].closes);
	copy = arena_alloc(arena, out.length - before);
	memcpy(copy, out.data + before, out.length - before);
	value.text = (struct text){ copy, out.length - before };
	buffer_free(&out);
	return value;
}

void row_to_values(sqlite3_stmt *stmt, const struct statement *statement, struct value *values,
	struct arena **arena)
{
	for (int i = 0; i < statement->columns; i++) {
		const struct column *column = &statement->column[i];

		if (column->slot >= 0)
			values[column->slot] = row_value(stmt, i, arena);
		if (column->object_slot >= 0)
			values[column->object_slot] = keep_object(stmt, statement, i, values, arena);
	}
}
