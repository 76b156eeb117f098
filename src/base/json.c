/*
 * JSON text out, and whole objects in. Every reply is written here, so what needs no escape is found
 * in blocks and copied in runs. Any thread.
 */
#include "json_scan.h"

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
		memcpy(to, text.at, plain);
		buffer->length += plain;
		text.at += plain;
		text.length -= plain;
		if (text.length == 0)
			break;
		buffer->length += json_escape(to + plain, *text.at++);
		text.length--;
	}
	buffer->data[buffer->length++] = '"';
}

void json_write_integer(struct buffer *buffer, int64_t number)
{
	char digits[INTEGER_SIZE];
	char *first = digits + sizeof(digits);
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;

	do {
		*--first = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		*--first = '-';
	buffer_add(buffer, first, (size_t)(digits + sizeof(digits) - first));
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

const char *json_sentence(enum json_fault fault)
{
	static const char *const sentences[] = {
		[JSON_SOUND] = "There is nothing wrong with the JSON.",
		[JSON_ENDS_EARLY] = "The JSON ends too early.",
		[JSON_GOES_ON] = "There is more after the end of the JSON.",
		[JSON_MALFORMED] = "This is not well-formed JSON.",
		[JSON_NOT_UTF8] = "The JSON is not in UTF-8.",
		[JSON_HAS_MARK] = "The JSON begins with a byte order mark.",
		[JSON_HAS_NUL] = "The JSON has a NUL in it.",
		[JSON_SURROGATE] = "The JSON has half of a surrogate pair in a string.",
		[JSON_OUT_OF_RANGE] = "The JSON has a number that is out of range.",
		[JSON_TOO_DEEP] = "The JSON is nested too deep.",
		[JSON_TWICE] = "The JSON has the same member twice in one object.",
		[JSON_TOO_MANY] = "The JSON has too many values in it.",
		[JSON_NO_OBJECT] = "The JSON is not an object.",
	};

	return sentences[fault];
}

json_t *json_read_object(struct text text, unsigned depth, const char **why)
{
	enum json_fault fault = json_scan_object(text, depth, SIZE_MAX);
	json_t *json = NULL;

	if (fault == JSON_SOUND)
		json = json_loadb(text.at, text.length, JSON_REJECT_DUPLICATES, NULL);
	*why = json != NULL ? NULL : json_sentence(fault != JSON_SOUND ? fault : JSON_MALFORMED);
	return json;
}
