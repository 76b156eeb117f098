/*
 * Replies as the endpoint's row describes them: the store's rows, wrapped. Loop thread.
 */
#ifndef ENDPOINT_ROWS_H
#define ENDPOINT_ROWS_H

#include "request_state.h"

/* The status of a reply that went well. */
int reply_rows_status(const struct endpoint *endpoint);

/* The JSON before the rows and after them, and the headers, as the endpoint's row asks for. */
void reply_rows_open(struct request *request, struct evbuffer *output);
void reply_rows_close(struct request *request, struct evbuffer *output);
void reply_rows_headers(struct request *request);

/* All of that, with the job's rows, as the reply. The request is freed. */
void reply_rows(struct request *request);

/* The session's cookie, as far as the endpoint sets one and the client may have it. */
void reply_session_cookie(struct request *request);

/* 304, for what the client has already. The request is freed. */
void reply_not_modified(struct request *request);

#endif
