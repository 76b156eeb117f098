/*
 * A record for each connection, from accept to close: what has come in (the parser), what is owed
 * to it, and since when. It reads every byte before evhttp does, answers what evhttp would answer
 * badly, and ends what takes too long. Loop thread.
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

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

#define BODY_SHARE_BUCKETS 256

/* How many bytes of large bodies each account has on their way: see input.c. Zeroed is empty. */
struct body_shares {
	struct body_share *bucket[BODY_SHARE_BUCKETS];
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

/* What the request asks for that evhttp hands over now; once each. The connection is there. */
enum http_method connection_take_method(struct connections *connections, struct evhttp_request *evhttp);

/*
 * When the head was there of the request that begins now: before now where its body took its time;
 * the connection may be NULL, for gone. And how long ago that was where there is no request yet; 0
 * where not even its head is there.
 */
uint64_t connection_head_came(const struct connection *connection, uint64_t now);
uint64_t connection_head_age(const struct connection *connection, uint64_t now);

/*
 * Whether newcomers wait and nobody is idle who could give way: a connection is
 * closed behind its reply then.
 */
bool connections_are_crowded(const struct connections *connections);

/* Nothing is on its way from now on; or something is. */
void connection_rests(struct connection *connection);
void connection_stirs(struct connection *connection);

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

#endif
