/*
 * A client may send these headers itself: its values arrive in front of those that a proxy adds, or
 * alone where a proxy adds none. So an address counts only where trusted proxies have added all
 * that follows it, and of the other headers only a single value counts, not a list.
 */
#include "access/forwarded.h"

#include "base/log.h"
#include "base/monotonic.h"
#include "http/forwarded_value.h"
#include "state/request_state.h"
#include "state/server_state.h"

#include <string.h>

#define UNKNOWN "unknown"
#define WARNED_AGAIN 3600 /* seconds */

/* Cut the last value off a list; false where there is none. */
static bool cut_last(struct text *list, struct text *value)
{
	const char *comma;

	if (list->data == NULL)
		return false;
	comma = memrchr(list->data, ',', list->length);
	if (comma == NULL) {
		*value = *list;
		*list = (struct text){ 0 };
		return true;
	}
	value->data = comma + 1;
	value->length = (size_t)(list->data + list->length - value->data);
	list->length = (size_t)(comma - list->data);
	return true;
}

/* Empty where the header was not sent. */
static struct text header_text(const struct request *request, enum header header)
{
	const char *value = request->header[header];

	return text_trim_ows(value != NULL ? text_of(value) : TEXT(""));
}

/*
 * Each proxy appends the address that it was connected from. So the client is the last address that
 * is no trusted proxy, or the first of the list where all are trusted. False where the next address
 * cannot be read: those after it are proxies, and the client is unknown.
 */
static bool find_client(const struct networks *proxies, struct text list, struct address *client)
{
	struct text value;

	if (list.length == 0)
		return true;
	while (networks_hold(proxies, client) && cut_last(&list, &value))
		if (!forwarded_read_node(value, client))
			return false;
	return true;
}

static enum scheme read_scheme(struct text word)
{
	if (text_equal_nocase(word, TEXT("https")))
		return SCHEME_HTTPS;
	return text_equal_nocase(word, TEXT("http")) ? SCHEME_HTTP : SCHEME_UNKNOWN;
}

static int64_t read_port(struct text text)
{
	int64_t port;

	return text_to_integer(text, &port) && port <= UINT16_MAX ? port : 0;
}

/*
 * Perhaps a proxy that --trusted-proxy does not name: all of its clients count as one address then,
 * and where it is this machine they have the rights of local clients. Logged once an hour.
 */
static void warn_of_untrusted(struct request *request)
{
	time_t now = monotonic_seconds();
	time_t *warned = &request->server->warned_of_proxy;
	const char *peer = request->client.text;

	if (request->header[HEADER_X_FORWARDED_FOR] == NULL ||
		(*warned != 0 && now - *warned < WARNED_AGAIN))
		return;
	*warned = now;
	log_warning("a request from %s names its client in X-Forwarded-For, which does not count:"
		    " is %s a proxy that --trusted-proxy should name?",
		peer, peer);
}

static void set_client(struct client_info *client, const struct address *address)
{
	client->local = client->local && address_is_loopback(address);
	client->address = *address;
	address_write(address, client->text);
}

static void forget_client(struct client_info *client)
{
	client->local = false;
	client->address = (struct address){ 0 };
	memcpy(client->text, UNKNOWN, sizeof(UNKNOWN));
}

void forwarded_read(struct request *request)
{
	const struct networks *proxies = &request->server->proxies;
	struct client_info *client = &request->client;
	struct address address = client->address;

	if (!networks_hold(proxies, &address)) {
		warn_of_untrusted(request);
		return;
	}
	client->scheme = read_scheme(header_text(request, HEADER_X_FORWARDED_PROTO));
	client->forwarded_host = header_text(request, HEADER_X_FORWARDED_HOST);
	client->forwarded_port = read_port(header_text(request, HEADER_X_FORWARDED_PORT));
	client->prefix = forwarded_read_prefix(header_text(request, HEADER_X_FORWARDED_PREFIX));
	if (find_client(proxies, header_text(request, HEADER_X_FORWARDED_FOR), &address))
		set_client(client, &address);
	else
		forget_client(client);
}

void forwarded_write_network(struct request *request)
{
	if (strcmp(request->client.text, UNKNOWN) == 0)
		memcpy(request->client.network, UNKNOWN, sizeof(UNKNOWN));
	else
		address_write_network(&request->client.address, request->client.network);
}
