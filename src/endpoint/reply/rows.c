/*
 * A reply as the endpoint's row describes it: the store's rows, what is around them, and the headers
 * that lead to them or say which they are.
 */
#include "reply/rows.h"

#include "access/origin.h"
#include "access/precondition.h"
#include "base/json.h"
#include "http/reply.h"
#include "list/cursor.h"
#include "reply/reply.h"
#include "state/request_state.h"

#include <event2/buffer.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COOKIE_SECONDS 2592000 /* 30 days, as the session */

/* One of our paths as the client knows it, its "{x}" filled with the values of x. */
static void add_path(struct request *request, const char *path, struct buffer *out)
{
	buffer_add_text(out, request->client.prefix);
	for (;;) {
		size_t plain = strcspn(path, "{");
		buffer_add(out, path, plain);
		path += plain;
		if (*path == '\0')
			return;
		size_t length = strcspn(path, "}") - 1;
		char *name = memory_copy(path + 1, length);
		const struct value *value = request_value(request, name);
		free(name);
		if (value->type == VALUE_INTEGER)
			json_write_integer(out, value->integer);
		else
			buffer_add_text(out, value->text);
		path += length + 2;
	}
}

/* What may stand in a header's <URI> as it is; the rest is percent-encoded. */
static void add_uri(struct buffer *out, struct text text)
{
	static const char plain[] = "-._~!$'()*+,;:@/?%=";

	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.data[i];
		bool letter =
			(c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (letter || (c != '\0' && strchr(plain, c) != NULL))
			buffer_add(out, &c, 1);
		else
			buffer_add_format(out, "%%%02X", c);
	}
}

/* Whether a pair of a query has this name, whose letters may be encoded. */
static bool is_named(struct text pair, struct text name)
{
	char decoded[32];
	const char *equals = memchr(pair.data, '=', pair.length);
	size_t length = equals != NULL ? (size_t)(equals - pair.data) : pair.length;

	return length <= sizeof(decoded) &&
	       text_percent_decode((struct text){ pair.data, length }, true, decoded, &length) &&
	       text_equal((struct text){ decoded, length }, name);
}

/* The query as it was sent, but for its cursor. */
static void add_query(struct buffer *out, struct text query)
{
	while (query.length > 0) {
		const char *end = memchr(query.data, '&', query.length);
		struct text pair = { query.data,
			end != NULL ? (size_t)(end - query.data) : query.length };
		query.data += pair.length + (end != NULL);
		query.length -= pair.length + (end != NULL);
		if (pair.length == 0 || is_named(pair, TEXT("cursor")))
			continue;
		add_uri(out, pair);
		buffer_add_text(out, TEXT("&"));
	}
}

/* Where a list has more: the header that leads to it (RFC 8288). */
static void add_next_link(struct request *request)
{
	struct buffer link = { 0 };

	buffer_add_text(&link, TEXT("<"));
	add_path(request, request->route->endpoint->path, &link);
	buffer_add_text(&link, TEXT("?"));
	add_query(&link, request->target.query);
	buffer_add_text(&link, TEXT("cursor="));
	cursor_write(request, &link);
	buffer_add_text(&link, TEXT(">; rel=\"next\""));
	reply_header(request, "Link", (struct text){ link.data, link.length });
	buffer_free(&link);
}

static void add_location(struct request *request, const char *location)
{
	struct buffer out = { 0 };

	add_path(request, location, &out);
	reply_header(request, "Location", (struct text){ out.data, out.length });
	buffer_free(&out);
}

static void add_cookie(struct request *request, enum cookie cookie)
{
	bool set = cookie == COOKIE_SET;
	char value[160];

	snprintf(value, sizeof(value),
		"todo_session=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s",
		set ? request->session.new_token : "", set ? COOKIE_SECONDS : 0,
		request->client.scheme == SCHEME_HTTPS ? "; Secure" : "");
	reply_header(request, "Set-Cookie", text_of(value));
	sodium_memzero(value, sizeof(value));
}

/*
 * Another site may log in for its own use, but not put the browser into that session. The reply
 * says so, for it may be our own page, whose proxy does not pass on the host.
 */
void reply_session_cookie(struct request *request)
{
	enum cookie cookie = request->route->endpoint->cookie;

	if (cookie == COOKIE_SET && request->session.cross_site)
		*request_value(request, "cookie_refused") = (struct value){ VALUE_TEXT,
			.text = text_of(origin_refuse_cookie(request)) };
	else if (cookie != COOKIE_UNCHANGED)
		add_cookie(request, cookie);
}

/* Whether the rows are known to be those of the newest revision. */
static bool is_newest(const struct request *request)
{
	const struct value *as_of = &request->values[SLOT_AS_OF];

	return as_of->type == VALUE_NULL || as_of->integer >= request->values[SLOT_NEWEST].integer;
}

/* Of a reply, or of a 304: what the client has is known to be the newest. */
static void add_tag(struct request *request, bool known)
{
	enum etag etag = request->route->endpoint->etag;
	int slot = etag == ETAG_ROW ? SLOT_REVISION : SLOT_NEWEST;
	char tag[sizeof("W/") + ETAG_SIZE] = "W/";
	char *strong = tag + strlen(tag);

	if ((etag != ETAG_ROW && etag != ETAG_ACCOUNT) || request->precondition.no_etag ||
		request->precondition.waits)
		return;
	if (!known && !is_newest(request))
		return;
	struct text bare = reply_unquoted_tag(request->values[slot].integer, strong);
	bool weak = known ? precondition_keeps_weak(request, bare) : request->coding.applied;
	reply_header(request, "ETag", text_of(weak ? tag : strong));
}

/* RFC 9110, 15.4.5 */
void reply_not_modified(struct request *request)
{
	reply_headers(request, TEXT(API_HEADERS));
	add_tag(request, true);
	reply_finish(request, 304);
}

/* The constant headers of another format than JSON. */
static void add_media(struct request *request, const char *media)
{
	if (media == NULL) {
		reply_headers(request, TEXT(HTML_HEADERS));
		return;
	}
	reply_header(request, "Content-Type", text_of(media));
	reply_headers(request, TEXT(API_HEADERS));
}

/* RFC 6266 */
static void add_file(struct request *request, const char *file)
{
	char value[96];

	snprintf(value, sizeof(value), "attachment; filename=\"%s\"", file);
	reply_header(request, "Content-Disposition", text_of(value));
}

void reply_rows_headers(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;
	const struct row_format *writing = request->reply.format;
	const char *file = writing != NULL ? writing->file : endpoint->file;

	if (writing != NULL) {
		add_media(request, writing->media);
	} else {
		reply_headers(request, TEXT(JSON_TYPE API_HEADERS));
		add_tag(request, false);
	}
	if (request->coding.applied)
		reply_header(request, "Content-Encoding", TEXT("gzip"));
	int next = request->route->next_id;
	if (next >= 0 && request->values[next].type != VALUE_NULL)
		add_next_link(request);
	if (file != NULL)
		add_file(request, file);
	if (endpoint->location != NULL)
		add_location(request, endpoint->location);
	reply_session_cookie(request);
}

int reply_rows_status(const struct endpoint *endpoint)
{
	return endpoint->status != 0 ? endpoint->status : 200;
}

/* ---- the body ---- */

static bool is_flat(const struct endpoint *endpoint)
{
	return endpoint->object == NULL && endpoint->array == NULL && !endpoint->no_row;
}

/* A value beside the rows; what is none is left out. */
static void write_extra(
	const struct value *value, const struct extra *extra, struct buffer *out)
{
	bool null = strcmp(extra->schema, SCHEMA_TEXT_OR_NULL) == 0;

	if (value->type == VALUE_NULL && !null)
		return;
	buffer_add_text(out, TEXT(","));
	json_write_text(out, text_of(extra->name));
	buffer_add_text(out, TEXT(":"));
	if (value->type == VALUE_NULL)
		buffer_add_text(out, TEXT("null"));
	else if (value->type == VALUE_TEXT)
		json_write_text(out, value->text);
	else if (strcmp(extra->schema, SCHEMA_BOOL) == 0)
		buffer_add_text(out, value->integer != 0 ? TEXT("true") : TEXT("false"));
	else
		json_write_integer(out, value->integer);
}

static void write_opening(struct request *request, struct buffer *out)
{
	const struct endpoint *endpoint = request->route->endpoint;
	const char *rows = endpoint->object != NULL ? endpoint->object : endpoint->array;

	if (endpoint->msg != NULL) {
		buffer_add_text(out, TEXT(",\"msg\":"));
		json_write_text(out, text_of(endpoint->msg));
	}
	if (endpoint->username) {
		buffer_add_text(out, TEXT(",\"username\":"));
		json_write_text(out, request->values[SLOT_USERNAME].text);
	}
	for (int i = 0; i < ENDPOINT_EXTRAS && endpoint->extra[i].name != NULL; i++)
		if (endpoint->extra[i].value != NULL)
			write_extra(&request->values[request->route->extra[i]], &endpoint->extra[i], out);
	if (rows != NULL) {
		buffer_add_text(out, TEXT(","));
		json_write_text(out, text_of(rows));
		buffer_add_text(out, endpoint->array != NULL ? TEXT(":[") : TEXT(":"));
	}
}

void reply_open_rows(struct request *request, struct buffer *out)
{
	bool flat = is_flat(request->route->endpoint);

	if (request->reply.format != NULL)
		request->reply.format->begin(out);
	else
		write_opening(request, out);
	if (out->length > 0 && request->reply.format == NULL)
		out->data[0] = '{';
	if (flat && out->length > 0 && request->job.out.length > 0)
		request->job.out.data[0] = ',';
}

void reply_close_rows(struct request *request, struct buffer *out)
{
	const struct endpoint *endpoint = request->route->endpoint;

	if (request->reply.format != NULL) {
		request->reply.format->end(out);
		return;
	}
	if (is_flat(endpoint))
		return;
	if (endpoint->array != NULL)
		buffer_add_text(out, TEXT("]"));
	buffer_add_text(out, request->values[SLOT_BESIDE].text);
	buffer_add_text(out, TEXT("}"));
}

static void add_body(struct request *request, struct evbuffer *output)
{
	struct buffer around = { 0 };

	if (request->coding.applied) {
		reply_add_body(output, &request->job.out);
		return;
	}
	reply_open_rows(request, &around);
	evbuffer_add(output, around.data, around.length);
	if (!request->route->endpoint->no_row)
		reply_add_body(output, &request->job.out);
	around.length = 0;
	reply_close_rows(request, &around);
	evbuffer_add(output, around.data, around.length);
	buffer_free(&around);
}

void reply_rows(struct request *request)
{
	reply_rows_headers(request);
	add_body(request, evhttp_request_get_output_buffer(request->evhttp));
	reply_finish(request, reply_rows_status(request->route->endpoint));
}
