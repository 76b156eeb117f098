/*
 * Which program wrote a CSV file: each has its own columns, and perhaps its own way to write what is
 * in them. A reader for another program's export is a row in csv_dialect.c. Any thread.
 */
#ifndef API_CSV_DIALECT_H
#define API_CSV_DIALECT_H

#include "transfer/column.h"
#include "transfer/reader.h"

/*
 * Set the column's member of reader->task from a cell, which is UTF-8 without a NUL. RECORD_TASK,
 * RECORD_SKIPPED where the row is not a task, or reader_bad(). What is left out goes to
 * reader_report() with reported.
 */
typedef enum record csv_read_cell(
	struct reader *reader, json_t **reported, enum task_column column, struct text cell);

struct csv_column {
	struct text name; /* the cell in the header row, in any case */
	enum task_column column;
	csv_read_cell *read;
};

struct csv_dialect {
	const struct text *known_by; /* header cells that are all there; the last one is empty */
	const struct csv_column *columns;
	size_t count; /* of the columns, at most CSV_UNKNOWN */
};

#define CSV_UNKNOWN 255

/* The first dialect whose cells are all in the header; each cell there ends with a NUL. */
const struct csv_dialect *csv_dialect_of(struct text header);

/* The index of the column with this name; CSV_UNKNOWN where there is none. */
unsigned char csv_column_of(const struct csv_dialect *dialect, struct text name);

#endif
