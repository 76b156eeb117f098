/*
 * What stands between the quotes of a JSON string: which of it is plain, and what its escapes mean.
 * What needs no escape is found in blocks. Any thread.
 */
#include "json_string.h"

#include <stdbool.h>
#include <string.h>

#define BLOCK_SIZE 16

static bool json_is_special(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

/* Without a branch, so that the compiler makes vector instructions of it. */
static bool json_block_is_plain(const char *block)
{
	unsigned char special = 0;

	for (int i = 0; i < BLOCK_SIZE; i++)
		special |= json_is_special(block[i]);
	return special == 0;
}

size_t json_plain_length(struct text text)
{
	size_t length = 0;

	if (text.length > 0 && json_is_special(*text.at)) /* one escape after the other */
		return 0;
	while (text.length - length >= BLOCK_SIZE && json_block_is_plain(text.at + length))
		length += BLOCK_SIZE;
	while (length < text.length && !json_is_special(text.at[length]))
		length++;
	return length;
}

int json_hex(struct text text)
{
	int code = 0;

	if (text.length < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int digit = text_hex_digit(text.at[i]);

		if (digit < 0)
			return -1;
		code = code << 4 | digit;
	}
	return code;
}

static struct text string_after(struct text text, size_t length)
{
	return (struct text){ text.at + length, text.length - length };
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

	if (text.at[1] != 'u') {
		*(*to)++ = meant[strchr(letters, text.at[1]) - letters];
		return 2;
	}
	code = (uint32_t)json_hex(string_after(text, 2));
	if (code < 0xD800 || code > 0xDBFF) {
		*to += string_write(*to, code);
		return 6;
	}
	uint32_t low = (uint32_t)json_hex(string_after(text, 8));
	*to += string_write(*to, 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00)));
	return 12;
}

struct text json_unescape(struct text raw, struct buffer *buffer)
{
	struct text rest = raw;
	char *to;

	if (raw.length == 0 || memchr(raw.at, '\\', raw.length) == NULL)
		return raw;
	buffer->length = 0;
	to = buffer_reserve(buffer, raw.length);
	while (rest.length > 0) {
		size_t plain = json_plain_length(rest);

		memcpy(to, rest.at, plain);
		to += plain;
		rest = string_after(rest, plain);
		if (rest.length > 0)
			rest = string_after(rest, string_escape(rest, &to));
	}
	buffer->length = (size_t)(to - buffer->data);
	return (struct text){ buffer->data, buffer->length };
}
