/*
 * The content lines of iCalendar (RFC 5545, 3.1): reading and unfolding, escaping and writing, and
 * the changes without which libical would lose something. Any thread.
 */
#ifndef API_ICAL_LINE_H
#define API_ICAL_LINE_H

#include "base/buffer.h"
#include "transfer/reader.h"

/* A line in its parts; parameters may stand between them. */
struct ical_line {
	struct text whole; /* without folds and end */
	struct text name;
	struct text value; /* at is NULL if the line has no colon */
};

/*
 * Read the next line that is not empty into buffer; line points into it. Bytes above RECORD_MOST
 * are left out. False at the end of the text.
 */
bool ical_line_read(struct reader *reader, struct buffer *buffer, struct ical_line *line);

/* Point into such a line, without folds and end. */
void ical_line_set(struct ical_line *line, struct text whole);

/* The value of a parameter, without its quotes; empty if the line has none of that name. */
struct text ical_line_parameter(const struct ical_line *line, const char *name);

/* The index of the first of these bytes outside of quotes; the length of text if there is none. */
size_t ical_line_find(struct text text, const char *bytes);

/* Whether the line has this name and value, in any case: "BEGIN:VTODO". */
bool ical_line_is(const struct ical_line *line, const char *name, const char *value);

/* Write a line, folded. The second function escapes the text. */
void ical_line_write(struct buffer *out, const char *name, struct text value);
void ical_line_write_text(struct buffer *out, const char *name, struct text text);

/* Escape a text as a value, or as one of several values separated by commas. */
void ical_escape(struct buffer *out, struct text text);

/* Append what an escaped text means. */
void ical_unescape(struct buffer *out, struct text text);

/* "2026-11-25" or "2026-11-25T10:00:00Z" without "-" and ":". */
struct text ical_compact(struct text date, char compact[32]);

/*
 * The text of a component for libical. A line has a start, which is a name with its parameters, and
 * a value.
 */
#define BLOCK_LINES_MOST 1000 /* more than any task can use; later lines are left out */

struct ical_block {
	struct buffer text;
	unsigned lines;
	unsigned seen; /* for the owner: a bit for each kind of line that may come only once */
};

void ical_block_begin(struct ical_block *block, struct text name);
void ical_block_end(struct ical_block *block, struct text name); /* the text is terminated then */

/* Add a line with this value. */
void ical_block_add_line(struct ical_block *block, struct text start, struct text value);

/* Add a line for each of the values separated by commas, but not for white space alone. */
void ical_block_add_lines(struct ical_block *block, struct text start, struct text values);

#endif
