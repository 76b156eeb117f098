/*
 * What is seen of each request when it ends: it is counted (metrics.h) and has a line in the log
 * (request_log.h). Loop thread.
 */
#ifndef ENDPOINT_TRACE_H
#define ENDPOINT_TRACE_H

#include "http/header.h"
#include "http/method.h"

#include <stdint.h>

struct connection;
struct request;
struct route;
struct server;

/* GONE: its connection was, before the reply was whole; CUT: we gave up in the middle of it. */
enum trace_end { TRACE_SENT, TRACE_GONE, TRACE_CUT };

/* Nothing in it is a secret, and of what the client sent there is its id alone. */
struct trace {
	enum http_method method;
	const struct route *route; /* or NULL */
	int status;
	uint64_t nanoseconds; /* from its head being there to the reply being handed over */
	uint64_t bytes;	      /* of the reply's body */
	const char *id;
	const char *address; /* who asked */
	enum trace_end end;
};

/* A request has come: it gets its number and its time. */
void trace_begin(struct request *request);

/* What the request is called, by its client or else by us; own is room for the latter. */
const char *trace_id(const struct request *request, char own[REQUEST_ID_MOST + 1]);

/* Whether a reply of this status tells the request's id: the client's own, or one to ask us about. */
bool trace_tells_id(const struct request *request, int status);

/* Its reply is handed over with so many bytes of body, or is not going to be. */
void trace_reply(struct request *request, int status, uint64_t bytes, enum trace_end end);

/*
 * A connection is refused with so many bytes of body, before there is a request. It gets an id if
 * it has none.
 */
void trace_refusal(void *server, struct connection *connection, uint64_t bytes);

#endif
