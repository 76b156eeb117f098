/*
 * THE LIFE OF A REQUEST, from its arrival to its reply. What handlers call of it, request_exec()
 * and request_reply() among them, is in endpoint/endpoint.h. Loop thread.
 */
#ifndef ENDPOINT_REQUEST_H
#define ENDPOINT_REQUEST_H

#include "state/request_state.h"

/* It begins: evhttp's generic callback; argument is the server. */
void request_begin(struct evhttp_request *evhttp, void *server);

/* The work of a request's job is done, or the request goes on as if it were. */
void request_job_done(struct work *work);

/* It came back from a thread after server_close(): it is refused with 503. */
void request_close(struct request *request);

#endif
