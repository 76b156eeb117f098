/*
 * To count a request takes a few additions, and no allocation. Nothing in its line needs escaping:
 * words of ours, numbers, addresses, and ids that were checked.
 */
#include "telemetry/record.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "http/connection.h"
#include "http/method.h"
#include "http/parser.h"
#include "route/route.h"
#include "state/clock.h"
#include "state/request_state.h"
#include "state/server_state.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Nothing in it is a secret, and of what the client sent there is its id alone. */
struct request_record {
	enum http_method method;
	const struct route *route; /* or NULL */
	int status;
	uint64_t nanoseconds; /* from its head being there to the reply being handed over */
	uint64_t bytes;	      /* of the reply's body */
	const char *id;
	const char *address; /* of the client */
	enum reply_end end;
};

/* ---- counts ---- */

const struct duration_bucket duration_buckets[DURATION_BUCKETS] = {
	{ "0.0005", 500000 },
	{ "0.001", 1000000 },
	{ "0.0025", 2500000 },
	{ "0.005", 5000000 },
	{ "0.01", 10000000 },
	{ "0.025", 25000000 },
	{ "0.05", 50000000 },
	{ "0.1", 100000000 },
	{ "0.25", 250000000 },
	{ "0.5", 500000000 },
	{ "1", 1000000000 },
	{ "2.5", 2500000000 },
	{ "5", 5000000000 },
	{ "10", 10000000000 },
};

struct request_counts *request_counts_new(const struct router *router)
{
	struct request_counts *counts = memory_zeroed(sizeof(*counts));

	while (router_route(router, counts->routes) != NULL)
		counts->routes++;
	counts->series =
		memory_zeroed(sizeof(*counts->series) * (counts->routes + 1) * HTTP_METHODS);
	return counts;
}

void request_counts_free(struct request_counts *counts)
{
	free(counts->series);
	free(counts);
}

static void count(struct request_counts *counts, const struct request_record *record)
{
	unsigned route = record->route != NULL ? record->route->index : counts->routes;
	struct series *series = &counts->series[route * HTTP_METHODS + record->method];
	size_t bucket = 0;

	while (bucket < DURATION_BUCKETS &&
		record->nanoseconds > duration_buckets[bucket].nanoseconds)
		bucket++;
	series->count++;
	series->status[reply_status_index(record->status)]++;
	series->bucket[bucket]++;
	series->nanoseconds += record->nanoseconds;
	series->bytes += record->bytes;
	series->unsent += record->end != REPLY_SENT;
}

/* ---- the line ---- */

static void write_id(const struct server *server, uint64_t number, char id[REQUEST_ID_MAX + 1])
{
	char *end = text_write_number(id, server->run, 16, 16);

	*end++ = '-';
	*text_write_number(end, number, 16, 1) = '\0';
}

const char *request_id(const struct request *request, char own[REQUEST_ID_MAX + 1])
{
	const char *id = request->header[HEADER_X_REQUEST_ID];

	if (id != NULL)
		return id;
	write_id(request->server, request->number, own);
	return own;
}

struct log_row {
	char data[PIPE_BUF];
	size_t length;
};

static const char *const ends[] = {
	[REPLY_SENT] = "sent",
	[REPLY_CLIENT_GONE] = "gone",
	[REPLY_ABORTED] = "cut",
};

static void add(struct log_row *row, const char *text)
{
	size_t length = strlen(text);

	assert(length < sizeof(row->data) - row->length);
	memcpy(row->data + row->length, text, length);
	row->length += length;
}

/* With at least so many digits. */
static void add_number(struct log_row *row, uint64_t number, int width)
{
	char digits[24];

	*text_write_number(digits, number, 10, width) = '\0';
	add(row, digits);
}

static void add_milliseconds(struct log_row *row, uint64_t nanoseconds)
{
	uint64_t micros = nanoseconds / 1000;

	add_number(row, micros / 1000, 1);
	add(row, ".");
	add_number(row, micros % 1000, 3);
}

/* The members in their order, and the text before each of them. */
enum {
	BEFORE_TIME,
	BEFORE_METHOD,
	BEFORE_ROUTE,
	BEFORE_STATUS,
	BEFORE_MS,
	BEFORE_BYTES,
	BEFORE_ID,
	BEFORE_ADDRESS,
	BEFORE_END,
	AFTER,
	MARKS
};

/* clang-format off */
static const char *const marks[][MARKS] = {
	[REQUEST_LOG_TEXT] = { "", " ", " ", " ", " ", "ms ", " ", " ", " ", "\n" },
	[REQUEST_LOG_JSON] = {
		"{\"time\":\"", "\",\"method\":\"", "\",\"route\":\"", "\",\"status\":",
		",\"ms\":", ",\"bytes\":", ",\"id\":\"", "\",\"address\":\"", "\",\"end\":\"",
		"\"}\n",
	},
};
/* clang-format on */

/* A line is put together by hand, since printf() would cost as much as the rest of it. */
static void write_line(struct server *server, const struct request_record *record)
{
	const char *const *mark = marks[server->settings.log];
	struct log_row row;

	row.length = 0;
	add(&row, mark[BEFORE_TIME]);
	add(&row, server_clock(server)->now);
	add(&row, mark[BEFORE_METHOD]);
	add(&row, method_name(record->method));
	add(&row, mark[BEFORE_ROUTE]);
	add(&row, record->route != NULL ? record->route->endpoint->path : "-");
	add(&row, mark[BEFORE_STATUS]);
	add_number(&row, (uint64_t)record->status, 3);
	add(&row, mark[BEFORE_MS]);
	add_milliseconds(&row, record->nanoseconds);
	add(&row, mark[BEFORE_BYTES]);
	add_number(&row, record->bytes, 1);
	add(&row, mark[BEFORE_ID]);
	add(&row, record->id);
	add(&row, mark[BEFORE_ADDRESS]);
	add(&row, record->address);
	add(&row, mark[BEFORE_END]);
	add(&row, ends[record->end]);
	add(&row, mark[AFTER]);
	log_line(row.data, row.length);
}

/* ---- what ends ---- */

static const char *peer(struct evhttp_connection *evcon)
{
	char *address = NULL;
	ev_uint16_t port;

	if (evcon != NULL)
		evhttp_connection_get_peer(evcon, &address, &port);
	return address != NULL ? address : "-";
}

void record_reply(struct request *request, int status, uint64_t bytes, enum reply_end end)
{
	struct server *server = request->server;
	char own[REQUEST_ID_MAX + 1];
	struct request_record record = {
		.method = request->method,
		.route = request->route,
		.status = status,
		.nanoseconds = monotonic_ns() - request->begun,
		.bytes = bytes,
		.address = request->client.text,
		.end = end,
	};

	count(server->counts, &record);
	if (server->settings.log == REQUEST_LOG_OFF)
		return;
	record.id = request_id(request, own);
	if (request->client.text[0] == '\0')
		record.address = peer(evhttp_request_get_connection(request->evhttp));
	write_line(server, &record);
}

void record_refusal(void *argument, struct connection *connection, uint64_t bytes)
{
	struct server *server = argument;
	struct http_parser *parser = &connection->parser;
	struct text method = { 0 }, target;

	if (parser->id[0] == '\0')
		write_id(server, ++server->requests, parser->id);
	if (parser->request_line.length > 0)
		parser_request_line(parser, &method, &target);
	struct request_record record = {
		.method = method_of_name(method),
		.status = parser->status,
		.nanoseconds = connection_head_age(connection, monotonic_ns()),
		.bytes = bytes,
		.id = parser->id,
		.address = peer(connection->evcon),
	};
	server->counts->refused[reply_status_index(record.status)]++;
	if (server->settings.log != REQUEST_LOG_OFF)
		write_line(server, &record);
}
