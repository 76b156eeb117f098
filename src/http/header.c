/*
 * One pass over what evhttp has read: looking up each name by itself would walk the list each time.
 */
#include "header.h"

#include <event2/keyvalq_struct.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

static const struct {
	const char *name;
	size_t length;
} headers[HEADERS] = {
	[HEADER_ACCEPT] = { "Accept", 6 },
	[HEADER_AUTHORIZATION] = { "Authorization", 13 },
	[HEADER_CONTENT_TYPE] = { "Content-Type", 12 },
	[HEADER_COOKIE] = { "Cookie", 6 },
	[HEADER_HOST] = { "Host", 4 },
	[HEADER_IDEMPOTENCY_KEY] = { "Idempotency-Key", 15 },
	[HEADER_IF_MATCH] = { "If-Match", 8 },
	[HEADER_IF_NONE_MATCH] = { "If-None-Match", 13 },
	[HEADER_ORIGIN] = { "Origin", 6 },
	[HEADER_SEC_FETCH_SITE] = { "Sec-Fetch-Site", 14 },
	[HEADER_USER_AGENT] = { "User-Agent", 10 },
};

void headers_read(struct evkeyvalq *list, const char *value[HEADERS])
{
	struct evkeyval *header;

	TAILQ_FOREACH (header, list, next) {
		size_t length = strlen(header->key);
		for (int i = 0; i < HEADERS; i++)
			if (length == headers[i].length && value[i] == NULL &&
				strcasecmp(header->key, headers[i].name) == 0)
				value[i] = header->value;
	}
}
