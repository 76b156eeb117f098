/*
 * What goes out on a connection: replies, and refusals. Loop thread.
 */
#ifndef HTTP_OUTPUT_H
#define HTTP_OUTPUT_H

#include "http/connection.h"

/*
 * A request has gone to a thread. evhttp would stop polling the socket now and start again with
 * the reply; it stays as it is, which spares the kernel three calls a request.
 */
void connection_waits(struct connection *connection);

/* Before a reply is given to evhttp: hear of its end. */
void connection_replies(struct connection *connection, struct evhttp_request *evhttp);

/*
 * A reply begins whose length its client is not told: until all of it is sent, the socket closes with
 * a reset, however that comes about, the end of this process included. A clean end would be the end
 * of the body to HTTP/1.0 (RFC 9112, 6.3).
 */
void connection_reply_may_break(struct connection *connection);

/*
 * After a reply was given to evhttp: write it now, as far as the socket takes it; the record may
 * be gone then. What is left waits for the socket, and nothing is read meanwhile.
 */
void connection_flush(struct connection *connection);

/* From now on what goes out is counted. */
void connection_watch_output(struct connection *connection);

/* Write what the socket takes at once, without waiting for the loop. */
void connection_write(struct connection *connection);

/* Take it from evhttp, which owes it nothing, and say why the parser refused. */
void connection_refuse(struct connection *connection);

#endif
