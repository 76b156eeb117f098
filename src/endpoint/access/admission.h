/*
 * What is asked before an endpoint's own statements, in the order in which a client is refused: the
 * session, an answer that was given already, the input's faults, the conditions.
 */
#ifndef ENDPOINT_ADMISSION_H
#define ENDPOINT_ADMISSION_H

#include "request_state.h"

/* The request's conditions, from its headers; a fault is left in the request. Loop thread. */
void admission_read(struct request *request);

/* Put the session's statement into the job, and the others that come before an endpoint's own. */
void admission_gates(struct request *request, const struct statement *session);

/*
 * The same, and behind them what begins a large change: the last of these statements gives a row, or
 * the request's bulk.refuses is set and the job stops.
 */
void admission_begin(struct request *request, const struct statements_list *begin);

/*
 * Put the session's statement before the work of request_begin_background(). brief: it takes no longer than
 * a short answer, so it is done where those are read.
 */
void admission_session(struct request *request, bool brief);

/* The statement that finds whether the request's large change stands: not where its account is gone. */
const struct statement *admission_prepare_bulk(struct store *store);

/* Put that question into the job. */
void admission_bulk(struct request *request);

/* Put behind the rows of the job what keeps them for a request that comes again. */
void admission_keep(struct request *request);

/* Set the job's statements to a list of the endpoint's, with what comes before and behind it. */
void admission_prepare(struct request *request, enum statements statements);

/* How the conditions stand to a revision: 0 where they hold, else 304 or 412. Any thread. */
int admission_condition(const struct request *request, int64_t revision);

/* The same to any other tag, which is given without quotes. */
int admission_condition_of(const struct request *request, struct text tag);

#endif
