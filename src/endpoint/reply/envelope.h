/*
 * What a reply has around its rows. Any thread that has the request.
 */
#ifndef ENDPOINT_ENVELOPE_H
#define ENDPOINT_ENVELOPE_H

#include "base/buffer.h"

struct request;

/*
 * Write what comes before the rows, to an empty buffer, and after them. The values that the reply
 * shows are known, and the first of the rows are in the job.
 */
void envelope_open(struct request *request, struct buffer *out);
void envelope_close(struct request *request, struct buffer *out);

#endif
