/*
 * Replies that are a whole account: in another format than JSON, or in two lists.
 */
#ifndef ENDPOINT_WHOLE_H
#define ENDPOINT_WHOLE_H

#include "request_state.h"

/* What the endpoint and the handler ask for, set in the job. Loop thread. */
void whole_prepare(struct request *request);

#endif
