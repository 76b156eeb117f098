/*
 * The files that tasks come from and go to. Each format is a row: it writes a task as a few bytes,
 * and reads a file record by record, so that neither ever holds more than one task. Any thread.
 */
#ifndef API_FORMAT_H
#define API_FORMAT_H

#include "base/buffer.h"
#include "base/text.h"
#include "tasks/task_fields.h"

#include <jansson.h>

/*
 * A task's columns, as TASK has them: TASK_id, TASK_name, and so on. Tags are a JSON array as text;
 * due_date and completed_date are NULL where there is none.
 */
#define TASK_ENUMERATOR(with, member, ...) TASK_##member,
enum task_column {
	TASK_id,
	TASK_FIELDS(TASK_ENUMERATOR, TASK_ENUMERATOR, ) TASK_revision,
	TASK_COLUMNS,
};

enum record {
	RECORD_TASK,
	RECORD_SKIPPED, /* something that is no task, such as an event of a calendar */
	RECORD_BAD,	/* why it is none is in the reader; the records behind it can be read */
	RECORD_BROKEN,	/* the same, and nothing behind it can be read */
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
	bool whole;		/* of RECORD_BROKEN: the file as a whole cannot be taken (400) */

	/*
	 * What was left out of a task that is taken all the same, such as an unknown column: a
	 * sentence that may be cut. Called for each kind of thing once a file, not once a task.
	 */
	void (*report)(struct reader *reader, const char *place, const char *sentence);
	void *owner; /* for report() */
};

struct format {
	const char *name;  /* as a query names it */
	const char *media; /* with its charset */
	const char *file;  /* what an export is called where it is saved */
	void (*begin)(struct buffer *out);
	void (*write)(struct buffer *out, const struct value task[TASK_COLUMNS]);
	void (*end)(struct buffer *out);
	enum record (*read)(struct reader *reader);
	void (*close)(struct reader *reader); /* frees state */
};

/*
 * All formats but the product's own: format(which, what a query calls it, its media type) for each.
 * A new one is a file with its struct format, and a row here.
 */
/* clang-format off */
#define OTHER_FORMATS(format) \
	format(csv, "csv", "text/csv") /* RFC 4180 */ \
	format(todo_txt, "todo.txt", "text/plain") /* https://github.com/todotxt/todo.txt */ \
	format(ical, "ics", "text/calendar") /* RFC 5545, VTODO */
/* clang-format on */

#define FORMAT_DECLARATION(which, name, media) extern const struct format format_##which;
OTHER_FORMATS(FORMAT_DECLARATION)

/* The product's own: read alone, since it is written by the store as any reply. */
extern const struct format format_json;

/* All names, and all media types, with spaces between them. */
#define FORMAT_NAME(which, name, media) " " name
#define FORMAT_MEDIA(which, name, media) " " media
#define FORMAT_NAMES "json" OTHER_FORMATS(FORMAT_NAME)
#define FORMAT_MEDIA_TYPES "application/json" OTHER_FORMATS(FORMAT_MEDIA)

#endif
