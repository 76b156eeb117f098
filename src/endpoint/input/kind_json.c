/*
 * The kinds of input that JSON has beside text: numbers, and what a handler reads itself.
 */
#include "input/kind.h"

#include "base/json_read.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INTEGER_END 9223372036854775808.0 /* what a 64-bit integer is below */

/* 1.0 is an integer too (JSON Schema 2020-12, core, 6.3), and so is 1e2. */
static bool json_to_integer(const json_t *json, int64_t *integer)
{
	double real = json_real_value(json);

	*integer = json_integer_value(json);
	if (json_is_integer(json))
		return true;
	if (!json_is_real(json) || trunc(real) != real || fabs(real) >= INTEGER_END)
		return false;
	*integer = (int64_t)real;
	return true;
}

const char *kind_integer(const struct input *input, const struct given *given, struct value *value,
	struct kept **kept)
{
	int64_t integer = 0;
	bool taken = given->json == NULL ? text_to_integer(given->text, &integer)
					 : json_to_integer(given->json, &integer);
	char *sentence;

	if (taken && integer >= input->least && integer <= (int64_t)input->most) {
		*value = (struct value){ VALUE_INTEGER, .integer = integer };
		return NULL;
	}
	sentence = memory_keep(kept, 80);
	snprintf(sentence, 80, "must be an integer from %" PRId64 " to %zu", input->least,
		input->most);
	return sentence;
}

/* strtod() takes more than a number may be: its letters are refused before. */
static bool text_to_real(struct text text, double *real)
{
	char copy[64];
	char *end;

	if (text.length == 0 || text.length >= sizeof(copy))
		return false;
	memcpy(copy, text.at, text.length);
	copy[text.length] = '\0';
	if (strspn(copy, "0123456789+-.eE") != text.length)
		return false;
	*real = strtod(copy, &end);
	return *end == '\0' && isfinite(*real);
}

const char *kind_number(const struct input *input, const struct given *given, struct value *value,
	struct kept **kept)
{
	(void)input;
	(void)kept;
	value->type = VALUE_REAL;
	if (given->json == NULL)
		return text_to_real(given->text, &value->real) ? NULL : "must be a number";
	value->real = json_number_value(given->json);
	return json_is_number(given->json) ? NULL : "must be a number";
}

const char *kind_object(const struct input *input, const struct given *given, struct value *value,
	struct kept **kept)
{
	(void)input;
	(void)value;
	(void)kept;
	return given->json != NULL && json_is_object(given->json) ? NULL : "must be an object";
}

/* How many elements there are, but no more than one too many. */
static size_t count_items(const struct given *given, size_t most)
{
	struct json_cursor cursor;
	struct text element;
	size_t count = 0;

	if (given->raw.length == 0)
		return json_array_size(given->json);
	cursor = json_enter(given->raw);
	while (count <= most && json_next_element(&cursor, &element))
		count++;
	return count;
}

const char *kind_items(const struct input *input, const struct given *given, struct value *value,
	struct kept **kept)
{
	char *sentence;

	(void)value;
	if (given->json == NULL || !json_is_array(given->json))
		return "must be an array";
	if (count_items(given, input->most) <= input->most)
		return NULL;
	sentence = memory_keep(kept, 64);
	snprintf(sentence, 64, "must have at most %zu items", input->most);
	return sentence;
}
