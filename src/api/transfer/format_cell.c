/*
 * The cells of comma-separated values. Any thread.
 */
#include "transfer/format_cell.h"

#include <string.h>

void cell_write(struct buffer *out, struct text text)
{
	bool quoted = false;
	char *to;

	for (size_t i = 0; i < text.length && !quoted; i++)
		quoted = strchr(",\"\r\n", text.at[i]) != NULL;
	if (!quoted) {
		buffer_add_text(out, text);
		return;
	}
	to = buffer_reserve(out, text.length * 2 + 2);
	*to++ = '"';
	for (size_t i = 0; i < text.length; i++) {
		if (text.at[i] == '"')
			*to++ = '"';
		*to++ = text.at[i];
	}
	*to++ = '"';
	out->length = (size_t)(to - out->data);
}

/* Past what ends a cell: a comma, a line end, or the end of the text. */
static enum cell_end cell_take_end(struct cell_cursor *cursor)
{
	if (cursor->at == cursor->end)
		return cursor->at == cursor->most ? CELL_LONG : CELL_LAST;
	if (*cursor->at == ',') {
		cursor->at++;
		return CELL_MORE;
	}
	if (*cursor->at == '\r' && cursor->end - cursor->at > 1 && cursor->at[1] == '\n')
		cursor->at++;
	if (*cursor->at != '\n')
		return CELL_STRAY;
	cursor->at++;
	return CELL_LAST;
}

/* A cell without quotes around it; a quote inside stands for itself. */
static enum cell_end cell_take_plain(struct cell_cursor *cursor, struct buffer *cell)
{
	const char *start = cursor->at;
	size_t length;

	while (cursor->at < cursor->end && *cursor->at != ',' && *cursor->at != '\n')
		cursor->at++;
	length = (size_t)(cursor->at - start);
	if (cursor->at < cursor->end && *cursor->at == '\n' && length > 0 &&
		start[length - 1] == '\r')
		length--;
	buffer_add(cell, start, length);
	return cell_take_end(cursor);
}

/* The bytes up to the next quote, with "\n" as the line end. */
static void cell_add_lines(struct cell_cursor *cursor, struct buffer *cell, const char *end)
{
	char *to = buffer_reserve(cell, (size_t)(end - cursor->at));

	for (; cursor->at < end; cursor->at++) {
		if (*cursor->at == '\r' && end - cursor->at > 1 && cursor->at[1] == '\n')
			continue;
		cursor->lines += *cursor->at == '\n';
		*to++ = *cursor->at;
	}
	cell->length = (size_t)(to - cell->data);
}

static enum cell_end cell_take_quoted(struct cell_cursor *cursor, struct buffer *cell)
{
	const char *quote;

	for (;;) {
		cursor->at++;
		quote = memchr(cursor->at, '"', (size_t)(cursor->end - cursor->at));
		if (quote == NULL)
			return cursor->end == cursor->most ? CELL_LONG : CELL_UNCLOSED;
		cell_add_lines(cursor, cell, quote);
		cursor->at++;
		if (cursor->at == cursor->end || *cursor->at != '"')
			return cell_take_end(cursor);
		buffer_add(cell, "\"", 1);
	}
}

enum cell_end cell_take(struct cell_cursor *cursor, struct buffer *cell)
{
	cell->length = 0;
	buffer_reserve(cell, 1); /* so that an empty one has a place too */
	if (cursor->at < cursor->end && *cursor->at == '"')
		return cell_take_quoted(cursor, cell);
	return cell_take_plain(cursor, cell);
}
