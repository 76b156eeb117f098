/*
 * Replies as the endpoint's row describes them: the store's rows, wrapped. Loop thread.
 */
#ifndef ENDPOINT_ROWS_H
#define ENDPOINT_ROWS_H

#include "state/request_state.h"

/* The status of a reply that went well. */
int reply_rows_status(const struct endpoint *endpoint);

/* The headers as the endpoint's row asks for them, and as the rows are coded. */
void reply_rows_headers(struct request *request);

/* The job's rows as the reply, with those headers. The request is freed. */
void reply_rows(struct request *request);

/* The session's cookie, as far as the endpoint sets one and the client may have it. */
void reply_session_cookie(struct request *request);

/* 304, for what the client has already. The request is freed. */
void reply_not_modified(struct request *request);

#endif
