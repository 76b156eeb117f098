/*
 * A state machine over lines and counted bytes: the framing of requests, bodies and chunks. What it
 * lets pass is framed in exactly one way, so evhttp, which is lenient, cannot take a body for a
 * request.
 */
#include "http/parser.h"

#include "parser/parser_head.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define IDLE_CAPACITY_MAX 1024 /* bytes of each buffer, between requests */
#define CHUNK_LINE_MAX 16      /* bytes of a size line without an extension: 14 digits, CR LF */
#define CHUNK_END_MAX 16       /* bytes of the line after a chunk that are read */
#define PREFIX_MAX 16	       /* bytes of a size line that tell whether it has an extension */

/* Empty, and with little memory: the connection may now be idle for long. */
static struct buffer emptied(struct buffer buffer)
{
	if (buffer.capacity > IDLE_CAPACITY_MAX)
		buffer_free(&buffer);
	buffer.length = 0;
	return buffer;
}

/* Begin the next request; what is known of the stream stays. */
static void end_request(struct http_parser *parser)
{
	unsigned char method = (unsigned char)parser->method;

	buffer_add(&parser->methods, &method, 1);
	struct http_parser next = {
		.line = emptied(parser->line),
		.request_line = emptied(parser->request_line),
		.authorization = emptied(parser->authorization),
		.cookie = emptied(parser->cookie),
		.small_body_max = parser->small_body_max,
		.on_large_body = parser->on_large_body,
		.owner = parser->owner,
		.requests = parser->requests + 1,
		.position = parser->position,
		.line_start = parser->line_start,
		.methods = parser->methods,
		.methods_taken = parser->methods_taken,
		.edits = parser->edits,
		.edit_count = parser->edit_count,
		.edit_capacity = parser->edit_capacity,
	};

	*parser = next;
}

/*
 * Taken bytes are dropped once they are half of the buffer, so that it stays as short as the
 * pipeline.
 */
enum http_method parser_take_method(struct http_parser *parser)
{
	struct buffer *methods = &parser->methods;

	assert(parser->methods_taken < methods->length);
	enum http_method method = (unsigned char)methods->data[parser->methods_taken++];
	if (parser->methods_taken * 2 >= methods->length) {
		methods->length -= parser->methods_taken;
		memmove(methods->data, methods->data + parser->methods_taken, methods->length);
		parser->methods_taken = 0;
	}
	return method;
}

static bool body_fits(struct http_parser *parser)
{
	if (!parser_is_large(parser))
		return true;
	if (parser->on_large_body == NULL)
		return parser_refuse(parser, 413, "The body is too long.");
	return parser->on_large_body(parser);
}

static bool end_headers(struct http_parser *parser)
{
	if (!parser->has_host && !parser->is_http_1_0)
		return parser_refuse(parser, 400, "HTTP/1.1 asks for a Host.");
	if (parser->chunked && (parser->has_length || parser->is_http_1_0))
		return parser_refuse(
			parser, 400, "Content-Length and Transfer-Encoding exclude each other.");
	if (!method_has_body(parser->method) && (parser->chunked || parser->body_left > 0))
		return parser_refuse(parser, 400, "This method takes no body.");
	parser->body_bytes = parser->body_left;
	if (!body_fits(parser))
		return false;
	parser->header_bytes = parser->header_lines = 0;
	if (parser->chunked)
		parser->state = PARSER_CHUNK_SIZE;
	else if (parser->body_left > 0)
		parser->state = PARSER_BODY;
	else
		end_request(parser);
	return true;
}

/*
 * A chunked body has more than its data: chunk extensions, which mean nothing here (RFC 9112,
 * 7.1.1), and trailer fields, of which none is merged into the header section (7.1.2). Both are
 * checked, bounded as headers are, and cut out of what evhttp gets.
 */
static size_t past_digits(struct text text)
{
	size_t at = 0;

	while (at < text.length && text_hex_digit(text.data[at]) >= 0)
		at++;
	return at;
}

static size_t past_space(struct text text, size_t at)
{
	while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\t'))
		at++;
	return at;
}

static bool is_at(struct text text, size_t at, char c)
{
	return at < text.length && text.data[at] == c;
}

/* The end of the token at at; at itself where there is none. */
static size_t past_token(struct text text, size_t at)
{
	while (at < text.length && parser_is_token((struct text){ text.data + at, 1 }))
		at++;
	return at;
}

/*
 * The end of the quoted-string (RFC 9110, 5.6.4) whose first quote is at at; 0 if it does not end.
 */
static size_t past_quoted(struct text text, size_t at)
{
	while (++at < text.length && text.data[at] != '"')
		at += text.data[at] == '\\';
	return at < text.length ? at + 1 : 0;
}

/* The end of the value after a name's "="; 0 if it is not valid. */
static size_t past_value(struct text text, size_t at)
{
	if (is_at(text, at, '"'))
		return past_quoted(text, at);
	size_t end = past_token(text, at);
	return end > at ? end : 0;
}

/* *( BWS ";" BWS name [ BWS "=" BWS value ] ) */
static bool is_extension(struct text text)
{
	size_t at = 0;

	if (!parser_is_field_value(text))
		return false;
	while (at < text.length) {
		at = past_space(text, at);
		if (!is_at(text, at, ';'))
			return false;
		at = past_space(text, at + 1);
		size_t end = past_token(text, at);
		if (end == at)
			return false;
		at = end;
		size_t equals = past_space(text, at);
		if (is_at(text, equals, '='))
			at = past_value(text, past_space(text, equals + 1));
		if (at == 0)
			return false;
	}
	return true;
}

/*
 * Whether a line that begins with prefix, and is so long already, may still become a chunk's size.
 */
static bool chunk_line_fits(struct http_parser *parser, size_t length, struct text prefix)
{
	size_t digits = past_digits(prefix);
	bool extended = past_space(prefix, digits) > digits || is_at(prefix, digits, ';');

	if (!extended || digits > CHUNK_LINE_MAX - strlen("\r\n"))
		return length <= CHUNK_LINE_MAX ||
		       parser_refuse(parser, 400, "A chunk is framed wrongly.");
	return parser->header_bytes + length <= PARSER_HEADERS_MAX ||
	       parser_refuse(parser, 431, "The extensions of the chunks are too long.");
}

static bool read_chunk_line(struct http_parser *parser, struct text line, uint64_t *size)
{
	size_t digits = past_digits(line);
	struct text extension = { line.data + digits, line.length - digits };

	if (line.length == 0)
		return parser_refuse(parser, 400, "A chunk has no size.");
	if (digits == 0 ||
		(extension.length > 0 && !is_at(extension, past_space(extension, 0), ';')))
		return parser_refuse(parser, 400, "A chunk's size is not a hexadecimal number.");
	if (!is_extension(extension))
		return parser_refuse(parser, 400, "A chunk has an extension that is none.");
	*size = 0;
	for (size_t i = 0; i < digits; i++)
		*size = *size << 4 | (uint64_t)text_hex_digit(line.data[i]);
	if (extension.length > 0) {
		parser->header_bytes += line.length + strlen("\r\n");
		parser_add_edit(parser, digits, extension.length, TEXT(""));
	}
	return true;
}

static bool take_trailer_line(struct http_parser *parser, struct text line)
{
	struct text name, value;

	if (!parser_split_field(parser, line, &name, &value))
		return false;
	parser_add_edit(parser, 0, line.length + strlen("\r\n"), TEXT(""));
	return true;
}

static bool begin_chunk(struct http_parser *parser, struct text line)
{
	uint64_t size;

	if (!read_chunk_line(parser, line, &size))
		return false;
	parser->body_bytes += size;
	if (size > 0 && !body_fits(parser))
		return false;
	parser->body_left = size;
	parser->state = size > 0 ? PARSER_CHUNK_DATA : PARSER_TRAILER;
	return true;
}

/* A complete line, without its CR LF. */
static bool take_line(struct http_parser *parser, struct text line)
{
	switch (parser->state) {
	case PARSER_REQUEST_LINE:
		return parser_take_request_line(parser, line);
	case PARSER_HEADER:
		return line.length > 0 ? parser_take_header_line(parser, line)
				       : end_headers(parser);
	case PARSER_CHUNK_SIZE:
		return begin_chunk(parser, line);
	case PARSER_CHUNK_END:
		parser->state = PARSER_CHUNK_SIZE;
		return line.length == 0 ||
		       parser_refuse(parser, 400, "A chunk is longer than its size.");
	case PARSER_TRAILER:
		if (line.length > 0)
			return take_trailer_line(parser, line);
		end_request(parser);
		return true;
	default:
		return false;
	}
}

/* The first bytes of a line whose start may have come earlier. */
static struct text line_prefix(
	const struct http_parser *parser, struct text more, char prefix[static PREFIX_MAX])
{
	size_t early = parser->line.length < PREFIX_MAX ? parser->line.length : PREFIX_MAX;
	size_t late = more.length < PREFIX_MAX - early ? more.length : PREFIX_MAX - early;

	if (early > 0)
		memcpy(prefix, parser->line.data, early);
	memcpy(prefix + early, more.data, late);
	return (struct text){ prefix, early + late };
}

/* Whether the line is still short enough with these bytes added. */
static bool line_fits(struct http_parser *parser, struct text more)
{
	size_t length = parser->line.length + more.length;
	char prefix[PREFIX_MAX];

	switch (parser->state) {
	case PARSER_REQUEST_LINE:
		return length <= PARSER_REQUEST_LINE_MAX ||
		       parser_refuse(parser, 414, "The request target is too long.");
	case PARSER_HEADER:
	case PARSER_TRAILER:
		return parser->header_bytes + length <= PARSER_HEADERS_MAX ||
		       parser_refuse(parser, 431, "The headers are too long.");
	case PARSER_CHUNK_SIZE:
		return chunk_line_fits(parser, length, line_prefix(parser, more, prefix));
	default:
		return length <= CHUNK_END_MAX ||
		       parser_refuse(parser, 400, "A chunk is framed wrongly.");
	}
}

/* Read a line, or the part of it that has come. How many bytes were read; 0: they are refused. */
static size_t feed_line(struct http_parser *parser, const char *bytes, size_t length)
{
	const char *end = memchr(bytes, '\n', length);
	size_t taken = end != NULL ? (size_t)(end - bytes) + 1 : length;
	struct text line = { bytes, taken };

	if (!line_fits(parser, line))
		return 0;
	if (parser->line.length > 0 || end == NULL) {
		buffer_add(&parser->line, bytes, taken);
		line = (struct text){ parser->line.data, parser->line.length };
	}
	if (end == NULL)
		return taken;
	if (line.length < 2 || line.data[line.length - 2] != '\r') {
		parser_refuse(parser, 400, "A line does not end in CR LF.");
		return 0;
	}
	if (parser->state == PARSER_HEADER || parser->state == PARSER_TRAILER)
		parser->header_bytes += line.length;
	parser->line_start = parser->position + taken - line.length;
	line.length -= 2;
	if (!take_line(parser, line))
		return 0;
	parser->line.length = 0;
	return taken;
}

static size_t feed_body(struct http_parser *parser, size_t length)
{
	size_t taken = parser->body_left < length ? (size_t)parser->body_left : length;

	parser->body_left -= taken;
	if (parser->body_left == 0 && parser->state == PARSER_BODY)
		end_request(parser);
	else if (parser->body_left == 0)
		parser->state = PARSER_CHUNK_END;
	return taken;
}

bool parser_feed(struct http_parser *parser, const char *bytes, size_t length)
{
	while (length > 0 && parser->state != PARSER_REFUSED) {
		bool counted = parser->state == PARSER_BODY || parser->state == PARSER_CHUNK_DATA;
		uint64_t requests = parser->requests;
		size_t taken =
			counted ? feed_body(parser, length) : feed_line(parser, bytes, length);
		bytes += taken;
		length -= taken;
		parser->position += taken;
		if (parser->requests != requests)
			parser->request_start = parser->position;
	}
	return parser->state != PARSER_REFUSED;
}

bool parser_skip(struct http_parser *parser, size_t length)
{
	bool counted = parser->state == PARSER_BODY || parser->state == PARSER_CHUNK_DATA;

	if (!counted || parser->body_left <= length)
		return false;
	parser->body_left -= length;
	parser->position += length;
	return true;
}

uint64_t parser_body_received(const struct http_parser *parser)
{
	switch (parser->state) {
	case PARSER_BODY:
	case PARSER_CHUNK_SIZE:
	case PARSER_CHUNK_DATA:
	case PARSER_CHUNK_END:
	case PARSER_TRAILER:
		return parser->body_bytes - parser->body_left;
	default:
		return 0;
	}
}

bool parser_is_large(const struct http_parser *parser)
{
	return parser->body_bytes > parser->small_body_max;
}

bool parser_is_idle(const struct http_parser *parser)
{
	return parser->state == PARSER_REQUEST_LINE && parser->line.length == 0;
}

void parser_request_line(const struct http_parser *parser, struct text *method, struct text *target)
{
	struct text line = { parser->request_line.data, parser->request_line.length };

	parser_cut(&line, ' ', method);
	parser_cut(&line, ' ', target);
}

void parser_clear_edits(struct http_parser *parser)
{
	free(parser->edits);
	parser->edits = NULL;
	parser->edit_count = parser->edit_capacity = 0;
}

void parser_free(struct http_parser *parser)
{
	buffer_free(&parser->line);
	buffer_free(&parser->request_line);
	buffer_free(&parser->authorization);
	buffer_free(&parser->cookie);
	buffer_free(&parser->methods);
	parser_clear_edits(parser);
}
