/*
 * Guards: what is checked before an endpoint's own statements, in their transaction. In the order
 * in which a request is refused: the session, a reply that was saved for its Idempotency-Key, the
 * faults of the input, the preconditions. Loop thread.
 */
#ifndef ENDPOINT_GUARDS_H
#define ENDPOINT_GUARDS_H

#include "route/route.h"

#include <stdbool.h>

struct request;

/* Begin the job with the session's guard and, where the request has a key, with the key's. */
void guards_add(struct request *request, const struct statement *session);

/*
 * The same, and then the statements that begin a large change, the first being the session's. Where
 * the last of them gives no row, the request's bulk.refuses is set and the job stops.
 */
void guards_add_bulk_begin(struct request *request, const struct statements_list *begin);

/*
 * Begin the job of request_begin_background() with the session's guard. brief: the work takes no
 * longer than a short read, and so runs on the thread for those.
 */
void guards_add_before_body(struct request *request, bool brief);

/* Begin the job of a slice: it stops (401) where the account, or its large change, is gone. */
void guards_add_bulk(struct request *request);

/* The sentence of the status that a request is denied with. Loop thread. */
const char *guards_denial(const struct request *request);

/*
 * Set the job's statements: the guards, those of the endpoint's list, and the one that saves the
 * reply for an Idempotency-Key.
 */
void guards_prepare(struct request *request, enum statements statements);

#endif
