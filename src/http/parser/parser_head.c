/*
 * The head of a request, line by line. Everything that decides where the request ends is read
 * strictly (RFC 9112, 3 and 6); the rest only has to be well-formed.
 */
#include "parser/parser_head.h"

#include "base/memory.h"

#include <string.h>

#define UNKNOWN_METHOD_EDIT "POST" /* what evhttp gets in place of a method that it does not know */
#define TOKEN_MARKS "!#$%&'*+-.^_`|~" /* tchar (RFC 9110, 5.6.2) but letters and digits */

void parser_add_edit(struct http_parser *parser, size_t offset, size_t length, struct text with)
{
	if (parser->edit_count == parser->edit_capacity) {
		parser->edit_capacity = parser->edit_capacity * 2 + 4;
		parser->edits = memory_resize(
			parser->edits, parser->edit_capacity * sizeof(*parser->edits));
	}
	parser->edits[parser->edit_count++] =
		(struct parser_edit){ parser->line_start + offset, length, with };
	parser->shift += (int64_t)with.length - (int64_t)length;
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
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return text.length > 0;
}

bool parser_cut(struct text *text, char c, struct text *before)
{
	const char *at = memchr(text->data, c, text->length);

	if (at == NULL)
		return false;
	*before = (struct text){ text->data, (size_t)(at - text->data) };
	text->data = at + 1;
	text->length -= before->length + 1;
	return true;
}

static bool is_visible(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] <= ' ' || text.data[i] > '~' || text.data[i] == '#')
			return false;
	return text.length > 0;
}

/* May be empty (RFC 3986, 3.2.3). */
static bool is_port(struct text text)
{
	int64_t port = 0;

	return text.length == 0 || (text_to_integer(text, &port) && port <= UINT16_MAX);
}

/* Letters, digits and the characters of more; at least one. */
static bool consists_of(struct text text, const char *more)
{
	for (size_t i = 0; i < text.length; i++)
		if (!is_alphanumeric((unsigned char)text.data[i]) &&
			!is_one_of((unsigned char)text.data[i], more))
			return false;
	return text.length > 0;
}

bool parser_is_token(struct text text)
{
	return consists_of(text, TOKEN_MARKS);
}

/* host [":" port] (RFC 3986, 3.2); an address in brackets is only checked for its characters. */
static bool is_authority(struct text text)
{
	struct text host, rest = text;

	if (text.length > 0 && text.data[0] == '[') {
		if (!parser_cut(&rest, ']', &host) || (rest.length > 0 && rest.data[0] != ':'))
			return false;
		if (rest.length > 0)
			parser_cut(&rest, ':', &(struct text){ 0 });
		return consists_of((struct text){ host.data + 1, host.length - 1 }, ":.") &&
		       is_port(rest);
	}
	if (!parser_cut(&rest, ':', &host)) {
		host = text;
		rest.length = 0;
	}
	return consists_of(host, "-._~") && is_port(rest);
}

/* absolute-form (RFC 9112, 3.2.2): http://host[:port], and a path or none */
static bool is_absolute(struct text target)
{
	struct text scheme, empty, authority;

	if (!parser_cut(&target, '/', &scheme) || !text_equal_nocase(scheme, TEXT("http:")))
		return false;
	if (!parser_cut(&target, '/', &empty) || empty.length > 0)
		return false;
	if (!parser_cut(&target, '/', &authority))
		authority = target;
	/* evhttp checks an address in brackets itself, and would send a reply of its own */
	return authority.length > 0 && authority.data[0] != '[' && is_authority(authority);
}

/* Whether the target has a form that its method allows. */
static bool is_target(struct text method, struct text target)
{
	if (target.data[0] == '/')
		return true;
	if (text_equal(target, TEXT("*")))
		return text_equal(method, TEXT("OPTIONS"));
	return is_absolute(target);
}

bool parser_take_request_line(struct http_parser *parser, struct text line)
{
	struct text method, target;

	parser->request_line.length = 0;
	buffer_add_text(&parser->request_line, line);
	if (!parser_cut(&line, ' ', &method) || !parser_is_token(method))
		return parser_refuse(parser, 400, "The request line has no method.");
	parser->method = method_of_name(method);
	if (!parser_cut(&line, ' ', &target) || !is_visible(target))
		return parser_refuse(parser, 400, "The request target is not a valid one.");
	if (!text_equal(line, TEXT("HTTP/1.1"))) {
		if (!text_equal(line, TEXT("HTTP/1.0")))
			return parser_refuse(
				parser, 400, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
		parser->is_http_1_0 = true;
	}
	if (target.length > 1 && target.data[0] == '/' && target.data[1] == '/')
		return parser_refuse(parser, 404, "There is nothing at this path.");
	if (!is_target(method, target))
		return parser_refuse(parser, 400, "The request target is not a valid one.");
	if (!method_is_known_to_evhttp(parser->method))
		parser_add_edit(parser, 0, method.length, TEXT(UNKNOWN_METHOD_EDIT));
	parser->state = PARSER_HEADER;
	return true;
}

static bool header_host(struct http_parser *parser, struct text value)
{
	if (parser->has_host)
		return parser_refuse(parser, 400, "There is more than one Host.");
	if (value.length > 0 && !is_authority(value))
		return parser_refuse(parser, 400, "The Host is not a valid one.");
	parser->has_host = true;
	return true;
}

static bool header_length(struct http_parser *parser, struct text value)
{
	int64_t length;

	if (parser->has_length)
		return parser_refuse(parser, 400, "There is more than one Content-Length.");
	if (!is_digits(value))
		return parser_refuse(parser, 400, "Content-Length is not a number.");
	if (!text_to_integer(value, &length))
		return parser_refuse(parser, 413, "The body is too long.");
	parser->has_length = true;
	parser->body_left = (uint64_t)length;
	return true;
}

static bool header_encoding(struct http_parser *parser, struct text value)
{
	if (parser->chunked)
		return parser_refuse(parser, 400, "There is more than one Transfer-Encoding.");
	if (!text_equal_nocase(value, TEXT("chunked")))
		return parser_refuse(
			parser, 400, "The only Transfer-Encoding understood is chunked.");
	parser->chunked = true;
	return true;
}

static bool header_expect(struct http_parser *parser, struct text value)
{
	if (!text_equal_nocase(value, TEXT("100-continue")))
		return parser_refuse(parser, 417, "The only Expect understood is 100-continue.");
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

static bool header_authorization(struct http_parser *parser, struct text value)
{
	return keep_first(&parser->authorization, value);
}

static bool header_cookie(struct http_parser *parser, struct text value)
{
	return keep_first(&parser->cookie, value);
}

/* An id that cannot be repeated is ignored. */
static bool header_id(struct http_parser *parser, struct text value)
{
	if (parser->id[0] == '\0' && header_is_request_id(value))
		memcpy(parser->id, value.data, value.length);
	return true;
}

/* The headers that decide how long the request is, whose it is, and what its id is. */
static const struct {
	struct text name;
	bool (*take)(struct http_parser *parser, struct text value);
} known_headers[] = {
	{ { "Host", 4 }, header_host },
	{ { "Content-Length", 14 }, header_length },
	{ { "Transfer-Encoding", 17 }, header_encoding },
	{ { "Expect", 6 }, header_expect },
	{ { "Authorization", 13 }, header_authorization },
	{ { "Cookie", 6 }, header_cookie },
	{ { "X-Request-Id", 12 }, header_id },
};

bool parser_is_field_value(struct text value)
{
	for (size_t i = 0; i < value.length; i++) {
		unsigned char c = (unsigned char)value.data[i];
		if ((c < ' ' && c != '\t') || c == 127)
			return false;
	}
	return true;
}

bool parser_split_field(
	struct http_parser *parser, struct text line, struct text *name, struct text *value)
{
	if (++parser->header_lines > PARSER_HEADER_LINES_MAX)
		return parser_refuse(parser, 431, "There are too many headers.");
	if (!parser_cut(&line, ':', name) || !parser_is_token(*name))
		return parser_refuse(parser, 400, "A header has no valid name.");
	*value = text_trim_ows(line);
	if (!parser_is_field_value(*value))
		return parser_refuse(parser, 400, "A header has a control character in it.");
	return true;
}

/* evhttp skips only spaces before a value: it would read a tab as a part of the value. */
static void replace_tabs(struct http_parser *parser, struct text name, struct text value)
{
	const char *space = name.data + name.length + 1;
	size_t length = value.length > 0 ? (size_t)(value.data - space) : 0;

	if (length > 0 && memchr(space, '\t', length) != NULL)
		parser_add_edit(parser, name.length + 1, length, TEXT(" "));
}

bool parser_take_header_line(struct http_parser *parser, struct text line)
{
	struct text name, value;

	if (!parser_split_field(parser, line, &name, &value))
		return false;
	replace_tabs(parser, name, value);
	for (size_t i = 0; i < sizeof(known_headers) / sizeof(known_headers[0]); i++)
		if (name.length == known_headers[i].name.length &&
			text_equal_nocase(name, known_headers[i].name))
			return known_headers[i].take(parser, value);
	return true;
}
