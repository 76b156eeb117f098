/*
 * One pass over what evhttp has read: looking up each name by itself would walk the list each time.
 */
#include "header.h"

#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

static const struct {
	const char *name;
	size_t length;
	bool list;
} headers[HEADERS] = {
	[HEADER_ACCEPT] = { "Accept", 6, true },
	[HEADER_ACCEPT_ENCODING] = { "Accept-Encoding", 15, true },
	[HEADER_AUTHORIZATION] = { "Authorization", 13, false },
	[HEADER_CONTENT_ENCODING] = { "Content-Encoding", 16, true },
	[HEADER_CONTENT_TYPE] = { "Content-Type", 12, false },
	[HEADER_COOKIE] = { "Cookie", 6, false },
	[HEADER_HOST] = { "Host", 4, false },
	[HEADER_IDEMPOTENCY_KEY] = { "Idempotency-Key", 15, false },
	[HEADER_IF_MATCH] = { "If-Match", 8, true },
	[HEADER_IF_NONE_MATCH] = { "If-None-Match", 13, true },
	[HEADER_ORIGIN] = { "Origin", 6, false },
	[HEADER_SEC_FETCH_SITE] = { "Sec-Fetch-Site", 14, false },
	[HEADER_USER_AGENT] = { "User-Agent", 10, false },
	[HEADER_X_FORWARDED_FOR] = { "X-Forwarded-For", 15, true },
	[HEADER_X_FORWARDED_HOST] = { "X-Forwarded-Host", 16, true },
	[HEADER_X_FORWARDED_PORT] = { "X-Forwarded-Port", 16, true },
	[HEADER_X_FORWARDED_PREFIX] = { "X-Forwarded-Prefix", 18, true },
	[HEADER_X_FORWARDED_PROTO] = { "X-Forwarded-Proto", 17, true },
	[HEADER_X_REQUEST_ID] = { "X-Request-Id", 12, false },
};

/* RFC 9110, 5.3 */
static const char *join(const char *first, const char *second, struct kept **kept)
{
	size_t size = strlen(first) + strlen(second) + 3;
	char *both = memory_keep(kept, size);

	snprintf(both, size, "%s, %s", first, second);
	return both;
}

void headers_read(struct evkeyvalq *list, const char *value[HEADERS], struct kept **kept)
{
	struct evkeyval *header;

	TAILQ_FOREACH (header, list, next) {
		size_t length = strlen(header->key);
		for (int i = 0; i < HEADERS; i++) {
			if (length != headers[i].length ||
				strcasecmp(header->key, headers[i].name) != 0)
				continue;
			if (value[i] == NULL)
				value[i] = header->value;
			else if (headers[i].list)
				value[i] = join(value[i], header->value, kept);
		}
	}
}

bool header_is_request_id(struct text value)
{
	if (value.length == 0 || value.length > REQUEST_ID_MOST)
		return false;
	for (size_t i = 0; i < value.length; i++)
		if (value.at[i] <= ' ' || value.at[i] > '~' ||
			strchr("\"'`\\", value.at[i]) != NULL)
			return false;
	return true;
}
