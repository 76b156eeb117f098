/*
 * Large changes in slices, and the requests that wait for the end of one. Loop thread.
 */
#ifndef ENDPOINT_BULK_H
#define ENDPOINT_BULK_H

#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct request;
struct rows;
struct server;

/* Of a large change, and of a request that may have to wait for one of its account. */
struct bulk_state {
	struct rows *rows; /* NULL: the slices are statements alone */
	void (*next)(struct request *request);
	void (*refused)(struct request *request);
	bool begun;	/* something of it may be in the database that has to be swept */
	bool refuses;	/* it could not be begun; set on the store's thread */
	bool parked;	/* it waits for another one of its account; set on the store's thread */
	uint64_t ended; /* the server's bulks_ended when its job was handed over */
	struct request *next_parked;
};

/* bulk_park.c: the request waits for the end of a large change. */
void bulk_park(struct request *request);

/*
 * bulk_park.c: the request's job was stopped because a large change of its account is on its way: it is handed over
 * again when that has changed.
 */
void bulk_wait(struct request *request);

/* bulk_park.c: a large change has ended: those that wait try again, and are parked again where they must be. */
void bulk_unpark(struct server *server);

/*
 * bulk_park.c: what the account's large change has left cannot be swept at present, for this reason: its requests
 * that wait are told so, as they would be without that change.
 */
void bulk_fail(struct server *server, int64_t account, enum store_result result);

/* bulk_park.c: the server has stopped waiting: those that wait are told so. */
void bulk_close(struct server *server);

/* The request could not begin its large change: its handler is told so. */
void bulk_refuse(struct request *request);

#endif
