/* Runs exchanges: writes a request out in full, sends it, and reads the replies. */
#include "case_run.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SHOWN 1500 /* bytes of a reply in a report */

/* The values of the rows at hand, so that a report tells which of them it is about. */
static void row_report(const struct case_run *run)
{
	const struct case_exchange *exchange = run->exchange;

	for (size_t t = 0; t < exchange->table_count; t++)
		for (size_t c = 0; c < exchange->tables[t].columns; c++) {
			const char *name = exchange->tables[t].names[c];
			const char *value = case_variable_get(&run->variables, name);

			fprintf(run->report, " [%s = %.80s]", name, value ? value : "");
		}
}

void case_fail(struct case_run *run, const char *format, ...)
{
	va_list arguments;

	fprintf(run->report, "\n%s:%d: %s", run->name,
		run->expected ? run->expected->line : run->exchange->line, run->exchange->title);
	row_report(run);
	fprintf(run->report, "\n    ");
	va_start(arguments, format);
	vfprintf(run->report, format, arguments);
	va_end(arguments);
	run->failed = true;
	run->failures++;
}

/* Writes the lines with \r\n for each of their ends; a line that ends with "\" goes on. */
static void raw_write(const char *text, size_t size, FILE *out)
{
	for (size_t n = 0; n < size; n++) {
		if (text[n] == '\\' && (n + 1 == size || text[n + 1] == '\n'))
			n++;
		else if (text[n] == '\n')
			fputs("\r\n", out);
		else
			fputc(text[n], out);
	}
	if (size && text[size - 1] != '\\')
		fputs("\r\n", out);
}

static bool head_names(const char *head, const char *name)
{
	const char *line = head;

	while ((line = strchr(line, '\n')))
		if (!strncasecmp(++line, name, strlen(name)) && line[strlen(name)] == ':')
			return true;
	return false;
}

/* The version, and the headers that a request has to have, where the case file leaves them out. */
static void head_write(const struct case_run *run, const char *head, size_t body_size, FILE *out)
{
	size_t line = strcspn(head, "\n");

	fprintf(out, "%.*s HTTP/1.1\r\n", (int)line, head);
	if (!head_names(head, "Host"))
		fprintf(out, "Host: localhost:%d\r\n", run->port);
	if (body_size && !head_names(head, "Content-Length") &&
		!head_names(head, "Transfer-Encoding"))
		fprintf(out, "Content-Length: %zu\r\n", body_size);
	for (head += line; *head; head += line) {
		head += strspn(head, "\n");
		line = strcspn(head, "\n");
		if (line)
			fprintf(out, "%.*s\r\n", (int)line, head);
	}
	fputs("\r\n", out);
}

/* Notes what the reply's checks have to know of the request. */
static bool request_note(struct case_run *run, const char *head)
{
	*run->path = '\0';
	run->raw = !strncmp(head, "RAW ", 4);
	if (run->raw)
		return sscanf(head, "RAW %15[^\n]", run->method) == 1;
	return sscanf(head, "%15s %511s", run->method, run->path) == 2;
}

/* Where a RAW request's request line of that number begins; NULL: there are not so many. */
static const char *raw_line(const char *request, size_t number)
{
	const char *end = request;

	if (!number)
		return request;
	for (size_t n = 0; n <= number; n++)
		if (!(end = strstr(end + 1, " HTTP/1.")))
			return NULL;
	while (end > request && end[-1] != ' ')
		end--;
	end -= end > request;
	while (end > request && isupper((unsigned char)end[-1]))
		end--;
	return end;
}

/* Notes the same of a RAW request, whose bytes alone tell it. */
static void raw_note(struct case_run *run, const char *request, size_t number)
{
	const char *line = raw_line(request, number);

	*run->path = '\0';
	if (line)
		sscanf(line, "%15[A-Za-z] %511[^ \r\n]", run->method, run->path);
}

/*
 * A RAW request's bytes behind its first line: the file's line ends become \r\n before the braces
 * are filled in, so that a newline by its code stays alone. NULL as below.
 */
static char *raw_make(struct case_run *run, size_t *size)
{
	const char *lines = run->exchange->request + strcspn(run->exchange->request, "\n") + 1;
	char *text = NULL, *made;
	FILE *out = open_memstream(&text, size);

	if (!out)
		abort();
	raw_write(lines, strlen(lines), out);
	fclose(out);
	made = case_text_make(&run->variables, text, size);
	free(text);
	return made;
}

/* The whole request as bytes, to be freed; NULL: the case file's text cannot be read. */
static char *request_make(struct case_run *run, size_t *size)
{
	size_t head_size, body_size, raw_size;
	char *head = case_text_make(&run->variables, run->exchange->request, &head_size);
	bool is_raw = !strncmp(run->exchange->request, "RAW ", 4);
	char *raw = is_raw ? raw_make(run, &raw_size) : NULL;
	char *body = case_text_make(
		&run->variables, run->exchange->body ? run->exchange->body : "", &body_size);
	char *made = NULL;
	FILE *out = open_memstream(&made, size);

	if (!out)
		abort();
	if (head && body && !raw == !is_raw && request_note(run, head)) {
		if (raw)
			fwrite(raw, 1, raw_size, out);
		else
			head_write(run, head, body_size, out);
		fwrite(body, 1, body_size, out);
	}
	fclose(out);
	free(head);
	free(raw);
	free(body);
	return made;
}

/* Shows what came below the failures of it. */
static void reply_show(struct case_run *run)
{
	fprintf(run->report, "\n    came: %.*s\n    %.*s%s\n", SHOWN,
		run->reply.head ? run->reply.head : "(nothing)", SHOWN,
		run->reply.body ? run->reply.body : "", run->reply.body_size > SHOWN ? " …" : "");
}

/* Leaves the connection open for the next exchange unless the reply says that it closes. */
static void reply_read(struct case_run *run, const struct case_reply *expected)
{
	const char *connection;

	run->expected = expected;
	run->failed = false;
	client_read(&run->client, run->method, &run->reply);
	case_check(run);
	if (run->failed)
		reply_show(run);
	connection = reply_find_header(&run->reply, "Connection");
	if (!run->reply.complete || run->client.closed ||
		(connection && !strcasecmp(connection, "close")))
		client_close(&run->client);
	reply_free(&run->reply);
}

/*
 * Connects where need be and sends the request, which is to be freed; NULL when there is nothing to
 * wait for.
 */
static char *exchange_send(struct case_run *run)
{
	size_t size;
	char *request = request_make(run, &size);

	run->expected = NULL;
	run->lost = run->client.fd < 0 && !client_open_from(&run->client, run->source, run->port);
	if (!size)
		case_fail(run, "cannot read the request: a {{}} of it means nothing");
	else if (run->lost)
		case_fail(run, "cannot connect: the rest of the file is left out");
	else
		client_send(&run->client, request, size);
	if (size && !run->lost)
		return request;
	free(request);
	return NULL;
}

static void exchange_once(struct case_run *run)
{
	char *request = exchange_send(run);

	if (!request)
		return;
	for (size_t n = 0; n < run->exchange->reply_count && !run->lost; n++) {
		if (run->raw)
			raw_note(run, request, n);
		reply_read(run, &run->exchange->replies[n]);
	}
	free(request);
	if (run->client.used)
		case_fail(run, "more came than a reply: %.200s", run->client.input);
}

/* Runs the exchange for each row of its tables from number `table` on. */
static void exchange_run(struct case_run *run, size_t table)
{
	const struct case_table *rows = run->exchange->tables + table;

	if (table == run->exchange->table_count || table == CASE_TABLES_MAX) {
		for (long n = 0; n < run->exchange->times && !run->lost; n++)
			exchange_once(run);
		return;
	}
	for (size_t r = 0; r < rows->rows && !run->lost; r++) {
		for (size_t c = 0; c < rows->columns; c++)
			case_variable_set(&run->variables, rows->names[c], rows->values[r][c],
				strlen(rows->values[r][c]));
		exchange_run(run, table + 1);
	}
}

void case_run(struct case_run *run, const struct case_file *file)
{
	char port[16];

	run->client = (struct client){ .fd = -1 };
	snprintf(port, sizeof(port), "%d", run->port);
	case_variable_set(&run->variables, "port", port, strlen(port));
	for (size_t n = 0; n < file->count && !run->lost; n++) {
		run->exchange = &file->exchanges[n];
		exchange_run(run, 0);
	}
	client_close(&run->client);
	case_variables_free(&run->variables);
}
