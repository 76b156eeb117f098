/*
 * One pass over evhttp's list of headers: a lookup of each name would walk the list each time.
 */
#include "http/header.h"

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

/* The header with this name; HEADERS if it is none of them. */
static int header_of(const char *name)
{
	size_t length = strlen(name);
	int i = 0;

	while (i < HEADERS &&
		(length != headers[i].length || strcasecmp(name, headers[i].name) != 0))
		i++;
	return i;
}

/* Join the values of a header that came several times (RFC 9110, 5.3). */
static const char *join(struct evkeyvalq *list, int which, size_t size, struct arena **arena)
{
	char *all = arena_alloc(arena, size), *to = all;
	struct evkeyval *header;

	TAILQ_FOREACH (header, list, next)
		if (header_of(header->key) == which)
			to += sprintf(to, "%s%s", to > all ? ", " : "", header->value);
	return all;
}

void headers_read(struct evkeyvalq *list, const char *value[HEADERS], struct arena **arena)
{
	size_t more[HEADERS] = { 0 }; /* bytes of the values after the first */
	struct evkeyval *header;

	TAILQ_FOREACH (header, list, next) {
		int i = header_of(header->key);
		if (i == HEADERS)
			continue;
		if (value[i] == NULL)
			value[i] = header->value;
		else if (headers[i].list)
			more[i] += strlen(header->value) + 2;
	}
	for (int i = 0; i < HEADERS; i++)
		if (more[i] > 0)
			value[i] = join(list, i, strlen(value[i]) + more[i] + 1, arena);
}

bool headers_are_of_proxy(const char *const value[HEADERS])
{
	return value[HEADER_X_FORWARDED_FOR] != NULL || value[HEADER_X_FORWARDED_HOST] != NULL ||
	       value[HEADER_X_FORWARDED_PORT] != NULL ||
	       value[HEADER_X_FORWARDED_PREFIX] != NULL ||
	       value[HEADER_X_FORWARDED_PROTO] != NULL;
}

bool header_is_request_id(struct text value)
{
	if (value.length == 0 || value.length > REQUEST_ID_MAX)
		return false;
	for (size_t i = 0; i < value.length; i++)
		if (value.data[i] <= ' ' || value.data[i] > '~' ||
			strchr("\"'`\\", value.data[i]) != NULL)
			return false;
	return true;
}
