/*
 * The sweeper removes the hidden rows of large changes, step by step: those that a change has taken
 * away, and those that were staged for one which did not come to its end, in this run of the server
 * or in an earlier one. Loop thread.
 */
#ifndef ENDPOINT_SWEEP_H
#define ENDPOINT_SWEEP_H

#include "route/route.h"

#include <stdbool.h>

struct request;
struct server;
struct sweep;

struct sweeper {
	struct server *server;
	const struct route *find, *step, *deleted;
	struct sweep *first; /* those that are on their way */
	struct job job;	     /* finds what earlier runs have left */
	struct value *values;
	struct event *retry;
	/* Set by the owner: what a sweep may have kept waiting can be tried again; or is told why not. */
	void (*ended)(struct server *server);
	void (*failed)(struct server *server, int64_t account, enum store_result result);
	bool ready;
	bool removes; /* accounts that are gone */
};

/* table: see enum sweep_row. */
void sweep_start(struct server *server, const struct endpoint *table);

/*
 * Whether all that earlier runs have left was found: until then no large change begins, which might
 * be taken for one of theirs.
 */
bool sweep_is_ready(const struct server *server);

/* Sweep what the account's large change of this number has left, if anything. */
void sweep_account(struct server *server, int64_t account, int64_t number);

/* The request goes: what its large change has left behind is swept. */
void sweep_request(struct request *request);

/* Remove what there is of accounts that are gone. */
void sweep_deleted(struct server *server);

/* Before the store is closed: no step is begun any more. */
void sweep_stop(struct server *server);

/* After it was closed. */
void sweep_free(struct server *server);

#endif
