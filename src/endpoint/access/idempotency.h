/*
 * Idempotency-Key: a request that is sent again gets the reply of the first one, and changes
 * nothing. The reply is saved in the transaction of the change, so that a crash cannot part them.
 * See https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/.
 */
#ifndef ENDPOINT_IDEMPOTENCY_H
#define ENDPOINT_IDEMPOTENCY_H

#include "base/text.h"

#include <stdbool.h>

struct access_sql;
struct endpoint;
struct request;
struct statement;
struct store;

struct idempotency_statements idempotency_prepare(
	struct store *store, const struct access_sql *sql);

/* Whether an endpoint takes the header. */
bool idempotency_applies(const struct endpoint *endpoint);

/*
 * Read the header, which was sent, if the endpoint takes it. Loop thread, before the body is read.
 */
void idempotency_read(struct request *request);

/*
 * Set the hash of the request, which tells whether a key is used for another one. To be called
 * where the request has a key. Any thread that has the request.
 */
void idempotency_hash(struct request *request, struct text body);

/* After the statement that finds the key: whether the request goes on. Store's thread. */
bool idempotency_check(struct request *request, bool row);

/* Save the rows of the job for the request's key: adds the statement. Loop thread. */
void idempotency_save(struct request *request);

#endif
