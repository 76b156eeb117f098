/*
 * JSON text out. Every reply is written here, so what needs no escape is copied in runs. Any thread.
 */
#include "json_string.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ESCAPE_SIZE 6			 /* \u001f */
#define INTEGER_SIZE 20			 /* -9223372036854775808 */
#define EXACT_INTEGER 9007199254740992.0 /* up to here a double holds every integer */

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
