/*
 * /healthz, /readyz and /metrics.
 */
#include "ops/health.h"

#include "base/container_of.h"
#include "base/date.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "http/reply.h"
#include "reply/refuse.h"
#include "reply/reply.h"
#include "state/clock.h"
#include "state/request_state.h"
#include "state/server_state.h"
#include "telemetry/metrics.h"

#include <event2/buffer.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define SECOND UINT64_C(1000000000)
#define STUCK (15 * SECOND) /* longer than a large import, which the probe waits for */

/* The counter's slots. */
enum { COUNTED_AT, COUNTED };
static const struct slot slots[] = { TEXT_SLOT("now"), INTEGER_SLOT("sessions"), { 0 } };

struct probe {
	struct job job;
	bool away;     /* it is with the store */
	uint64_t sent; /* when, in nanoseconds */
};

struct health {
	struct probe writer, counter;
	enum store_result written; /* how the last one came back */
	const struct statement *count;
	struct value values[2];
	char now[DATE_SIZE];
	uint64_t sessions; /* as they were last counted */
};

static void counted(struct work *work)
{
	struct probe *counter = container_of(work, struct probe, job.work);
	struct health *health = container_of(counter, struct health, counter);

	counter->away = false;
	if (counter->job.result == STORE_DONE)
		health->sessions = (uint64_t)health->values[COUNTED].integer;
	buffer_free(&counter->job.out);
	arena_free(&counter->job.arena);
}

/* Once a second at most. */
static bool may_send(const struct probe *probe)
{
	return !probe->away && (probe->sent == 0 || monotonic_ns() - probe->sent >= SECOND);
}

static void send_probe(struct server *server, struct probe *probe, struct job job)
{
	probe->job = job;
	probe->away = true;
	probe->sent = monotonic_ns();
	store_exec(server->store, &probe->job);
}

static void count_sessions(struct server *server)
{
	struct health *health = server->health;

	if (server->closed || !may_send(&health->counter))
		return;
	memcpy(health->now, server_clock(server)->now, DATE_SIZE);
	health->values[COUNTED_AT] = (struct value){ VALUE_TEXT, .text = text_of(health->now) };
	send_probe(server, &health->counter,
		(struct job){ .work.done = counted,
			.statements = &health->count,
			.count = 1,
			.values = health->values,
			.discard_rows = true,
			.long_running = true });
}

static void came_round(struct work *work)
{
	struct health *health = container_of(work, struct health, writer.job.work);

	health->writer.away = false;
	health->written = health->writer.job.result;
}

/* A transaction that changes nothing: it is queued after the other writes, and syncs nothing. */
static void ask_writer(struct server *server)
{
	if (!server->closed && may_send(&server->health->writer))
		send_probe(server, &server->health->writer,
			(struct job){ .work.done = came_round, .writes = true });
}

struct health *health_prepare(struct server *server, const struct access_sql *sql)
{
	struct health *health = memory_zeroed(sizeof(*health));

	health->count = store_prepare(server->store, sql->session_count, slots);
	return health;
}

void health_start(struct server *server)
{
	count_sessions(server);
	ask_writer(server);
}

void health_free(struct health *health)
{
	free(health);
}

/* Why nothing that is sent now can be saved, or NULL. */
static const char *fault_of(const struct server *server)
{
	const struct health *health = server->health;
	struct store_stats stats;

	if (server->stopping)
		return "The server is stopping.";
	store_stats(server->store, &stats);
	if (stats.fault != NULL)
		return stats.fault;
	if (health->writer.away && monotonic_ns() - health->writer.sent > STUCK)
		return "Changes have been waiting for too long.";
	if (health->written != STORE_DONE)
		return "The database could not be written.";
	return NULL;
}

static void reply_status(struct request *request, const char *status)
{
	struct buffer body = { 0 };

	buffer_add_format(&body, "{\"status\":\"%s\"}", status);
	request_reply_json(request, &body);
}

void request_reply_health(struct request *request)
{
	reply_status(request, "ok");
}

void request_reply_readiness(struct request *request)
{
	const char *fault = fault_of(request->server);

	ask_writer(request->server);
	if (fault != NULL)
		request_refuse_for(request, 503, 1, fault);
	else
		reply_status(request, "ready");
}

/* Hashes are compared, in constant time. */
static bool has_token(const struct request *request, const char *token)
{
	unsigned char hash[sizeof(request->session.token)];

	crypto_hash_sha256(hash, (const unsigned char *)token, strlen(token));
	return request->session.credentials == CREDENTIALS_BEARER &&
	       sodium_memcmp(hash, request->session.token, sizeof(hash)) == 0;
}

void request_reply_metrics(struct request *request)
{
	const char *token = request->server->settings.metrics_token;
	struct buffer out = { 0 };

	if (token[0] != '\0' && !has_token(request, token)) {
		request_refuse(request, 401, "This needs the token for metrics.");
		return;
	}
	if (token[0] == '\0' && !request->client.local) {
		request_refuse(
			request, 403, "Without a token for metrics they stay on this machine.");
		return;
	}
	count_sessions(request->server);
	metrics_write(request->server, request->server->health->sessions, &out);
	reply_headers(request,
		TEXT(CONTENT_TYPE("text/plain; version=0.0.4; charset=utf-8") NO_STORE_HEADERS));
	reply_add_body(evhttp_request_get_output_buffer(request->evhttp), &out);
	buffer_free(&out);
	reply_finish(request, 200);
}
