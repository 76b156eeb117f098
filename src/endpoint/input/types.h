/*
 * The kinds of input: how what was sent becomes a value. Loop thread.
 */
#ifndef ENDPOINT_INPUT_TYPES_H
#define ENDPOINT_INPUT_TYPES_H

#include "endpoint/endpoint.h"

#include <jansson.h>

/*
 * What was sent for one input: JSON, or (json NULL) text of a form or query, decoded. Of JSON that
 * was read out of a text the objects and arrays are empty, but for labels: json_text is where it stands.
 */
struct raw_value {
	const json_t *json;
	struct text text;
	struct text json_text; /* length 0: json is all there is */
};

/*
 * Make a value of it. NULL when that went well; else what is wrong with it, as a constant
 * sentence. Text is borrowed from raw or lives in kept.
 */
const char *input_type_read(const struct input *input, const struct raw_value *raw,
	struct value *value, struct kept **kept);

/* What type a value of the kind has, unless it is NULL. */
enum value_type kind_type(enum input_type kind);

#endif
