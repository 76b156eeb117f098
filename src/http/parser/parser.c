/*
 * A state machine over lines and counted bytes. Whatever it lets pass is framed in exactly one
 * way, so evhttp, which is lenient, cannot take a body for a request.
 */
#include "http/parser.h"

#include "parser/parser_head.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_MOST 1024	  /* bytes of each buffer, between requests */
#define CHUNK_END_MOST 16 /* bytes of the line behind a chunk that are looked at */
#define BEGINS_MOST 16	  /* bytes that tell what kind of line it is */
#define CHUNK_LINE_MOST 16 /* bytes of a line without an extension: 14 digits, CR LF */

/* Empty, and with little memory: the connection may be idle now for long. */
static struct buffer emptied(struct buffer buffer)
{
	if (buffer.capacity > KEPT_MOST)
		buffer_free(&buffer);
	buffer.length = 0;
	return buffer;
}

/* The next request begins; what is known of the stream stays. */
static void request_end(struct wire *wire)
{
	unsigned char method = (unsigned char)wire->method;

	buffer_add(&wire->methods, &method, 1);
	struct wire next = {
		.line = emptied(wire->line),
		.asked = emptied(wire->asked),
		.authorization = emptied(wire->authorization),
		.cookie = emptied(wire->cookie),
		.body_most = wire->body_most,
		.grows = wire->grows,
		.owner = wire->owner,
		.requests = wire->requests + 1,
		.position = wire->position,
		.line_begins = wire->line_begins,
		.methods = wire->methods,
		.methods_taken = wire->methods_taken,
		.edits = wire->edits,
		.edit_count = wire->edit_count,
		.edit_room = wire->edit_room,
	};

	*wire = next;
}

/* What was taken is given up once it is half of all, so that no stream keeps more than it is owed. */
enum http_method wire_take_method(struct wire *wire)
{
	struct buffer *methods = &wire->methods;

	assert(wire->methods_taken < methods->length);
	enum http_method method = (unsigned char)methods->data[wire->methods_taken++];
	if (wire->methods_taken * 2 >= methods->length) {
		methods->length -= wire->methods_taken;
		memmove(methods->data, methods->data + wire->methods_taken, methods->length);
		wire->methods_taken = 0;
	}
	return method;
}

static bool body_fits(struct wire *wire)
{
	if (!wire_is_large(wire))
		return true;
	if (wire->grows == NULL)
		return wire_refuse(wire, 413, "The body is too long.");
	return wire->grows(wire);
}

static bool headers_end(struct wire *wire)
{
	if (!wire->has_host && !wire->old)
		return wire_refuse(wire, 400, "HTTP/1.1 asks for a Host.");
	if (wire->chunked && (wire->has_length || wire->old))
		return wire_refuse(
			wire, 400, "Content-Length and Transfer-Encoding exclude each other.");
	if (!method_has_body(wire->method) && (wire->chunked || wire->left > 0))
		return wire_refuse(wire, 400, "This method takes no body.");
	wire->body_bytes = wire->left;
	if (!body_fits(wire))
		return false;
	wire->header_bytes = wire->header_lines = 0;
	if (wire->chunked)
		wire->state = WIRE_CHUNK_SIZE;
	else if (wire->left > 0)
		wire->state = WIRE_BODY;
	else
		request_end(wire);
	return true;
}

/*
 * What a body in chunks has beside its data: sizes with extensions, which mean nothing here (RFC 9112,
 * 7.1.1), and trailer fields, of which none is merged into the header section (7.1.2). They are checked,
 * bounded as heads are, and left out of what goes on to evhttp.
 */
static size_t past_digits(struct text text)
{
	size_t at = 0;

	while (at < text.length && text_hex_digit(text.at[at]) >= 0)
		at++;
	return at;
}

static size_t past_space(struct text text, size_t at)
{
	while (at < text.length && (text.at[at] == ' ' || text.at[at] == '\t'))
		at++;
	return at;
}

static bool is_at(struct text text, size_t at, char c)
{
	return at < text.length && text.at[at] == c;
}

/* Where there is no token, at itself. */
static size_t past_token(struct text text, size_t at)
{
	while (at < text.length && wire_is_token((struct text){ text.at + at, 1 }))
		at++;
	return at;
}

/* A quoted-string (RFC 9110, 5.6.4), the first of its marks being at at; 0 where it is none. */
static size_t past_quoted(struct text text, size_t at)
{
	while (++at < text.length && text.at[at] != '"')
		at += text.at[at] == '\\';
	return at < text.length ? at + 1 : 0;
}

/* What stands behind a name's "=", or 0. */
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

	if (!wire_is_field_value(text))
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

static bool wire_chunk_line_fits(struct wire *wire, size_t length, struct text begins)
{
	size_t digits = past_digits(begins);
	bool extended = past_space(begins, digits) > digits || is_at(begins, digits, ';');

	if (!extended || digits > CHUNK_LINE_MOST - strlen("\r\n"))
		return length <= CHUNK_LINE_MOST || wire_refuse(wire, 400, "A chunk is framed wrongly.");
	return wire->header_bytes + length <= WIRE_HEADERS_MOST ||
	       wire_refuse(wire, 431, "The extensions of the chunks are too long.");
}

static bool wire_chunk_line(struct wire *wire, struct text line, uint64_t *size)
{
	size_t digits = past_digits(line);
	struct text extension = { line.at + digits, line.length - digits };

	if (line.length == 0)
		return wire_refuse(wire, 400, "A chunk has no size.");
	if (digits == 0 ||
		(extension.length > 0 && !is_at(extension, past_space(extension, 0), ';')))
		return wire_refuse(wire, 400, "A chunk's size is not a hexadecimal number.");
	if (!is_extension(extension))
		return wire_refuse(wire, 400, "A chunk has an extension that is none.");
	*size = 0;
	for (size_t i = 0; i < digits; i++)
		*size = *size << 4 | (uint64_t)text_hex_digit(line.at[i]);
	if (extension.length > 0) {
		wire->header_bytes += line.length + strlen("\r\n");
		wire_edit(wire, digits, extension.length, TEXT(""));
	}
	return true;
}

static bool wire_trailer_line(struct wire *wire, struct text line)
{
	struct text name, value;

	if (!wire_field(wire, line, &name, &value))
		return false;
	wire_edit(wire, 0, line.length + strlen("\r\n"), TEXT(""));
	return true;
}

static bool chunk_begin(struct wire *wire, struct text line)
{
	uint64_t size;

	if (!wire_chunk_line(wire, line, &size))
		return false;
	wire->body_bytes += size;
	if (size > 0 && !body_fits(wire))
		return false;
	wire->left = size;
	wire->state = size > 0 ? WIRE_CHUNK_DATA : WIRE_TRAILER;
	return true;
}

/* A whole line, without its CR LF. */
static bool take_line(struct wire *wire, struct text line)
{
	switch (wire->state) {
	case WIRE_REQUEST_LINE:
		return wire_request_line(wire, line);
	case WIRE_HEADER:
		return line.length > 0 ? wire_header_line(wire, line) : headers_end(wire);
	case WIRE_CHUNK_SIZE:
		return chunk_begin(wire, line);
	case WIRE_CHUNK_END:
		wire->state = WIRE_CHUNK_SIZE;
		return line.length == 0 ||
		       wire_refuse(wire, 400, "A chunk is longer than its size.");
	case WIRE_TRAILER:
		if (line.length > 0)
			return wire_trailer_line(wire, line);
		request_end(wire);
		return true;
	default:
		return false;
	}
}

/* The first bytes of a line of which a part came earlier. */
static struct text line_begins(
	const struct wire *wire, struct text more, char room[static BEGINS_MOST])
{
	size_t early = wire->line.length < BEGINS_MOST ? wire->line.length : BEGINS_MOST;
	size_t late = more.length < BEGINS_MOST - early ? more.length : BEGINS_MOST - early;

	if (early > 0)
		memcpy(room, wire->line.data, early);
	memcpy(room + early, more.at, late);
	return (struct text){ room, early + late };
}

/* Whether a line that grows by so much may still become one. */
static bool line_fits(struct wire *wire, struct text more)
{
	size_t length = wire->line.length + more.length;
	char room[BEGINS_MOST];

	switch (wire->state) {
	case WIRE_REQUEST_LINE:
		return length <= WIRE_LINE_MOST ||
		       wire_refuse(wire, 414, "The request target is too long.");
	case WIRE_HEADER:
	case WIRE_TRAILER:
		return wire->header_bytes + length <= WIRE_HEADERS_MOST ||
		       wire_refuse(wire, 431, "The headers are too long.");
	case WIRE_CHUNK_SIZE:
		return wire_chunk_line_fits(wire, length, line_begins(wire, more, room));
	default:
		return length <= CHUNK_END_MOST ||
		       wire_refuse(wire, 400, "A chunk is framed wrongly.");
	}
}

/* One line, or the part of it that is there. How many bytes were taken, and 0 for a refusal. */
static size_t feed_line(struct wire *wire, const char *bytes, size_t length)
{
	const char *end = memchr(bytes, '\n', length);
	size_t taken = end != NULL ? (size_t)(end - bytes) + 1 : length;
	struct text line = { bytes, taken };

	if (!line_fits(wire, line))
		return 0;
	if (wire->line.length > 0 || end == NULL) {
		buffer_add(&wire->line, bytes, taken);
		line = (struct text){ wire->line.data, wire->line.length };
	}
	if (end == NULL)
		return taken;
	if (line.length < 2 || line.at[line.length - 2] != '\r') {
		wire_refuse(wire, 400, "A line does not end in CR LF.");
		return 0;
	}
	if (wire->state == WIRE_HEADER || wire->state == WIRE_TRAILER)
		wire->header_bytes += line.length;
	wire->line_begins = wire->position + taken - line.length;
	line.length -= 2;
	if (!take_line(wire, line))
		return 0;
	wire->line.length = 0;
	return taken;
}

static size_t feed_body(struct wire *wire, size_t length)
{
	size_t taken = wire->left < length ? (size_t)wire->left : length;

	wire->left -= taken;
	if (wire->left == 0 && wire->state == WIRE_BODY)
		request_end(wire);
	else if (wire->left == 0)
		wire->state = WIRE_CHUNK_END;
	return taken;
}

bool wire_feed(struct wire *wire, const char *bytes, size_t length)
{
	while (length > 0 && wire->state != WIRE_REFUSED) {
		bool counted = wire->state == WIRE_BODY || wire->state == WIRE_CHUNK_DATA;
		uint64_t requests = wire->requests;
		size_t taken = counted ? feed_body(wire, length) : feed_line(wire, bytes, length);
		bytes += taken;
		length -= taken;
		wire->position += taken;
		if (wire->requests != requests)
			wire->begins = wire->position;
	}
	return wire->state != WIRE_REFUSED;
}

bool wire_skip(struct wire *wire, size_t length)
{
	bool counted = wire->state == WIRE_BODY || wire->state == WIRE_CHUNK_DATA;

	if (!counted || wire->left <= length)
		return false;
	wire->left -= length;
	wire->position += length;
	return true;
}

uint64_t wire_body_came(const struct wire *wire)
{
	switch (wire->state) {
	case WIRE_BODY:
	case WIRE_CHUNK_SIZE:
	case WIRE_CHUNK_DATA:
	case WIRE_CHUNK_END:
	case WIRE_TRAILER:
		return wire->body_bytes - wire->left;
	default:
		return 0;
	}
}

bool wire_is_large(const struct wire *wire)
{
	return wire->body_bytes > wire->body_most;
}

bool wire_is_idle(const struct wire *wire)
{
	return wire->state == WIRE_REQUEST_LINE && wire->line.length == 0;
}

void wire_asked(const struct wire *wire, struct text *method, struct text *target)
{
	struct text line = { wire->asked.data, wire->asked.length };

	wire_cut(&line, ' ', method);
	wire_cut(&line, ' ', target);
}

void wire_edits_made(struct wire *wire)
{
	free(wire->edits);
	wire->edits = NULL;
	wire->edit_count = wire->edit_room = 0;
}

void wire_free(struct wire *wire)
{
	buffer_free(&wire->line);
	buffer_free(&wire->asked);
	buffer_free(&wire->authorization);
	buffer_free(&wire->cookie);
	buffer_free(&wire->methods);
	wire_edits_made(wire);
}
