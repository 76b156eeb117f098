/*
 * The headers of a request that the server reads, found in one pass. Loop thread.
 */
#ifndef HTTP_HEADER_H
#define HTTP_HEADER_H

#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>

struct evkeyvalq;

#define REQUEST_ID_MAX 128 /* bytes of a client's X-Request-Id */

enum header {
	HEADER_ACCEPT,
	HEADER_ACCEPT_ENCODING,
	HEADER_AUTHORIZATION,
	HEADER_CONTENT_ENCODING,
	HEADER_CONTENT_TYPE,
	HEADER_COOKIE,
	HEADER_HOST,
	HEADER_IDEMPOTENCY_KEY,
	HEADER_IF_MATCH,
	HEADER_IF_NONE_MATCH,
	HEADER_ORIGIN,
	HEADER_SEC_FETCH_SITE,
	HEADER_USER_AGENT,
	HEADER_X_FORWARDED_FOR,
	HEADER_X_FORWARDED_HOST,
	HEADER_X_FORWARDED_PORT,
	HEADER_X_FORWARDED_PREFIX,
	HEADER_X_FORWARDED_PROTO,
	HEADER_X_REQUEST_ID,
	HEADERS,
};

/*
 * Set each header's value, borrowed from the list; NULL if it was not sent. Of a header that came
 * several times this is the first value, or all of them joined by commas if the header is a list
 * (allocated in kept).
 */
void headers_read(struct evkeyvalq *list, const char *value[HEADERS], struct arena **arena);

/* Whether one of the X-Forwarded- headers was sent. */
bool headers_are_of_proxy(const char *const value[HEADERS]);

/* Whether a client's X-Request-Id is safe to repeat: printable ASCII, no quote or backslash. */
bool header_is_request_id(struct text value);

#endif
