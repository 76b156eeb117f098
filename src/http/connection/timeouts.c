/*
 * Timeouts. evhttp has only those of silence, which a client that sends or reads a byte at a time
 * never meets. These are of whole requests, and of the pace at which a client reads.
 */
#include "connection/timeouts.h"

#include "base/monotonic.h"
#include "http/parser.h"

#include <event2/bufferevent.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <time.h>

#define HEADERS_SECONDS 10
#define REQUEST_SECONDS 30
#define PACE (16 << 10) /* bytes of its replies that a client reads in PACE_SECONDS */
#define PACE_SECONDS 30
#define PACE_SHORT_SECONDS 5   /* the same while memory is short */
#define SILENT_SECONDS 30      /* without a byte of a large body */
#define LARGE_PACE (128 << 10) /* bytes of a large body that give it a second more */
#define LINGER_SECONDS 2       /* for a client to close after a refusal */

/*
 * What the client's machine has acknowledged. What the socket takes tells less: it takes much at
 * once and then nothing for long, also for a client that reads steadily.
 */
static uint64_t bytes_acknowledged(const struct connection *connection)
{
	int queued = 0;

	ioctl(bufferevent_getfd(connection->bev), SIOCOUTQ, &queued);
	return connection->written - (uint64_t)queued;
}

/* Whether the client reads its replies too slowly. */
static bool is_stalled(struct connection *connection, time_t now)
{
	bool is_short = connection->all->unsent > connection->all->limits.unsent;
	bool starts = connection->pace_start == 0;

	if (connection->unsent == 0)
		return false;
	if (!starts &&
		now - connection->pace_start <= (is_short ? PACE_SHORT_SECONDS : PACE_SECONDS))
		return false;
	uint64_t bytes = bytes_acknowledged(connection);
	bool stalled = !starts && bytes - connection->pace_bytes < PACE;
	connection->pace_start = now;
	connection->pace_bytes = bytes;
	return stalled;
}

/* Whether nothing has come of a large body for too long. */
static bool is_silent(struct connection *connection, time_t now)
{
	if (connection->last_received != connection->received ||
		connection->last_input < connection->since)
		connection->last_input = now;
	connection->last_received = connection->received;
	return now - connection->last_input > SILENT_SECONDS;
}

/* Whether the request takes too long to come. */
static bool is_late(struct connection *connection, time_t now)
{
	const struct http_parser *parser = &connection->parser;
	time_t age = now - connection->since;

	if (parser->state == PARSER_REQUEST_LINE || parser->state == PARSER_HEADER)
		return age > HEADERS_SECONDS;
	if (parser->body_bytes <= BODY_ORDINARY_MAX)
		return age > REQUEST_SECONDS;
	return is_silent(connection, now) ||
	       age > REQUEST_SECONDS + (time_t)(parser->body_bytes / LARGE_PACE);
}

static void sweep_one(struct connection *connection, time_t now)
{
	time_t age = now - connection->since;

	if (connection->refused) {
		if (age > LINGER_SECONDS)
			connection_kill(connection);
	} else if (connection_replies_pending(connection) > 0) {
		if (is_stalled(connection, now))
			connection_kill(connection);
	} else if (parser_is_idle(&connection->parser)) {
		if (age > connection->all->idle_seconds)
			connection_kill(connection);
	} else if (is_late(connection, now)) {
		parser_refuse(&connection->parser, 408, "The request took too long to come in.");
		connection_refuse(connection);
	}
}

void connections_sweep(struct connections *all)
{
	struct connection *next;
	time_t now = monotonic_seconds();

	for (struct connection *connection = all->first; connection != NULL; connection = next) {
		next = connection->next;
		sweep_one(connection, now);
	}
}
