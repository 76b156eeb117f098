/*
 * A component as libical sees it: lines of a start, which is a name and its parameters, and a
 * value. Any thread.
 */
#ifndef API_FORMAT_BLOCK_H
#define API_FORMAT_BLOCK_H

#include "base/buffer.h"
#include "base/text.h"

#define BLOCK_LINES_MOST 1000 /* more than any task can use; what is behind them is left out */

struct block {
	struct buffer text;
	unsigned lines;
	unsigned seen; /* the owner's: a bit for each kind of line that may come once alone */
};

void block_begin(struct block *block, struct text name);
void block_end(struct block *block, struct text name); /* the text is terminated then */

/* A line with this value. */
void block_add_line(struct block *block, struct text start, struct text value);

/* A line for each of the values that commas part, but for those of white space alone. */
void block_add_lines(struct block *block, struct text start, struct text values);

#endif
