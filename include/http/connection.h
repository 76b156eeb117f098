/*
 * Work on the record of a connection: how it is found, what it waits for, and its output. The other
 * files of the folder work on it, too: listener.h, input.h, timeouts.h. Loop thread.
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "http/connection_state.h"

#include <event2/http.h>

/* The sentence of 401. */
#define SESSION_NEEDED "This needs a session: log in, and send its token."

/* Set or clear (NULL) the record of an open socket; and get it, NULL if there is none. */
void connection_note(
	struct connections *connections, evutil_socket_t fd, struct connection *connection);
struct connection *connection_at(const struct connections *connections, evutil_socket_t fd);

/* The record of a request's connection; NULL if that has closed. */
struct connection *connection_of(struct connections *connections, struct evhttp_request *evhttp);

/* Take the method of the request that evhttp hands over; once for each. Its connection is open. */
enum http_method connection_take_method(
	struct connections *connections, struct evhttp_request *evhttp);

/* How many requests have come whole and have no whole reply yet. */
uint64_t connection_replies_pending(const struct connection *connection);

/* Whether it is between requests, with no reply pending and no part of a request here. */
bool connection_is_idle(const struct connection *connection);

/* It becomes idle, or is idle no longer. */
void connection_mark_idle(struct connection *connection);
void connection_mark_active(struct connection *connection);

/*
 * When the head of the request that evhttp hands over had come whole: earlier than now if its body
 * took time. The connection may be NULL (closed): then it is now. In monotonic nanoseconds.
 */
uint64_t connection_head_time(const struct connection *connection, uint64_t now);

/* How many nanoseconds ago the head of an unfinished request had come whole; 0: it has not. */
uint64_t connection_head_age(const struct connection *connection, uint64_t now);

/*
 * Whether there is no place for a new connection, and no idle one to close for it. A connection is
 * then closed after its reply.
 */
bool connections_at_limit(const struct connections *connections);

/* Count what goes out from now on. */
void connection_watch_output(struct connection *connection);

/*
 * A request goes to a thread, so evhttp is not to read on. It would stop polling the socket, and
 * start again with the reply; the socket stays polled instead, which saves three system calls a
 * request.
 */
void connection_suspend_reading(struct connection *connection);

/* Before a reply is given to evhttp: learn when it is sent. */
void connection_watch_reply(struct connection *connection, struct evhttp_request *evhttp);

/*
 * A reply of unannounced length begins. Until all of it is sent, the socket closes with a reset,
 * also if the process ends: to HTTP/1.0 a clean close would be the end of the body (RFC 9112, 6.3).
 */
void connection_reply_may_break(struct connection *connection);

/*
 * After a reply was given to evhttp: write at once what the socket takes. The rest waits for the
 * socket, and nothing is read meanwhile. The connection may be freed.
 */
void connection_flush(struct connection *connection);

/* Write at once what the socket takes of the output. */
void connection_write(struct connection *connection);

/*
 * Take the connection from evhttp, which has no reply to send on it, and send the parser's refusal
 * as a problem document. The connection closes once the client has, or after some seconds.
 */
void connection_refuse(struct connection *connection);

/* Close it at once, whatever it does. */
void connection_kill(struct connection *connection);

#endif
