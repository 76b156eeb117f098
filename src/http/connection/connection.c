/*
 * A connection's record: how it is found, what it waits for, and the list of idle ones. And what goes
 * out on it: replies, with as few system calls as possible, and refusals.
 */
#include "http/connection.h"

#include "base/memory.h"
#include "base/monotonic.h"
#include "connection/body_shares.h"
#include "http/parser.h"
#include "http/reply.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <sys/socket.h>

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

/* Whether the socket, when it is closed, ends with a reset. */
static void set_reset(struct connection *connection, bool reset)
{
	struct linger linger = { .l_onoff = reset, .l_linger = 0 };

	setsockopt(
		bufferevent_getfd(connection->bev), SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	connection->reset_on_close = reset;
}

void connection_reply_may_break(struct connection *connection)
{
	set_reset(connection, true);
}

static void reply_sent(struct evhttp_request *evhttp, void *argument)
{
	struct connection *connection = argument;

	(void)evhttp;
	connection->replies_sent++;
	if (connection->reset_on_close)
		set_reset(connection, false);
	if (connection->reserved > connection->parser.body_reserved &&
		connection_replies_pending(connection) == 0)
		body_share_release(connection, connection->parser.body_reserved);
	if (connection_is_idle(connection))
		connection_mark_idle(connection);
	else
		connection->since = monotonic_seconds();
	if (connection->parser.state == PARSER_REFUSED || connection->all->draining ||
		connection->lookup != NULL)
		event_active(connection->deferred, 0, 0);
}

/*
 * The client has closed its side, or the connection is broken, while a thread works for it. The
 * client may still want the reply; sending that will show it.
 */
static void suspended_ended(struct bufferevent *bev, short what, void *unused)
{
	(void)what;
	(void)unused;
	bufferevent_disable(bev, EV_READ);
}

void connection_suspend_reading(struct connection *connection)
{
	connection->suspended = true;
	bufferevent_setcb(connection->bev, NULL, NULL, suspended_ended, connection);
	bufferevent_enable(connection->bev, EV_READ);
}

void connection_watch_reply(struct connection *connection, struct evhttp_request *evhttp)
{
	evhttp_request_set_on_complete_cb(evhttp, reply_sent, connection);
}

/* libevent would first wait for the socket to be writable, which it nearly always is. */
void connection_write(struct connection *connection)
{
	struct evbuffer *output = bufferevent_get_output(connection->bev);

	evbuffer_unfreeze(output, 1);
	evbuffer_write(output, bufferevent_getfd(connection->bev));
	evbuffer_freeze(output, 1);
}

/*
 * Tell evhttp that its reply is written, so that it reads on. While whole requests wait for their
 * replies, it does not read: the end of the stream may have come, and evhttp would close on it.
 */
static void finish_written(struct connection *connection)
{
	struct connections *all = connection->all;
	evutil_socket_t fd = bufferevent_getfd(connection->bev);

	bufferevent_trigger(connection->bev, EV_WRITE, 0);
	if (connection_at(all, fd) == connection && connection_replies_pending(connection) > 0)
		bufferevent_disable(connection->bev, EV_READ);
}

void connection_flush(struct connection *connection)
{
	bool waited = connection->suspended;

	connection->suspended = false;
	if (waited)
		connection_write(connection);
	if (waited && evbuffer_get_length(bufferevent_get_output(connection->bev)) == 0)
		finish_written(connection);
	else
		bufferevent_disable(connection->bev, EV_READ);
}

/*
 * While a refusal is sent, the input is read and dropped, so that the client gets the refusal and
 * no reset. This callback may run once with evhttp's argument, so it uses the bufferevent alone.
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
		return "\r\nWWW-Authenticate: Bearer";
	return status == 503 ? "\r\nRetry-After: 1" : "";
}

/* The reply to what never became a request. */
static void write_refusal(
	const struct http_parser *parser, const struct buffer *body, struct evbuffer *output)
{
	evbuffer_add_printf(output,
		"HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Length: %zu\r\nConnection: close\r\n"
		"X-Request-Id: %s%s" PROBLEM_TYPE API_HEADERS "\r\n\r\n",
		parser->status, reply_reason(parser->status), reply_date().data, body->length,
		parser->id, header_for(parser->status));
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
	all->on_refusal(all->owner, connection, parser->method == HTTP_HEAD ? 0 : body.length);
	connection->refused = true;
	connection->since = monotonic_seconds();
	bufferevent_setcb(bev, refusal_read, refusal_written, refusal_ended, connection);
	refusal_read(bev, NULL);
	write_refusal(parser, &body, bufferevent_get_output(bev));
	buffer_free(&body);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
}

static void output_watched(
	struct evbuffer *output, const struct evbuffer_cb_info *info, void *argument)
{
	struct connection *connection = argument;

	(void)output;
	connection->unsent += info->n_added;
	connection->unsent -= info->n_deleted;
	connection->all->unsent += info->n_added;
	connection->all->unsent -= info->n_deleted;
	connection->written += info->n_deleted;
	if (connection->unsent == 0)
		connection->pace_start = 0;
}

void connection_watch_output(struct connection *connection)
{
	connection->output_watch = evbuffer_add_cb(
		bufferevent_get_output(connection->bev), output_watched, connection);
}
