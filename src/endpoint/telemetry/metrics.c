/*
 * Requests by route, method and status, and how long they took; and beside them the server's
 * parts and the process as they are when /metrics is asked for.
 */
#include "telemetry/metrics.h"

#include "base/log.h"
#include "base/memory.h"
#include "http/connection.h"
#include "http/reply.h"
#include "password/password.h"
#include "route/route.h"
#include "state/server_internal.h"
#include "telemetry/access_log.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

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

void metrics_count(struct metrics *metrics, const struct request_record *record)
{
	unsigned route = record->route != NULL ? record->route->index : metrics->routes;
	struct series *series = &metrics->series[route * HTTP_METHODS + record->method];
	size_t bucket = 0;

	while (bucket < BUCKETS && record->nanoseconds > buckets[bucket].nanoseconds)
		bucket++;
	series->count++;
	series->status[reply_status_index(record->status)]++;
	series->bucket[bucket]++;
	series->nanoseconds += record->nanoseconds;
	series->bytes += record->bytes;
	series->unsent += record->end != REPLY_SENT;
}

void metrics_count_refusal(struct metrics *metrics, const struct request_record *record)
{
	metrics->refused[reply_status_index(record->status)]++;
}

static void write_head(struct buffer *out, const char *name, const char *type, const char *help)
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
	write_head(out, "todo_http_refusals_total", "counter",
		"What was refused before it was a request: badly framed, too long or too slow.");
	for (unsigned i = 0; i < REPLY_STATUSES; i++)
		if (metrics->refused[i] > 0)
			buffer_add_format(out,
				"todo_http_refusals_total{status=\"%d\"} %" PRIu64 "\n",
				reply_status_at(i), metrics->refused[i]);
}

/* A route's method is counted from its first request on. */
static void write_requests(const struct metrics *metrics, struct buffer *out)
{
	unsigned count = (metrics->routes + 1) * HTTP_METHODS;

	for (size_t family = 0; family < sizeof(families) / sizeof(families[0]); family++) {
		write_head(
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

struct sample {
	const char *name; /* those of one name stand together */
	const char *type, *help;
	const char *labels; /* in braces, or "" */
	double value;
};

static void write_samples(struct buffer *out, const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct sample *sample = &samples[i];
		if (i == 0 || strcmp(sample->name, samples[i - 1].name) != 0)
			write_head(out, sample->name, sample->type, sample->help);
		buffer_add_format(out, "%s%s %.15g\n", sample->name, sample->labels, sample->value);
	}
}

#define WRITE(out, samples) write_samples(out, samples, sizeof(samples) / sizeof((samples)[0]))
#define COUNT(number) ((double)(number))

/* What the system says of this process; what cannot be known is 0. */
struct process {
	double cpu_seconds;
	uint64_t resident_bytes, virtual_bytes;
	uint64_t open_files, max_files;
};

static double seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void read_memory(struct process *process)
{
	FILE *file = fopen("/proc/self/statm", "re");
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t all, resident;

	if (file == NULL)
		return;
	if (fscanf(file, "%" SCNu64 " %" SCNu64, &all, &resident) == 2) {
		process->virtual_bytes = all * page;
		process->resident_bytes = resident * page;
	}
	fclose(file);
}

/* Without the folder itself, which is open only to be read. */
static uint64_t open_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	uint64_t count = 0;

	if (folder == NULL)
		return 0;
	for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count - 1;
}

static void read_process(struct process *process)
{
	struct rusage usage;
	struct rlimit files;

	*process = (struct process){ .open_files = open_files() };
	if (getrusage(RUSAGE_SELF, &usage) == 0)
		process->cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0)
		process->max_files = files.rlim_cur;
	read_memory(process);
}

/* clang-format off */
static void write_server(const struct server *server, uint64_t session_count, struct buffer *out)
{
	const struct connections *connections = server->connections;
	const char *sessions = "Sessions and tokens that have not ended, when they were last counted.";
	const char *turned = "Connections that were closed at once, by what there were too many of.";
	const struct sample samples[] = {
		{ "todo_http_requests_in_flight", "gauge", "Requests that are being answered.", "",
			COUNT(server->in_flight) },
		{ "todo_http_connections", "gauge", "Connections that are open.", "",
			COUNT(connections->count) },
		{ "todo_http_connections_accepted_total", "counter", "Connections that were accepted.",
			"", COUNT(connections->accepted) },
		{ "todo_http_connections_refused_total", "counter", turned, "{reason=\"connections\"}",
			COUNT(connections->over_limit[OVER_LIMIT_TOTAL]) },
		{ "todo_http_connections_refused_total", "counter", turned, "{reason=\"address\"}",
			COUNT(connections->over_limit[OVER_LIMIT_ADDRESS]) },
		{ "todo_http_received_bytes_total", "counter", "Bytes that came in.", "",
			COUNT(connections->received) },
		{ "todo_password_queue_places", "gauge", "Places taken in the queue for hashing.", "",
			COUNT(passwords_places(server->passwords)) },
		{ "todo_sessions", "gauge", sessions, "", COUNT(session_count) },
		{ "todo_log_lines_dropped_total", "counter", "Lines that nobody took from the log.", "",
			COUNT(log_dropped()) },
		{ "todo_stopping", "gauge", "1 once the server was told to stop.", "",
			COUNT(server->stopping) },
		{ "todo_build_info", "gauge", "Always 1; the version is the label.",
			"{version=\"" TODO_VERSION "\"}", 1 },
	};

	WRITE(out, samples);
}

static void write_store(const struct server *server, struct buffer *out)
{
	const char *queued = "Jobs that wait for a thread of the store.";
	struct store_stats stats;

	store_stats(server->store, &stats);
	const struct sample samples[] = {
		{ "todo_store_queued_jobs", "gauge", queued, "{queue=\"writes\"}",
			COUNT(stats.queued_writes) },
		{ "todo_store_queued_jobs", "gauge", queued, "{queue=\"reads\"}",
			COUNT(stats.queued_reads) },
		{ "todo_store_queued_jobs", "gauge", queued, "{queue=\"longs\"}",
			COUNT(stats.queued_longs) },
		{ "todo_store_groups_total", "counter", "Transactions that were committed.", "",
			COUNT(stats.groups) },
		{ "todo_store_grouped_jobs_total", "counter", "Jobs in those transactions.", "",
			COUNT(stats.grouped) },
		{ "todo_store_group_jobs_max", "gauge", "Jobs in the largest transaction so far.", "",
			COUNT(stats.group_most) },
		{ "todo_store_wal_bytes", "gauge", "Size of the write-ahead log.", "",
			COUNT(stats.wal_bytes) },
		{ "todo_store_wal_held_seconds", "gauge",
			"For how long a reader's old snapshot has kept that log from being emptied; 0: not.", "",
			COUNT(stats.wal_held_seconds) },
		{ "todo_store_checkpoints_total", "counter",
			"Times that the write-ahead log was folded into the file.", "",
			COUNT(stats.checkpoints) },
		{ "todo_store_fault", "gauge", "1 while nothing can be saved.", "",
			COUNT(stats.fault != NULL) },
	};

	WRITE(out, samples);
}

static void write_process(const struct server *server, struct buffer *out)
{
	struct process process;

	read_process(&process);
	const struct sample samples[] = {
		{ "process_start_time_seconds", "gauge", "When it began, in seconds since 1970.", "",
			COUNT(server->started) },
		{ "process_cpu_seconds_total", "counter", "CPU time.", "", process.cpu_seconds },
		{ "process_resident_memory_bytes", "gauge", "Memory in use.", "",
			COUNT(process.resident_bytes) },
		{ "process_virtual_memory_bytes", "gauge", "Address space in use.", "",
			COUNT(process.virtual_bytes) },
		{ "process_open_fds", "gauge", "Files and sockets that are open.", "",
			COUNT(process.open_files) },
		{ "process_max_fds", "gauge", "Files and sockets that may be open.", "",
			COUNT(process.max_files) },
	};

	WRITE(out, samples);
}
/* clang-format on */

void metrics_write(struct server *server, uint64_t sessions, struct buffer *out)
{
	write_requests(server->metrics, out);
	write_server(server, sessions, out);
	write_store(server, out);
	write_process(server, out);
}
