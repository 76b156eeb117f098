/*
 * What goes out on a connection: replies, with as few system calls as possible, and refusals.
 */
#include "http/output.h"

#include "base/monotonic.h"
#include "http/input.h"
#include "http/reply.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <sys/socket.h>

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
		connection_release_body(connection, connection->parser.body_reserved);
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
