/*
 * The sweeper removes the hidden rows of large changes in small steps: those that a change has
 * removed, and those that were staged for a change which did not finish, in this run of the server
 * or an earlier one. Loop thread.
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
	/*
	 * Set by the owner: a sweep has ended, so waiting requests can try again; or it has failed.
	 */
	void (*ended)(struct server *server);
	void (*failed)(struct server *server, int64_t account, enum store_result result);
	bool ready;
	bool removes; /* the rows of deleted accounts, just now */
};

/* table: see enum sweep_row. */
void sweep_start(struct server *server, const struct endpoint *table);

/*
 * Whether the rows of earlier runs were all found. Until then no large change begins: its rows
 * might be taken for theirs.
 */
bool sweep_is_ready(const struct server *server);

/* The request ends: sweep what is left over of its large change, if it has begun one. */
void sweep_request(struct request *request);

/* Remove the rows of deleted accounts. */
void sweep_deleted(struct server *server);

/* Before the store is closed: begin no further step. */
void sweep_stop(struct server *server);

/* After it was closed. */
void sweep_free(struct server *server);

#endif
