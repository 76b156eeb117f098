/*
 * The endpoint that nobody asks for: it runs by itself, step by step, when there is time.
 */
#ifndef ENDPOINT_UPKEEP_H
#define ENDPOINT_UPKEEP_H

#include "ops/clock.h"

struct event;
struct server;

struct upkeep {
	struct job job;
	struct server *server;
	const struct route *route;
	int left; /* the slot of a value: 1 where the account has more to do */
	struct event *timer;
	struct value values[VALUES_MOST];
	struct clock clock; /* of the step */
	uint64_t requests;  /* that had come when the timer was set */
	bool put_off;	    /* because of them */
};

/* Begin with the endpoint's sql, which sets $account to the next account (NULL behind the last one). */
void upkeep_start(struct server *server, const struct endpoint *endpoint);

/* No step is begun any more; one that is on its way may still come back. */
void upkeep_stop(struct upkeep *upkeep);

#endif
