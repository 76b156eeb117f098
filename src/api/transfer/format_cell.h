/*
 * A cell of comma-separated values (RFC 4180). Any thread.
 */
#ifndef API_FORMAT_CELL_H
#define API_FORMAT_CELL_H

#include "base/buffer.h"
#include "base/text.h"

enum cell_end {
	CELL_MORE,     /* another cell follows in the row */
	CELL_LAST,     /* of its row */
	CELL_STRAY,    /* something else than a comma or a line end follows a closing quote */
	CELL_UNCLOSED, /* the text ends within quotes */
	CELL_LONG,     /* the row goes beyond what it may have */
};

/* Where a row is read. */
struct cell_cursor {
	const char *at;
	const char *end;
	const char *most;    /* the end, where the row may not reach it; else NULL */
	unsigned long lines; /* behind the row's first one */
};

/* With quotes around it where it needs them. */
void cell_write(struct buffer *out, struct text text);

/* Read a cell, without its quotes and with "\n" as its line end, and pass over what ends it. */
enum cell_end cell_take(struct cell_cursor *cursor, struct buffer *cell);

#endif
