/*
 * Connections come and go: how many there may be, in all and from one address. Loop thread.
 */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include "http/connection.h"

/* Take charge of all of http's connections, which the listener accepts. */
void connections_open(struct connections *connections, struct event_base *base, struct evhttp *http,
	struct evconnlistener *listener);

/* Close the idle ones now, and each other one when it has its reply. */
void connections_drain(
	struct connections *connections, void (*drained)(void *argument), void *argument);

void connections_close(struct connections *connections);

#endif
