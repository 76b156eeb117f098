/*
 * The file formats of import and export. A format writes a file task by task and reads it record by
 * record, so that it never holds more than one task. Any thread.
 */
#ifndef API_FORMAT_H
#define API_FORMAT_H

#include "transfer/column.h"
#include "transfer/reader.h"

struct format {
	const char *name;  /* as in a query */
	const char *media; /* with its charset */
	const char *file;  /* the file name of an export */
	void (*begin)(struct buffer *out);
	void (*write)(struct buffer *out, const struct value task[TASK_COLUMNS]);
	void (*end)(struct buffer *out);
	enum record (*read)(struct reader *reader);
	void (*close)(struct reader *reader); /* frees state */
};

/*
 * All formats but the product's own: format(suffix of its struct, name in a query, media type) for
 * each. A new one is a file with its struct format, and a row here.
 */
/* clang-format off */
#define OTHER_FORMATS(format) \
	format(csv, "csv", "text/csv") /* RFC 4180 */ \
	format(todo_txt, "todo.txt", "text/plain") /* https://github.com/todotxt/todo.txt */ \
	format(ical, "ics", "text/calendar") /* RFC 5545, VTODO */
/* clang-format on */

#define FORMAT_DECLARATION(which, name, media) extern const struct format format_##which;
OTHER_FORMATS(FORMAT_DECLARATION)

/* The product's own format. It is only read here: the store writes it, as any reply. */
extern const struct format format_json;

/* The format of this name, which is one; JSON where it is empty. */
const struct format *format_named(struct text name);

/* All names, and all media types, separated by spaces. */
#define FORMAT_NAME(which, name, media) " " name
#define FORMAT_MEDIA(which, name, media) " " media
#define FORMAT_NAMES "json" OTHER_FORMATS(FORMAT_NAME)
#define FORMAT_MEDIA_TYPES "application/json" OTHER_FORMATS(FORMAT_MEDIA)

#endif
