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

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/resource.h>

#define BODY_MOST ((uint64_t)1 << 20)
#define PIPELINED_MOST ((size_t)16 << 10) /* bytes that are read before their turn */
#define SPANS_MOST 8 /* that one read of the socket fills; libevent reads into four */
#define SWEEP_MS 500
#define FILES_KEPT 48 /* for the database, its log, and what the libraries open */

uint64_t connection_owes(const struct connection *connection)
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
	if (all->count-- == all->most && !all->draining)
		evconnlistener_enable(all->listener);
}

/* evhttp's close callback: the one place that frees the record. */
static void connection_closed(struct evhttp_connection *evcon, void *argument)
{
	struct connection *connection = argument;
	struct connections *all = connection->all;

	(void)evcon;
	if (connection->abandoned != NULL)
		connection->abandoned(connection->argument);
	evbuffer_remove_cb_entry(bufferevent_get_input(connection->bev), connection->watch);
	remember_fd(all, bufferevent_getfd(connection->bev), NULL);
	unlink_connection(connection);
	connection_release(connection, 0);
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

bool connection_is_idle(const struct connection *connection)
{
	return wire_is_idle(&connection->wire) && connection_owes(connection) == 0;
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
	if (connection->wire.state == WIRE_REFUSED && connection_owes(connection) == 0)
		connection_refuse(connection);
	else if (connection->all->draining && connection_is_idle(connection))
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

/*
 * Show the wire the bytes at the input's end; false where it refuses them. To get at them takes
 * the longer the more there is before them, which for each piece of a large body would be too long.
 */
static bool feed_wire(struct connection *connection, struct evbuffer *input, size_t added)
{
	struct evbuffer_iovec span[SPANS_MOST];
	struct evbuffer_ptr at;
	int spans;

	if (wire_skip(&connection->wire, added))
		return true;
	evbuffer_ptr_set(input, &at, evbuffer_get_length(input) - added, EVBUFFER_PTR_SET);
	spans = evbuffer_peek(input, (ev_ssize_t)added, &at, span, SPANS_MOST);
	assert(spans <= SPANS_MOST);
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
	if (wire_is_idle(&connection->wire) && connection_owes(connection) == 0)
		connection->since = connection_seconds();
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
	connection->wire.grows = connection_body_grows;
	connection->wire.owner = connection;
	connection->since = connection_seconds();
	connection->next = all->first;
	if (all->first != NULL)
		all->first->previous = connection;
	all->first = connection;
	/* Without a file to spare accept() would fail, at once and for ever, and keep the loop busy. */
	if (++all->count == all->most)
		evconnlistener_disable(all->listener);
	event_active(connection->later, 0, 0);
	return connection->bev;
}

static unsigned most_connections(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur > UINT_MAX)
		return UINT_MAX;
	return files.rlim_cur > 2 * FILES_KEPT ? (unsigned)files.rlim_cur - FILES_KEPT : FILES_KEPT;
}

void connections_open(struct connections *all, struct event_base *base, struct evhttp *http,
	struct evconnlistener *listener)
{
	struct timeval interval = { .tv_usec = SWEEP_MS * 1000 };

	all->most = most_connections();
	all->listener = listener;
	evhttp_set_bevcb(http, connection_new, all);
	all->sweep = event_new(base, -1, EV_PERSIST, connections_sweep, all);
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
