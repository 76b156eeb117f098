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

/* Bytes that are looked at together: the compiler makes of it what the processor has for that. */
typedef unsigned char block __attribute__((vector_size(BLOCK_SIZE)));

static inline bool block_is_plain(const block bytes)
{
	block special = (block)(bytes < 0x20) | (block)(bytes == '"') | (block)(bytes == '\\');
	uint64_t half[2];

	memcpy(half, &special, sizeof(half));
	return (half[0] | half[1]) == 0;
}

static inline bool json_block_is_plain(const char *at)
{
	block bytes;

	memcpy(&bytes, at, sizeof(bytes));
	return block_is_plain(bytes);
}

/* Whether a text of a block or more ends in one without a special byte, and the same of half a block. */
static inline bool json_end_is_plain(struct text text)
{
	const char *end = text.data + text.length;
	uint64_t half[2];
	block bytes;

	if (text.length >= BLOCK_SIZE)
		return json_block_is_plain(end - BLOCK_SIZE);
	if (text.length < sizeof(half[0]))
		return false;
	memcpy(&half[0], text.data, sizeof(half[0]));
	memcpy(&half[1], end - sizeof(half[1]), sizeof(half[1]));
	memcpy(&bytes, half, sizeof(bytes));
	return block_is_plain(bytes);
}

static inline size_t plain_length(struct text text)
{
	size_t length = 0;

	while (text.length - length >= BLOCK_SIZE && json_block_is_plain(text.data + length))
		length += BLOCK_SIZE;
	/* What is left is less than a block: the last block, or two halves, overlap what was seen. */
	if (text.length - length < BLOCK_SIZE && json_end_is_plain(text))
		return text.length;
	while (length < text.length && !json_is_special(text.data[length]))
		length++;
	return length;
}

/* One escape often follows another. */
size_t json_plain_length(struct text text)
{
	return text.length > 0 && json_is_special(*text.data) ? 0 : plain_length(text);
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

/* Write what begins with a special byte, and leave room for the closing quote. */
static void write_escaped(struct buffer *buffer, struct text text)
{
	while (text.length > 0) {
		char *to = buffer_reserve(buffer, ESCAPE_SIZE + text.length);
		size_t escape = json_escape(to, *text.data);

		text = text_after(text, 1);
		size_t plain = json_plain_length(text);
		memcpy(to + escape, text.data, plain);
		buffer->length += escape + plain;
		text = text_after(text, plain);
	}
}

/* Most texts have nothing to escape. */
void json_write_text(struct buffer *buffer, struct text text)
{
	size_t plain = plain_length(text);
	char *to = buffer_reserve(buffer, text.length + 2);

	*to = '"';
	if (plain > 0)
		memcpy(to + 1, text.data, plain);
	buffer->length += plain + 1;
	if (plain < text.length)
		write_escaped(buffer, text_after(text, plain));
	buffer->data[buffer->length++] = '"';
}

/* All that there is room for is copied, since that takes no call. */
void json_write_integer(struct buffer *buffer, int64_t number)
{
	if (number >= 0 && number <= 9) {
		*buffer_reserve(buffer, 1) = (char)('0' + number);
		buffer->length++;
		return;
	}
	char digits[2 * INTEGER_SIZE] = { 0 }, *at = digits + INTEGER_SIZE;
	const char *end = at;
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;

	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (number < 0)
		*--at = '-';
	memcpy(buffer_reserve(buffer, INTEGER_SIZE), at, INTEGER_SIZE);
	buffer->length += (size_t)(end - at);
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
