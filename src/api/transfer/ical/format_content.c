/*
 * The content lines of iCalendar. Any thread.
 */
#include "transfer/ical/format_content.h"

#include "transfer/format_record.h"

#include <string.h>

#define LINE_MOST 75 /* bytes of a line that is written, without its end */

/* A line that goes on the one before begins with white space. */
static bool content_goes_on(struct text text)
{
	return text.length > 0 && (*text.at == ' ' || *text.at == '\t');
}

static void content_add(struct buffer *buffer, struct text text)
{
	size_t room = RECORD_MOST - buffer->length;

	buffer_add(buffer, text.at, text.length < room ? text.length : room);
}

size_t content_find(struct text text, const char *bytes)
{
	bool quoted = false;
	size_t at = 0;

	for (; at < text.length; at++) {
		if (text.at[at] == '"')
			quoted = !quoted;
		else if (!quoted && text.at[at] != '\0' && strchr(bytes, text.at[at]) != NULL)
			break;
	}
	return at;
}

static void content_split(struct content *content)
{
	size_t colon = content_find(content->line, ":");

	content->name = content->line;
	content->name.length = content_find(content->line, ";:");
	content->value = (struct text){ NULL, 0 };
	if (colon < content->line.length)
		content->value = (struct text){ content->line.at + colon + 1,
			content->line.length - colon - 1 };
}

bool content_read(struct reader *reader, struct buffer *buffer, struct content *content)
{
	struct text line;

	do {
		if (!record_line(reader, &line))
			return false;
	} while (line.length == 0);
	buffer->length = 0;
	content_add(buffer, line);
	while (content_goes_on(reader->text)) {
		record_line(reader, &line);
		content_add(buffer, (struct text){ line.at + 1, line.length - 1 });
	}
	content->line = (struct text){ buffer->data, buffer->length };
	content_split(content);
	return true;
}

bool content_is(const struct content *content, const char *name, const char *value)
{
	return text_equal_nocase(content->name, text_of(name)) && content->value.at != NULL &&
	       text_equal_nocase(text_trim(content->value), text_of(value));
}

/* How much of text goes on a line with this room: whole characters. */
static size_t content_fit(struct text text, size_t room)
{
	size_t length = room;

	if (text.length <= room)
		return text.length;
	while (length > 0 && ((unsigned char)text.at[length] & 0xC0) == 0x80)
		length--;
	return length > 0 ? length : room;
}

/* Fold what stands behind start in out. */
static void content_fold(struct buffer *out, size_t start)
{
	struct buffer line = { 0 };
	struct text rest;
	size_t fit, room = LINE_MOST;

	if (out->length - start <= LINE_MOST) {
		buffer_add(out, "\r\n", 2);
		return;
	}
	buffer_add(&line, out->data + start, out->length - start);
	out->length = start;
	for (rest = (struct text){ line.data, line.length }; rest.length > 0;) {
		fit = content_fit(rest, room);
		if (room < LINE_MOST)
			buffer_add(out, " ", 1);
		buffer_add(out, rest.at, fit);
		buffer_add(out, "\r\n", 2);
		rest = (struct text){ rest.at + fit, rest.length - fit };
		room = LINE_MOST - 1;
	}
	buffer_free(&line);
}

void content_escape(struct buffer *out, struct text text)
{
	char *to = buffer_reserve(out, text.length * 2);

	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (c == '\\' || c == ';' || c == ',' || c == '\n')
			*to++ = '\\';
		*to++ = c == '\n' ? 'n' : c;
	}
	out->length = (size_t)(to - out->data);
}

void content_write(struct buffer *out, const char *name, struct text value)
{
	size_t start = out->length;

	buffer_add_text(out, text_of(name));
	buffer_add(out, ":", 1);
	buffer_add_text(out, value);
	content_fold(out, start);
}

void content_write_text(struct buffer *out, const char *name, struct text text)
{
	size_t start = out->length;

	buffer_add_text(out, text_of(name));
	buffer_add(out, ":", 1);
	content_escape(out, text);
	content_fold(out, start);
}
