/*
 * A reply's headers and body, and its way to evhttp. Loop thread.
 */
#ifndef ENDPOINT_REPLY_H
#define ENDPOINT_REPLY_H

#include "base/buffer.h"

struct evbuffer;
struct request;

/* Add constant headers, as http/reply.h has them. */
void reply_headers(struct request *request, struct text lines);

/* Add a header. The value may be a client's: one that has a line end in it is left out. */
void reply_header(struct request *request, const char *name, struct text value);

/* The connection is closed after the reply (RFC 9112, 9.6). */
void reply_close(struct request *request);

/*
 * Headers that depend on the moment: Retry-After, X-Request-Id, Connection while the server
 * stops. Then all headers are handed to evhttp. For a reply that reply_finish() does not send.
 */
void reply_end_headers(struct request *request, int status);

/* Copy data to a body, or move it there; it is empty then, and still its owner's. */
void reply_add_body(struct evbuffer *output, struct buffer *body);

/* The headers and the body are there: send them, and free the request. */
void reply_finish(struct request *request, int status);

/* A reply of the API with this JSON body (taken over), or without one. The request is freed. */
void reply_send(struct request *request, int status, struct buffer *body);

/* A problem document that is written; body is emptied. The request is freed. */
void reply_problem_body(struct request *request, int status, struct buffer *body);

#endif
