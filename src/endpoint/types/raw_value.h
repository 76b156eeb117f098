/*
 * A value of the input before it has its type.
 */
#ifndef ENDPOINT_RAW_VALUE_H
#define ENDPOINT_RAW_VALUE_H

#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>

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

#endif
