/* The line and the headers of a random request. */
#include "api_parts.h"

#include <stdio.h>
#include <string.h>

static void add_text(struct buffer *out, const char *text)
{
	buffer_add_text(out, text_of(text));
}

static const char *pick_segment(struct api_client *client, const char *name, char id[32])
{
	static const char *const odd[] = { "0", "x", "9223372036854775807", "01", "%31", "a%20b" };
	static const char *const others[] = { "bob", "nobody", "login", "%61nn", "ANN" };

	if (strncmp(name, "{username}", 10) == 0)
		return api_chance(client, 90) ? client->name : PICK(client, others);
	if (api_chance(client, 10))
		return PICK(client, odd);
	snprintf(id, 32, "%u",
		client->newest > 30 && api_chance(client, 50)
			? client->newest - api_below(client, 30)
			: 1 + api_below(client, 30));
	return id;
}

static void make_path(struct api_client *client, struct buffer *out, const struct endpoint *row)
{
	const char *path = row->path;
	struct buffer query = { 0 };
	char id[32];

	while (*path != '\0') {
		size_t length = *path == '{' ? strcspn(path, "}") + 1 : strcspn(path, "{");

		if (*path == '{')
			add_text(out, pick_segment(client, path, id));
		else
			buffer_add(out, path, length);
		path += length;
	}
	if (api_chance(client, 2))
		add_text(out, "/");
	api_add_form(client, &query, row, IN_QUERY);
	if (query.length > 0)
		buffer_add_format(out, "?%.*s", (int)query.length, query.data);
	buffer_free(&query);
}

static void add_conditions(struct api_client *client, struct buffer *out)
{
	static const char *const tags[] = { "\"r1\"", "*", "\"r2\", W/\"r5\"", "x", "\"" };
	static const char *const headers[] = { "If-Match", "If-None-Match" };

	if (api_chance(client, 20))
		buffer_add_format(out, "%s: %s\r\n", PICK(client, headers),
			*client->tag != '\0' && api_chance(client, 60) ? client->tag
								       : PICK(client, tags));
	if (api_chance(client, 10))
		buffer_add_format(out, "Idempotency-Key: k%u\r\n", api_below(client, 20));
	if (api_chance(client, 5))
		add_text(out, "Accept: text/html\r\n");
	if (api_chance(client, 3))
		add_text(out, "Origin: http://elsewhere.example\r\nSec-Fetch-Site: cross-site\r\n");
}

static void add_token(struct api_client *client, struct api_request *request)
{
	request->own = api_chance(client, 93);
	if (request->own)
		buffer_add_format(&request->bytes, "Authorization: Bearer %s\r\n", client->token);
	else if (api_chance(client, 30))
		buffer_add_format(&request->bytes, "Authorization: Bearer %s\r\n", client->other);
	else if (api_chance(client, 30))
		add_text(&request->bytes, "Authorization: Bearer td_x\r\n");
	else if (api_chance(client, 50))
		buffer_add_format(&request->bytes, "Cookie: todo_session=%s\r\n", client->token);
}

static const char *pick_method(struct api_client *client, enum method method)
{
	static const char *const others[] = { "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH",
		"DELETE" };

	if (api_chance(client, 4))
		return PICK(client, others);
	return method == GET	 ? "GET"
	       : method == POST	 ? "POST"
	       : method == PUT	 ? "PUT"
	       : method == PATCH ? "PATCH"
				 : "DELETE";
}

/* Those of tasks are asked for most; what ends sessions and accounts, or hashes, seldom. */
static const struct endpoint *pick_row(struct api_client *client)
{
	for (;;) {
		const struct endpoint *row = client->rows[api_below(client, client->count)];
		bool tasks = strstr(row->path, "/tasks") != NULL;
		bool profile = strcmp(row->path, "/api/v1/accounts/{username}") == 0;
		unsigned weight = row->list_query != NULL	 ? 100
				  : tasks		 ? row->method == POST ? 80 : 40
				  : profile		 ? 1
				  : row->access == OWNER ? 20
							 : 5;

		if (!row->internal && api_chance(client, weight))
			return row;
	}
}

static void add_body(struct api_client *client, struct buffer *out, const struct endpoint *row)
{
	struct buffer body = { 0 };
	const char *type = api_make_body(client, &body, row);

	buffer_add_format(
		out, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n", type, body.length);
	buffer_add(out, body.data, body.length);
	buffer_free(&body);
}

void api_request_make(struct api_client *client, struct api_request *request)
{
	const struct endpoint *row = pick_row(client);
	bool bodiless = row->method == GET || row->method == DELETE;
	struct buffer path = { 0 };

	*request = (struct api_request){ 0 };
	snprintf(request->method, sizeof(request->method), "%s", pick_method(client, row->method));
	if (*client->next != '\0' && row->list_query != NULL && api_chance(client, 50))
		add_text(&path, client->next);
	else
		make_path(client, &path, row);
	snprintf(request->path, sizeof(request->path), "%.*s", (int)path.length, path.data);
	buffer_free(&path);
	buffer_add_format(&request->bytes, "%s %s HTTP/1.1\r\nHost: localhost:%d\r\n",
		request->method, request->path, client->port);
	add_token(client, request);
	add_conditions(client, &request->bytes);
	/* with HEAD, whatever its path is, a body is a fault of the framing */
	if (strcmp(request->method, "HEAD") == 0 || (bodiless && !api_chance(client, 2)))
		add_text(&request->bytes, "\r\n");
	else
		add_body(client, &request->bytes, row);
}
