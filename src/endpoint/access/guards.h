/*
 * What is asked before an endpoint's own statements, in the order in which a client is refused: the
 * session, an answer that was given already, the input's faults, the conditions.
 */
#ifndef ENDPOINT_GUARDS_H
#define ENDPOINT_GUARDS_H

#include "request.h"

/* Put the session's statement into the job, and the others that come before an endpoint's own. */
void guards_add(struct request *request, const struct statement *session);

/*
 * The same, and behind them what begins a large change: the last of these statements gives a row, or
 * the request's bulk.refuses is set and the job stops.
 */
void guards_add_bulk_begin(struct request *request, const struct statements_list *begin);

/*
 * Put the session's statement before the work of request_begin_aside(). brief: it takes no longer than
 * a short answer, so it is done where those are read.
 */
void admission_session(struct request *request, bool brief);

/* Ask whether the request's large change stands: not where its account is gone. */
void guards_add_bulk(struct request *request);

/* The sentence of the status that a request is denied with. Loop thread. */
const char *session_denial(const struct request *request);

/* Set the job's statements to a list of the endpoint's, with what comes before and behind it. */
void admission_prepare(struct request *request, enum statements statements);

#endif
