/*
 * The inside of JSON strings, and JSON text out. Every reply is written here: what needs no escape
 * is found in blocks and copied in runs. Any thread.
 */
#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 16
#define ESCAPE_SIZE 6			 /* \u001f */
#define INTEGER_SIZE 20			 /* -9223372036854775808 */
#define EXACT_INTEGER 9007199254740992.0 /* up to here a double holds every integer */

/* ---- the inside of strings ---- */

static bool json_is_special(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

#define EACH_BYTE (UINT64_MAX / 255) /* times a byte: eight of it */

/* Not 0 where any of eight bytes is special: each of the three differences borrows at such a byte. */
static inline uint64_t json_specials(const char *at)
{
	uint64_t bytes;

	memcpy(&bytes, at, sizeof(bytes));
	uint64_t quote = bytes ^ EACH_BYTE * '"', slash = bytes ^ EACH_BYTE * '\\';
	uint64_t borrowed = ((bytes - EACH_BYTE * 0x20) & ~bytes) | ((quote - EACH_BYTE) & ~quote) |
			    ((slash - EACH_BYTE) & ~slash);

	return borrowed & EACH_BYTE * 0x80;
}

static inline bool json_block_is_plain(const char *block)
{
	return (json_specials(block) | json_specials(block + BLOCK_SIZE / 2)) == 0;
}

/* Whether a text of a block or more ends in one without a special byte, and the same of half a block. */
static bool json_end_is_plain(struct text text)
{
	const char *end = text.data + text.length;

	if (text.length >= BLOCK_SIZE)
		return json_block_is_plain(end - BLOCK_SIZE);
	return text.length >= BLOCK_SIZE / 2 &&
	       (json_specials(text.data) | json_specials(end - BLOCK_SIZE / 2)) == 0;
}

size_t json_plain_length(struct text text)
{
	size_t length = 0;

	if (text.length > 0 && json_is_special(*text.data)) /* one escape after the other */
		return 0;
	while (text.length - length >= BLOCK_SIZE && json_block_is_plain(text.data + length))
		length += BLOCK_SIZE;
	/* What is left is less than a block: the last block, or two halves, overlap what was seen. */
	if (text.length - length < BLOCK_SIZE && json_end_is_plain(text))
		return text.length;
	while (length < text.length && !json_is_special(text.data[length]))
		length++;
	return length;
}

int json_hex(struct text text)
{
	int code = 0;

	if (text.length < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int digit = text_hex_digit(text.data[i]);

		if (digit < 0)
			return -1;
		code = code << 4 | digit;
	}
	return code;
}

/* Write a code point as UTF-8; its length. */
static size_t string_write(char *to, uint32_t code)
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xC0 | code >> 6);
		to[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xE0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 0x3F));
		to[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	to[0] = (char)(0xF0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 0x3F));
	to[2] = (char)(0x80 | (code >> 6 & 0x3F));
	to[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

/* The escape at the start of text, as UTF-8, which is never longer; how much of text it is. */
static size_t string_escape(struct text text, char **to)
{
	static const char letters[] = "bfnrt\"\\/", meant[] = "\b\f\n\r\t\"\\/";
	uint32_t code;

	if (text.data[1] != 'u') {
		*(*to)++ = meant[strchr(letters, text.data[1]) - letters];
		return 2;
	}
	code = (uint32_t)json_hex(text_after(text, 2));
	if (code < 0xD800 || code > 0xDBFF) {
		*to += string_write(*to, code);
		return 6;
	}
	uint32_t low = (uint32_t)json_hex(text_after(text, 8));
	*to += string_write(*to, 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00)));
	return 12;
}

struct text json_unescape(struct text raw, struct buffer *buffer)
{
	struct text rest = raw;
	char *to;

	if (raw.length == 0 || memchr(raw.data, '\\', raw.length) == NULL)
		return raw;
	buffer->length = 0;
	to = buffer_reserve(buffer, raw.length);
	while (rest.length > 0) {
		size_t plain = json_plain_length(rest);

		memcpy(to, rest.data, plain);
		to += plain;
		rest = text_after(rest, plain);
		if (rest.length > 0)
			rest = text_after(rest, string_escape(rest, &to));
	}
	buffer->length = (size_t)(to - buffer->data);
	return (struct text){ buffer->data, buffer->length };
}

/* ---- writing ---- */

/* Write the escape of a special byte; its length. */
static size_t json_escape(char to[ESCAPE_SIZE], char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[] = {
		['\b'] = 'b',
		['\t'] = 't',
		['\n'] = 'n',
		['\f'] = 'f',
		['\r'] = 'r',
		['"'] = '"',
		['\\'] = '\\',
	};
	unsigned char byte = (unsigned char)c;

	to[0] = '\\';
	to[1] = letters[byte];
	if (to[1] != '\0')
		return 2;
	memcpy(to + 1, "u00", 3);
	to[4] = hex[byte >> 4];
	to[5] = hex[byte & 15];
	return ESCAPE_SIZE;
}

void json_write_text(struct buffer *buffer, struct text text)
{
	char *to = buffer_reserve(buffer, text.length + 2);

	*to = '"';
	buffer->length++;
	while (text.length > 0) {
		size_t plain = json_plain_length(text);

		/* the run, an escape and the closing quote */
		to = buffer_reserve(buffer, plain + ESCAPE_SIZE + 1);
		memcpy(to, text.data, plain);
		buffer->length += plain;
		text.data += plain;
		text.length -= plain;
		if (text.length == 0)
			break;
		buffer->length += json_escape(to + plain, *text.data++);
		text.length--;
	}
	buffer->data[buffer->length++] = '"';
}

void json_write_integer(struct buffer *buffer, int64_t number)
{
	char *to = buffer_reserve(buffer, INTEGER_SIZE);
	uint64_t magnitude = number < 0 ? -(uint64_t)number : (uint64_t)number;

	if (number < 0)
		*to++ = '-';
	buffer->length = (size_t)(text_write_number(to, magnitude, 10, 1) - buffer->data);
}

void json_write_real(struct buffer *buffer, double number)
{
	char digits[32];

	assert(isfinite(number));
	if (fabs(number) <= EXACT_INTEGER && trunc(number) == number) {
		json_write_integer(buffer, (int64_t)number);
		return;
	}
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, number);
		if (strtod(digits, NULL) == number)
			break;
	}
	buffer_add_text(buffer, text_of(digits));
}
