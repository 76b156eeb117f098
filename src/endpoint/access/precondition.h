/*
 * Conditional requests: If-Match and If-None-Match (RFC 9110, 13.1).
 */
#ifndef ENDPOINT_PRECONDITION_H
#define ENDPOINT_PRECONDITION_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct request;

/*
 * Read the headers, where the endpoint has ETags; a fault is left in the request. To be called
 * where one of them was sent. Loop thread.
 */
void precondition_read(struct request *request);

/* 0 where the conditions hold for the revision, else 304 or 412. Any thread. */
int precondition_check(const struct request *request, int64_t revision);

/* The same for any other tag, which is given without quotes. */
int precondition_check_tag(const struct request *request, struct text tag);

/*
 * A coded reply has a weak tag: a strong one would be of the bytes that are sent, and those depend on
 * the coding (RFC 9110, 8.8.3.3). A 304 has the tag that its 200 would have, and where that may be
 * either one, the client's: a cache finds its reply by it (RFC 9111, 4.3.4). So this is whether the
 * tag of a 304, given without quotes, is weak. Loop thread.
 */
bool precondition_keeps_weak(const struct request *request, struct text tag);

#endif
