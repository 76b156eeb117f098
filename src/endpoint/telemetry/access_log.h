/*
 * What is recorded of each request when it ends: it is counted (metrics.h) and has one line in
 * the access log, on standard error, as text or as JSON. The line has neither the path nor the
 * query nor anything else of what was sent. Loop thread; nothing waits.
 */
#ifndef ENDPOINT_ACCESS_LOG_H
#define ENDPOINT_ACCESS_LOG_H

#include "http/header.h"
#include "http/method.h"

#include <stdint.h>

struct connection;
struct request;
struct route;
struct server;

/*
 * CLIENT_GONE: its connection was gone before the reply was whole; ABORTED: the server gave up in
 * the middle of it.
 */
enum reply_end { REPLY_SENT, REPLY_CLIENT_GONE, REPLY_ABORTED };

/* Nothing in it is a secret, and of what the client sent there is its id alone. */
struct request_record {
	enum http_method method;
	const struct route *route; /* or NULL */
	int status;
	uint64_t nanoseconds; /* from its head being there to the reply being handed over */
	uint64_t bytes;	      /* of the reply's body */
	const char *id;
	const char *address; /* of the client */
	enum reply_end end;
};

/* What the request is called, by its client or else by us; own is room for the latter. */
const char *request_id(const struct request *request, char own[REQUEST_ID_MAX + 1]);

/* Its reply is handed over with so many bytes of body, or is not going to be. */
void access_log_reply(struct request *request, int status, uint64_t bytes, enum reply_end end);

/*
 * A connection is refused with so many bytes of body, before there is a request. It gets an id if
 * it has none.
 */
void access_log_refusal(void *server, struct connection *connection, uint64_t bytes);

#endif
