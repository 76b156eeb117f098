/*
 * The kinds of input that JSON has beside text: numbers, and what a handler reads itself.
 */
#include "kind.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *kind_integer(const struct input *input, const struct given *given, struct value *value,
	struct kept **kept)
{
	bool taken = given->json == NULL ? text_to_integer(given->text, &value->integer)
					 : json_is_integer(given->json);
	char *sentence;

	if (given->json != NULL)
		value->integer = json_integer_value(given->json);
	value->type = VALUE_INTEGER;
	if (taken && value->integer >= input->least && value->integer <= (int64_t)input->most)
		return NULL;
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

const char *kind_items(const struct input *input, const struct given *given, struct value *value,
	struct kept **kept)
{
	char *sentence;

	(void)value;
	if (given->json == NULL || !json_is_array(given->json))
		return "must be an array";
	if (json_array_size(given->json) <= input->most)
		return NULL;
	sentence = memory_keep(kept, 64);
	snprintf(sentence, 64, "must have at most %zu items", input->most);
	return sentence;
}
