/*
 * The headers of a request that mean something here, found in one pass. Loop thread.
 */
#ifndef HTTP_HEADER_H
#define HTTP_HEADER_H

#include "base/memory.h"

#include "base/text.h"

#include <stdbool.h>

struct evkeyvalq;

#define REQUEST_ID_MOST 128 /* bytes of what a client calls its request */

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
 * Each header's first value, borrowed from the list; NULL where it was not sent. Where the header is
 * a list, all of its values as one, kept.
 */
void headers_read(struct evkeyvalq *list, const char *value[HEADERS], struct kept **kept);

/* Whether a client's X-Request-Id can be repeated anywhere: printable ASCII, no quote or backslash. */
bool header_is_request_id(struct text value);

#endif
