/*
 * Replies: status, headers, body. Every reply of the server but a streamed one is sent from here.
 */
#include "reply/reply.h"

#include "http/connection.h"
#include "http/reply.h"
#include "state/request_state.h"
#include "state/server_state.h"
#include "telemetry/record.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define COPIED_MAX 8192	   /* a longer body is handed over instead of copied */
#define HEADERS_USUAL 1024 /* bytes of a reply's headers */

/*
 * evhttp formats and allocates for each header, and six of them cost as much as a task's rows. So
 * it is given one, whose value goes on with the lines of the others. It writes a header as its
 * name, ": ", its value and the end of a line. That one is Date, because evhttp looks for it by
 * name and would add its own; so it does for Content-Length and Connection, which stay by
 * themselves.
 */
static struct buffer *header_lines(struct request *request)
{
	struct buffer *lines = &request->reply.headers;

	if (lines->length == 0) {
		buffer_reserve(lines, HEADERS_USUAL);
		buffer_add_text(lines, reply_date());
	}
	return lines;
}

void reply_headers(struct request *request, struct text lines)
{
	buffer_add_text(header_lines(request), lines);
}

void reply_header(struct request *request, const char *name, struct text value)
{
	struct buffer *lines = header_lines(request);

	if (memchr(value.data, '\r', value.length) != NULL ||
		memchr(value.data, '\n', value.length) != NULL)
		return;
	buffer_add_text(lines, TEXT("\r\n"));
	buffer_add_text(lines, text_of(name));
	buffer_add_text(lines, TEXT(": "));
	buffer_add_text(lines, value);
}

/* evhttp frees the name and the value. */
static void hand_over_header(struct request *request, const char *name, char *value)
{
	struct evkeyval *header = memory_zeroed(sizeof(*header));

	header->key = memory_copy(name, strlen(name));
	header->value = value;
	TAILQ_INSERT_TAIL(evhttp_request_get_output_headers(request->evhttp), header, next);
}

void reply_close(struct request *request)
{
	hand_over_header(request, "Connection", memory_copy("close", strlen("close")));
}

static void free_reference(const void *data, size_t length, void *unused)
{
	(void)length;
	(void)unused;
	free((void *)data);
}

/*
 * The last byte is added by itself, with free space after it: evbuffer_add() after a reference
 * would allocate as much again as the reference has, for the two bytes that end a chunk.
 */
static void add_last_byte(struct evbuffer *output, char byte)
{
	struct evbuffer *last = evbuffer_new();

	evbuffer_add(last, &byte, 1);
	evbuffer_add_buffer(output, last);
	evbuffer_free(last);
}

void reply_add_body(struct evbuffer *output, struct buffer *body)
{
	if (body->length <= COPIED_MAX) {
		evbuffer_add(output, body->data, body->length);
		body->length = 0;
		return;
	}
	/* It may wait long for its client: give back what it has beyond its length. */
	body->data = memory_resize(body->data, body->length);
	evbuffer_add_reference(output, body->data, body->length - 1, free_reference, NULL);
	add_last_byte(output, body->data[body->length - 1]);
	*body = (struct buffer){ 0 };
}

/*
 * A client may send anything after CONNECT, once it takes that for accepted; and what the body of
 * an unknown method means is not known either.
 */
static bool is_perhaps_no_http(const struct request *request)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(request->evhttp);

	return request->method == HTTP_CONNECT ||
	       (request->method == HTTP_OTHER && evbuffer_get_length(body) > 0);
}

void reply_end_headers(struct request *request, int status)
{
	struct buffer *lines = header_lines(request);
	char seconds[16], own[REQUEST_ID_MAX + 1];

	/* The client's own id, or one to ask the operator about. */
	if (status >= 500 || request->header[HEADER_X_REQUEST_ID] != NULL)
		reply_header(request, "X-Request-Id", text_of(request_id(request, own)));
	if (request->reply.retry_after > 0) {
		snprintf(seconds, sizeof(seconds), "%d", request->reply.retry_after);
		reply_header(request, "Retry-After", text_of(seconds));
	}
	if (request->server->stopping || is_perhaps_no_http(request) ||
		connections_at_limit(request->server->connections))
		reply_close(request);
	buffer_add(lines, "", 1);
	hand_over_header(request, "Date", lines->data);
	*lines = (struct buffer){ 0 };
}

/* HEAD has no body, but evhttp would send what it is given. */
void reply_finish(struct request *request, int status)
{
	struct evbuffer *output = evhttp_request_get_output_buffer(request->evhttp);
	struct connection *connection =
		connection_of(request->server->connections, request->evhttp);
	char length[24];

	reply_end_headers(request, status);
	if (status != 204 && status != 304) {
		const char *end = text_write_number(length, evbuffer_get_length(output), 10, 1);
		hand_over_header(
			request, "Content-Length", memory_copy(length, (size_t)(end - length)));
	}
	if (request->head)
		evbuffer_drain(output, evbuffer_get_length(output));
	record_reply(request, status, evbuffer_get_length(output),
		connection != NULL ? REPLY_SENT : REPLY_CLIENT_GONE);
	if (connection != NULL)
		connection_watch_reply(connection, request->evhttp);
	evhttp_send_reply(request->evhttp, status, reply_reason(status), NULL);
	if (connection != NULL)
		connection_flush(connection);
	request_free(request);
}

static bool may_be_stored(const struct request *request)
{
	return request->route == NULL || !request->route->endpoint->no_store;
}

void reply_send(struct request *request, int status, struct buffer *body)
{
	if (status == 204)
		reply_headers(request, TEXT(API_HEADERS));
	else
		reply_headers(request, may_be_stored(request) ? TEXT(JSON_TYPE API_HEADERS)
							      : TEXT(JSON_TYPE NO_STORE_HEADERS));
	if (body != NULL) {
		reply_add_body(evhttp_request_get_output_buffer(request->evhttp), body);
		buffer_free(body);
	}
	reply_finish(request, status);
}

/* What the body of the request should have been (RFC 9110, 12.5.3; RFC 5789, 3.1). */
static void add_what_is_taken(struct request *request)
{
	if (request->input.coded)
		reply_header(request, "Accept-Encoding", TEXT("identity"));
	else if (request->route->endpoint->method == PATCH)
		reply_header(request, "Accept-Patch", TEXT(PATCH_TYPES));
}

void reply_problem_body(struct request *request, int status, struct buffer *body)
{
	reply_headers(request, may_be_stored(request) ? TEXT(PROBLEM_TYPE API_HEADERS)
						      : TEXT(PROBLEM_TYPE NO_STORE_HEADERS));
	if (status == 401)
		reply_header(request, "WWW-Authenticate", TEXT("Bearer"));
	if (status == 415)
		add_what_is_taken(request);
	if (request->route != NULL && request->route->endpoint->html)
		reply_header(request, "Vary", TEXT("Accept"));
	reply_add_body(evhttp_request_get_output_buffer(request->evhttp), body);
	reply_finish(request, status);
}

void request_reply_json(struct request *request, struct buffer *body)
{
	reply_send(request, 200, body);
}
