/*
 * The request log: one line on standard error for each request, as text or as JSON. It has neither
 * the path nor the query nor anything else of what was sent. Loop thread; nothing waits.
 */
#ifndef ENDPOINT_REQUEST_LOG_H
#define ENDPOINT_REQUEST_LOG_H

struct server;
struct trace;

void request_log(struct server *server, const struct trace *trace);

#endif
