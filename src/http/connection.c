/*
 * Connections under evhttp, which reads leniently and times only silence: strictness and deadlines
 * are here.
 *
 * evhttp owns the bufferevent and frees it. The record watches its input by a callback on the
 * evbuffer, which runs before evhttp reads; where the wire refuses what came, those bytes are cut
 * off, the earlier requests get their replies, and then the connection is taken from evhttp: the
 * refusal is written, the rest of the input is read and dropped for a while (so that the client
 * sees the refusal and not a reset), and evhttp is told to free it.
 */
#include "connection.h"

#include "base/memory.h"
#include "reply.h"
#include "stream.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define BODY_MOST ((uint64_t)1 << 20)
#define PIPELINED_MOST ((size_t)16 << 10) /* bytes that are read before their turn */
#define SWEEP_MS 500
#define HEADERS_SECONDS 10
#define REQUEST_SECONDS 30
#define IDLE_SECONDS 60
#define STALLED_SECONDS 30 /* of output that nobody takes */
#define LINGER_SECONDS 2

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec;
}

/* Requests that came in whole and have no whole reply yet. */
static uint64_t owed(const struct connection *connection)
{
	return connection->wire.requests - connection->finished;
}

static void remember_fd(struct connections *all, evutil_socket_t fd, struct connection *connection)
{
	size_t index = (size_t)fd;

	if (index >= all->by_fd_size) {
		size_t size = index * 2 + 64;
		all->by_fd = memory_resize(all->by_fd, sizeof(*all->by_fd) * size);
		for (size_t i = all->by_fd_size; i < size; i++)
			all->by_fd[i] = NULL;
		all->by_fd_size = size;
	}
	all->by_fd[index] = connection;
}

static struct connection *find_fd(const struct connections *all, evutil_socket_t fd)
{
	return fd >= 0 && (size_t)fd < all->by_fd_size ? all->by_fd[fd] : NULL;
}

struct connection *connection_of(struct connections *all, struct evhttp_request *evhttp)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(evhttp);

	if (evcon == NULL)
		return NULL;
	return find_fd(all, bufferevent_getfd(evhttp_connection_get_bufferevent(evcon)));
}

static void unlink_connection(struct connection *connection)
{
	struct connections *all = connection->all;

	if (connection->previous != NULL)
		connection->previous->next = connection->next;
	else
		all->first = connection->next;
	if (connection->next != NULL)
		connection->next->previous = connection->previous;
	all->count--;
}

/* evhttp's close callback: the one place that frees the record. */
static void connection_closed(struct evhttp_connection *evcon, void *argument)
{
	struct connection *connection = argument;
	struct connections *all = connection->all;

	(void)evcon;
	if (connection->stream != NULL)
		stream_abandoned(connection->stream);
	evbuffer_remove_cb_entry(bufferevent_get_input(connection->bev), connection->watch);
	remember_fd(all, bufferevent_getfd(connection->bev), NULL);
	unlink_connection(connection);
	event_free(connection->later);
	wire_free(&connection->wire);
	free(connection);
	if (all->count == 0 && all->draining)
		all->drained(all->argument);
}

void connection_kill(struct connection *connection)
{
	if (connection->refused)
		evhttp_connection_free(connection->evcon);
	else
		bufferevent_trigger_event(connection->bev, BEV_EVENT_ERROR | BEV_EVENT_READING, 0);
}

/* Between requests, with nothing owed and nothing on its way. */
static bool is_idle(const struct connection *connection)
{
	return wire_is_idle(&connection->wire) && owed(connection) == 0;
}

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

/* Take the connection from evhttp, and say why nothing more is read from it. */
static void refuse(struct connection *connection)
{
	struct bufferevent *bev = connection->bev;

	connection->refused = true;
	connection->since = seconds();
	bufferevent_setcb(bev, refusal_read, refusal_written, refusal_ended, connection);
	refusal_read(bev, NULL);
	reply_refusal(bufferevent_get_output(bev), connection->wire.status, connection->wire.detail,
		connection->wire.head);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
}

/* The accept is over: evhttp's record is the bufferevent's argument now. */
static void meet_evhttp(struct connection *connection)
{
	void *evcon;

	bufferevent_getcb(connection->bev, NULL, NULL, NULL, &evcon);
	connection->evcon = evcon;
	evhttp_connection_set_closecb(connection->evcon, connection_closed, connection);
	bufferevent_set_timeouts(connection->bev, NULL, NULL);
	remember_fd(connection->all, bufferevent_getfd(connection->bev), connection);
}

/* What may not be done inside the callbacks of evhttp or of the bufferevent. */
static void connection_later(evutil_socket_t fd, short what, void *argument)
{
	struct connection *connection = argument;

	(void)fd;
	(void)what;
	if (connection->evcon == NULL)
		meet_evhttp(connection);
	if (connection->refused)
		return;
	if (connection->wire.state == WIRE_REFUSED && owed(connection) == 0)
		refuse(connection);
	else if (connection->all->draining && is_idle(connection))
		connection_kill(connection);
}

/* Leave in the input what came before the refused request, and nothing else. */
static void cut_input(struct connection *connection, struct evbuffer *input, size_t added)
{
	size_t length = evbuffer_get_length(input);
	uint64_t received = connection->received + added;
	uint64_t gone = received - length; /* evhttp has taken these */
	size_t keep = connection->wire.begins > gone ? (size_t)(connection->wire.begins - gone) : 0;
	struct evbuffer *kept = evbuffer_new();

	connection->cutting = true;
	evbuffer_remove_buffer(input, kept, keep);
	evbuffer_drain(input, length);
	evbuffer_add_buffer(input, kept);
	connection->cutting = false;
	evbuffer_free(kept);
	connection->received = gone + keep;
}

/* Show the wire the bytes at the input's end; false where it refuses them. */
static bool feed_wire(struct connection *connection, struct evbuffer *input, size_t added)
{
	struct evbuffer_iovec span[8];
	struct evbuffer_ptr at;
	int spans;

	evbuffer_ptr_set(input, &at, evbuffer_get_length(input) - added, EVBUFFER_PTR_SET);
	spans = evbuffer_peek(input, (ev_ssize_t)added, &at, span, 8);
	for (int i = 0; i < spans && added > 0; i++) {
		size_t length = span[i].iov_len < added ? span[i].iov_len : added;
		if (!wire_feed(&connection->wire, span[i].iov_base, length))
			return false;
		added -= length;
	}
	return true;
}

static void input_watched(
	struct evbuffer *input, const struct evbuffer_cb_info *info, void *argument)
{
	struct connection *connection = argument;

	if (info->n_added == 0 || connection->cutting || connection->refused)
		return;
	if (wire_is_idle(&connection->wire) && owed(connection) == 0)
		connection->since = seconds();
	if (feed_wire(connection, input, info->n_added)) {
		connection->received += info->n_added;
		if (connection->waits && evbuffer_get_length(input) > PIPELINED_MOST)
			bufferevent_disable(connection->bev, EV_READ);
		return;
	}
	cut_input(connection, input, info->n_added);
	bufferevent_disable(connection->bev, EV_READ);
	event_active(connection->later, 0, 0);
}

/* evhttp asks for a bufferevent: a connection was accepted. */
static struct bufferevent *connection_new(struct event_base *base, void *argument)
{
	struct connections *all = argument;
	struct connection *connection = memory_zeroed(sizeof(*connection));

	connection->all = all;
	connection->bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	connection->watch =
		evbuffer_add_cb(bufferevent_get_input(connection->bev), input_watched, connection);
	connection->later = event_new(base, -1, 0, connection_later, connection);
	connection->wire.body_most = BODY_MOST;
	connection->since = seconds();
	connection->next = all->first;
	if (all->first != NULL)
		all->first->previous = connection;
	all->first = connection;
	all->count++;
	event_active(connection->later, 0, 0);
	return connection->bev;
}

static void reply_sent(struct evhttp_request *evhttp, void *argument)
{
	struct connection *connection = argument;

	(void)evhttp;
	connection->finished++;
	connection->since = seconds();
	if (connection->wire.state == WIRE_REFUSED || connection->all->draining)
		event_active(connection->later, 0, 0);
}

/*
 * The client has closed its side, or its socket is broken, while a thread works for it. It may
 * still want the reply: sending that will tell.
 */
static void waiting_ended(struct bufferevent *bev, short what, void *unused)
{
	(void)what;
	(void)unused;
	bufferevent_disable(bev, EV_READ);
}

void connection_waits(struct connection *connection)
{
	connection->waits = true;
	bufferevent_setcb(connection->bev, NULL, NULL, waiting_ended, connection);
	bufferevent_enable(connection->bev, EV_READ);
}

void connection_replies(struct connection *connection, struct evhttp_request *evhttp)
{
	evhttp_request_set_on_complete_cb(evhttp, reply_sent, connection);
}

/* evhttp waits for the socket to be writable, which it nearly always is. */
static void write_now(struct connection *connection)
{
	struct evbuffer *output = bufferevent_get_output(connection->bev);

	evbuffer_unfreeze(output, 1);
	evbuffer_write(output, bufferevent_getfd(connection->bev));
	evbuffer_freeze(output, 1);
}

void connection_flush(struct connection *connection)
{
	bool waited = connection->waits;

	connection->waits = false;
	if (waited)
		write_now(connection);
	if (waited && evbuffer_get_length(bufferevent_get_output(connection->bev)) == 0)
		bufferevent_trigger(connection->bev, EV_WRITE, 0);
	else
		bufferevent_disable(connection->bev, EV_READ);
}

/* The client takes nothing of what is owed to it. */
static bool is_stalled(struct connection *connection, time_t now)
{
	size_t unsent = evbuffer_get_length(bufferevent_get_output(connection->bev));

	if (unsent != connection->unsent)
		connection->since = now;
	connection->unsent = unsent;
	return unsent > 0 && now - connection->since > STALLED_SECONDS;
}

static void sweep_one(struct connection *connection, time_t now)
{
	time_t age = now - connection->since;
	enum wire_state state = connection->wire.state;
	bool in_head = state == WIRE_REQUEST_LINE || state == WIRE_HEADER;

	if (connection->refused) {
		if (age > LINGER_SECONDS)
			connection_kill(connection);
	} else if (owed(connection) > 0) {
		if (is_stalled(connection, now))
			connection_kill(connection);
	} else if (wire_is_idle(&connection->wire)) {
		if (age > IDLE_SECONDS)
			connection_kill(connection);
	} else if (age > (in_head ? HEADERS_SECONDS : REQUEST_SECONDS)) {
		wire_refuse(&connection->wire, 408, "The request took too long to come in.");
		refuse(connection);
	}
}

static void sweep(evutil_socket_t fd, short what, void *argument)
{
	struct connections *all = argument;
	struct connection *next;
	time_t now = seconds();

	(void)fd;
	(void)what;
	for (struct connection *connection = all->first; connection != NULL; connection = next) {
		next = connection->next;
		sweep_one(connection, now);
	}
}

void connections_open(struct connections *all, struct event_base *base, struct evhttp *http)
{
	struct timeval interval = { .tv_usec = SWEEP_MS * 1000 };

	evhttp_set_bevcb(http, connection_new, all);
	all->sweep = event_new(base, -1, EV_PERSIST, sweep, all);
	event_add(all->sweep, &interval);
}

void connections_drain(struct connections *all, void (*drained)(void *argument), void *argument)
{
	all->drained = drained;
	all->argument = argument;
	all->draining = true;
	for (struct connection *connection = all->first; connection != NULL;
		connection = connection->next)
		event_active(connection->later, 0, 0);
	if (all->count == 0)
		drained(argument);
}

void connections_close(struct connections *all)
{
	event_free(all->sweep);
	free(all->by_fd);
}
