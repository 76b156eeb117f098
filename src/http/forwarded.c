/*
 * What a client writes into these headers itself arrives here too, in front of what a proxy adds or
 * where a proxy adds nothing. So an address counts only as far as trusted proxies vouch for it, and
 * of the others a single value alone: a list is of several opinions.
 */
#include "forwarded.h"

#include "base/log.h"
#include "request.h"
#include "serving.h"

#include <string.h>

#define WARNED_AGAIN 3600 /* seconds */

/* Cut the last value off a list; false where there is none. */
static bool cut_last(struct text *list, struct text *value)
{
	const char *comma;

	if (list->at == NULL)
		return false;
	comma = memrchr(list->at, ',', list->length);
	if (comma == NULL) {
		*value = *list;
		*list = (struct text){ 0 };
		return true;
	}
	value->at = comma + 1;
	value->length = (size_t)(list->at + list->length - value->at);
	list->length = (size_t)(comma - list->at);
	return true;
}

static struct text trim(struct text text)
{
	while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
		text.at++;
		text.length--;
	}
	while (text.length > 0 && strchr(" \t", text.at[text.length - 1]) != NULL)
		text.length--;
	return text;
}

/*
 * Each proxy has put behind the list whom it heard from, so from the end on the first one that is
 * no trusted proxy is the client. Where all are, it is the first of the list.
 */
static struct address find_client(
	const struct networks *proxies, const char *header, struct address peer)
{
	struct text list = header != NULL ? text_of(header) : (struct text){ 0 };
	struct address client = peer;
	struct text value;

	while (networks_hold(proxies, &client) && cut_last(&list, &value))
		if (!address_read(trim(value), &client))
			return peer;
	return client;
}

static enum scheme read_scheme(const char *header)
{
	struct text word = trim(header != NULL ? text_of(header) : TEXT(""));

	if (text_equal_nocase(word, TEXT("https")))
		return SCHEME_HTTPS;
	return text_equal_nocase(word, TEXT("http")) ? SCHEME_HTTP : SCHEME_UNKNOWN;
}

static struct address peer_of(struct request *request)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(request->evhttp);
	struct address peer = { 0 };
	char *text;
	ev_uint16_t port;

	/* A link-local one has its interface behind a percent sign. */
	evhttp_connection_get_peer(evcon, &text, &port);
	address_read((struct text){ text, strcspn(text, "%") }, &peer);
	return peer;
}

/*
 * A proxy that is not known as one: all of its clients count as itself then, and where it is this
 * machine they have its rights. Said once an hour.
 */
static void warn_of_untrusted(struct request *request, const struct address *peer)
{
	time_t now = connection_seconds();
	time_t *warned = &request->server->warned_of_proxy;
	char text[ADDRESS_SIZE];

	if (request->header[HEADER_X_FORWARDED_FOR] == NULL ||
		(*warned != 0 && now - *warned < WARNED_AGAIN))
		return;
	*warned = now;
	address_write(peer, text);
	log_error("a request from %s names its client in X-Forwarded-For, which does not count:"
		  " is %s a proxy that --trusted-proxy should name?",
		text, text);
}

void forwarded_read(struct request *request)
{
	const struct networks *proxies = &request->server->proxies;
	const char *host = request->header[HEADER_X_FORWARDED_HOST];
	struct address address = peer_of(request);

	if (networks_hold(proxies, &address)) {
		address = find_client(proxies, request->header[HEADER_X_FORWARDED_FOR], address);
		request->scheme = read_scheme(request->header[HEADER_X_FORWARDED_PROTO]);
		request->forwarded_host = trim(host != NULL ? text_of(host) : TEXT(""));
	} else {
		warn_of_untrusted(request, &address);
	}
	request->asker = address;
	address_write(&address, request->address);
}
