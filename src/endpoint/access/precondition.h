/*
 * Conditional requests: If-Match and If-None-Match (RFC 9110, 13.1).
 */
#ifndef ENDPOINT_PRECONDITION_H
#define ENDPOINT_PRECONDITION_H

#include "http/condition.h"

#include <stdbool.h>
#include <stdint.h>

struct request;

/* The conditions of a request (RFC 9110, 13), and what came of them. */
struct precondition {
	struct condition if_match;
	struct condition if_none_match;
	bool no_etag; /* the reply has no ETag, and conditions say nothing of it */
	int status;   /* 304, 412, or 0: they hold; set on the store's thread */
};

/*
 * Read the headers, where the endpoint has ETags; a fault is left in the request. To be called
 * where one of them was sent. Loop thread.
 */
void precondition_read(struct request *request);

/* 0 where the conditions hold for the revision, else 304 or 412. Any thread. */
int precondition_check(const struct request *request, int64_t revision);

/* The same for any other tag, which is given without quotes. */
int precondition_check_tag(const struct request *request, struct text tag);

#endif
