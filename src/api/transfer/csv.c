/*
 * Tasks as comma-separated values (RFC 4180): a header row with the names of the columns, and a row
 * for each task. Cells are written unchanged, also those that a spreadsheet reads as a formula, so
 * that an import gets the same value. Any thread.
 */
#include "transfer/csv_dialect.h"
#include "transfer/format.h"

#include <stdlib.h>
#include <string.h>

enum csv_cell_end {
	CELL_MORE,     /* another cell follows in the row */
	CELL_LAST,     /* the last one of its row */
	CELL_STRAY,    /* neither a comma nor a line end follows a closing quote */
	CELL_UNCLOSED, /* the text ends within quotes */
	CELL_LONG,     /* the row is longer than RECORD_MOST */
};

/* The position in a row. */
struct csv_cursor {
	const char *at;
	const char *end;
	const char *most;    /* the end, if a row that reaches it is too long; else NULL */
	unsigned long lines; /* after the row's first one */
};

struct csv {
	const struct csv_dialect *dialect;
	struct buffer header;  /* its cells, each terminated by a NUL */
	struct buffer columns; /* of the header row: the index of each in the dialect, a byte */
	struct buffer cell;    /* the one that was read last, without its quotes */
	json_t *reported;
};

/* Write a cell, in quotes if it needs them. */
static void csv_write_cell(struct buffer *out, struct text text)
{
	bool quoted = false;
	char *to;

	for (size_t i = 0; i < text.length && !quoted; i++)
		quoted = strchr(",\"\r\n", text.data[i]) != NULL;
	if (!quoted) {
		buffer_add_text(out, text);
		return;
	}
	to = buffer_reserve(out, text.length * 2 + 2);
	*to++ = '"';
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '"')
			*to++ = '"';
		*to++ = text.data[i];
	}
	*to++ = '"';
	out->length = (size_t)(to - out->data);
}

/* Skip the end of a cell: a comma, a line end, or the end of the text. */
static enum csv_cell_end csv_take_cell_end(struct csv_cursor *cursor)
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
static enum csv_cell_end csv_take_plain_cell(struct csv_cursor *cursor, struct buffer *cell)
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
	return csv_take_cell_end(cursor);
}

/* Add the bytes up to the next quote, with "\n" as the line end. */
static void csv_add_lines(struct csv_cursor *cursor, struct buffer *cell, const char *end)
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

static enum csv_cell_end csv_take_quoted_cell(struct csv_cursor *cursor, struct buffer *cell)
{
	const char *quote;

	for (;;) {
		cursor->at++;
		quote = memchr(cursor->at, '"', (size_t)(cursor->end - cursor->at));
		if (quote == NULL)
			return cursor->end == cursor->most ? CELL_LONG : CELL_UNCLOSED;
		csv_add_lines(cursor, cell, quote);
		cursor->at++;
		if (cursor->at == cursor->end || *cursor->at != '"')
			return csv_take_cell_end(cursor);
		buffer_add(cell, "\"", 1);
	}
}

/* Read a cell, without its quotes and with "\n" as the line end, and skip its end. */
static enum csv_cell_end csv_take_cell(struct csv_cursor *cursor, struct buffer *cell)
{
	cell->length = 0;
	buffer_reserve(cell, 1); /* so that the data of an empty cell is not NULL */
	if (cursor->at < cursor->end && *cursor->at == '"')
		return csv_take_quoted_cell(cursor, cell);
	return csv_take_plain_cell(cursor, cell);
}

static void csv_write_end(struct buffer *out, int column)
{
	if (column + 1 < TASK_COLUMNS)
		buffer_add(out, ",", 1);
	else
		buffer_add(out, "\r\n", 2);
}

static void csv_begin(struct buffer *out)
{
	for (int column = 0; column < TASK_COLUMNS; column++) {
		buffer_add_text(out, column_name(column));
		csv_write_end(out, column);
	}
}

static void csv_write(struct buffer *out, const struct value task[TASK_COLUMNS])
{
	struct buffer cell = { 0 };

	for (int column = 0; column < TASK_COLUMNS; column++) {
		if (column_is_array(column)) {
			cell.length = 0;
			column_write(&cell, column, &task[column]);
			csv_write_cell(out, (struct text){ cell.data, cell.length });
		} else if (task[column].type == VALUE_TEXT) {
			csv_write_cell(out, task[column].text);
		} else {
			column_write(out, column, &task[column]);
		}
		csv_write_end(out, column);
	}
	buffer_free(&cell);
}

static void csv_end(struct buffer *out)
{
	(void)out;
}

/* The same column twice would give two values of one member. */
static const char *csv_add_column(struct reader *reader, struct csv *csv, struct text name)
{
	unsigned char column = csv_column_of(csv->dialect, name);

	if (column == CSV_UNKNOWN)
		reader_report(reader, &csv->reported, "column", name, RECORD_LEFT_OUT);
	else if (csv->columns.length > 0 &&
		 memchr(csv->columns.data, column, csv->columns.length) != NULL)
		return "The header row has the same column twice.";
	buffer_add(&csv->columns, &column, 1);
	return NULL;
}

/*
 * Find the dialect and its columns by the header row; NULL, or a constant sentence for a refusal.
 */
static const char *csv_name_columns(struct reader *reader, struct csv *csv)
{
	struct text header = { csv->header.data, csv->header.length };
	const char *why = NULL;

	csv->dialect = csv_dialect_of(header);
	for (size_t at = 0; at < header.length && why == NULL;) {
		struct text name = text_of(header.data + at);

		why = csv_add_column(reader, csv, name);
		at += name.length + 1;
	}
	return why;
}

static bool csv_has_name(const struct csv *csv)
{
	for (size_t i = 0; i < csv->columns.length; i++) {
		unsigned char column = (unsigned char)csv->columns.data[i];

		if (column != CSV_UNKNOWN && csv->dialect->columns[column].column == TASK_name)
			return true;
	}
	return false;
}

/* Use a cell of the header row or of a task. RECORD_TASK, or what the row is instead. */
static enum record csv_use_cell(struct reader *reader, struct csv *csv, size_t index, bool header)
{
	struct text text = { csv->cell.data, csv->cell.length };
	const char *fault = reader_text_fault(text);
	const struct csv_column *column;

	if (fault != NULL)
		return reader_bad(reader, fault);
	if (header) {
		buffer_add_text(&csv->header, text_trim(text));
		buffer_add(&csv->header, "", 1);
		return RECORD_TASK;
	}
	if (index >= csv->columns.length)
		return reader_bad(reader, "It has more cells than the header row.");
	if ((unsigned char)csv->columns.data[index] == CSV_UNKNOWN)
		return RECORD_TASK;
	column = &csv->dialect->columns[(unsigned char)csv->columns.data[index]];
	if (column->read == NULL)
		return RECORD_TASK;
	return column->read(reader, &csv->reported, column->column, text);
}

/* If text follows a closing quote, the rest of the line is skipped. */
static void csv_skip_line(struct csv_cursor *cursor)
{
	const char *end = memchr(cursor->at, '\n', (size_t)(cursor->end - cursor->at));

	cursor->at = end == NULL ? cursor->end : end + 1;
}

/*
 * Read one row. csv_use_cell() gets each cell until one of them is refused or skips the row:
 * *record.
 */
static enum csv_cell_end csv_take_row(
	struct reader *reader, struct csv *csv, bool header, size_t *cells, enum record *record)
{
	bool cut = reader->text.length > RECORD_MOST;
	struct csv_cursor cursor = { .at = reader->text.data };
	enum csv_cell_end end;

	cursor.end = cursor.at + (cut ? RECORD_MOST : reader->text.length);
	cursor.most = cut ? cursor.end : NULL;
	*cells = 0;
	*record = RECORD_TASK;
	do {
		end = csv_take_cell(&cursor, &csv->cell);
		if (end <= CELL_LAST && *record == RECORD_TASK)
			*record = csv_use_cell(reader, csv, *cells, header);
		++*cells;
	} while (end == CELL_MORE);
	if (end == CELL_STRAY)
		csv_skip_line(&cursor);
	reader->line += 1 + cursor.lines;
	reader->text.length -= (size_t)(cursor.at - reader->text.data);
	reader->text.data = cursor.at;
	return end;
}

/* Whether the row ended correctly; else *record is the refusal. */
static bool csv_row_is_whole(struct reader *reader, enum csv_cell_end end, enum record *record)
{
	if (end == CELL_UNCLOSED)
		*record = reader_fatal(reader, "A quote in it is not closed.");
	else if (end == CELL_LONG)
		*record = reader_fatal(reader, RECORD_TOO_LONG);
	else if (end == CELL_STRAY)
		*record = reader_bad(reader, "There is more behind a closing quote.");
	return end <= CELL_LAST;
}

/* The length of the line end at the start of text; 0: none there. */
static size_t csv_line_end(struct text text)
{
	if (text.length > 0 && *text.data == '\n')
		return 1;
	return text.length > 1 && memcmp(text.data, "\r\n", 2) == 0 ? 2 : 0;
}

static void csv_skip_empty(struct reader *reader)
{
	struct text line;

	while (csv_line_end(reader->text) > 0)
		reader_next_line(reader, &line);
}

/* RECORD_TASK, or the refusal of the header row. */
static enum record csv_read_header(struct reader *reader, struct csv *csv)
{
	enum record record;
	const char *why;
	enum csv_cell_end end;
	size_t cells;

	reader_skip_mark(reader);
	csv_skip_empty(reader);
	reader_at_line(reader, reader->line + 1);
	if (reader->text.length == 0)
		return reader_fatal(reader, "There is no header row.");
	end = csv_take_row(reader, csv, true, &cells, &record);
	why = csv_name_columns(reader, csv);
	if (!csv_row_is_whole(reader, end, &record) || (why == NULL && record != RECORD_TASK))
		return reader_fatal(reader, reader->why);
	if (why != NULL)
		return reader_fatal(reader, why);
	if (!csv_has_name(csv))
		return reader_fatal(reader,
			"The header row has no column \"name\"; commas stand between its columns.");
	return RECORD_TASK;
}

static enum record csv_read_task(struct reader *reader, struct csv *csv)
{
	enum record record;
	enum csv_cell_end end;
	size_t cells;

	reader_at_line(reader, reader->line + 1);
	reader->task = json_object();
	end = csv_take_row(reader, csv, false, &cells, &record);
	if (csv_row_is_whole(reader, end, &record) && record == RECORD_TASK &&
		cells < csv->columns.length)
		record = reader_bad(reader, "It has fewer cells than the header row.");
	if (record == RECORD_TASK)
		return RECORD_TASK;
	json_decref(reader->task);
	reader->task = NULL;
	return record;
}

static enum record csv_read(struct reader *reader)
{
	struct csv *csv = reader->state;
	enum record record;

	if (csv == NULL) {
		csv = reader->state = memory_zeroed(sizeof(*csv));
		record = csv_read_header(reader, csv);
		if (record != RECORD_TASK)
			return record;
	}
	csv_skip_empty(reader);
	if (reader->text.length == 0)
		return RECORD_END;
	reader->records++;
	return csv_read_task(reader, csv);
}

static void csv_close(struct reader *reader)
{
	struct csv *csv = reader->state;

	if (csv == NULL)
		return;
	buffer_free(&csv->header);
	buffer_free(&csv->columns);
	buffer_free(&csv->cell);
	json_decref(csv->reported);
	free(csv);
	reader->state = NULL;
}

const struct format format_csv = {
	.name = "csv",
	.media = "text/csv; charset=\"utf-8\"",
	.file = "todo.csv",
	.begin = csv_begin,
	.write = csv_write,
	.end = csv_end,
	.read = csv_read,
	.close = csv_close,
};
