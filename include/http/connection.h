/*
 * A record for each connection, from accept to close: what has come in (the parser), what is owed
 * to it, and since when. It reads every byte before evhttp does, answers what evhttp would answer
 * badly, and ends what takes too long. Loop thread.
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "http/body_share.h"
#include "http/peers.h"
#include "http/parser.h"

#include <event2/event.h>
#include <event2/http.h>
#include <sys/queue.h>
#include <time.h>

struct evconnlistener;
struct question;

/* The sentence of 401. */
#define SESSION_NEEDED "This needs a session: log in, and send its token."

/* Bytes of a body above which it takes a session, and above which it has more time to come. */
#define BODY_UNASKED ((uint64_t)64 << 10)
#define BODY_ORDINARY ((uint64_t)1 << 20)

/* How many bytes may be here, over all connections; less on a machine that has little memory. */
struct byte_limits {
	uint64_t large;	  /* of large bodies */
	uint64_t share;	  /* of those, of one account */
	uint64_t unknown; /* of unfinished bodies of whoever it may be */
	/*
	 * Of replies, from which on memory is short: streams keep little waiting for their clients
	 * then, and clients that take nothing are given less time.
	 */
	uint64_t unsent;
};

struct connection {
	struct connections *all;
	struct connection *next, *previous;
	struct bufferevent *bev;
	struct evhttp_connection *evcon; /* known once the accept is over */
	struct peer *peer;		 /* where it comes from; the same */
	struct event *later;		 /* runs connection_later() from the loop */
	struct evbuffer_cb_entry *input_watch, *output_watch;
	TAILQ_ENTRY(connection) idle_link;
	bool idle; /* it is in the list of those */
	struct http_parser parser;
	uint64_t received;   /* bytes that the parser has let pass */
	uint64_t finished;   /* replies that were sent whole */
	uint64_t held;	     /* bytes of large bodies, on their way and unanswered */
	struct body_share *share; /* that they count in; NULL: there are none */
	uint64_t unknown;    /* bytes of an unfinished body, while it is not known who sends it */
	TAILQ_ENTRY(connection) unfinished_link; /* where there are any */
	time_t since;				 /* monotonic seconds: see connections_sweep() */
	time_t heard;		   /* when received was last seen to grow; of a large body alone */
	uint64_t seen;		   /* what received was then */
	struct question *question; /* who sends a large body; NULL: nobody is asked */
	size_t unsent;		   /* bytes of the output */
	uint64_t written;	   /* bytes that the socket has taken from there */
	time_t window;		   /* when its client's pace was last looked at; 0: all is sent */
	uint64_t taken;		   /* what the client had taken then */
	uint64_t head_of; /* the request (counted from 1) whose body came behind its head */
	uint64_t head_at; /* and when that was there, in nanoseconds */
	bool waits;	  /* for a thread: between connection_waits() and the reply */
	bool cutting;	  /* the input is being changed: its callback is ours */
	bool refused;	  /* taken from evhttp: the refusal is on its way out */
	bool breakable;	  /* see connection_reply_may_break() */
	void (*abandoned)(void *argument); /* whom to tell that it is gone; NULL: nobody */
	void *argument;
};

/* What there may be too many of: connections in all, or from one address. */
enum turned_away { TURNED_AWAY_ALL, TURNED_AWAY_ADDRESS, TURNED_AWAY_WAYS };

struct connections {
	struct event *sweep;
	struct connection *first;
	struct connection **by_fd;
	size_t by_fd_size;
	TAILQ_HEAD(, connection) idle; /* the longest idle first */
	struct peers peers;
	unsigned count;
	unsigned most;	      /* set by the owner, 0: any; then what files there are for */
	time_t idle_seconds;  /* set by the owner: how long one may have no request */
	unsigned per_address; /* the most from one address, set by the owner; 0: any */
	const struct networks *uncounted;    /* whose addresses may have any number; the same */
	struct byte_limits limits;
	uint64_t held;			     /* bytes of large bodies, of all connections */
	struct body_shares shares;		     /* of them, each account's */
	uint64_t unknown;		     /* bytes of unfinished bodies, of all connections */
	TAILQ_HEAD(, connection) unfinished; /* those that have some; who began first comes first */
	uint64_t unsent;		     /* bytes of replies */
	struct evconnlistener *listener;
	struct event *again; /* accept() has failed: until then the listener rests */
	bool starved;	     /* that is so */
	bool listening;
	time_t complained;	     /* when the log last said so */
	uint64_t accepted, received; /* connections, and bytes from them */
	uint64_t turned_away[TURNED_AWAY_WAYS];
	bool draining;
	void (*drained)(void *argument); /* the last one is gone; after connections_drain() */
	void *argument;

	/* Set by the owner: how long a body may be, asked where it is above BODY_UNASKED. */
	size_t (*body_most)(void *owner, struct text method, struct text target);
	/*
	 * The same: look up whose session these headers name (NULL: not sent), and tell later, on the
	 * loop, by connection_answer(). False where they name none.
	 */
	bool (*ask)(void *owner, const char *authorization, const char *cookie,
		struct question *question);
	/* Told of each refusal, and how long its body is; it names what has no id. */
	void (*refused)(void *owner, struct connection *connection, uint64_t bytes);
	void *owner;
};

/* Take charge of all of http's connections, which the listener accepts. */
void connections_open(struct connections *connections, struct event_base *base, struct evhttp *http,
	struct evconnlistener *listener);

/* Close the idle ones now, and each other one when it has its reply. */
void connections_drain(
	struct connections *connections, void (*drained)(void *argument), void *argument);

void connections_close(struct connections *connections);

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

/* What the request asks for that evhttp hands over now; once each. The connection is there. */
enum http_method connection_take_method(struct connections *connections, struct evhttp_request *evhttp);

/*
 * When the head was there of the request that begins now: before now where its body took its time;
 * the connection may be NULL, for gone. And how long ago that was where there is no request yet; 0
 * where not even its head is there.
 */
uint64_t connection_head_came(const struct connection *connection, uint64_t now);
uint64_t connection_head_age(const struct connection *connection, uint64_t now);

/* connection_input.c: from now on the parser sees what comes in. */
void connection_watch_input(struct connection *connection);

/* connection_reply.c: from now on what goes out is counted. */
void connection_watch_output(struct connection *connection);

/* connection_reply.c: write what the socket takes at once, without waiting for the loop. */
void connection_write(struct connection *connection);

/*
 * connection_listen.c: whether newcomers wait and nobody is idle who could give way: a connection is
 * closed behind its reply then.
 */
bool connections_are_crowded(const struct connections *connections);

/* connection_listen.c: begin to listen; the listener rests while there is no place. */
void connections_listen(
	struct connections *connections, struct event_base *base, struct evconnlistener *listener);

/* connection_listen.c: where there is no place, close the longest idle one. */
void connections_make_room(struct connections *connections);

/* connection_listen.c: a connection came, or went. */
void connection_enters(struct connection *connection);
void connection_leaves(struct connection *connection);

/* connection_listen.c: nothing is on its way from now on; or something is. */
void connection_rests(struct connection *connection);
void connection_stirs(struct connection *connection);

/* connection_listen.c: its address is known; false where too many come from there. */
bool connection_is_welcome(struct connection *connection);

/* connection_body.c: what fits a process that may use so many bytes of memory. */
struct byte_limits connection_byte_limits(uint64_t memory);

/* connection_body.c: whether the session that was asked for is good, and whose. Frees the question. */
void connection_answer(struct question *question, bool good, int64_t account);

/* connection_body.c: the connection goes: it needs no answer, and holds nothing. */
void connection_body_ends(struct connection *connection);

/* connection_body.c: the parser's question about a body that is longer than an ordinary one. */
bool connection_body_grows(struct http_parser *parser);

/* connection_body.c: bytes have come, perhaps of a body; false where the parser refuses them now. */
bool connection_body_came(struct connection *connection);

/* connection_body.c: what it held of large bodies is no longer here, but for so many bytes. */
void connection_release(struct connection *connection, uint64_t kept);

/* connection_end.c: take it from evhttp, which owes it nothing, and say why the parser refused. */
void connection_refuse(struct connection *connection);

/* connection_end.c: a timer's callback; end what has taken too long. */
void connections_sweep(evutil_socket_t fd, short what, void *connections);

/* ---- connection_record.c ---- */

/* Which record an open socket has, NULL for none; and where it is looked up. */
void connection_note(struct connections *connections, evutil_socket_t fd, struct connection *connection);
struct connection *connection_at(const struct connections *connections, evutil_socket_t fd);

/* The record of a request's connection; NULL where that is gone. */
struct connection *connection_of(struct connections *connections, struct evhttp_request *evhttp);

/* End it at once, whatever was going on. */
void connection_kill(struct connection *connection);

/* Requests that came in whole and have no whole reply yet. */
uint64_t connection_owes(const struct connection *connection);

/* Between requests, with nothing owed and nothing on its way. */
bool connection_is_idle(const struct connection *connection);

/* Leave in the input what came before the refused request, and nothing else. */
void connection_cut(struct connection *connection, size_t added);

#endif
