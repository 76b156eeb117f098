/*
 * The output of a connection: replies, and the refusals that the parser causes. Loop thread.
 */
#ifndef HTTP_OUTPUT_H
#define HTTP_OUTPUT_H

#include "http/connection.h"

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

#endif
