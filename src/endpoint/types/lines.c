/*
 * A line is trimmed, has no control characters, and is not empty. A list has each of them once.
 */
#include "types/lines.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/json_read.h"
#include "types/strings.h"

#include <string.h>

#define LINE_MOST 100 /* code points */
#define LINES_MOST 100

static const char *line_fault(struct text line)
{
	if (line.length == 0)
		return "must not have an empty line";
	if (text_has_control(line, ""))
		return "must not have control characters";
	if (line.length > LINE_MOST && text_code_points(line) > LINE_MOST)
		return "must have lines of at most 100 characters";
	return NULL;
}

static void save(struct buffer *json, struct value *value, struct arena **arena)
{
	char *copy = arena_alloc(arena, json->length);

	memcpy(copy, json->data, json->length);
	*value = (struct value){ VALUE_TEXT, .text = { copy, json->length } };
}

/* The lines so far; their text is that of the input. */
struct lines {
	struct text line[LINES_MOST];
	size_t count;
	size_t most;
};

static const char *add_line(void *list, struct text line)
{
	struct lines *lines = list;
	const char *fault;

	line = text_trim(line);
	fault = line_fault(line);
	for (size_t i = 0; fault == NULL && i < lines->count; i++)
		if (text_equal(lines->line[i], line))
			return NULL;
	if (fault == NULL && lines->count == lines->most)
		return "must have at most 100 lines";
	if (fault == NULL)
		lines->line[lines->count++] = line;
	return fault;
}

const char *lines_read(const struct input *input, const struct raw_value *raw, struct value *value,
	struct arena **arena)
{
	struct lines lines = { .most = input->max < LINES_MOST ? input->max : LINES_MOST };
	const char *fault = strings_read(raw, add_line, &lines);
	struct buffer json = { 0 };

	buffer_add_text(&json, TEXT("["));
	for (size_t i = 0; i < lines.count; i++) {
		buffer_add_text(&json, i > 0 ? TEXT(",") : TEXT(""));
		json_write_text(&json, lines.line[i]);
	}
	buffer_add_text(&json, TEXT("]"));
	if (fault == NULL)
		save(&json, value, arena);
	buffer_free(&json);
	return fault;
}

/* ---- a line that is to be called otherwise ---- */

#define RENAME_FORM "must be an object with the lines \"from\" and \"to\""

/* The line of a member, as the JSON that is kept of it. */
static const char *take_line(struct text raw, struct buffer *json)
{
	struct buffer unescaped = { 0 };
	struct text line;
	const char *fault;

	if (*raw.data != '"')
		return RENAME_FORM;
	line = text_trim(json_unescape((struct text){ raw.data + 1, raw.length - 2 }, &unescaped));
	fault = line_fault(line);
	if (fault == NULL)
		json_write_text(json, line);
	buffer_free(&unescaped);
	return fault;
}

/* Both members and no others; which comes first does not matter. */
static const char *read_rename(struct text object, struct buffer *from, struct buffer *to)
{
	struct json_cursor cursor = json_enter(object);
	struct text name, raw;
	struct buffer unescaped = { 0 };
	const char *fault = NULL;

	while (fault == NULL && json_next_member(&cursor, &name, &raw)) {
		name = json_unescape(name, &unescaped);
		if (text_equal(name, TEXT("from")))
			fault = take_line(raw, from);
		else if (text_equal(name, TEXT("to")))
			fault = take_line(raw, to);
		else
			fault = RENAME_FORM;
	}
	buffer_free(&unescaped);
	if (fault == NULL && (from->length == 0 || to->length == 0))
		fault = RENAME_FORM;
	return fault;
}

/* The value is an array of the two: ["from","to"]. */
const char *lines_read_rename(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena)
{
	struct buffer json = { 0 }, from = { 0 }, to = { 0 };
	const char *fault;

	(void)input;
	if (raw->json != NULL && json_is_null(raw->json))
		return NULL;
	if (raw->json == NULL || !json_is_object(raw->json) || raw->json_text.length == 0)
		return RENAME_FORM;
	fault = read_rename(raw->json_text, &from, &to);
	if (fault == NULL) {
		buffer_add_format(&json, "[%.*s,%.*s]", (int)from.length, from.data, (int)to.length,
			to.data);
		save(&json, value, arena);
	}
	buffer_free(&from);
	buffer_free(&to);
	buffer_free(&json);
	return fault;
}
