/*
 * Requests by route, method and status, and how long they took.
 */
#include "ops/metrics.h"

#include "base/memory.h"
#include "http/reply.h"
#include "ops/trace.h"
#include "route/route.h"

#include <inttypes.h>
#include <stdlib.h>

/* In seconds, as words and in nanoseconds. */
static const struct {
	const char *seconds;
	uint64_t nanoseconds;
} buckets[] = {
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

#define BUCKETS (sizeof(buckets) / sizeof(buckets[0]))

/* Of one route (the last one is none) and one method. */
struct series {
	uint64_t count;
	uint64_t status[REPLY_STATUSES];
	uint64_t bucket[BUCKETS + 1]; /* the last one: longer than any */
	uint64_t nanoseconds;
	uint64_t bytes;
	uint64_t unsent; /* of count: the client was gone, or the reply cut */
};

struct metrics {
	const struct router *router;
	unsigned routes;
	struct series *series; /* by route and method */
	uint64_t refused[REPLY_STATUSES];
};

struct metrics *metrics_new(const struct router *router)
{
	struct metrics *metrics = memory_zeroed(sizeof(*metrics));

	metrics->router = router;
	while (router_route(router, metrics->routes) != NULL)
		metrics->routes++;
	metrics->series =
		memory_zeroed(sizeof(*metrics->series) * (metrics->routes + 1) * HTTP_METHODS);
	return metrics;
}

void metrics_free(struct metrics *metrics)
{
	free(metrics->series);
	free(metrics);
}

void metrics_count(struct metrics *metrics, const struct trace *trace)
{
	unsigned route = trace->route != NULL ? trace->route->index : metrics->routes;
	struct series *series = &metrics->series[route * HTTP_METHODS + trace->method];
	size_t bucket = 0;

	while (bucket < BUCKETS && trace->nanoseconds > buckets[bucket].nanoseconds)
		bucket++;
	series->count++;
	series->status[reply_status_index(trace->status)]++;
	series->bucket[bucket]++;
	series->nanoseconds += trace->nanoseconds;
	series->bytes += trace->bytes;
	series->unsent += trace->end != TRACE_SENT;
}

void metrics_count_refusal(struct metrics *metrics, const struct trace *trace)
{
	metrics->refused[reply_status_index(trace->status)]++;
}

void metrics_write_head(struct buffer *out, const char *name, const char *type, const char *help)
{
	buffer_add_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

#define LABELS "route=\"%s\",method=\"%s\""

struct labels {
	const char *route, *method;
};

static void write_replies(struct buffer *out, const struct series *series, struct labels labels)
{
	for (unsigned i = 0; i < REPLY_STATUSES; i++)
		if (series->status[i] > 0)
			buffer_add_format(out,
				"todo_http_requests_total{" LABELS ",status=\"%d\"} %" PRIu64 "\n",
				labels.route, labels.method, reply_status_at(i), series->status[i]);
}

static void write_durations(struct buffer *out, const struct series *series, struct labels labels)
{
	uint64_t sum = 0;

	for (size_t i = 0; i <= BUCKETS; i++) {
		sum += series->bucket[i];
		buffer_add_format(out,
			"todo_http_request_duration_seconds_bucket{" LABELS ",le=\"%s\"} %" PRIu64
			"\n",
			labels.route, labels.method, i < BUCKETS ? buckets[i].seconds : "+Inf",
			sum);
	}
	buffer_add_format(out,
		"todo_http_request_duration_seconds_sum{" LABELS "} %" PRIu64 ".%09" PRIu64 "\n"
		"todo_http_request_duration_seconds_count{" LABELS "} %" PRIu64 "\n",
		labels.route, labels.method, series->nanoseconds / 1000000000,
		series->nanoseconds % 1000000000, labels.route, labels.method, series->count);
}

static void write_bytes(struct buffer *out, const struct series *series, struct labels labels)
{
	buffer_add_format(out, "todo_http_reply_bytes_total{" LABELS "} %" PRIu64 "\n",
		labels.route, labels.method, series->bytes);
}

static void write_unsent(struct buffer *out, const struct series *series, struct labels labels)
{
	buffer_add_format(out, "todo_http_unsent_replies_total{" LABELS "} %" PRIu64 "\n",
		labels.route, labels.method, series->unsent);
}

static const struct {
	const char *name, *type, *help;
	void (*write)(struct buffer *out, const struct series *series, struct labels labels);
} families[] = {
	{ "todo_http_requests_total", "counter", "Requests by route, method and reply's status.",
		write_replies },
	{ "todo_http_request_duration_seconds", "histogram",
		"From a request's head being there to its reply being handed over.",
		write_durations },
	{ "todo_http_reply_bytes_total", "counter", "Bytes of replies' bodies.", write_bytes },
	{ "todo_http_unsent_replies_total", "counter",
		"Requests whose client was gone before the reply was whole, or whose reply was "
		"cut.",
		write_unsent },
};

static void write_refusals(const struct metrics *metrics, struct buffer *out)
{
	metrics_write_head(out, "todo_http_refusals_total", "counter",
		"What was refused before it was a request: badly framed, too long or too slow.");
	for (unsigned i = 0; i < REPLY_STATUSES; i++)
		if (metrics->refused[i] > 0)
			buffer_add_format(out,
				"todo_http_refusals_total{status=\"%d\"} %" PRIu64 "\n",
				reply_status_at(i), metrics->refused[i]);
}

/* A route's method is counted from its first request on. */
void metrics_write_requests(const struct metrics *metrics, struct buffer *out)
{
	unsigned count = (metrics->routes + 1) * HTTP_METHODS;

	for (size_t family = 0; family < sizeof(families) / sizeof(families[0]); family++) {
		metrics_write_head(
			out, families[family].name, families[family].type, families[family].help);
		for (unsigned i = 0; i < count; i++) {
			const struct route *route =
				router_route(metrics->router, i / HTTP_METHODS);
			struct labels labels = { route != NULL ? route->endpoint->path : "-",
				method_name(i % HTTP_METHODS) };
			if (metrics->series[i].count > 0)
				families[family].write(out, &metrics->series[i], labels);
		}
	}
	write_refusals(metrics, out);
}
