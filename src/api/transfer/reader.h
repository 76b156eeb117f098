/*
 * What the readers of all formats share: lines, places, refusals, and reports that come once for
 * each kind. Any thread.
 */
#ifndef API_READER_H
#define API_READER_H

#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>

enum record {
	RECORD_TASK,
	RECORD_LIST,	/* a list of tasks */
	RECORD_SKIPPED, /* not a task, such as an event of a calendar */
	RECORD_BAD,	/* a task that cannot be read: see why; the next records can be read */
	RECORD_FATAL,	/* the same, and nothing after it can be read */
	RECORD_END,
};

#define PLACE_SIZE 48

struct reader {
	struct text text;	/* the rest of the file; the other members begin as 0 */
	unsigned long line;	/* lines that were read */
	unsigned long records;	/* that were read */
	void *state;		/* of the format */
	json_t *task;		/* of RECORD_TASK, RECORD_LIST: its members, as in JSON; owned by the caller */
	char place[PLACE_SIZE]; /* of the record: a JSON pointer or "/line/7"; terminated */
	const char *why;	/* a constant sentence */
	char time_zone[PLACE_SIZE]; /* that the file names, terminated; empty: none */
	bool whole;		/* of RECORD_FATAL: the fault is of the file as a whole (400) */

	/*
	 * Called with a sentence for what is left out of a task that is imported all the same, such
	 * as an unknown column: once a file for each kind, not once a task.
	 */
	void (*report)(struct reader *reader, const char *place, const char *sentence);
	void *owner; /* for report() */
};

#define RECORD_MOST ((size_t)1 << 20) /* bytes of one record */

#define RECORD_NOT_UTF8 "It is not UTF-8."
#define RECORD_HAS_NUL "It has a NUL in it."
#define RECORD_TOO_LONG "It is too long: a record may have 1 MiB."

/* Skip a byte order mark, before anything is read. */
void reader_skip_mark(struct reader *reader);

/* Read the next line, without its end (LF or CRLF), and count it. False after the last one. */
bool reader_next_line(struct reader *reader, struct text *line);

/* Set the place of the record to this line. */
void reader_at_line(struct reader *reader, unsigned long line);

/* Set why, a constant sentence: RECORD_BAD, and RECORD_FATAL. */
enum record reader_bad(struct reader *reader, const char *why);
enum record reader_fatal(struct reader *reader, const char *why);

/* NULL, or the fault of a text: it is not UTF-8, or has a NUL. A constant sentence. */
const char *reader_text_fault(struct text text);

/* A JSON string; text must be UTF-8. */
json_t *reader_string(struct text text);

/*
 * Report "The KIND "NAME" RESULT", such as "The column "Colour" is not known and was left out.",
 * unless this was reported before. A long name is cut. *reported has what was reported; it begins
 * as NULL, and the caller calls json_decref(). Of very many different reports only the first ones
 * are made.
 */
void reader_report(struct reader *reader, json_t **reported, const char *kind, struct text name,
	const char *result);

/* Report that a tag had to be changed. */
void reader_report_tags(struct reader *reader, json_t **reported);

/* Results for reader_report(); what is "not a date" or the like. */
#define RECORD_LEFT_OUT_AS(what) "is " what " and was left out."
#define RECORD_LEFT_OUT RECORD_LEFT_OUT_AS("not known")

#endif
