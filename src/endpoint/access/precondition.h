/*
 * Conditional requests: If-Match and If-None-Match (RFC 9110, 13.1).
 */
#ifndef ENDPOINT_PRECONDITION_H
#define ENDPOINT_PRECONDITION_H

#include "request.h"

/*
 * Read the headers, where the endpoint has ETags; a fault is left in the request. To be called
 * where one of them was sent. Loop thread.
 */
void admission_read(struct request *request);

/* 0 where the conditions hold for the revision, else 304 or 412. Any thread. */
int admission_condition(const struct request *request, int64_t revision);

/* The same for any other tag, which is given without quotes. */
int admission_condition_of(const struct request *request, struct text tag);

#endif
