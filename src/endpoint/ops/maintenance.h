/*
 * The endpoint that no client asks for: it runs by itself, step by step, when there is time.
 */
#ifndef ENDPOINT_MAINTENANCE_H
#define ENDPOINT_MAINTENANCE_H

#include "ops/clock.h"

struct event;
struct server;

struct maintenance {
	struct job job;
	struct server *server;
	const struct route *route;
	int has_more; /* the slot of a value: 1 where the account has more to do */
	struct event *timer;
	struct value values[VALUES_MOST];
	struct clock clock; /* of the step */
	uint64_t requests;  /* that had come when the timer was set */
	bool postponed;	    /* because of them */
};

/*
 * Begin with the endpoint's sql, which sets $account to the next account (NULL after the last one).
 */
void maintenance_start(struct server *server, const struct endpoint *endpoint);

/* No step is begun any more; one that is on its way may still come back. */
void maintenance_stop(struct maintenance *maintenance);

#endif
