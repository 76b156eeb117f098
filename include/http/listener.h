/*
 * Connections come and go: accepting them, their limits in all and by address, closing. Loop
 * thread.
 */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include "http/connection.h"

/* Manage all connections of http, which the listener accepts. */
void connections_open(struct connections *connections, struct event_base *base, struct evhttp *http,
	struct evconnlistener *listener);

/*
 * Close the idle connections now, and each other one after its reply; then call on_drained, perhaps
 * before this returns.
 */
void connections_drain(
	struct connections *connections, void (*on_drained)(void *argument), void *argument);

/* Free what connections_open() made. All connections have to be closed. */
void connections_close(struct connections *connections);

#endif
