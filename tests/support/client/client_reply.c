/* How a reply's end is found among the bytes that come, and its headers among its lines. */
#include "client.h"
#include "deadline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Waits until `size` bytes have come. */
static bool client_await(struct client *client, size_t size, long until)
{
	while (client->used < size)
		if (!client_fill(client, until))
			return false;
	return true;
}

/* Waits for `mark` at or after `from`: the offset behind it, or 0. */
static size_t client_await_mark(struct client *client, size_t from, const char *mark, long until)
{
	size_t length = strlen(mark);

	for (;;) {
		const char *found =
			client->used < from + length
				? NULL
				: memmem(client->input + from, client->used - from, mark, length);

		if (found)
			return (size_t)(found - client->input) + length;
		if (!client_fill(client, until))
			return 0;
	}
}

static char *bytes_copy(const char *bytes, size_t size)
{
	char *copy = malloc(size + 1);

	if (!copy)
		abort();
	if (size)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	return copy;
}

static void client_drop(struct client *client, size_t size)
{
	client->used -= size;
	if (client->used)
		memmove(client->input, client->input + size, client->used);
	if (client->input)
		client->input[client->used] = '\0';
}

static void reply_append(struct reply *reply, const char *bytes, size_t size)
{
	reply->body = realloc(reply->body, reply->body_size + size + 1);
	if (!reply->body)
		abort();
	memcpy(reply->body + reply->body_size, bytes, size);
	reply->body_size += size;
	reply->body[reply->body_size] = '\0';
}

/* Takes the head of the next reply off the input. */
static bool reply_read_head(struct client *client, struct reply *reply, long until)
{
	size_t end = client_await_mark(client, 0, "\r\n\r\n", until);

	if (!end)
		return false;
	free(reply->head);
	reply->head = bytes_copy(client->input, end - 2);
	reply->head_size = end - 2;
	client_drop(client, end);
	return sscanf(reply->head, "HTTP/1.%*1d %3d", &reply->status) == 1;
}

static bool reply_read_chunks(struct client *client, struct reply *reply, long until)
{
	for (;;) {
		size_t start = client_await_mark(client, 0, "\r\n", until);
		size_t size;
		char *end;

		if (!start)
			return false;
		size = strtoul(client->input, &end, 16);
		if (end == client->input || (*end != '\r' && *end != ';'))
			return false;
		if (!client_await(client, start + size + 2, until))
			return false;
		if (memcmp(client->input + start + size, "\r\n", 2) != 0)
			return false; /* a trailer field, which the server has no use for, too */
		reply_append(reply, client->input + start, size);
		client_drop(client, start + size + 2);
		if (!size)
			return true;
	}
}

static bool reply_read_sized(
	struct client *client, struct reply *reply, const char *length, long until)
{
	char *end;
	size_t size = strtoul(length, &end, 10);
	bool whole;

	if (end == length || *end)
		return false;
	whole = client_await(client, size, until);
	if (!whole)
		size = client->used;
	reply_append(reply, client->input, size);
	client_drop(client, size);
	return whole;
}

static bool reply_read_body(
	struct client *client, const char *method, struct reply *reply, long until)
{
	const char *coding = reply_find_header(reply, "Transfer-Encoding");
	const char *length;

	if (!strcmp(method, "HEAD") || reply->status == 204 || reply->status == 304)
		return true;
	if (coding && !strcasecmp(coding, "chunked"))
		return reply_read_chunks(client, reply, until);
	length = reply_find_header(reply, "Content-Length");
	if (length)
		return reply_read_sized(client, reply, length, until);
	while (client_fill(client, until))
		;
	reply_append(reply, client->input ? client->input : "", client->used);
	client_drop(client, client->used);
	return client->closed;
}

bool client_read(struct client *client, const char *method, struct reply *reply)
{
	long until = deadline_in(client->deadline_ms);

	*reply = (struct reply){ .body = bytes_copy("", 0) };
	do {
		if (!reply_read_head(client, reply, until))
			return false;
	} while (reply->status < 200 && reply->status != 101);
	reply->complete = reply_read_body(client, method, reply, until);
	return reply->complete;
}

/* The next header of that name from `line` on: its value, not yet cut off at the line's end. */
static const char *header_find(const char *line, const char *name)
{
	size_t length = strlen(name);

	for (line = strstr(line, "\r\n"); line; line = strstr(line, "\r\n")) {
		line += 2;
		if (!strncasecmp(line, name, length) && line[length] == ':')
			return line + length + 1;
	}
	return NULL;
}

const char *reply_find_header(struct reply *reply, const char *name)
{
	const char *value = reply->head ? header_find(reply->head, name) : NULL;
	size_t size;

	if (!value)
		return NULL;
	value += strspn(value, " \t");
	size = strcspn(value, "\r\n");
	while (size && (value[size - 1] == ' ' || value[size - 1] == '\t'))
		size--;
	free(reply->value);
	reply->value = bytes_copy(value, size);
	return reply->value;
}

size_t reply_count_header(const struct reply *reply, const char *name)
{
	const char *value = reply->head;
	size_t count = 0;

	while (value && (value = header_find(value, name)))
		count++;
	return count;
}

char *reply_undated(const struct reply *reply)
{
	const char *date = strcasestr(reply->head, "\r\nDate:");
	const char *after = date ? strstr(date + 2, "\r\n") : NULL;
	char *text;

	if (asprintf(&text, "%.*s%s\n%s", after ? (int)(date - reply->head) : -1, reply->head,
		    after ? after : "", reply->body) < 0)
		abort();
	return text;
}

void reply_free(struct reply *reply)
{
	free(reply->head);
	free(reply->body);
	free(reply->value);
	*reply = (struct reply){ 0 };
}
