/*
 * What a client writes into these headers itself arrives here too, in front of what a proxy adds or
 * where a proxy adds nothing. So an address counts only as far as trusted proxies vouch for it, and
 * of the others a single value alone: a list is of several opinions.
 */
#include "forwarded.h"

#include "request.h"
#include "serving.h"

#include <string.h>

#define UNKNOWN "unknown"
#define PREFIX_MOST 256 /* bytes */

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

/* A header that is not sent is an empty one. */
static struct text header_text(const struct request *request, enum header header)
{
	const char *value = request->header[header];

	return trim(value != NULL ? text_of(value) : TEXT(""));
}

static struct text unquote(struct text text)
{
	if (text.length < 2 || text.at[0] != '"' || text.at[text.length - 1] != '"')
		return text;
	return trim((struct text){ text.at + 1, text.length - 2 });
}

/* Behind the address ":PORT" may stand, or nothing. */
static bool is_port(struct text text)
{
	int64_t port;

	return text.length == 0 ||
	       (text.at[0] == ':' &&
		       text_to_integer((struct text){ text.at + 1, text.length - 1 }, &port) &&
		       port <= UINT16_MAX);
}

/*
 * One value of X-Forwarded-For: an address; some proxies write a port behind it, and put one of
 * IPv6 into brackets then, or quotes around it. A link-local one may have its interface behind a
 * percent sign.
 */
static bool read_node(struct text text, struct address *address)
{
	struct text host = unquote(trim(text)), rest = { 0 };
	bool bracketed = host.length > 0 && host.at[0] == '[';
	const char *colon = host.length > 0 ? memchr(host.at, ':', host.length) : NULL;
	const char *end = NULL;

	if (bracketed)
		end = memchr(host.at, ']', host.length);
	else if (colon != NULL && memrchr(host.at, ':', host.length) == colon)
		end = colon; /* one colon: it is no IPv6 address */
	if (bracketed && (end == NULL || colon == NULL || colon > end))
		return false;
	if (end != NULL) {
		const char *behind = end + bracketed;
		rest = (struct text){ behind, (size_t)(host.at + host.length - behind) };
		host.at += bracketed;
		host.length = (size_t)(end - host.at);
	}
	const char *zone = host.length > 0 ? memchr(host.at, '%', host.length) : NULL;
	if (zone != NULL && memchr(host.at, ':', host.length) != NULL)
		host.length = (size_t)(zone - host.at);
	return is_port(rest) && address_read(host, address);
}

/*
 * Each proxy has put behind the list whom it heard from, so from the end on the first one that is
 * no trusted proxy is the client. Where all are, it is the first of the list. False where the next
 * one is not to be read: what was read before it are proxies, and no client.
 */
static bool find_client(const struct networks *proxies, struct text list, struct address *client)
{
	struct text value;

	if (list.length == 0)
		return true;
	while (networks_hold(proxies, client) && cut_last(&list, &value))
		if (!read_node(value, client))
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

/* What a path may be made of (RFC 3986, 3.3). */
static bool is_path_character(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c != '\0' && strchr("-._~!$&'()*+,;=:@%/", c) != NULL);
}

/* "." or "..", as it is or encoded: with it a path would lead elsewhere. */
static bool is_dots(struct text segment)
{
	char decoded[8];
	size_t length;

	if (segment.length > sizeof(decoded))
		return false;
	return text_percent_decode(segment, false, decoded, &length) &&
	       (text_equal((struct text){ decoded, length }, TEXT(".")) ||
		       text_equal((struct text){ decoded, length }, TEXT("..")));
}

static bool is_path_text(struct text path)
{
	char decoded[PREFIX_MOST];
	size_t length;

	for (size_t i = 0; i < path.length; i++)
		if (!is_path_character((unsigned char)path.at[i]))
			return false;
	if (path.length > PREFIX_MOST || !text_percent_decode(path, false, decoded, &length))
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)decoded[i] < ' ' || decoded[i] == 127)
			return false;
	return true;
}

/* Each segment in turn; none may be empty, for a path that begins with two slashes is a host. */
static bool is_prefix(struct text path)
{
	if (!is_path_text(path))
		return false;
	while (path.length > 0) {
		if (path.at[0] != '/')
			return false;
		const char *slash = memchr(path.at + 1, '/', path.length - 1);
		size_t length = slash != NULL ? (size_t)(slash - path.at) : path.length;
		struct text segment = { path.at + 1, length - 1 };
		if (segment.length == 0 || is_dots(segment))
			return false;
		path.at += length;
		path.length -= length;
	}
	return true;
}

/* Where a proxy has taken a prefix off the path, and says so; one slash at its end is no matter. */
static struct text read_prefix(struct text path)
{
	if (path.length > 0 && path.at[path.length - 1] == '/')
		path.length--;
	return is_prefix(path) ? path : TEXT("");
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

void forwarded_read(struct request *request)
{
	const struct networks *proxies = &request->server->proxies;
	struct address peer = peer_of(request), client = peer;
	bool known = true;

	if (networks_hold(proxies, &peer)) {
		known = find_client(proxies, header_text(request, HEADER_X_FORWARDED_FOR), &client);
		request->scheme = read_scheme(header_text(request, HEADER_X_FORWARDED_PROTO));
		request->forwarded_host = header_text(request, HEADER_X_FORWARDED_HOST);
		request->forwarded_port = read_port(header_text(request, HEADER_X_FORWARDED_PORT));
		request->prefix = read_prefix(header_text(request, HEADER_X_FORWARDED_PREFIX));
	}
	if (!known) {
		memcpy(request->address, UNKNOWN, sizeof(UNKNOWN));
		return;
	}
	request->asker = client;
	request->local = address_is_loopback(&peer) && address_is_loopback(&client);
	address_write(&client, request->address);
}

void forwarded_write_site(struct request *request)
{
	if (strcmp(request->address, UNKNOWN) == 0)
		memcpy(request->site, UNKNOWN, sizeof(UNKNOWN));
	else
		address_write_site(&request->asker, request->site);
}
