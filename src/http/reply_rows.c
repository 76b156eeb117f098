/*
 * A reply as the endpoint's row describes it: the store's rows, wrapped.
 */
#include "request.h"

#include "base/json.h"
#include "reply.h"
#include "stream.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COOKIE_SECONDS 2592000 /* 30 days, as the session */

/* Fill the "{x}" of a location with the values of x. */
static void add_location(struct request *request, const char *location)
{
	struct buffer out = { 0 };

	for (;;) {
		size_t plain = strcspn(location, "{");
		buffer_add(&out, location, plain);
		location += plain;
		if (*location == '\0')
			break;
		size_t length = strcspn(location, "}") - 1;
		char *name = memory_copy(location + 1, length);
		const struct value *value = request_value(request, name);
		free(name);
		if (value->type == VALUE_INTEGER)
			json_write_integer(&out, value->integer);
		else
			buffer_add_text(&out, value->text);
		location += length + 2;
	}
	buffer_add(&out, "", 1);
	reply_header(request, "Location", out.data);
	buffer_free(&out);
}

static void add_cookie(struct request *request, enum cookie cookie)
{
	char value[160];

	if (cookie == COOKIE_CLEARED)
		snprintf(value, sizeof(value),
			"todo_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
	else
		snprintf(value, sizeof(value),
			"todo_session=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d",
			request->new_token, COOKIE_SECONDS);
	reply_header(request, "Set-Cookie", value);
}

void reply_rows_headers(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;

	reply_headers(request, "Content-Type", JSON_HEADERS);
	if (endpoint->location != NULL)
		add_location(request, endpoint->location);
	/* Another site may log in for its own use, but not put the browser into that session. */
	if (endpoint->cookie == COOKIE_CLEARED ||
		(endpoint->cookie == COOKIE_SET && !request->cross_site))
		add_cookie(request, endpoint->cookie);
}

static bool is_flat(const struct endpoint *endpoint)
{
	return endpoint->one == NULL && endpoint->many == NULL && !endpoint->no_row;
}

static void write_opening(struct request *request, struct buffer *out)
{
	const struct endpoint *endpoint = request->route->endpoint;
	const char *rows = endpoint->one != NULL ? endpoint->one : endpoint->many;

	if (endpoint->msg != NULL) {
		buffer_add_text(out, TEXT(",\"msg\":"));
		json_write_text(out, text_of(endpoint->msg));
	}
	if (endpoint->username) {
		buffer_add_text(out, TEXT(",\"username\":"));
		json_write_text(out, request->values[SLOT_USERNAME].text);
	}
	if (rows != NULL) {
		buffer_add_text(out, TEXT(","));
		json_write_text(out, text_of(rows));
		buffer_add_text(out, endpoint->many != NULL ? TEXT(":[") : TEXT(":"));
	}
}

void reply_rows_open(struct request *request, struct evbuffer *output)
{
	struct buffer out = { 0 };
	bool flat = is_flat(request->route->endpoint);

	write_opening(request, &out);
	if (out.length > 0)
		out.data[0] = '{';
	evbuffer_add(output, out.data, out.length);
	if (flat && out.length > 0 && request->job.out.length > 0)
		request->job.out.data[0] = ',';
	buffer_free(&out);
}

void reply_rows_close(struct request *request, struct evbuffer *output)
{
	const struct endpoint *endpoint = request->route->endpoint;

	if (endpoint->many != NULL)
		evbuffer_add(output, "]}", 2);
	else if (!is_flat(endpoint))
		evbuffer_add(output, "}", 1);
}

int reply_rows_status(const struct endpoint *endpoint)
{
	return endpoint->status != 0 ? endpoint->status : 200;
}

void request_reply(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;
	struct evbuffer *output = evhttp_request_get_output_buffer(request->evhttp);

	if (request->streaming) {
		stream_end(request);
		return;
	}
	if (request->job.rows == 0 && endpoint->many == NULL) {
		reply_problem(request, 404, "There is no such thing here.");
		return;
	}
	reply_rows_headers(request);
	reply_rows_open(request, output);
	if (!endpoint->no_row)
		reply_add_body(output, &request->job.out);
	reply_rows_close(request, output);
	reply_finish(request, reply_rows_status(endpoint));
}
