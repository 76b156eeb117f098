/*
 * A long reply is sent chunk by chunk as the store's pieces come. While no more than UNSENT_MAX
 * bytes wait for the client (UNSENT_MAX_WHEN_SHORT where memory is short), the store goes on at
 * once, so that its snapshot ends early; above that the store waits until they are sent. A client
 * that reads too slowly is ended by the connection's sweep.
 */
#include "reply/stream.h"

#include "http/connection.h"
#include "http/reply.h"
#include "reply/reply.h"
#include "reply/rows.h"
#include "state/request_state.h"
#include "state/server_state.h"
#include "telemetry/record.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http_struct.h>

#define UNSENT_MAX ((size_t)32 << 20)
#define UNSENT_MAX_WHEN_SHORT ((size_t)256 << 10)
#define WAITING_MAX (STORE_LONG_ANSWERS - 2)
#define WAITING_SHARE (STORE_LONG_SHARE - 1) /* of one account */

static struct connection *stream_connection(struct request *request)
{
	return connection_of(request->server->connections, request->evhttp);
}

static void waiting_remove(struct request *request)
{
	struct request **at = &request->server->waiting;

	while (*at != request)
		at = &(*at)->stream.next_waiting;
	*at = request->stream.next_waiting;
	request->stream.next_waiting = NULL;
	request->stream.waits = false;
}

static void resume(struct request *request, bool cancel)
{
	if (request->stream.waits)
		waiting_remove(request);
	store_continue(request->server->store, &request->job, cancel);
}

/* The connection is closed: the store must not wait for it. */
static void client_gone(void *argument)
{
	struct request *request = argument;

	if (request->stream.waits)
		resume(request, true);
}

static void add_around(struct request *request, struct evbuffer *piece,
	void (*write)(struct request *request, struct buffer *out))
{
	struct buffer around = { 0 };

	write(request, &around);
	evbuffer_add(piece, around.data, around.length);
	buffer_free(&around);
}

static void begin(struct request *request, struct evbuffer *piece)
{
	struct connection *connection = stream_connection(request);

	request->stream.begun = true;
	reply_rows_headers(request);
	reply_end_headers(request, 200);
	if (request->evhttp->major == 1 && request->evhttp->minor == 0)
		reply_close(request);
	evhttp_send_reply_start(request->evhttp, 200, reply_reason(200));
	if (!request->coding.applied)
		add_around(request, piece, reply_open_rows);
	if (connection != NULL) {
		connection->on_close = client_gone;
		connection->argument = request;
		connection->suspended = false;
		connection_watch_reply(connection, request->evhttp);
		if (!request->head)
			connection_reply_may_break(connection);
	}
}

/* All that was sent has been taken. */
static void piece_taken(struct evhttp_connection *evcon, void *argument)
{
	struct request *request = argument;

	(void)evcon;
	if (request->stream.waits)
		resume(request, false);
}

static void send_piece(struct request *request, struct evbuffer *piece)
{
	struct connection *connection = stream_connection(request);

	if (connection == NULL)
		return;
	request->stream.bytes += request->head ? 0 : evbuffer_get_length(piece);
	evhttp_send_reply_chunk_with_cb(request->evhttp, piece, piece_taken, request);
	bufferevent_disable(connection->bev, EV_READ);
}

/*
 * The one that has waited longest, of a share or of all (0), where more than max wait; else NULL.
 */
static struct request *one_too_many(struct request *waiting, uint64_t share, unsigned max)
{
	struct request *longest = NULL;
	unsigned count = 0;

	for (; waiting != NULL; waiting = waiting->stream.next_waiting) {
		if (share != 0 && waiting->job.work.share != share)
			continue;
		longest = longest != NULL ? longest : waiting;
		count++;
	}
	return count > max ? longest : NULL;
}

/*
 * Each stream that waits keeps a thread of the store. Where there are too many, of one account or
 * in all, the one that has waited longest is ended, so that a thread stays free for clients that
 * read.
 */
static void wait_for_client(struct request *request)
{
	struct server *server = request->server;
	struct request **end = &server->waiting, *longest;

	while (*end != NULL)
		end = &(*end)->stream.next_waiting;
	*end = request;
	request->stream.waits = true;
	longest = one_too_many(server->waiting, request->job.work.share, WAITING_SHARE);
	if (longest == NULL)
		longest = one_too_many(server->waiting, 0, WAITING_MAX);
	if (longest != NULL)
		connection_kill(stream_connection(longest));
}

static bool is_full(const struct connection *connection)
{
	bool is_short = connection->all->unsent > connection->all->limits.unsent;

	return connection->unsent > (is_short ? UNSENT_MAX_WHEN_SHORT : UNSENT_MAX);
}

void streams_relieve(void *server)
{
	struct request *next;

	for (struct request *request = ((struct server *)server)->waiting; request != NULL;
		request = next) {
		next = request->stream.next_waiting;
		connection_kill(stream_connection(request));
	}
}

void stream_piece(struct request *request)
{
	struct evbuffer *piece = evbuffer_new();

	if (!request->stream.begun)
		begin(request, piece);
	reply_add_body(piece, &request->job.out);
	send_piece(request, piece);
	evbuffer_free(piece);

	struct connection *connection = stream_connection(request);
	if (connection == NULL || request->head)
		resume(request, true);
	else if (is_full(connection))
		wait_for_client(request);
	else
		resume(request, false);
}

static void finish(struct request *request, enum reply_end end)
{
	struct connection *connection = stream_connection(request);

	record_reply(
		request, 200, request->stream.bytes, connection != NULL ? end : REPLY_CLIENT_GONE);
	if (connection != NULL)
		connection->on_close = NULL;
	bool last_chunk = request->evhttp->chunked;
	evhttp_send_reply_end(request->evhttp);
	/* Its end is still to be written, also to a client that has closed its own side. */
	if (connection != NULL && last_chunk)
		bufferevent_disable(connection->bev, EV_READ);
	request_free(request);
}

void stream_end(struct request *request)
{
	struct evbuffer *piece = evbuffer_new();

	reply_add_body(piece, &request->job.out);
	if (!request->coding.applied)
		add_around(request, piece, reply_close_rows);
	send_piece(request, piece);
	evbuffer_free(piece);
	finish(request, REPLY_SENT);
}

/* Without a last chunk the client knows that the reply is not whole; HEAD has no chunks. */
void stream_break(struct request *request)
{
	struct connection *connection = stream_connection(request);

	if (connection != NULL && !request->head) {
		connection->on_close = NULL;
		connection_kill(connection);
	}
	finish(request, request->head ? REPLY_SENT : REPLY_ABORTED);
}
