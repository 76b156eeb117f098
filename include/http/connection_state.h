/*
 * The record of each connection, from accept to close: the parser of its input, the replies that it
 * waits for, the bytes that it holds, and when it last did something. Loop thread.
 */
#ifndef HTTP_CONNECTION_STATE_H
#define HTTP_CONNECTION_STATE_H

#include "http/parser_state.h"
#include "http/peers.h"

#include <event2/event.h>
#include <event2/http.h>
#include <sys/queue.h>
#include <time.h>

struct evconnlistener;
struct session_lookup; /* whose session a large body is of: see input.c */

/* Bytes of a body above which it needs a session, and above which it is given more time. */
#define BODY_WITHOUT_SESSION_MAX ((uint64_t)64 << 10)
#define BODY_ORDINARY_MAX ((uint64_t)1 << 20)

/* How many bytes all connections may hold; less on a machine with little memory. */
struct byte_limits {
	uint64_t large;	       /* of large bodies */
	uint64_t share;	       /* of those, of one account */
	uint64_t unidentified; /* of unfinished bodies whose sender is not known */
	/*
	 * Of unsent replies. Above it memory is short: streams buffer less for their clients, and a
	 * client that reads nothing is given less time.
	 */
	uint64_t unsent;
};

#define BODY_SHARE_BUCKETS 256

/* How many bytes of large bodies each account has reserved: see body_shares.c. Zeroed is empty. */
struct body_shares {
	struct body_share *bucket[BODY_SHARE_BUCKETS];
};

struct connection {
	struct connections *all;
	struct connection *next, *previous;
	struct bufferevent *bev;	 /* evhttp's, which frees it */
	struct evhttp_connection *evcon; /* NULL until the accept is over */
	struct peer *peer;		 /* of its address; the same */
	struct address address;		 /* of the client, or of its proxy */
	char address_text[ADDRESS_SIZE]; /* the same */
	struct event *deferred;		 /* runs run_deferred() (listener.c) from the loop */
	struct evbuffer_cb_entry *input_watch, *output_watch;
	TAILQ_ENTRY(connection) idle_link;
	bool idle;    /* whether it is in the list of idle ones */
	time_t since; /* monotonic seconds: when it became idle or active, or sent its last reply */
	struct http_parser parser;
	uint64_t received;     /* bytes that the parser has let pass */
	uint64_t replies_sent; /* whole ones */
	uint64_t head_request; /* number, from 1: of the last one whose body came after its head */
	uint64_t head_ns;      /* when that head had come, in monotonic nanoseconds */

	/* Large bodies: see input.c. */
	uint64_t reserved;	  /* bytes of them that have come and are not answered yet */
	struct body_share *share; /* of the account that these bytes count for; NULL: of none */
	struct session_lookup *lookup;  /* of the sender's session; NULL: none is on its way */
	uint64_t unidentified;	  /* bytes of an unfinished body whose sender is not known */
	TAILQ_ENTRY(connection) unfinished_link; /* if there are any */

	/* Timeouts: see timeouts.c. */
	time_t last_input;	/* monotonic seconds: when received last grew, in a large body */
	uint64_t last_received; /* what received was then */
	time_t pace_start;	/* monotonic seconds: when pace_bytes was taken; 0: all is sent */
	uint64_t pace_bytes;	/* that the client's machine had acknowledged then */

	/* Output. */
	size_t unsent;	     /* bytes in the output buffer */
	uint64_t written;    /* bytes that the socket has taken from there */
	bool suspended; /* a thread has its request, from connection_suspend_reading() to the reply */
	bool editing;	     /* we change the input, so its callback does nothing */
	bool refused;	     /* taken from evhttp; its refusal is being sent */
	bool reset_on_close; /* see connection_reply_may_break() */

	void (*on_close)(void *argument); /* called when it closes; NULL: nothing to call */
	void *argument;
};

/* Which limit has cost a connection: the one on all of them, or the one on an address. */
enum over_limit { OVER_LIMIT_TOTAL, OVER_LIMIT_ADDRESS, OVER_LIMIT_KINDS };

struct connections {
	/* Set by the owner, before connections_open(). */
	unsigned max_connections; /* how many there may be; 0: as many as files may be open */
	unsigned max_per_address; /* from one; 0: 1,024, or half of all if that is fewer */
	const struct networks *unlimited_networks; /* addresses from which any number may come */
	time_t idle_seconds;		  /* how long one may have no request */
	/* How long the body of such a request may be; called for one above BODY_WITHOUT_SESSION_MAX. */
	size_t (*body_limit)(void *owner, struct text method, struct text target);
	/*
	 * Look up the session that these headers (NULL: not sent) name, and call
	 * connection_finish_lookup() later, on the loop. False if they name none.
	 */
	bool (*start_lookup)(void *owner, const char *authorization, const char *cookie,
		struct session_lookup *lookup);
	/*
	 * Called for each refusal, with the length of its body; gives the request an id if it has
	 * none.
	 */
	void (*on_refusal)(void *owner, struct connection *connection, uint64_t bytes);
	void *owner;

	struct connection *first;
	struct connection **by_fd;
	size_t by_fd_size;
	TAILQ_HEAD(, connection) idle; /* the longest idle first */
	struct peers peers;
	unsigned count;
	struct event *sweep;

	struct byte_limits limits;
	uint64_t reserved;	   /* bytes of large bodies, of all connections */
	struct body_shares shares; /* the same by account */
	uint64_t unidentified;	   /* bytes of unfinished bodies whose sender is not known */
	TAILQ_HEAD(, connection)
	unfinished;	 /* the connections that have such bytes, the oldest first */
	uint64_t unsent; /* bytes of replies */

	struct evconnlistener *listener;
	bool listening;
	bool accept_paused;	    /* accept() has failed; accept_retry will end the pause */
	struct event *accept_retry; /* a timer */
	time_t last_warning;	    /* of a failed accept(), in monotonic seconds */
	bool draining;
	void (*on_drained)(
		void *argument); /* called when the last one has closed, while draining */
	void *argument;

	/* For the metrics. */
	uint64_t accepted, received; /* connections, and bytes from them */
	uint64_t over_limit[OVER_LIMIT_KINDS];
};

#endif
