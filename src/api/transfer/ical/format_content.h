/*
 * The content lines of iCalendar (RFC 5545, 3.1): folded, escaped, and back. Any thread.
 */
#ifndef API_FORMAT_CONTENT_H
#define API_FORMAT_CONTENT_H

#include "transfer/format.h"

/* A line in its parts; parameters may stand between them. */
struct content {
	struct text line; /* the whole of it, without folds and end */
	struct text name;
	struct text value; /* at is NULL where the line has no colon */
};

/*
 * Read the next line that is not empty into buffer, where content points into. What goes beyond
 * RECORD_MOST is left out. False at the end of the text.
 */
bool content_read(struct reader *reader, struct buffer *buffer, struct content *content);

/* The first of these bytes that stands outside of quotes; the length of text where none does. */
size_t content_find(struct text text, const char *bytes);

/* "BEGIN:VTODO": whether it is so, whatever the case. */
bool content_is(const struct content *content, const char *name, const char *value);

/* A line with a value that stands as it is, and one with text that is escaped; both are folded. */
void content_write(struct buffer *out, const char *name, struct text value);
void content_write_text(struct buffer *out, const char *name, struct text text);

/* The text as a value, or as one of several that have commas between them. */
void content_escape(struct buffer *out, struct text text);

#endif
