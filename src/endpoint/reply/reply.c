/*
 * Replies: status, headers, body. Every reply of the server but a streamed one is sent from here.
 */
#include "reply/reply.h"

#include "http/connection.h"
#include "http/reply.h"
#include "ops/access_log.h"
#include "request_state.h"
#include "server_internal.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define COPIED_MAX 8192 /* a longer body is handed over instead of copied */

void reply_header(struct request *request, const char *name, const char *value)
{
	evhttp_add_header(evhttp_request_get_output_headers(request->evhttp), name, value);
}

/*
 * evhttp formats and allocates for each header, and six of them cost as much as a task's rows: the
 * constant ones go in as one, with the lines of the others in its value. evhttp_add_header()
 * rightly takes no line ends; this is for the constants of reply.h alone.
 */
void reply_headers(struct request *request, const char *name, const char *block)
{
	struct evkeyval *header = memory_zeroed(sizeof(*header));

	header->key = memory_copy(name, strlen(name));
	header->value = memory_copy(block, strlen(block));
	TAILQ_INSERT_TAIL(evhttp_request_get_output_headers(request->evhttp), header, next);
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

void reply_moment_headers(struct request *request, int status)
{
	char seconds[16], own[REQUEST_ID_MAX + 1];

	/* The client's own id, or one to ask the operator about. */
	if (status >= 500 || request->header[HEADER_X_REQUEST_ID] != NULL)
		reply_header(request, "X-Request-Id", request_id(request, own));
	if (request->reply.retry_after > 0) {
		snprintf(seconds, sizeof(seconds), "%d", request->reply.retry_after);
		reply_header(request, "Retry-After", seconds);
	}
	if (request->server->stopping || is_perhaps_no_http(request) ||
		connections_at_limit(request->server->connections))
		reply_header(request, "Connection", "close");
}

/* HEAD has no body, but evhttp would send what it is given. */
void reply_finish(struct request *request, int status)
{
	struct evbuffer *output = evhttp_request_get_output_buffer(request->evhttp);
	struct connection *connection =
		connection_of(request->server->connections, request->evhttp);
	char length[24];

	reply_moment_headers(request, status);
	if (status != 204 && status != 304) {
		snprintf(length, sizeof(length), "%zu", evbuffer_get_length(output));
		reply_header(request, "Content-Length", length);
	}
	if (request->head)
		evbuffer_drain(output, evbuffer_get_length(output));
	access_log_reply(request, status, evbuffer_get_length(output),
		connection != NULL ? REPLY_SENT : REPLY_CLIENT_GONE);
	if (connection != NULL)
		connection_watch_reply(connection, request->evhttp);
	evhttp_send_reply(request->evhttp, status, reply_reason(status), NULL);
	if (connection != NULL)
		connection_flush(connection);
	request_free(request);
}

/* The usual headers, or those of a reply that no cache may store. */
static const char *headers_of(const struct request *request, const char *usual, const char *moment)
{
	return request->route != NULL && request->route->endpoint->no_store ? moment : usual;
}

void reply_send(struct request *request, int status, struct buffer *body)
{
	if (status == 204)
		reply_headers(request, "Access-Control-Allow-Origin", EMPTY_HEADERS);
	else
		reply_headers(request, "Content-Type",
			headers_of(request, JSON_HEADERS, JSON_TYPE NO_STORE_HEADERS));
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
		reply_header(request, "Accept-Encoding", "identity");
	else if (request->route->endpoint->method == PATCH)
		reply_header(request, "Accept-Patch", PATCH_TYPES);
}

void reply_problem_body(struct request *request, int status, struct buffer *body)
{
	reply_headers(request, "Content-Type",
		headers_of(request, PROBLEM_HEADERS, PROBLEM_TYPE NO_STORE_HEADERS));
	if (status == 401)
		reply_header(request, "WWW-Authenticate", "Bearer");
	if (status == 415)
		add_what_is_taken(request);
	if (request->route != NULL && request->route->endpoint->html)
		reply_header(request, "Vary", "Accept");
	reply_add_body(evhttp_request_get_output_buffer(request->evhttp), body);
	reply_finish(request, status);
}

void request_reply_json(struct request *request, struct buffer *body)
{
	reply_send(request, 200, body);
}
