/*
 * How the server is doing, as far as it has to be found out: whether the writer still comes round,
 * and how many sessions there are. Both are asked of the store by jobs of their own, of which there
 * is at most one at a time, so that nobody who asks here waits, or makes work by asking often.
 * Loop thread.
 */
#ifndef ENDPOINT_HEALTH_H
#define ENDPOINT_HEALTH_H

#include "route/route.h"

#include "base/date.h"

struct server;

struct health {
	struct probe {
		struct job job;
		bool away;     /* it is with the store */
		uint64_t sent; /* when, in nanoseconds */
	} writer, counter;
	enum store_result written; /* how the last one came back */
	const struct statement *count;
	struct value values[2];
	char now[DATE_SIZE];
	uint64_t sessions; /* as they were last counted */
};

/* Prepare the statement, before store_start(); and count once, behind it. */
void health_prepare(struct server *server, const struct access_sql *sql);
void health_start(struct server *server);

#endif
