/*
 * The state of a request, in parts that belong to the files which use them. A request belongs to
 * the loop, or to the store or the password thread while they have its job or hash.
 * request_free() is the one place that frees it.
 */
#ifndef ENDPOINT_REQUEST_STATE_H
#define ENDPOINT_REQUEST_STATE_H

#include "access/forwarded.h"
#include "access/guards.h"
#include "access/idempotency.h"
#include "access/password.h"
#include "access/precondition.h"
#include "access/session.h"
#include "bulk/bulk.h"
#include "endpoint/endpoint.h"
#include "http/header.h"
#include "http/method.h"
#include "input/body.h"
#include "list/batch.h"
#include "list/list_sql.h"
#include "ops/clock.h"
#include "reply/coding.h"
#include "reply/reply.h"
#include "reply/stream.h"
#include "route/route.h"

#include <event2/http.h>

struct server;

/* What was asked for; request.c reads it from the request line and the Host header. */
struct target {
	struct path path;
	struct text query; /* as it was sent, without its mark */
	struct text host;  /* empty where none was said */
};

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

/* Memory of requests that have ended, to be used again. Loop thread. */
struct request_pool {
	struct request *first;
	unsigned length;
};

/* A zeroed request, but for the buffer of its rows, which may keep its capacity. */
struct request *request_new(struct request_pool *pool);

void request_pool_free(struct request_pool *pool);

/* Set the values that every request has. Its route is known. */
void request_set_values(struct request *request);

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
 * The share of the store's queues that a request counts for, so that each account gets its turn:
 * the account's where it is known; else that of the client's address.
 */
#define SHARE_TOKENS 1024 /* a power of two */

/*
 * The accounts of tokens that were used lately. It decides about turns alone, never about rights.
 */
struct share_cache {
	struct {
		uint64_t token; /* the first bytes of its hash */
		uint64_t account;
	} known[SHARE_TOKENS];
};

/* The share of a request's jobs, see struct work. */
uint64_t share_of_request(const struct request *request);

/* A job of the request is back: remember the account of its token, if it was found. */
void share_learn(const struct request *request);

#endif
