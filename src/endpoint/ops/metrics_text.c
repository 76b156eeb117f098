/*
 * What /metrics says beside the requests: the server's parts as they are now.
 */
#include "ops/metrics.h"

#include "base/log.h"
#include "ops/process.h"
#include "serving.h"

#include <string.h>

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
			metrics_write_head(out, sample->name, sample->type, sample->help);
		buffer_add_format(out, "%s%s %.15g\n", sample->name, sample->labels, sample->value);
	}
}

#define WRITE(out, samples) write_samples(out, samples, sizeof(samples) / sizeof((samples)[0]))
#define COUNT(number) ((double)(number))

/* clang-format off */
static void write_server(const struct server *server, struct buffer *out)
{
	const struct connections *connections = &server->connections;
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
			COUNT(connections->turned_away[TURNED_AWAY_ALL]) },
		{ "todo_http_connections_refused_total", "counter", turned, "{reason=\"address\"}",
			COUNT(connections->turned_away[TURNED_AWAY_ADDRESS]) },
		{ "todo_http_received_bytes_total", "counter", "Bytes that came in.", "",
			COUNT(connections->received) },
		{ "todo_password_queue_places", "gauge", "Places taken in the queue for hashing.", "",
			COUNT(passwords_places(server->passwords)) },
		{ "todo_sessions", "gauge", sessions, "", COUNT(server->health.sessions) },
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

	process_read(&process);
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
			COUNT(process.most_files) },
	};

	WRITE(out, samples);
}
/* clang-format on */

void metrics_write(struct server *server, struct buffer *out)
{
	metrics_write_requests(server->metrics, out);
	write_server(server, out);
	write_store(server, out);
	write_process(server, out);
}
