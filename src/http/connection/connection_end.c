/*
 * How connections end: refused, with a word of why; or because something takes too long.
 */
#include "http/connection.h"

#include "base/monotonic.h"
#include "http/reply.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#define HEADERS_SECONDS 10
#define REQUEST_SECONDS 30
#define PACE_SECONDS 30	     /* in which a client takes PACE of what is owed to it */
#define PACE_SHORT_SECONDS 5 /* the same while memory is short */
#define PACE (16 << 10)
#define SILENT_SECONDS 30      /* within a large body */
#define LARGE_PACE (128 << 10) /* bytes of a large body that give it a second more */
#define LINGER_SECONDS 2

/*
 * While a refusal goes out. The read callback may be called once more on evhttp's behalf, with
 * evhttp's argument: it looks at nothing but the bufferevent.
 */
static void refusal_read(struct bufferevent *bev, void *unused)
{
	struct evbuffer *input = bufferevent_get_input(bev);

	(void)unused;
	evbuffer_drain(input, evbuffer_get_length(input));
}

static void refusal_written(struct bufferevent *bev, void *unused)
{
	(void)unused;
	shutdown(bufferevent_getfd(bev), SHUT_WR);
}

static void refusal_ended(struct bufferevent *bev, short what, void *connection)
{
	(void)bev;
	(void)what;
	connection_kill(connection);
}

static const char *header_for(int status)
{
	if (status == 401)
		return "WWW-Authenticate: Bearer\r\n";
	return status == 503 ? "Retry-After: 1\r\n" : "";
}

/* The whole reply to what never became a request. */
static void write_refusal(
	const struct http_parser *parser, const struct buffer *body, struct evbuffer *output)
{
	char date[64];
	struct tm now;
	time_t clock = time(NULL);

	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&clock, &now));
	evbuffer_add_printf(output,
		"HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Length: %zu\r\nConnection: close\r\n"
		"X-Request-Id: %s\r\n%sContent-Type: " PROBLEM_HEADERS "\r\n\r\n",
		parser->status, reply_reason(parser->status), date, body->length, parser->id,
		header_for(parser->status));
	if (parser->method != HTTP_HEAD)
		evbuffer_add(output, body->data, body->length);
}

void connection_refuse(struct connection *connection)
{
	struct connections *all = connection->all;
	struct bufferevent *bev = connection->bev;
	struct http_parser *parser = &connection->parser;
	struct buffer body = { 0 };

	reply_open_problem(&body, parser->status, parser->detail);
	buffer_add_text(&body, TEXT("}"));
	all->refused(all->owner, connection, parser->method == HTTP_HEAD ? 0 : body.length);
	connection->refused = true;
	connection->since = monotonic_seconds();
	bufferevent_setcb(bev, refusal_read, refusal_written, refusal_ended, connection);
	refusal_read(bev, NULL);
	write_refusal(parser, &body, bufferevent_get_output(bev));
	buffer_free(&body);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
}

/*
 * What the client's machine has acknowledged: the socket takes much at once and then nothing for
 * long, also for a client that reads steadily.
 */
static uint64_t bytes_taken(const struct connection *connection)
{
	int queued = 0;

	ioctl(bufferevent_getfd(connection->bev), SIOCOUTQ, &queued);
	return connection->written - (uint64_t)queued;
}

/* The client takes what is owed to it too slowly. */
static bool is_stalled(struct connection *connection, time_t now)
{
	bool is_short = connection->all->unsent > connection->all->limits.unsent;
	bool begins = connection->window == 0;

	if (connection->unsent == 0)
		return false;
	if (!begins && now - connection->window <= (is_short ? PACE_SHORT_SECONDS : PACE_SECONDS))
		return false;
	uint64_t taken = bytes_taken(connection);
	bool stalled = !begins && taken - connection->taken < PACE;
	connection->window = now;
	connection->taken = taken;
	return stalled;
}

/* Nothing has come for too long, in a request that has the time to be whole. */
static bool is_silent(struct connection *connection, time_t now)
{
	if (connection->seen != connection->received || connection->heard < connection->since)
		connection->heard = now;
	connection->seen = connection->received;
	return now - connection->heard > SILENT_SECONDS;
}

/* The request takes too long to come in. */
static bool is_late(struct connection *connection, time_t now)
{
	const struct http_parser *parser = &connection->parser;
	time_t age = now - connection->since;

	if (parser->state == PARSER_REQUEST_LINE || parser->state == PARSER_HEADER)
		return age > HEADERS_SECONDS;
	if (parser->body_bytes <= BODY_ORDINARY)
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
	} else if (connection_owes(connection) > 0) {
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

void connections_sweep(evutil_socket_t fd, short what, void *argument)
{
	struct connections *all = argument;
	struct connection *next;
	time_t now = monotonic_seconds();

	(void)fd;
	(void)what;
	for (struct connection *connection = all->first; connection != NULL; connection = next) {
		next = connection->next;
		sweep_one(connection, now);
	}
	connections_make_room(all);
}
