/*
 * What is recorded of each request when it ends: it is counted, and has one line in the access log,
 * on standard error, as text or as JSON. The line has neither the path nor the query nor anything
 * else of what was sent. Loop thread; nothing waits.
 */
#ifndef ENDPOINT_RECORD_H
#define ENDPOINT_RECORD_H

#include "http/header.h"
#include "http/reply.h"

#include <stdint.h>

struct connection;
struct request;
struct router;

/*
 * CLIENT_GONE: its connection was gone before the reply was whole; ABORTED: the server gave up in
 * the middle of it.
 */
enum reply_end { REPLY_SENT, REPLY_CLIENT_GONE, REPLY_ABORTED };

#define DURATION_BUCKETS 14

/* The longest time of each bucket: in seconds, as words, and in nanoseconds. */
extern const struct duration_bucket {
	const char *seconds;
	uint64_t nanoseconds;
} duration_buckets[DURATION_BUCKETS];

/* Of one route (the last one is none) and one method. */
struct series {
	uint64_t count;
	uint64_t status[REPLY_STATUSES];
	uint64_t bucket[DURATION_BUCKETS + 1]; /* the last one: longer than any */
	uint64_t nanoseconds;
	uint64_t bytes;
	uint64_t unsent; /* of count: the client was gone, or the reply cut */
};

/* What was counted of requests since the start. */
struct request_counts {
	unsigned routes;
	struct series *series; /* by route and method */
	uint64_t refused[REPLY_STATUSES];
};

struct request_counts *request_counts_new(const struct router *router);
void request_counts_free(struct request_counts *counts);

/* What the request is called, by its client or else by us; own is room for the latter. */
const char *request_id(const struct request *request, char own[REQUEST_ID_MAX + 1]);

/* Its reply is handed over with so many bytes of body, or is not going to be. */
void record_reply(struct request *request, int status, uint64_t bytes, enum reply_end end);

/*
 * A connection is refused with so many bytes of body, before there is a request. It gets an id if
 * it has none.
 */
void record_refusal(void *server, struct connection *connection, uint64_t bytes);

#endif
