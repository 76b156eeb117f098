/*
 * The state of a request, in parts. Each one belongs to the file that is called like it. A request belongs to
 * the loop, or to the store or the password thread while they have its job or hash.
 * request_free() is the one place that frees it.
 */
#ifndef ENDPOINT_REQUEST_STATE_H
#define ENDPOINT_REQUEST_STATE_H

#include "base/network.h"
#include "endpoint/endpoint.h"
#include "http/condition.h"
#include "http/header.h"
#include "http/method.h"
#include "password/password.h"
#include "route/route.h"
#include "state/server_state.h"

#include <event2/http.h>
#include <jansson.h>

#define GUARDS 5 /* of a job, see guards.c */

struct batch_item;
struct gzip;
struct row_format;
struct rows;

/* ---- who asks ---- */

/* That the client used, as far as a trusted proxy says so. */
enum scheme { SCHEME_UNKNOWN, SCHEME_HTTP, SCHEME_HTTPS };

/* The client of a request, and the way that it took to a trusted proxy, if it came by one. */
struct client_info {
	struct address address;	    /* zeroed where it is not known */
	bool local;		    /* both the client and its peer are this machine */
	char text[ADDRESS_SIZE];    /* the address as text, or "unknown" */
	char network[ADDRESS_SIZE]; /* see address_write_network() */
	enum scheme scheme;
	struct text forwarded_host; /* that the proxy was asked for; else empty */
	int64_t forwarded_port;	    /* the same; 0: not said */
	struct text prefix;	    /* of our paths as the proxy's clients see them; or empty */
};

#define TOKEN_SIZE 64 /* bytes of a token's text, terminated */
#define TOKEN_HASH_SIZE 32

enum credentials { CREDENTIALS_NONE, CREDENTIALS_BEARER, CREDENTIALS_COOKIE };

/* What a request says of who asks, and what came of it. */
struct session_state {
	enum credentials credentials;
	unsigned char token[TOKEN_HASH_SIZE]; /* its hash */
	bool same_origin; /* origin.c: the browser says that our own page asks */
	bool cross_site;  /* origin.c: it says that another site does */
	int status;	  /* 401, 403, 404, or 0: it may go on; set on the store's thread */
	char new_token[TOKEN_SIZE]; /* of a session that is made */
	unsigned char new_token_hash[TOKEN_HASH_SIZE];
};

/* Of a request with an Idempotency-Key; FIRST: none came with it before. */
enum idempotency_state { KEY_NONE, KEY_SENT, KEY_FIRST, KEY_REPLAYED, KEY_REUSED };

struct idempotency {
	enum idempotency_state state;
	unsigned char request_hash[32]; /* of what was asked */
};

/* The conditions of a request (RFC 9110, 13), and what came of them. */
struct precondition {
	struct condition if_match;
	struct condition if_none_match;
	bool no_etag; /* the reply has no ETag, and conditions say nothing of it */
	bool waits;   /* the same, until more is known: see request_set_etag() */
	int status;   /* 304, 412, or 0: they hold; set on the store's thread */
};

/* ---- what is asked ---- */

/* What was asked for; request.c reads it from the request line and the Host header. */
struct target {
	struct path path;
	struct text query; /* as it was sent, without its mark */
	struct text host;  /* empty where none was said */
};

/* The first fault that has a status of its own, and the list of faults in members (422). */
struct fault {
	int status; /* 0: none */
	const char *detail;
	struct buffer members; /* JSON objects with commas between them */
};

/* What a request has sent, as far as it is not in its values. */
struct input_state {
	struct text json;   /* the body, where it is sound JSON */
	json_t *body;	    /* an array of what was built of it; owned */
	struct fault fault; /* what is wrong with the input, answered when its time comes */
	bool coded;	    /* the body has a Content-Encoding, which is not understood */
};

/* How a list is sorted; its id comes last. */
struct sorting {
	unsigned count;
	const struct order *order[LIST_KEYS];
	struct sort_key {
		const char *column;
		bool descends;
	} key[LIST_KEYS];
};

/* Of a request for a list. */
struct list_state {
	struct sorting sorting;
	const struct filter *filter[LIST_FILTERS]; /* that are asked for */
	unsigned filters;
	struct statements_list composed; /* instead of SQL's, where there are any */
	const struct statement *next;	 /* of those: where the next page begins; or NULL */
};

/* Of a request that is a batch. */
struct batch_state {
	struct batch_item *item; /* in their order; each is a part of the job */
	unsigned failed;	 /* the index of the one that could not be done */
	struct arena *arena; /* the text of one that is passing */
};

/* Of a large change, and of a request that may have to wait for one of its account. */
struct bulk_state {
	struct rows *rows; /* NULL: the slices are statements alone */
	void (*next)(struct request *request);
	void (*refused)(struct request *request);
	/* As the request ends, where something of it may be in the database; else NULL. */
	void (*sweep)(struct request *request);
	bool refuses;	/* it could not be begun; set on the store's thread */
	bool parked;	/* it waits for another one of its account; set on the store's thread */
	uint64_t ended; /* the server's bulks_ended when its job was handed over */
	struct request *next_parked;
};

/* ---- what is answered ---- */

/* What a reply is to have, beside what the endpoint's row says. */
struct reply_state {
	const struct row_format *format; /* of the rows, instead of JSON; or NULL */
	int retry_after;		 /* seconds; 0: no such header */
	struct buffer headers;		 /* so far: see reply.c */
};

/* Of a reply that is perhaps coded (gzip). */
struct coding_state {
	bool applied;	     /* the job's rows are coded, with all that is around them */
	bool tried;	     /* coding_begin() has said what is to become of the reply */
	struct gzip *gzip;   /* in the middle of a reply; NULL: not begun, or ended */
	struct buffer coded; /* bytes that are not handed over yet */
};

/* Of a reply that is sent while it is read. */
struct stream_state {
	bool begun;	/* the reply has; its status can change no more */
	bool waits;	/* for the client to take what was sent */
	uint64_t bytes; /* of the body, that were sent so far */
	struct request *next_waiting;
};

/* ---- the request ---- */

/* A handler's own, see request_keep_state(). */
struct handler_state {
	void *state;
	void (*drop)(void *state);
};

struct request {
	struct job job;
	struct request *pooled; /* the next one in the pool */
	struct server *server;
	struct evhttp_request *evhttp;
	const struct route *route;
	uint64_t number; /* of those that have come */
	uint64_t begun;	 /* monotonic nanoseconds: when its head was there */
	enum http_method method; /* as it came, whatever evhttp has been shown */
	bool head;		 /* answer as to GET, without the body */
	bool at_limit;		 /* the endpoint's limit is reached */
	struct target target;
	struct client_info client;
	const char *header[HEADERS];
	struct value values[VALUES_MAX]; /* by slot */

	struct list_state list;
	struct arena *arena;  /* decoded text */
	struct input_state input;
	struct session_state session;

	const struct statement *run[GUARDS + 3 * ENDPOINT_STATEMENTS + 1]; /* the job's */
	bool (*guard[GUARDS])(struct request *request, bool row);
	struct precondition precondition;
	struct idempotency idempotency;

	struct batch_state batch;
	struct bulk_state bulk;
	struct reply_state reply;
	struct coding_state coding;
	struct stream_state stream;
	struct handler_state handler;
	void (*background)(struct request *request); /* what it does on a thread of the store's */

	struct clock clock; /* when it came */
	struct hash hash;

	void (*next)(struct request *request); /* when the job or the hash is back */
};

/* A zeroed request, but for the buffer of its rows, which may keep its capacity. */
struct request *request_new(struct request_pool *pool);

void request_pool_free(struct request_pool *pool);

/* Begin a job without statements, after which next() is called; and hand it to the store. */
void request_begin_job(struct request *request, void (*next)(struct request *request));
void request_hand_over(struct request *request);

/* Begin a job that runs work() on a thread of the store's, and then next() on the loop. */
void request_begin_background(struct request *request, void (*work)(struct request *request),
	void (*next)(struct request *request));

/* The request goes to a thread: nothing more of its connection is read until the reply. */
void request_wait(struct request *request);

/* Free a request whose reply has been handed to evhttp. */
void request_free(struct request *request);

/*
 * The share of the store's queues that a request's jobs count for, see struct work, so that each
 * account gets its turn: the account's where it is known; else that of the client's address.
 */
uint64_t share_of_request(const struct request *request);

/* A job of the request is back: remember the account of its token, if it was found. */
void share_learn(const struct request *request);

#endif
