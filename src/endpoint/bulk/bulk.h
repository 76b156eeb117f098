/*
 * Large changes in slices, and the requests that wait for the end of one. Loop thread.
 */
#ifndef ENDPOINT_BULK_H
#define ENDPOINT_BULK_H

#include "store/store.h"

#include <stdint.h>

struct request;
struct server;

/* The request waits for the end of a large change. */
void bulk_park(struct request *request);

/*
 * The request's job was stopped because a large change of its account is on its way: it is handed
 * over again when that has changed.
 */
void bulk_wait(struct request *request);

/*
 * A large change has ended: those that wait try again, and are parked again where they must be.
 */
void bulk_unpark(struct server *server);

/*
 * What the account's large change has left cannot be swept at present, for this reason: its requests
 * that wait are told so, as they would be without that change.
 */
void bulk_fail(struct server *server, int64_t account, enum store_result result);

/* The server has stopped waiting: those that wait are told so. */
void bulk_close(struct server *server);

/* The request could not begin its large change: its handler is told so. */
void bulk_refuse(struct request *request);

#endif
