/*
 * What a body in chunks has beside its data: sizes with extensions, which mean nothing here (RFC 9112,
 * 7.1.1), and trailer fields, of which none is merged into the header section (7.1.2). They are checked,
 * bounded as heads are, and left out of what goes on to evhttp.
 */
#include "http/wire.h"

#include <string.h>

#define LINE_MOST 16 /* bytes of a line without an extension: 14 digits, CR LF */

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

bool wire_chunk_line_fits(struct wire *wire, size_t length, struct text begins)
{
	size_t digits = past_digits(begins);
	bool extended = past_space(begins, digits) > digits || is_at(begins, digits, ';');

	if (!extended || digits > LINE_MOST - strlen("\r\n"))
		return length <= LINE_MOST || wire_refuse(wire, 400, "A chunk is framed wrongly.");
	return wire->header_bytes + length <= WIRE_HEADERS_MOST ||
	       wire_refuse(wire, 431, "The extensions of the chunks are too long.");
}

bool wire_chunk_line(struct wire *wire, struct text line, uint64_t *size)
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

bool wire_trailer_line(struct wire *wire, struct text line)
{
	struct text name, value;

	if (!wire_field(wire, line, &name, &value))
		return false;
	wire_edit(wire, 0, line.length + strlen("\r\n"), TEXT(""));
	return true;
}
