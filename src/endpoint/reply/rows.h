/*
 * Replies as the endpoint's row describes them: the store's rows, wrapped. Loop thread, where nothing
 * else is said.
 */
#ifndef ENDPOINT_ROWS_H
#define ENDPOINT_ROWS_H

#include "state/request_state.h"

/* The status of a reply that went well. */
int reply_rows_status(const struct endpoint *endpoint);

/* The headers as the endpoint's row asks for them, and as the rows are coded. */
void reply_rows_headers(struct request *request);

/*
 * Write what comes before the rows, to an empty buffer, and after them: the members beside them, or
 * what a file's format begins and ends with. The values that the reply shows are known, and the first
 * of the rows are in the job. Any thread that has the request.
 */
void reply_open_rows(struct request *request, struct buffer *out);
void reply_close_rows(struct request *request, struct buffer *out);

/* The job's rows as the reply, with those headers. The request is freed. */
void reply_rows(struct request *request);

/* The session's cookie, as far as the endpoint sets one and the client may have it. */
void reply_session_cookie(struct request *request);

/* 304, for what the client has already. The request is freed. */
void reply_not_modified(struct request *request);

#endif
