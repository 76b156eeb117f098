/* Reads case files: one pass over the lines, each piece cut out of the text where it stands. */
#include "case_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum part { PREAMBLE, REQUEST, EXPECTED };

struct reader {
	struct case_file *file;
	struct case_exchange *exchange; /* the one being read; NULL before the first */
	enum part part;
	int line;
};

static char *text_trim(char *text)
{
	size_t size;

	text += strspn(text, " \t");
	for (size = strlen(text); size && strchr(" \t", text[size - 1]); size--)
		text[size - 1] = '\0';
	return text;
}

static bool exchange_begin(struct reader *reader, char *title)
{
	struct case_file *file = reader->file;

	if (reader->exchange && !reader->exchange->reply_count)
		return false;
	file->exchanges = reallocarray(file->exchanges, file->count + 1, sizeof(*file->exchanges));
	if (!file->exchanges)
		abort();
	reader->exchange = &file->exchanges[file->count++];
	reader->part = PREAMBLE;
	*reader->exchange = (struct case_exchange){
		.line = reader->line,
		.title = text_trim(title),
		.times = 1,
	};
	return true;
}

static bool reply_begin(struct reader *reader, char *status)
{
	struct case_exchange *exchange = reader->exchange;

	if (!exchange || !exchange->request || exchange->reply_count == CASE_REPLIES_MAX)
		return false;
	for (size_t n = 0; n < exchange->table_count; n++)
		if (!exchange->tables[n].rows)
			return false;
	reader->part = EXPECTED;
	exchange->replies[exchange->reply_count++] =
		(struct case_reply){ .line = reader->line, .status = text_trim(status) };
	return true;
}

/* Cuts "a | b" into cells; gives their number, or 0 when there are too many. */
static size_t cells_read(char *text, char *cells[CASE_COLUMNS_MAX])
{
	size_t count = 0;

	for (char *cell; (cell = strsep(&text, "|")); count++) {
		if (count == CASE_COLUMNS_MAX)
			return 0;
		cells[count] = text_trim(cell);
	}
	return count;
}

static bool table_begin(struct case_exchange *exchange, char *names)
{
	struct case_table *table;

	if (exchange->table_count == CASE_TABLES_MAX)
		return false;
	table = &exchange->tables[exchange->table_count++];
	table->columns = cells_read(names, table->names);
	return table->columns;
}

static bool table_add(struct case_exchange *exchange, char *cells)
{
	struct case_table *table;

	if (!exchange->table_count)
		return false;
	table = &exchange->tables[exchange->table_count - 1];
	return table->rows < CASE_ROWS_MAX &&
	       cells_read(cells, table->values[table->rows++]) == table->columns;
}

/* A line between the title and the request; any other line is where the request begins. */
static bool preamble_read(struct reader *reader, char *line)
{
	struct case_exchange *exchange = reader->exchange;

	if (!*line || *line == '#')
		return true;
	if (!exchange)
		return false;
	if (!strncmp(line, "times:", 6))
		return (exchange->times = strtol(line + 6, NULL, 10)) > 0;
	if (!strncmp(line, "each:", 5))
		return table_begin(exchange, line + 5);
	if (*line == '|')
		return table_add(exchange, line + 1);
	exchange->request = line;
	reader->part = REQUEST;
	return true;
}

/*
 * Takes the line that starts at `line` and ends before `end`. A request and what is expected run
 * over several lines, which stay joined; the mark that follows cuts them off.
 */
static bool line_read(struct reader *reader, char *line, char *end)
{
	bool title = !strncmp(line, "=== ", 4), status = !strncmp(line, "--- ", 4);
	struct case_exchange *exchange = reader->exchange;

	if (reader->part == EXPECTED && !title && !status) {
		if (!exchange->replies[exchange->reply_count - 1].headers)
			exchange->replies[exchange->reply_count - 1].headers = line;
		return true;
	}
	if (reader->part == REQUEST && !title && !status)
		return true;
	*end = '\0';
	if (!title && !status) {
		bool read = preamble_read(reader, line);

		*end = reader->part == REQUEST ? '\n' : '\0';
		return read;
	}
	if (line > reader->file->text)
		line[-1] = '\0';
	return title ? exchange_begin(reader, line + 4) : reply_begin(reader, line + 4);
}

/* Cuts the text at its first empty line and gives what follows that; NULL when there is none. */
static char *text_cut(char *text)
{
	char *empty = *text == '\n' ? text : strstr(text, "\n\n");

	if (!empty)
		return NULL;
	*empty = '\0';
	return empty + (empty == text ? 1 : 2);
}

static void exchange_cut(struct case_exchange *exchange)
{
	if (strncmp(exchange->request, "RAW ", 4) != 0)
		exchange->body = text_cut(exchange->request);
	for (size_t n = 0; n < exchange->reply_count; n++)
		if (exchange->replies[n].headers)
			exchange->replies[n].body = text_cut(exchange->replies[n].headers);
}

/* The whole file, ending with a line's end; NULL: it cannot be read. */
static char *file_text(const char *path)
{
	FILE *from = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;
	ssize_t got;

	if (!from)
		return NULL;
	got = getdelim(&text, &size, '\0', from);
	fclose(from);
	if (got > 0 && text[got - 1] == '\n')
		return text;
	free(text);
	return NULL;
}

int case_file_read(struct case_file *file, const char *path)
{
	struct reader reader = { .file = file, .line = 1 };
	char *line, *end;

	*file = (struct case_file){ .text = file_text(path) };
	if (!file->text)
		return 1;
	for (line = file->text; *line; line = end + 1, reader.line++) {
		end = strchr(line, '\n');
		if (!line_read(&reader, line, end))
			return reader.line;
	}
	if (!reader.exchange || !reader.exchange->reply_count)
		return reader.line;
	for (size_t n = 0; n < file->count; n++)
		exchange_cut(&file->exchanges[n]);
	return 0;
}

void case_file_free(struct case_file *file)
{
	free(file->exchanges);
	free(file->text);
	*file = (struct case_file){ 0 };
}
