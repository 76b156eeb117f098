/*
 * Idempotency-Key: a request that comes again gets the first answer, and changes nothing again. What
 * went well is kept in the transaction of the change itself, so that no crash comes between them.
 * See https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/.
 */
#ifndef ENDPOINT_IDEMPOTENCY_H
#define ENDPOINT_IDEMPOTENCY_H

#include "request.h"

/* Its statements, before store_start(). */
struct idempotency_statements {
	const struct statement *find;
	const struct statement *save_rows;
	const struct statement *save_batch; /* of a batch */
	const struct statement *save_problem;
};

struct idempotency_statements answers_prepare(struct store *store, const struct access_sql *sql);

/* Whether an endpoint knows the header. */
bool answer_is_heeded(const struct endpoint *endpoint);

/* Read the header, if the endpoint heeds it. Loop thread; the body is not read yet. */
void answer_read(struct request *request);

/* What was asked, as a hash; body is the part of it that may be read elsewhere. Any thread. */
void idempotency_hash(struct request *request, struct text body);

/* Behind the statement that finds an answer: whether the request is to go on. Store's thread. */
bool idempotency_check(struct request *request, bool row);

/* Put behind the rows of the job what keeps them for a request that comes again. */
void idempotency_save(struct request *request);

#endif
