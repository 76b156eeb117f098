/*
 * The lines that libical sees, changed where it would lose something. Any thread.
 */
#include "transfer/ical/format_block.h"

#include <string.h>

#define LINE_MOST 70 /* bytes of a line that libical sees, without its end; it reads 79 at once */

/* Whether a backslash and what is behind it are an escape (RFC 5545, 3.3.11). */
static bool block_is_escape(struct text text)
{
	static const char escaped[] = "\\;,nN\"";

	return text.length > 1 && *text.at == '\\' &&
	       memchr(escaped, text.at[1], sizeof(escaped) - 1) != NULL;
}

/*
 * White space at either end would not be seen by libical, but for its escape. Of a backslash that
 * escapes nothing it would make a space, and lose the byte behind it.
 */
static void block_add_text(struct buffer *out, struct text text)
{
	struct text inner = text_trim(text);
	size_t start = (size_t)(inner.at - text.at), end = start + inner.length;

	for (size_t i = 0; i < text.length; i++) {
		const char *at = text.at + i;

		if (block_is_escape((struct text){ at, text.length - i }))
			buffer_add(out, text.at + i++, 2); /* both of them */
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

	while (length < text.length && text.at[length] != ',')
		length += text.at[length] == '\\' && length + 1 < text.length ? 2 : 1;
	return length;
}

void block_begin(struct block *block, struct text name)
{
	block->text.length = 0;
	block->lines = 0;
	block->seen = 0;
	block_add_line(block, TEXT("BEGIN"), name);
}

void block_end(struct block *block, struct text name)
{
	block->lines = 0;
	block_add_line(block, TEXT("END"), name);
	buffer_add(&block->text, "", 1);
}

/*
 * Fold the line at the end of the text (RFC 5545, 3.1): libical reads in small pieces, and looks for
 * the end of the line for each of them.
 */
static void block_fold(struct buffer *text, size_t from)
{
	struct buffer line = { 0 };

	if (text->length - from <= LINE_MOST)
		return;
	buffer_add(&line, text->data + from, text->length - from);
	text->length = from;
	for (size_t at = 0; at < line.length; at += LINE_MOST) {
		size_t left = line.length - at;

		buffer_add(text, "\r\n ", at > 0 ? 3 : 0);
		buffer_add(text, line.data + at, left < LINE_MOST ? left : LINE_MOST);
	}
	buffer_free(&line);
}

void block_add_line(struct block *block, struct text start, struct text value)
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

void block_add_lines(struct block *block, struct text start, struct text values)
{
	while (values.length > 0) {
		size_t length = block_value_length(values);

		if (text_trim((struct text){ values.at, length }).length > 0)
			block_add_line(block, start, (struct text){ values.at, length });
		length += length < values.length;
		values = (struct text){ values.at + length, values.length - length };
	}
}
