/*
 * Replies that are not a request's: to what the wire refused.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include <stdbool.h>

struct evbuffer;

/* The reason phrase of a status (RFC 9110, 15), which is a problem's title too. */
const char *reply_reason(int status);

/* A whole reply, with its status line and Connection: close; head leaves out the body. */
void reply_refusal(struct evbuffer *output, int status, const char *detail, bool head);

#endif
