/*
 * What becomes of a row that a statement has given: JSON, or values. Any store thread.
 */
#ifndef STORE_SQLITE_ROW_H
#define STORE_SQLITE_ROW_H

#include "base/buffer.h"
#include "base/memory.h"
#include "statement.h"

#include <sqlite3.h>

/* Append the row as an object, as its columns are described. values are those of the job or part. */
void row_write_json(sqlite3_stmt *stmt, const struct statement *statement,
	const struct value *values, struct buffer *out);

/* Give the row's columns to the slots of their names, and its objects. Text is kept in the arena. */
void row_to_values(sqlite3_stmt *stmt, const struct statement *statement, struct value *values,
	struct arena **arena);

/* The value of a column, whose text is kept in the arena. */
struct value row_value(sqlite3_stmt *stmt, int column, struct arena **arena);

/* The values of all columns, which do not outlive the row. */
void row_borrow(sqlite3_stmt *stmt, const struct statement *statement, struct value *row);

#endif
