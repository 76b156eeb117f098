/*
 * A connection's record: how it is found, what it waits for, and the list of idle ones.
 */
#include "http/connection.h"

#include "base/memory.h"
#include "base/monotonic.h"

#include <event2/bufferevent.h>

void connection_note(struct connections *all, evutil_socket_t fd, struct connection *connection)
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

struct connection *connection_at(const struct connections *all, evutil_socket_t fd)
{
	return fd >= 0 && (size_t)fd < all->by_fd_size ? all->by_fd[fd] : NULL;
}

struct connection *connection_of(struct connections *all, struct evhttp_request *evhttp)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(evhttp);

	if (evcon == NULL)
		return NULL;
	return connection_at(all, bufferevent_getfd(evhttp_connection_get_bufferevent(evcon)));
}

enum http_method connection_take_method(struct connections *all, struct evhttp_request *evhttp)
{
	return parser_take_method(&connection_of(all, evhttp)->parser);
}

uint64_t connection_replies_pending(const struct connection *connection)
{
	return connection->parser.requests - connection->replies_sent;
}

bool connection_is_idle(const struct connection *connection)
{
	return connection_replies_pending(connection) == 0 && parser_is_idle(&connection->parser);
}

void connection_mark_idle(struct connection *connection)
{
	connection->since = monotonic_seconds();
	connection->idle = true;
	TAILQ_INSERT_TAIL(&connection->all->idle, connection, idle_link);
}

void connection_mark_active(struct connection *connection)
{
	connection->since = monotonic_seconds();
	connection->idle = false;
	TAILQ_REMOVE(&connection->all->idle, connection, idle_link);
}

uint64_t connection_head_time(const struct connection *connection, uint64_t now)
{
	bool known = connection != NULL && connection->head_request == connection->replies_sent + 1;

	return known ? connection->head_ns : now;
}

uint64_t connection_head_age(const struct connection *connection, uint64_t now)
{
	return connection->head_request == connection->parser.requests + 1
		       ? now - connection->head_ns
		       : 0;
}

bool connections_at_limit(const struct connections *all)
{
	return all->count >= all->max_connections && TAILQ_EMPTY(&all->idle);
}

void connection_kill(struct connection *connection)
{
	if (connection->refused)
		evhttp_connection_free(connection->evcon);
	else
		bufferevent_trigger_event(connection->bev, BEV_EVENT_ERROR | BEV_EVENT_READING, 0);
}
