/*
 * Dialects of CSV: the columns of each program, and how it writes their cells. A reader for the
 * export of another program is a row in csv_dialect.c. Any thread.
 */
#ifndef API_CSV_DIALECT_H
#define API_CSV_DIALECT_H

#include "transfer/column.h"
#include "transfer/reader.h"

/*
 * Set the member of a column in reader->task from a cell, which is UTF-8 without a NUL. Returns
 * RECORD_TASK, RECORD_SKIPPED if the row is not a task, or reader_bad(). Report what is left out
 * with reader_report() and reported: RECORD_LEFT_OUT_AS("not a date") says what the cell is not.
 */
typedef enum record csv_read_cell(
	struct reader *reader, json_t **reported, enum task_column column, struct text cell);

struct csv_column {
	struct text name; /* of the header cell, in any case */
	enum task_column column;
	csv_read_cell *read; /* NULL: known, and not used */
};

struct csv_dialect {
	const struct text *known_by; /* header cells that must all be there; the last is empty */
	const struct csv_column *columns;
	size_t count; /* of columns, at most CSV_UNKNOWN */
};

#define CSV_UNKNOWN 255

/* The first dialect whose cells are all in the header, where each cell is terminated by a NUL. */
const struct csv_dialect *csv_dialect_of(struct text header);

/* The index of the column with this name; CSV_UNKNOWN if there is none. */
unsigned char csv_column_of(const struct csv_dialect *dialect, struct text name);

#endif
