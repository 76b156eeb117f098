/*
 * Conditional requests: If-Match and If-None-Match (RFC 9110, 13.1).
 */
#ifndef ENDPOINT_PRECONDITION_H
#define ENDPOINT_PRECONDITION_H

#include "request.h"

/* The request's conditions, from its headers; a fault is left in the request. Loop thread. */
void admission_read(struct request *request);

/* How the conditions stand to a revision: 0 where they hold, else 304 or 412. Any thread. */
int admission_condition(const struct request *request, int64_t revision);

/* The same to any other tag, which is given without quotes. */
int admission_condition_of(const struct request *request, struct text tag);

#endif
