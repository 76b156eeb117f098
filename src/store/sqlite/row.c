/*
 * What becomes of a row: JSON, a call of the job's own, or values. Any store thread.
 */
#include "sqlite/connection.h"

#include "base/json.h"

#include <string.h>

static struct text column_text(sqlite3_stmt *stmt, int column)
{
	const char *at = (const char *)sqlite3_column_text(stmt, column);

	return (struct text){ at, (size_t)sqlite3_column_bytes(stmt, column) };
}

/* A value that does not outlive its row. */
static struct value column_borrow(sqlite3_stmt *stmt, int column)
{
	switch (sqlite3_column_type(stmt, column)) {
	case SQLITE_INTEGER:
		return (struct value){ VALUE_INTEGER,
			.integer = sqlite3_column_int64(stmt, column) };
	case SQLITE_FLOAT:
		return (struct value){ VALUE_REAL, .real = sqlite3_column_double(stmt, column) };
	case SQLITE_NULL:
		return (struct value){ 0 };
	case SQLITE_BLOB:
		return (struct value){ VALUE_BLOB, .text = column_text(stmt, column) };
	default:
		return (struct value){ VALUE_TEXT, .text = column_text(stmt, column) };
	}
}

/* A value that outlives its row. */
static struct value column_keep(sqlite3_stmt *stmt, int column, struct kept **kept)
{
	struct value value = column_borrow(stmt, column);

	if (value.type != VALUE_TEXT && value.type != VALUE_BLOB)
		return value;
	char *copy = memory_keep(kept, value.text.length + 1);
	if (value.text.length > 0)
		memcpy(copy, value.text.at, value.text.length);
	copy[value.text.length] = '\0';
	value.text.at = copy;
	return value;
}

static struct text value_text(sqlite3_value *value)
{
	const char *at = (const char *)sqlite3_value_text(value);

	return (struct text){ at, (size_t)sqlite3_value_bytes(value) };
}

/*
 * The column's value is asked for once: each sqlite3_column function looks it up again. It is not
 * "protected", which is the same thing as long as a connection stays with one thread.
 */
static void write_value(struct buffer *out, sqlite3_value *value, const struct column *column)
{
	switch (sqlite3_value_type(value)) {
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
		if (column->form == COLUMN_JSON)
			buffer_add_text(out, value_text(value));
		else
			json_write_text(out, value_text(value));
		break;
	}
}

/* The columns of an object that is null, from its first on: how many there are. */
static int write_no_object(struct buffer *out, const struct column *column)
{
	int length = 1;

	buffer_add_text(out, TEXT("null"));
	for (; !column->closes; column++)
		length++;
	return length;
}

void sqlite_row_write(struct job *job, sqlite3_stmt *stmt, const struct statement *statement)
{
	if (job->written)
		buffer_add_text(&job->out, TEXT(","));
	for (int i = 0; i < statement->columns; i++) {
		const struct column *column = &statement->column[i];
		sqlite3_value *value = sqlite3_column_value(stmt, i);
		buffer_add_text(&job->out, column->opening);
		if (column->inner.at != NULL && sqlite3_value_type(value) == SQLITE_NULL) {
			i += write_no_object(&job->out, column) - 1;
			continue;
		}
		if (column->inner.at != NULL)
			buffer_add_text(&job->out, column->inner);
		write_value(&job->out, value, column);
		if (column->closes)
			buffer_add_text(&job->out, TEXT("}"));
	}
	buffer_add_text(&job->out, TEXT("}"));
}

void sqlite_row_hand(struct job *job, sqlite3_stmt *stmt, const struct statement *statement)
{
	struct value row[COLUMNS_MOST];

	for (int i = 0; i < statement->columns; i++)
		row[i] = column_borrow(stmt, i);
	job->write(job, row);
}

void sqlite_row_give(struct value *values, struct kept **kept, sqlite3_stmt *stmt,
	const struct statement *statement)
{
	for (int i = 0; i < statement->columns; i++)
		if (statement->column[i].slot >= 0)
			values[statement->column[i].slot] = column_keep(stmt, i, kept);
}
