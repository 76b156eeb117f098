/*
 * A record for each connection, from accept to close: what has come in (the wire), what is owed
 * to it, and since when. It reads every byte before evhttp does, answers what evhttp would answer
 * badly, and ends what takes too long. Loop thread.
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "wire.h"

#include <event2/event.h>
#include <event2/http.h>
#include <time.h>

struct evconnlistener;

struct connection {
	struct connections *all;
	struct connection *next, *previous;
	struct bufferevent *bev;
	struct evhttp_connection *evcon; /* known once the accept is over */
	struct event *later;		 /* runs connection_later() from the loop */
	struct evbuffer_cb_entry *watch;
	struct wire wire;
	uint64_t received; /* bytes that the wire has let pass */
	uint64_t finished; /* replies that were sent whole */
	uint64_t held;	   /* bytes of large bodies, on their way and unanswered */
	time_t since;	   /* monotonic seconds: see connections_sweep() */
	time_t heard;	   /* when received was last seen to grow; of a large body alone */
	uint64_t seen;	   /* what received was then */
	size_t unsent;	   /* of the output, when since was set */
	bool waits;	   /* for a thread: between connection_waits() and the reply */
	bool cutting;	   /* the input is being cut: its callback is ours */
	bool refused;	   /* taken from evhttp: the refusal is on its way out */
	void (*abandoned)(void *argument); /* whom to tell that it is gone; NULL: nobody */
	void *argument;
};

struct connections {
	struct event *sweep;
	struct connection *first;
	struct connection **by_fd;
	size_t by_fd_size;
	unsigned count;
	unsigned most;			 /* as many as leave files for the rest of the program */
	uint64_t held;			 /* bytes of large bodies, of all connections */
	struct evconnlistener *listener; /* rests while there are that many */
	bool draining;
	void (*drained)(void *argument); /* the last one is gone; after connections_drain() */
	void *argument;

	/* Set by the owner: how long a body may be, asked where it is longer than ordinary ones. */
	size_t (*body_most)(void *owner, struct text method, struct text target);
	void *owner;
};

/* Take charge of all of http's connections, which the listener accepts. */
void connections_open(struct connections *connections, struct event_base *base, struct evhttp *http,
	struct evconnlistener *listener);

/* Close the idle ones now, and each other one when it has its reply. */
void connections_drain(
	struct connections *connections, void (*drained)(void *argument), void *argument);

void connections_close(struct connections *connections);

/* The record of a request's connection; NULL where that is gone. */
struct connection *connection_of(struct connections *connections, struct evhttp_request *evhttp);

/*
 * A request has gone to a thread. evhttp would stop polling the socket now and start again with
 * the reply; it stays as it is, which spares the kernel three calls a request.
 */
void connection_waits(struct connection *connection);

/* Before a reply is given to evhttp: hear of its end. */
void connection_replies(struct connection *connection, struct evhttp_request *evhttp);

/*
 * After a reply was given to evhttp: write it now, as far as the socket takes it; the record may
 * be gone then. What is left waits for the socket, and nothing is read meanwhile.
 */
void connection_flush(struct connection *connection);

/* End it at once, whatever was going on. */
void connection_kill(struct connection *connection);

/* Requests that came in whole and have no whole reply yet. */
uint64_t connection_owes(const struct connection *connection);

/* Between requests, with nothing owed and nothing on its way. */
bool connection_is_idle(const struct connection *connection);

/* connection_body.c: the wire's question about a body that is longer than an ordinary one. */
bool connection_body_grows(struct wire *wire);

/* connection_body.c: what it held of large bodies is no longer here, but for so many bytes. */
void connection_release(struct connection *connection, uint64_t kept);

/* connection_end.c: take it from evhttp, which owes it nothing, and say why the wire refused. */
void connection_refuse(struct connection *connection);

/* connection_end.c: a timer's callback; end what has taken too long. */
void connections_sweep(evutil_socket_t fd, short what, void *connections);

/* connection_end.c: monotonic, to the second or so. */
time_t connection_seconds(void);

#endif
