/*
 * JSON text out, JSON objects in. Every reply is written here, so what needs no escape is found in
 * blocks and copied in runs. Any thread.
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
#define JSON_ENDS_EARLY "The JSON ends too early."
#define JSON_HAS_NUL "The JSON has a NUL in it."

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

/* How many bytes at the start of text need no escape. */
static size_t json_plain_length(struct text text)
{
	size_t length = 0;

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

/* The index of the quote that closes the string whose opening quote is at start. */
static size_t json_string_end(struct text text, size_t start)
{
	size_t at = start + 1;

	while (at < text.length) {
		at += json_plain_length((struct text){ text.at + at, text.length - at });
		if (at < text.length && text.at[at] == '"')
			break;
		at += at < text.length && text.at[at] == '\\' ? 2 : 1;
	}
	return at;
}

/*
 * Told from the brackets outside strings alone, before anything is built. What follows the end of
 * the outermost value, and whatever else is not JSON, is left to the parser.
 */
static bool json_is_deeper(struct text text, unsigned limit)
{
	unsigned depth = 0;

	for (size_t at = 0; at < text.length; at++) {
		char c = text.at[at];

		if (c == '"')
			at = json_string_end(text, at);
		else if ((c == '{' || c == '[') && ++depth > limit)
			return true;
		else if ((c == '}' || c == ']') && (depth == 0 || --depth == 0))
			return false;
	}
	return false;
}

static const char *json_error_sentence(const json_error_t *error)
{
	static const struct {
		enum json_error_code code;
		const char *sentence;
	} sentences[] = {
		{ json_error_invalid_utf8, "The JSON is not in UTF-8." },
		{ json_error_premature_end_of_input, JSON_ENDS_EARLY },
		{ json_error_end_of_input_expected, "There is more after the end of the JSON." },
		{ json_error_null_character, JSON_HAS_NUL },
		{ json_error_null_byte_in_key, JSON_HAS_NUL },
		{ json_error_duplicate_key, "The JSON has the same member twice in one object." },
		{ json_error_numeric_overflow, "The JSON has a number that is out of range." },
	};
	static const char surrogate[] = "invalid Unicode"; /* no code of its own, only words */

	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		if (json_error_code(error) == sentences[i].code)
			return sentences[i].sentence;
	}
	if (strncmp(error->text, surrogate, sizeof(surrogate) - 1) == 0)
		return "The JSON has half of a surrogate pair in a string.";
	return "This is not well-formed JSON.";
}

/* What can be told without building anything; NULL: nothing speaks against the text so far. */
static const char *json_refusal(struct text text, unsigned depth)
{
	if (text.length == 0)
		return JSON_ENDS_EARLY;
	if (text.length >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0)
		return "The JSON begins with a byte order mark.";
	if (memchr(text.at, '\0', text.length) != NULL)
		return JSON_HAS_NUL;
	if (json_is_deeper(text, depth))
		return "The JSON is nested too deep.";
	return NULL;
}

json_t *json_read_object(struct text text, unsigned depth, const char **why)
{
	json_error_t error;
	json_t *json;

	*why = json_refusal(text, depth);
	if (*why != NULL)
		return NULL;
	json = json_loadb(text.at, text.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (json == NULL) {
		*why = json_error_sentence(&error);
		return NULL;
	}
	if (!json_is_object(json)) {
		*why = "The JSON is not an object.";
		json_decref(json);
		return NULL;
	}
	return json;
}
