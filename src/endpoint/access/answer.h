/*
 * Idempotency-Key: a request that comes again gets the first answer, and changes nothing again. What
 * went well is kept in the transaction of the change itself, so that no crash comes between them.
 * See https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/.
 */
#ifndef ENDPOINT_ANSWER_H
#define ENDPOINT_ANSWER_H

#include "request_state.h"

/* Its statements, before store_start(). */
struct answers {
	const struct statement *find;
	const struct statement *keep_rows;
	const struct statement *keep_items; /* of a batch */
	const struct statement *keep_problem;
};

struct answers answers_prepare(struct store *store);

/* Whether an endpoint knows the header. */
bool answer_is_heeded(const struct endpoint *endpoint);

/* Read the header, if the endpoint heeds it. Loop thread; the body is not read yet. */
void answer_read(struct request *request);

/* What was asked, as a hash; body is the part of it that may be read elsewhere. Any thread. */
void answer_hash(struct request *request, struct text body);

/* Behind the statement that finds an answer: whether the request is to go on. Store's thread. */
bool answer_admit(struct request *request, bool row);

#endif
