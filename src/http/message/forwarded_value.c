/*
 * An address with or without a port, and a path.
 */
#include "http/forwarded_value.h"

#include <string.h>

#define PREFIX_MAX 256 /* bytes */

static struct text unquote(struct text text)
{
	if (text.length < 2 || text.data[0] != '"' || text.data[text.length - 1] != '"')
		return text;
	return text_trim_ows((struct text){ text.data + 1, text.length - 2 });
}

/* What follows the address: ":PORT" or nothing. */
static bool is_port(struct text text)
{
	int64_t port;

	return text.length == 0 ||
	       (text.data[0] == ':' &&
		       text_to_integer((struct text){ text.data + 1, text.length - 1 }, &port) &&
		       port <= UINT16_MAX);
}

bool forwarded_read_node(struct text text, struct address *address)
{
	struct text host = unquote(text_trim_ows(text)), rest = { 0 };
	bool bracketed = host.length > 0 && host.data[0] == '[';
	const char *colon = host.length > 0 ? memchr(host.data, ':', host.length) : NULL;
	const char *end = NULL;

	if (bracketed)
		end = memchr(host.data, ']', host.length);
	else if (colon != NULL && memrchr(host.data, ':', host.length) == colon)
		end = colon; /* one colon: it is no IPv6 address */
	if (bracketed && (end == NULL || colon == NULL || colon > end))
		return false;
	if (end != NULL) {
		const char *after = end + bracketed;
		rest = (struct text){ after, (size_t)(host.data + host.length - after) };
		host.data += bracketed;
		host.length = (size_t)(end - host.data);
	}
	const char *zone = host.length > 0 ? memchr(host.data, '%', host.length) : NULL;
	if (zone != NULL && memchr(host.data, ':', host.length) != NULL)
		host.length = (size_t)(zone - host.data);
	return is_port(rest) && address_read(host, address);
}

/* The characters of a path (RFC 3986, 3.3). */
static bool is_path_character(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c != '\0' && strchr("-._~!$&'()*+,;=:@%/", c) != NULL);
}

/* "." or "..", also percent-encoded: it would change where a path leads. */
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
	char decoded[PREFIX_MAX];
	size_t length;

	for (size_t i = 0; i < path.length; i++)
		if (!is_path_character((unsigned char)path.data[i]))
			return false;
	if (path.length > PREFIX_MAX || !text_percent_decode(path, false, decoded, &length))
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)decoded[i] < ' ' || decoded[i] == 127)
			return false;
	return true;
}

/* No segment may be empty: a path that begins with two slashes is read as a host. */
static bool is_prefix(struct text path)
{
	if (!is_path_text(path))
		return false;
	while (path.length > 0) {
		if (path.data[0] != '/')
			return false;
		const char *slash = memchr(path.data + 1, '/', path.length - 1);
		size_t length = slash != NULL ? (size_t)(slash - path.data) : path.length;
		struct text segment = { path.data + 1, length - 1 };
		if (segment.length == 0 || is_dots(segment))
			return false;
		path.data += length;
		path.length -= length;
	}
	return true;
}

struct text forwarded_read_prefix(struct text path)
{
	if (path.length > 0 && path.data[path.length - 1] == '/')
		path.length--;
	return is_prefix(path) ? path : TEXT("");
}
