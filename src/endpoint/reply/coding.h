/*
 * Long replies in gzip, for clients that accept it. A thread of the store's codes them, never the
 * loop.
 */
#ifndef ENDPOINT_CODING_H
#define ENDPOINT_CODING_H

#include "base/buffer.h"
#include "endpoint/endpoint.h"

#define CODING_LEAST ((size_t)4 << 10) /* bytes of rows, or of a body, that are worth it */

struct gzip;

struct coding_state {
	bool applied;	     /* the job's rows are coded, with all that is around them */
	bool tried;	     /* coding_begin() has said what is to become of the reply */
	struct gzip *gzip;   /* in the middle of a reply; NULL: not begun, or ended */
	struct buffer coded; /* bytes that are not handed over yet */
};

/*
 * The job is about to read the reply's rows: they are coded as they are read, where the reply turns
 * out long. Loop thread.
 */
void coding_prepare(struct request *request, enum statements statements);

/*
 * The job has come back with rows that are not coded, such as those of a change. False where they
 * stay so; else a thread codes them, and next() is called on the loop. Loop thread.
 */
bool coding_begin(struct request *request, void (*next)(struct request *request));

/*
 * Whether the reply's tag, which is given without quotes, is marked as weak: of a reply (the
 * headers of which come next), or of a 304 (known). Loop thread.
 */
bool coding_weakens(const struct request *request, struct text tag, bool known);

#endif
