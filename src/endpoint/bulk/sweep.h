/*
 * The sweeper removes the hidden rows of large changes in small steps: those that a change has
 * removed, and those that were staged for a change which did not finish, in this run of the server
 * or an earlier one. Loop thread.
 */
#ifndef ENDPOINT_SWEEP_H
#define ENDPOINT_SWEEP_H

#include "store/job.h"

#include <stdbool.h>

struct endpoint;
struct request;
struct server;
struct sweeper;

/* A sweep has ended, so waiting requests can try again; or it has failed. */
struct sweep_calls {
	void (*ended)(struct server *server);
	void (*failed)(struct server *server, int64_t account, enum store_result result);
};

/* table: see enum sweep_row. Owned by the server, which has the result in its sweeper. */
void sweep_start(
	struct server *server, const struct endpoint *table, const struct sweep_calls *calls);

/*
 * Whether the rows of earlier runs were all found. Until then no large change begins: its rows
 * might be taken for theirs.
 */
bool sweep_is_ready(const struct server *server);

/* The request ends, and has begun a large change: sweep what is left over of that. */
void sweep_request(struct request *request);

/* Remove the rows of deleted accounts. */
void sweep_deleted(struct server *server);

/* Before the store is closed: begin no further step. */
void sweep_stop(struct server *server);

/* After it was closed; NULL is none. */
void sweep_free(struct sweeper *sweeper);

#endif
