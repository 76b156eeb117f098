/* Requests to feed to whatever reads them: well-formed ones, and ones to refuse. */
#ifndef TESTS_REQUEST_ROWS_H
#define TESTS_REQUEST_ROWS_H

#include "base/text.h"

struct request_row {
	struct text bytes;
	int status;	 /* 0: one whole request; else it is refused at the last byte */
	const char *why; /* words of the refusal's detail */
	struct text onward; /* what evhttp gets of a good one; no bytes: the same */
};

extern const struct request_row good_requests[]; /* both end with a row that has no bytes */
extern const struct request_row bad_requests[];

unsigned request_rows_count(const struct request_row *rows);

#endif
