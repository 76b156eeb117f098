/*
 * The server as the files of this layer see it. Loop thread.
 */
#ifndef ENDPOINT_SERVING_H
#define ENDPOINT_SERVING_H

#include "endpoint/server.h"

#include "access/answer.h"
#include "access/password.h"
#include "bulk/sweep.h"
#include "describe/describe.h"
#include "http/connection.h"
#include "ops/clock.h"
#include "ops/health.h"
#include "ops/metrics.h"
#include "ops/maintenance.h"
#include "request_state.h"
#include "route/route.h"

#include <event2/event.h>
#include <event2/http.h>

struct server {
	struct event_base *base;
	struct server_settings settings;
	struct networks proxies; /* that are trusted */
	struct evhttp *http;
	struct evhttp_bound_socket *socket;
	struct store *store;
	void (*job_done)(struct work *work); /* of every request */
	struct router *router;
	struct passwords *passwords;
	const struct statement *touch; /* session.c */
	const struct statement *ask;   /* session_ask.c */
	struct answers answers;
	struct item_questions item_questions;
	const struct statement *bulk_stands; /* admission.c */
	struct connections connections;
	uint64_t requests;  /* that have come */
	uint64_t in_flight; /* of those */
	uint64_t run;	    /* a random name for this run: with a request's number its id */
	time_t started;
	time_t warned_of_proxy; /* monotonic: see forwarded.c */
	struct metrics *metrics;
	struct health *health;
	struct maintenance *maintenance;
	struct sweeper sweeper;
	struct request *parked; /* the one that waits longest first: see bulk.c */
	uint64_t bulks_ended;	/* large changes and sweeps that have come to their end */
	struct request_pool pool;
	struct share_cache shares;
	struct descriptions *descriptions;
	struct request *waiting; /* streams, the longest-waiting first: see stream.c */
	struct clock clock;
	struct clock_watch *watch;
	struct event *deadline; /* of a stop */
	time_t cookie_refused;	/* when the log last told of one, monotonic seconds; 0: never */
	bool stopping;
	bool closed; /* what comes back from a thread is not gone on with */
};

#endif
