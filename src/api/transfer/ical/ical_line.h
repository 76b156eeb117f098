/*
 * The content lines of iCalendar (RFC 5545, 3.1): read and unfolded, escaped and written, and changed
 * for libical where it would lose something. Any thread.
 */
#ifndef API_ICAL_LINE_H
#define API_ICAL_LINE_H

#include "base/buffer.h"
#include "transfer/reader.h"

/* A line in its parts; parameters may stand between them. */
struct ical_line {
	struct text whole; /* without folds and end */
	struct text name;
	struct text value; /* at is NULL where the line has no colon */
};

/*
 * Read the next line that is not empty into buffer; line points into it. What goes beyond
 * RECORD_MOST is left out. False at the end of the text.
 */
bool ical_line_read(struct reader *reader, struct buffer *buffer, struct ical_line *line);

/* The first of these bytes that stands outside of quotes; the length of text where none does. */
size_t ical_line_find(struct text text, const char *bytes);

/* "BEGIN:VTODO": whether it is so, whatever the case. */
bool ical_line_is(const struct ical_line *line, const char *name, const char *value);

/* A line with a value that stands as it is, and one with text that is escaped; both are folded. */
void ical_line_write(struct buffer *out, const char *name, struct text value);
void ical_line_write_text(struct buffer *out, const char *name, struct text text);

/* The text as a value, or as one of several that have commas between them. */
void ical_escape(struct buffer *out, struct text text);

/*
 * A component as libical sees it: lines of a start, which is a name and its parameters, and a value.
 */
#define BLOCK_LINES_MOST 1000 /* more than any task can use; what is behind them is left out */

struct ical_block {
	struct buffer text;
	unsigned lines;
	unsigned seen; /* the owner's: a bit for each kind of line that may come once alone */
};

void ical_block_begin(struct ical_block *block, struct text name);
void ical_block_end(struct ical_block *block, struct text name); /* the text is terminated then */

/* A line with this value. */
void ical_block_add_line(struct ical_block *block, struct text start, struct text value);

/* A line for each of the values that commas part, but for those of white space alone. */
void ical_block_add_lines(struct ical_block *block, struct text start, struct text values);

#endif
