/*
 * The content lines of iCalendar. Any thread.
 */
#include "transfer/ical/ical_line.h"

#include <string.h>

#define LINE_MOST 75	   /* bytes of a line that is written, without its end */
#define BLOCK_LINE_MOST 70 /* the same for libical, which reads 79 bytes at once */

/* A line that continues the one before begins with white space. */
static bool line_goes_on(struct text text)
{
	return text.length > 0 && (*text.data == ' ' || *text.data == '\t');
}

static void line_add(struct buffer *buffer, struct text text)
{
	size_t room = RECORD_MOST - buffer->length;

	buffer_add(buffer, text.data, text.length < room ? text.length : room);
}

size_t ical_line_find(struct text text, const char *bytes)
{
	bool quoted = false;
	size_t at = 0;

	for (; at < text.length; at++) {
		if (text.data[at] == '"')
			quoted = !quoted;
		else if (!quoted && text.data[at] != '\0' && strchr(bytes, text.data[at]) != NULL)
			break;
	}
	return at;
}

void ical_line_set(struct ical_line *line, struct text whole)
{
	size_t colon = ical_line_find(whole, ":");

	line->whole = line->name = whole;
	line->name.length = ical_line_find(line->whole, ";:");
	line->value = (struct text){ NULL, 0 };
	if (colon < line->whole.length)
		line->value = (struct text){ line->whole.data + colon + 1,
			line->whole.length - colon - 1 };
}

bool ical_line_read(struct reader *reader, struct buffer *buffer, struct ical_line *line)
{
	struct text part;

	do {
		if (!reader_next_line(reader, &part))
			return false;
	} while (part.length == 0);
	buffer->length = 0;
	line_add(buffer, part);
	while (line_goes_on(reader->text)) {
		reader_next_line(reader, &part);
		line_add(buffer, (struct text){ part.data + 1, part.length - 1 });
	}
	ical_line_set(line, (struct text){ buffer->data, buffer->length });
	return true;
}

struct text ical_line_parameter(const struct ical_line *line, const char *name)
{
	size_t colon = ical_line_find(line->whole, ":");
	struct text rest = { line->whole.data, colon };

	while (rest.length > 0) {
		size_t length = ical_line_find(rest, ";"), key = ical_line_find(rest, "=");
		struct text value = { rest.data + key + 1, length - key - 1 };

		if (key < length && text_equal_nocase((struct text){ rest.data, key }, text_of(name))) {
			bool quoted = value.length > 1 && *value.data == '"';

			return quoted ? (struct text){ value.data + 1, value.length - 2 } : value;
		}
		length += length < rest.length;
		rest = text_after(rest, length);
	}
	return TEXT("");
}

bool ical_line_is(const struct ical_line *line, const char *name, const char *value)
{
	return text_equal_nocase(line->name, text_of(name)) && line->value.data != NULL &&
	       text_equal_nocase(text_trim(line->value), text_of(value));
}

/* The bytes of text that fit on a line with this room, without cutting a character. */
static size_t line_fit(struct text text, size_t room)
{
	size_t length = room;

	if (text.length <= room)
		return text.length;
	while (length > 0 && ((unsigned char)text.data[length] & 0xC0) == 0x80)
		length--;
	return length > 0 ? length : room;
}

/* Fold the line that begins at start in out. */
static void line_fold(struct buffer *out, size_t start)
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
		fit = line_fit(rest, room);
		if (room < LINE_MOST)
			buffer_add(out, " ", 1);
		buffer_add(out, rest.data, fit);
		buffer_add(out, "\r\n", 2);
		rest = (struct text){ rest.data + fit, rest.length - fit };
		room = LINE_MOST - 1;
	}
	buffer_free(&line);
}

void ical_escape(struct buffer *out, struct text text)
{
	char *to = buffer_reserve(out, text.length * 2);

	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (c == '\\' || c == ';' || c == ',' || c == '\n')
			*to++ = '\\';
		*to++ = c == '\n' ? 'n' : c;
	}
	out->length = (size_t)(to - out->data);
}

void ical_unescape(struct buffer *out, struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		bool escapes = text.data[i] == '\\' && i + 1 < text.length &&
			       memchr("\\;,nN", text.data[i + 1], 5) != NULL;
		char c = text.data[i += escapes];

		buffer_add(out, escapes && (c == 'n' || c == 'N') ? "\n" : &c, 1);
	}
}

struct text ical_compact(struct text date, char compact[32])
{
	size_t length = 0;

	for (size_t i = 0; i < date.length && length < 32; i++) {
		if (date.data[i] != '-' && date.data[i] != ':')
			compact[length++] = date.data[i];
	}
	return (struct text){ compact, length };
}

void ical_line_write(struct buffer *out, const char *name, struct text value)
{
	size_t start = out->length;

	buffer_add_text(out, text_of(name));
	buffer_add(out, ":", 1);
	buffer_add_text(out, value);
	line_fold(out, start);
}

void ical_line_write_text(struct buffer *out, const char *name, struct text text)
{
	size_t start = out->length;

	buffer_add_text(out, text_of(name));
	buffer_add(out, ":", 1);
	ical_escape(out, text);
	line_fold(out, start);
}

/* Whether text begins with an escape (RFC 5545, 3.3.11). */
static bool block_is_escape(struct text text)
{
	static const char escaped[] = "\\;,nN\"";

	return text.length > 1 && *text.data == '\\' &&
	       memchr(escaped, text.data[1], sizeof(escaped) - 1) != NULL;
}

/*
 * libical drops white space at either end unless it is escaped. It replaces a backslash that
 * escapes nothing by a space, and drops the next byte.
 */
static void block_add_text(struct buffer *out, struct text text)
{
	struct text inner = text_trim(text);
	size_t start = (size_t)(inner.data - text.data), end = start + inner.length;

	for (size_t i = 0; i < text.length; i++) {
		const char *at = text.data + i;

		if (block_is_escape((struct text){ at, text.length - i }))
			buffer_add(out, text.data + i++, 2); /* both bytes */
		else if (*at == '\\')
			buffer_add(out, "\\\\", 2);
		else if ((i < start || i >= end) && (*at == ' ' || *at == '\t'))
			buffer_add(out, *at == ' ' ? "\\s" : "\\t", 2);
		else
			buffer_add(out, at, 1);
	}
}

/* The length of the value up to a comma that is not escaped. */
static size_t block_value_length(struct text text)
{
	size_t length = 0;

	while (length < text.length && text.data[length] != ',')
		length += text.data[length] == '\\' && length + 1 < text.length ? 2 : 1;
	return length;
}

void ical_block_begin(struct ical_block *block, struct text name)
{
	block->text.length = 0;
	block->lines = 0;
	block->seen = 0;
	ical_block_add_line(block, TEXT("BEGIN"), name);
}

void ical_block_end(struct ical_block *block, struct text name)
{
	block->lines = 0;
	ical_block_add_line(block, TEXT("END"), name);
	buffer_add(&block->text, "", 1);
}

/*
 * Fold the line at the end of the text (RFC 5545, 3.1). libical reads in small pieces and looks for
 * the end of the line for each of them, so long lines would be slow.
 */
static void block_fold(struct buffer *text, size_t from)
{
	struct buffer line = { 0 };

	if (text->length - from <= BLOCK_LINE_MOST)
		return;
	buffer_add(&line, text->data + from, text->length - from);
	text->length = from;
	for (size_t at = 0; at < line.length; at += BLOCK_LINE_MOST) {
		size_t left = line.length - at;

		buffer_add(text, "\r\n ", at > 0 ? 3 : 0);
		buffer_add(text, line.data + at, left < BLOCK_LINE_MOST ? left : BLOCK_LINE_MOST);
	}
	buffer_free(&line);
}

void ical_block_add_line(struct ical_block *block, struct text start, struct text value)
{
	size_t from = block->text.length;

	if (block->lines++ >= BLOCK_LINES_MOST)
		return;
	buffer_add_text(&block->text, start);
	buffer_add(&block->text, ":", 1);
	block_add_text(&block->text, value);
	block_fold(&block->text, from);
	buffer_add(&block->text, "\r\n", 2);
}

void ical_block_add_lines(struct ical_block *block, struct text start, struct text values)
{
	while (values.length > 0) {
		size_t length = block_value_length(values);

		if (text_trim((struct text){ values.data, length }).length > 0)
			ical_block_add_line(block, start, (struct text){ values.data, length });
		length += length < values.length;
		values = (struct text){ values.data + length, values.length - length };
	}
}
