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

#endif
