/*
 * The head of a request, line by line: what of it decides where the request ends is read strictly
 * (RFC 9112, 3 and 6), the rest only has to be well-formed.
 */
#include "parser/parser_head.h"

#include "base/memory.h"

#include <string.h>

#define STAND_IN "POST"		      /* what evhttp reads for a method that it does not know */
#define TOKEN_MARKS "!#$%&'*+-.^_`|~" /* tchar of RFC 9110, 5.6.2, beside letters and digits */

void wire_edit(struct wire *wire, size_t offset, size_t length, struct text with)
{
	if (wire->edit_count == wire->edit_room) {
		wire->edit_room = wire->edit_room * 2 + 4;
		wire->edits = memory_resize(wire->edits, wire->edit_room * sizeof(*wire->edits));
	}
	wire->edits[wire->edit_count++] =
		(struct wire_edit){ wire->line_begins + offset, length, with };
	wire->shift += (int64_t)with.length - (int64_t)length;
}

static bool is_alphanumeric(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_one_of(unsigned char c, const char *set)
{
	return c != 0 && strchr(set, c) != NULL;
}

static bool is_digits(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	return text.length > 0;
}

/* Cut text at the first c: what stands before it, and the rest behind it in *text. */
bool wire_cut(struct text *text, char c, struct text *before)
{
	const char *at = memchr(text->at, c, text->length);

	if (at == NULL)
		return false;
	*before = (struct text){ text->at, (size_t)(at - text->at) };
	text->at = at + 1;
	text->length -= before->length + 1;
	return true;
}

static bool is_visible(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.at[i] <= ' ' || text.at[i] > '~' || text.at[i] == '#')
			return false;
	return text.length > 0;
}

/* May be empty (RFC 3986, 3.2.3). */
static bool is_port(struct text text)
{
	int64_t port = 0;

	return text.length == 0 || (text_to_integer(text, &port) && port <= UINT16_MAX);
}

/* Letters, digits and what is in more; at least one. */
static bool consists_of(struct text text, const char *more)
{
	for (size_t i = 0; i < text.length; i++)
		if (!is_alphanumeric((unsigned char)text.at[i]) &&
			!is_one_of((unsigned char)text.at[i], more))
			return false;
	return text.length > 0;
}

bool wire_is_token(struct text text)
{
	return consists_of(text, TOKEN_MARKS);
}

/* host [":" port] (RFC 3986, 3.2); an IPv6 address in brackets is not looked into. */
static bool is_authority(struct text text)
{
	struct text host, rest = text;

	if (text.length > 0 && text.at[0] == '[') {
		if (!wire_cut(&rest, ']', &host) || (rest.length > 0 && rest.at[0] != ':'))
			return false;
		if (rest.length > 0)
			wire_cut(&rest, ':', &(struct text){ 0 });
		return consists_of((struct text){ host.at + 1, host.length - 1 }, ":.") &&
		       is_port(rest);
	}
	if (!wire_cut(&rest, ':', &host)) {
		host = text;
		rest.length = 0;
	}
	return consists_of(host, "-._~") && is_port(rest);
}

/* absolute-form (RFC 9112, 3.2.2): http://host[:port], and a path or none */
static bool is_absolute(struct text target)
{
	struct text scheme, empty, authority;

	if (!wire_cut(&target, '/', &scheme) || !text_equal_nocase(scheme, TEXT("http:")))
		return false;
	if (!wire_cut(&target, '/', &empty) || empty.length > 0)
		return false;
	if (!wire_cut(&target, '/', &authority))
		authority = target;
	/* evhttp reads brackets more closely than we do, and answers in its own way */
	return authority.length > 0 && authority.at[0] != '[' && is_authority(authority);
}

/* Whether the target has a form that its method allows. */
static bool is_target(struct text method, struct text target)
{
	if (target.at[0] == '/')
		return true;
	if (text_equal(target, TEXT("*")))
		return text_equal(method, TEXT("OPTIONS"));
	return is_absolute(target);
}

bool wire_request_line(struct wire *wire, struct text line)
{
	struct text method, target;

	wire->asked.length = 0;
	buffer_add_text(&wire->asked, line);
	if (!wire_cut(&line, ' ', &method) || !wire_is_token(method))
		return wire_refuse(wire, 400, "The request line has no method.");
	wire->method = method_of_name(method);
	if (!wire_cut(&line, ' ', &target) || !is_visible(target))
		return wire_refuse(wire, 400, "The request target is not a valid one.");
	if (text_equal(line, TEXT("HTTP/1.0")))
		wire->old = true;
	else if (!text_equal(line, TEXT("HTTP/1.1")))
		return wire_refuse(wire, 400, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
	if (target.length > 1 && target.at[0] == '/' && target.at[1] == '/')
		return wire_refuse(wire, 404, "There is nothing at this path.");
	if (!is_target(method, target))
		return wire_refuse(wire, 400, "The request target is not a valid one.");
	if (!method_is_evhttps(wire->method))
		wire_edit(wire, 0, method.length, TEXT(STAND_IN));
	wire->state = WIRE_HEADER;
	return true;
}

static bool header_host(struct wire *wire, struct text value)
{
	if (wire->has_host)
		return wire_refuse(wire, 400, "There is more than one Host.");
	if (value.length > 0 && !is_authority(value))
		return wire_refuse(wire, 400, "The Host is not a valid one.");
	wire->has_host = true;
	return true;
}

static bool header_length(struct wire *wire, struct text value)
{
	int64_t length;

	if (wire->has_length)
		return wire_refuse(wire, 400, "There is more than one Content-Length.");
	if (!is_digits(value))
		return wire_refuse(wire, 400, "Content-Length is not a number.");
	if (!text_to_integer(value, &length))
		return wire_refuse(wire, 413, "The body is too long.");
	wire->has_length = true;
	wire->left = (uint64_t)length;
	return true;
}

static bool header_encoding(struct wire *wire, struct text value)
{
	if (wire->chunked)
		return wire_refuse(wire, 400, "There is more than one Transfer-Encoding.");
	if (!text_equal_nocase(value, TEXT("chunked")))
		return wire_refuse(wire, 400, "The only Transfer-Encoding understood is chunked.");
	wire->chunked = true;
	return true;
}

static bool header_expect(struct wire *wire, struct text value)
{
	if (!text_equal_nocase(value, TEXT("100-continue")))
		return wire_refuse(wire, 417, "The only Expect understood is 100-continue.");
	return true;
}

static bool keep_first(struct buffer *kept, struct text value)
{
	if (kept->length > 0)
		return true;
	buffer_add_text(kept, value);
	buffer_add(kept, "", 1);
	return true;
}

static bool header_authorization(struct wire *wire, struct text value)
{
	return keep_first(&wire->authorization, value);
}

static bool header_cookie(struct wire *wire, struct text value)
{
	return keep_first(&wire->cookie, value);
}

/* What is no name that can be repeated is none. */
static bool header_id(struct wire *wire, struct text value)
{
	if (wire->id[0] == '\0' && header_is_request_id(value))
		memcpy(wire->id, value.at, value.length);
	return true;
}

/* Those that decide how long the request is, who would send all of it, and what it is called. */
static const struct {
	struct text name;
	bool (*take)(struct wire *wire, struct text value);
} heeded[] = {
	{ { "Host", 4 }, header_host },
	{ { "Content-Length", 14 }, header_length },
	{ { "Transfer-Encoding", 17 }, header_encoding },
	{ { "Expect", 6 }, header_expect },
	{ { "Authorization", 13 }, header_authorization },
	{ { "Cookie", 6 }, header_cookie },
	{ { "X-Request-Id", 12 }, header_id },
};

bool wire_is_field_value(struct text value)
{
	for (size_t i = 0; i < value.length; i++) {
		unsigned char c = (unsigned char)value.at[i];
		if ((c < ' ' && c != '\t') || c == 127)
			return false;
	}
	return true;
}

bool wire_field(struct wire *wire, struct text line, struct text *name, struct text *value)
{
	if (++wire->header_lines > WIRE_LINES_MOST)
		return wire_refuse(wire, 431, "There are too many headers.");
	if (!wire_cut(&line, ':', name) || !wire_is_token(*name))
		return wire_refuse(wire, 400, "A header has no valid name.");
	*value = text_trim_ows(line);
	if (!wire_is_field_value(*value))
		return wire_refuse(wire, 400, "A header has a control character in it.");
	return true;
}

/* evhttp skips spaces alone before a value, and would take a tab for a part of it. */
static void replace_tabs(struct wire *wire, struct text name, struct text value)
{
	const char *space = name.at + name.length + 1;
	size_t length = value.length > 0 ? (size_t)(value.at - space) : 0;

	if (length > 0 && memchr(space, '\t', length) != NULL)
		wire_edit(wire, name.length + 1, length, TEXT(" "));
}

bool wire_header_line(struct wire *wire, struct text line)
{
	struct text name, value;

	if (!wire_field(wire, line, &name, &value))
		return false;
	replace_tabs(wire, name, value);
	for (size_t i = 0; i < sizeof(heeded) / sizeof(heeded[0]); i++)
		if (text_equal_nocase(name, heeded[i].name))
			return heeded[i].take(wire, value);
	return true;
}
