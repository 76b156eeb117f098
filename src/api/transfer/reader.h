/*
 * What the readers of all formats share: lines, places, refusals, and reports that come once for
 * each kind of thing. Any thread.
 */
#ifndef API_READER_H
#define API_READER_H

#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>

enum record {
	RECORD_TASK,
	RECORD_SKIPPED, /* something that is no task, such as an event of a calendar */
	RECORD_BAD,	/* why it is none is in the reader; the records behind it can be read */
	RECORD_FATAL,	/* the same, and nothing behind it can be read */
	RECORD_END,
};

#define PLACE_SIZE 48

struct reader {
	struct text text;	/* what is still to be read; zeroed but for this at first */
	unsigned long line;	/* lines that were read */
	unsigned long records;	/* that were read */
	void *state;		/* the format's own */
	json_t *task;		/* of RECORD_TASK: its members as JSON shows them; the caller's */
	char place[PLACE_SIZE]; /* of the record: a JSON pointer or "/line/7"; terminated */
	const char *why;	/* a constant sentence */
	bool whole;		/* of RECORD_FATAL: the file as a whole cannot be taken (400) */

	/*
	 * What was left out of a task that is taken all the same, such as an unknown column: a
	 * sentence that may be cut. Called for each kind of thing once a file, not once a task.
	 */
	void (*report)(struct reader *reader, const char *place, const char *sentence);
	void *owner; /* for report() */
};

#define RECORD_MOST ((size_t)1 << 20) /* bytes of one record */

#define RECORD_NOT_UTF8 "It is not UTF-8."
#define RECORD_HAS_NUL "It has a NUL in it."
#define RECORD_TOO_LONG "It is too long: a record may have 1 MiB."

/* Pass over a byte order mark, where nothing was read yet. */
void reader_skip_mark(struct reader *reader);

/* The next line without its end, which is LF or CRLF; counted. False behind the last one. */
bool reader_next_line(struct reader *reader, struct text *line);

/* The record's place is this line. */
void reader_at_line(struct reader *reader, unsigned long line);

/* RECORD_BAD and RECORD_FATAL with a constant sentence. */
enum record reader_bad(struct reader *reader, const char *why);
enum record reader_fatal(struct reader *reader, const char *why);

/* NULL, or why a text cannot be of any use: it is not UTF-8, or there is a NUL in it. */
const char *reader_text_fault(struct text text);

/* A JSON string; text must be UTF-8. */
json_t *reader_string(struct text text);

/*
 * Report "The KIND "NAME" RESULT", such as "The column "Colour" is not known and was left out.",
 * unless this was reported before. What was reported is kept in *reported, which begins as NULL and is the
 * caller's to json_decref(). A file with very many such names is told of the first ones alone.
 */
void reader_report(struct reader *reader, json_t **reported, const char *kind, struct text name,
	const char *result);

/* Report that a tag had to be changed. */
void reader_report_tags(struct reader *reader, json_t **reported);

#define RECORD_LEFT_OUT "is not known and was left out."

#endif
