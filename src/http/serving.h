/*
 * The server as floor http's own files see it. Loop thread.
 */
#ifndef HTTP_SERVING_H
#define HTTP_SERVING_H

#include "http/server.h"

#include "answer.h"
#include "base/date.h"
#include "connection.h"
#include "health.h"
#include "metrics.h"
#include "request.h"
#include "password.h"
#include "route.h"
#include "upkeep.h"

#include <event2/event.h>
#include <event2/http.h>

/* The wall clock as requests need it, written out once a second. */
struct clock {
	time_t second;
	char now[DATE_SIZE];
	char hour_ago[DATE_SIZE];
	char session_end[DATE_SIZE]; /* of a session that is used now */
};

struct server {
	struct event_base *base;
	struct server_settings settings;
	struct networks proxies; /* that are trusted */
	struct evhttp *http;
	struct evhttp_bound_socket *socket;
	struct store *store;
	struct router *router;
	struct passwords *passwords;
	const struct statement *touch; /* session.c */
	const struct statement *ask;   /* session_ask.c */
	struct answers answers;
	const struct statement *newest; /* items.c */
	struct connections connections;
	uint64_t requests;  /* that have come */
	uint64_t in_flight; /* of those */
	uint64_t run;	    /* a random name for this run: with a request's number its id */
	time_t started;
	time_t warned_of_proxy; /* monotonic: see forwarded.c */
	struct metrics *metrics;
	struct health health;
	struct upkeep upkeep;
	struct request_pool pool;
	struct request *waiting; /* streams, the longest-waiting first: see stream.c */
	struct clock clock;
	struct event *deadline; /* of a stop */
	bool stopping;
	bool closed; /* what comes back from a thread is not gone on with */
};

/* The time; good until the next call. */
const struct clock *server_clock(struct server *server);

#endif
