/*
 * Long replies in gzip, for clients that accept it. A thread of the store's codes them, never the
 * loop.
 */
#ifndef ENDPOINT_CODING_H
#define ENDPOINT_CODING_H

#include "base/buffer.h"
#include "endpoint/endpoint.h"

#define CODING_LEAST ((size_t)4 << 10) /* bytes of rows, or of a body, that are worth it */

/*
 * The job is about to read the reply's rows: they are coded as they are read, where the reply turns
 * out long. Loop thread.
 */
void coding_prepare(struct request *request);

/*
 * The job has come back with CODING_LEAST bytes of rows or more that are perhaps not coded, such as
 * those of a change. False where they stay as they are; else a thread codes them, and next() is
 * called on the loop. Loop thread.
 */
bool coding_begin(struct request *request, void (*next)(struct request *request));

/*
 * A coded reply has a weak tag: a strong one would be of the bytes that are sent, and those depend on
 * the coding (RFC 9110, 8.8.3.3). A 304 has the tag that its 200 would have, and where that may be
 * either one, the client's: a cache finds its reply by it (RFC 9111, 4.3.4). So this is whether the
 * tag of a 304, given without quotes, is weak. Loop thread.
 */
bool coding_keeps_weak(const struct request *request, struct text tag);

#endif
