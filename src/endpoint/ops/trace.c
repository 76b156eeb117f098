/*
 * What is seen of each request when it ends.
 */
#include "ops/trace.h"

#include "base/monotonic.h"
#include "ops/request_log.h"
#include "serving.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void write_id(const struct server *server, uint64_t number, char id[REQUEST_ID_MOST + 1])
{
	snprintf(id, REQUEST_ID_MOST + 1, "%016" PRIx64 "-%" PRIx64, server->run, number);
}

void trace_begin(struct request *request)
{
	struct server *server = request->server;
	const char **id = &request->header[HEADER_X_REQUEST_ID];

	request->number = ++server->requests;
	request->begun = connection_head_came(
		connection_of(&server->connections, request->evhttp), monotonic_ns());
	if (*id != NULL && !header_is_request_id(text_of(*id)))
		*id = NULL;
}

const char *trace_id(const struct request *request, char own[REQUEST_ID_MOST + 1])
{
	const char *id = request->header[HEADER_X_REQUEST_ID];

	if (id != NULL)
		return id;
	write_id(request->server, request->number, own);
	return own;
}

bool trace_tells_id(const struct request *request, int status)
{
	return status >= 500 || request->header[HEADER_X_REQUEST_ID] != NULL;
}

static const char *peer(struct evhttp_connection *evcon)
{
	char *address = NULL;
	ev_uint16_t port;

	if (evcon != NULL)
		evhttp_connection_get_peer(evcon, &address, &port);
	return address != NULL ? address : "-";
}

void trace_reply(struct request *request, int status, uint64_t bytes, enum trace_end end)
{
	struct server *server = request->server;
	char own[REQUEST_ID_MOST + 1];
	struct trace trace = {
		.method = request->method,
		.route = request->route,
		.status = status,
		.nanoseconds = monotonic_ns() - request->begun,
		.bytes = bytes,
		.address = request->address,
		.end = end,
	};

	metrics_count(server->metrics, &trace);
	if (server->settings.log == REQUEST_LOG_OFF)
		return;
	trace.id = trace_id(request, own);
	if (request->address[0] == '\0')
		trace.address = peer(evhttp_request_get_connection(request->evhttp));
	request_log(server, &trace);
}

void trace_refusal(void *argument, struct connection *connection, uint64_t bytes)
{
	struct server *server = argument;
	struct http_parser *parser = &connection->parser;
	struct text method = { 0 }, target;

	if (parser->id[0] == '\0')
		write_id(server, ++server->requests, parser->id);
	if (parser->request_line.length > 0)
		parser_request_line(parser, &method, &target);
	struct trace trace = {
		.method = method_of_name(method),
		.status = parser->status,
		.nanoseconds = connection_head_age(connection, monotonic_ns()),
		.bytes = bytes,
		.id = parser->id,
		.address = peer(connection->evcon),
	};
	metrics_count_refusal(server->metrics, &trace);
	if (server->settings.log != REQUEST_LOG_OFF)
		request_log(server, &trace);
}
