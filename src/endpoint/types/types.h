/*
 * The types of input: how what was sent becomes a value. Any thread.
 */
#ifndef ENDPOINT_INPUT_TYPES_H
#define ENDPOINT_INPUT_TYPES_H

#include "endpoint/endpoint.h"

#include <jansson.h>

/*
 * What was sent for one input: JSON, or (json NULL) the decoded text of a form or query. Where the
 * JSON was read out of a body, its objects and arrays are empty, but for those of tags and
 * reminders: json_text has them.
 */
struct raw_value {
	const json_t *json;
	struct text text;
	struct text json_text; /* empty: json has all of it */
};

/* The text that was sent; false where JSON has something else than a string. */
static inline bool raw_value_text(const struct raw_value *raw, struct text *text)
{
	*text = raw->text;
	if (raw->json == NULL)
		return true;
	if (!json_is_string(raw->json))
		return false;
	*text = (struct text){ json_string_value(raw->json), json_string_length(raw->json) };
	return true;
}

/*
 * Set the value of an input; it begins as NULL, and stays that where null was sent. NULL, or what
 * is wrong with it as a sentence, which is constant or kept. Text is borrowed from raw, or kept.
 */
const char *input_type_read(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena);

/* The type of the values, where they are not NULL. */
enum value_type input_value_type(enum input_type type);

#endif
