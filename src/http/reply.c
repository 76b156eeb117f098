/*
 * What goes out: status, headers, body. Every reply of the server is made here.
 */
#include "reply.h"

#include "answer.h"
#include "base/json.h"
#include "method.h"
#include "request.h"
#include "serving.h"
#include "trace.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define PATCH_TYPES "application/merge-patch+json, application/json" /* RFC 5789, 3.1 */
#define COPIED_MOST 8192 /* a longer body is handed over instead of copied */

#define ALLOWED_HEADERS                                                                            \
	"Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id"

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

void reply_add_body(struct evbuffer *output, struct buffer *body)
{
	if (body->length <= COPIED_MOST) {
		evbuffer_add(output, body->data, body->length);
		body->length = 0;
		return;
	}
	evbuffer_add_reference(output, body->data, body->length, free_reference, NULL);
	*body = (struct buffer){ 0 };
}

/* The last headers, those of the moment; then evhttp has the reply. */
void reply_moment_headers(struct request *request, int status)
{
	char seconds[16], own[REQUEST_ID_MOST + 1];

	if (trace_tells_id(request, status))
		reply_header(request, "X-Request-Id", trace_id(request, own));
	if (request->retry_after > 0) {
		snprintf(seconds, sizeof(seconds), "%d", request->retry_after);
		reply_header(request, "Retry-After", seconds);
	}
	if (request->server->stopping || connections_are_crowded(&request->server->connections))
		reply_header(request, "Connection", "close");
}

/* HEAD has no body, but evhttp would send what it is given. */
void reply_finish(struct request *request, int status)
{
	struct evbuffer *output = evhttp_request_get_output_buffer(request->evhttp);
	struct connection *connection =
		connection_of(&request->server->connections, request->evhttp);
	char length[24];

	reply_moment_headers(request, status);
	if (status != 204 && status != 304) {
		snprintf(length, sizeof(length), "%zu", evbuffer_get_length(output));
		reply_header(request, "Content-Length", length);
	}
	if (request->head)
		evbuffer_drain(output, evbuffer_get_length(output));
	trace_reply(request, status, evbuffer_get_length(output),
		connection != NULL ? TRACE_SENT : TRACE_GONE);
	if (connection != NULL)
		connection_replies(connection, request->evhttp);
	evhttp_send_reply(request->evhttp, status, reply_reason(status), NULL);
	if (connection != NULL)
		connection_flush(connection);
	request_free(request);
}

/* Of a reply with these constant headers, or of one that is true now alone. */
static const char *headers_of(const struct request *request, const char *usual, const char *moment)
{
	return request->route != NULL && request->route->endpoint->momentary ? moment : usual;
}

void reply_send(struct request *request, int status, struct buffer *body)
{
	if (status == 204)
		reply_headers(request, "Access-Control-Allow-Origin", EMPTY_HEADERS);
	else
		reply_headers(request, "Content-Type",
			headers_of(request, JSON_HEADERS, JSON_TYPE MOMENT_HEADERS));
	if (body != NULL) {
		reply_add_body(evhttp_request_get_output_buffer(request->evhttp), body);
		buffer_free(body);
	}
	reply_finish(request, status);
}

/* Instead of a body that was not (RFC 9110, 12.5.3; RFC 5789, 3.1). */
static void add_what_is_taken(struct request *request)
{
	if (request->coded)
		reply_header(request, "Accept-Encoding", "identity");
	else if (request->route->endpoint->method == PATCH)
		reply_header(request, "Accept-Patch", PATCH_TYPES);
}

void reply_problem_body(struct request *request, int status, struct buffer *body)
{
	if (answer_keep(request, status, body))
		return;
	reply_headers(request, "Content-Type",
		headers_of(request, PROBLEM_HEADERS, PROBLEM_TYPE MOMENT_HEADERS));
	if (status == 401)
		reply_header(request, "WWW-Authenticate", "Bearer");
	if (status == 415)
		add_what_is_taken(request);
	if (request->route != NULL && request->route->endpoint->page)
		reply_header(request, "Vary", "Accept");
	reply_add_body(evhttp_request_get_output_buffer(request->evhttp), body);
	reply_finish(request, status);
}

/* Another member of a problem document: its value is JSON. */
static void add_member(struct buffer *body, const char *name, const char *opening,
	const struct buffer *json, const char *closing)
{
	if (json->length == 0)
		return;
	buffer_add_text(body, TEXT(","));
	json_write_text(body, text_of(name));
	buffer_add_text(body, TEXT(":"));
	buffer_add_text(body, text_of(opening));
	buffer_add(body, json->data, json->length);
	buffer_add_text(body, text_of(closing));
}

static void problem(struct request *request, int status, const char *detail, const char *row_name)
{
	struct buffer body = { 0 };

	if (request->route != NULL && request->route->endpoint->page &&
		request_wants_page(request)) {
		reply_page_problem(request, status, detail);
		return;
	}
	reply_open_problem(&body, status, detail);
	if (status == request->fault.status)
		add_member(&body, "errors", "[", &request->fault.members, "]");
	if (row_name != NULL)
		add_member(&body, row_name, "", &request->job.out, "");
	buffer_add_text(&body, TEXT("}"));
	reply_problem_body(request, status, &body);
	buffer_free(&body);
}

void reply_problem(struct request *request, int status, const char *detail)
{
	problem(request, status, detail, NULL);
}

void reply_problem_row(struct request *request, int status, const char *detail)
{
	problem(request, status, detail, "task");
}

/* Terminated. */
static struct buffer list_methods(unsigned methods, bool head)
{
	struct buffer list = { 0 };

	for (enum http_method method = 0; method < HTTP_METHODS; method++)
		if ((methods & method_of_endpoint(method)) != 0 && (head || method != HTTP_HEAD))
			buffer_add_format(&list, "%s, ", method_name(method));
	buffer_add(&list, "OPTIONS", sizeof("OPTIONS"));
	return list;
}

/* A CORS preflight (https://fetch.spec.whatwg.org/#cors-preflight-fetch) is an OPTIONS like any. */
void reply_allow(struct request *request, int status, unsigned methods, bool head)
{
	struct buffer list = list_methods(methods, head);

	reply_header(request, "Allow", list.data);
	if (status == 204)
		reply_header(request, "Access-Control-Allow-Methods", list.data);
	buffer_free(&list);
	if (status == 405) {
		reply_problem(request, 405, "This method is not known here.");
		return;
	}
	if ((methods & PATCH) != 0)
		reply_header(request, "Accept-Patch", PATCH_TYPES);
	reply_header(request, "Access-Control-Allow-Headers", ALLOWED_HEADERS);
	reply_header(request, "Access-Control-Max-Age", "86400");
	reply_send(request, 204, NULL);
}

void request_refuse(struct request *request, int status, const char *detail)
{
	reply_problem(request, status, detail);
}

void request_refuse_faults(struct request *request)
{
	reply_problem(request, request->fault.status, request->fault.detail);
}

void request_refuse_for(struct request *request, int status, int seconds, const char *detail)
{
	request->retry_after = seconds;
	reply_problem(request, status, detail);
}

void request_refuse_limit(struct request *request, const char *name)
{
	char detail[128], option[32];

	snprintf(option, sizeof(option), "%s", name);
	for (char *c = option; *c != '\0'; c++)
		*c = *c == '_' ? '-' : *c;
	snprintf(detail, sizeof(detail), "The account has all that it may have: --%s is %lld.",
		option, (long long)request_value(request, name)->integer);
	reply_problem(request, 507, detail);
}

void request_reply_json(struct request *request, struct buffer *body)
{
	reply_send(request, 200, body);
}
