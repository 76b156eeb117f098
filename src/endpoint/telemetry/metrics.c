/*
 * Requests by route, method and status, and how long they took, as record.c has counted them; and
 * beside them the server's parts and the process as they are when /metrics is asked for.
 */
#include "telemetry/metrics.h"

#include "base/log.h"
#include "http/connection.h"
#include "http/reply.h"
#include "password/password.h"
#include "route/route.h"
#include "state/server_state.h"
#include "telemetry/record.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

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

	for (size_t i = 0; i <= DURATION_BUCKETS; i++) {
		sum += series->bucket[i];
		buffer_add_format(out,
			"todo_http_request_duration_seconds_bucket{" LABELS ",le=\"%s\"} %" PRIu64
			"\n",
			labels.route, labels.method,
			i < DURATION_BUCKETS ? duration_buckets[i].seconds : "+Inf", sum);
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

static void write_refusals(const struct request_counts *counts, struct buffer *out)
{
	write_head(out, "todo_http_refusals_total", "counter",
		"What was refused before it was a request: badly framed, too long or too slow.");
	for (unsigned i = 0; i < REPLY_STATUSES; i++)
		if (counts->refused[i] > 0)
			buffer_add_format(out,
				"todo_http_refusals_total{status=\"%d\"} %" PRIu64 "\n",
				reply_status_at(i), counts->refused[i]);
}

/* A route's method is counted from its first request on. */
static void write_requests(const struct server *server, struct buffer *out)
{
	const struct request_counts *counts = server->counts;
	unsigned count = (counts->routes + 1) * HTTP_METHODS;

	for (size_t family = 0; family < sizeof(families) / sizeof(families[0]); family++) {
		write_head(
			out, families[family].name, families[family].type, families[family].help);
		for (unsigned i = 0; i < count; i++) {
			const struct route *route = router_route(server->router, i / HTTP_METHODS);
			struct labels labels = { route != NULL ? route->endpoint->path : "-",
				method_name(i % HTTP_METHODS) };
			if (counts->series[i].count > 0)
				families[family].write(out, &counts->series[i], labels);
		}
	}
	write_refusals(counts, out);
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
	write_requests(server, out);
	write_server(server, sessions, out);
	write_store(server, out);
	write_process(server, out);
}
