/*
 * Large changes in slices, and the requests that wait for the end of one. Loop thread.
 */
#ifndef ENDPOINT_BULK_H
#define ENDPOINT_BULK_H

#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct request;
struct server;

/*
 * The request's job was stopped by a large change of its account: hand it over again when that has
 * ended.
 */
void bulk_wait(struct request *request);

/* A large change has ended: the waiting requests try again. */
void bulk_unpark(struct server *server);

/*
 * The rows of the account's large change cannot be swept at present: its waiting requests end with
 * that result of the store, as they would without the change.
 */
void bulk_fail(struct server *server, int64_t account, enum store_result result);

/* The server stops: end the waiting requests. */
void bulk_close(struct server *server);

/* The request could not begin its large change: call its handler's refused(). */
void bulk_refuse(struct request *request);

#endif
