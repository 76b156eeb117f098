/* Requests to feed to whatever reads them: well-formed ones, and ones to refuse. */
#ifndef TESTS_REQUEST_ROWS_H
#define TESTS_REQUEST_ROWS_H

#include "base/text.h"

struct wire_row {
	struct text bytes;
	int status;	 /* 0: one whole request; else the last byte is the one it is refused at */
	const char *why; /* words of the refusal's detail */
	struct text onward; /* what evhttp gets of a good one; no bytes: the same */
};

extern const struct wire_row wire_good[]; /* both end with a row that has no bytes */
extern const struct wire_row wire_bad[];

unsigned wire_rows_count(const struct wire_row *rows);

#endif
