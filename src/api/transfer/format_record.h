/*
 * What the readers of all formats share: lines, places, refusals, and reports that come once for
 * each kind of thing. Any thread.
 */
#ifndef API_FORMAT_RECORD_H
#define API_FORMAT_RECORD_H

#include "transfer/format.h"

#define RECORD_MOST ((size_t)1 << 20) /* bytes of one record */

#define RECORD_NOT_UTF8 "It is not UTF-8."
#define RECORD_HAS_NUL "It has a NUL in it."
#define RECORD_TOO_LONG "It is too long: a record may have 1 MiB."

/* Pass over a byte order mark, where nothing was read yet. */
void record_skip_mark(struct reader *reader);

/* The next line without its end, which is LF or CRLF; counted. False behind the last one. */
bool record_line(struct reader *reader, struct text *line);

/* The record's place is this line. */
void record_at_line(struct reader *reader, unsigned long line);

/* RECORD_BAD and RECORD_BROKEN with a constant sentence. */
enum record record_bad(struct reader *reader, const char *why);
enum record record_broken(struct reader *reader, const char *why);

/* NULL, or why a text cannot be of any use: it is not UTF-8, or there is a NUL in it. */
const char *record_fault(struct text text);

/* A JSON string; text must be UTF-8. */
json_t *record_string(struct text text);

/*
 * Report "The KIND "NAME" RESULT", such as "The column "Colour" is not known and was left out.",
 * unless this was said before. What was said is kept in *said, which begins as NULL and is the
 * caller's to json_decref(). A file with very many such names is told of the first ones alone.
 */
void record_report(struct reader *reader, json_t **said, const char *kind, struct text name,
	const char *result);

/* Report that a tag had to be changed. */
void record_report_tags(struct reader *reader, json_t **said);

#define RECORD_LEFT_OUT "is not known and was left out."

#endif
