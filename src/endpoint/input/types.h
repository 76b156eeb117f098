/*
 * The kinds of input: how what was sent becomes a value. Loop thread.
 */
#ifndef ENDPOINT_INPUT_TYPES_H
#define ENDPOINT_INPUT_TYPES_H

#include "endpoint/endpoint.h"

#include <jansson.h>

/*
 * What was sent for one input: JSON, or (json NULL) text of a form or query, decoded. Of JSON that
 * was read out of a text the objects and arrays are empty, but for labels: raw is where it stands.
 */
struct given {
	const json_t *json;
	struct text text;
	struct text raw; /* length 0: json is all there is */
};

/*
 * Make a value of it. NULL when that went well; else what is wrong with it, as a constant
 * sentence. Text is borrowed from given or lives in kept.
 */
const char *kind_read(const struct input *input, const struct given *given, struct value *value,
	struct kept **kept);

/* What type a value of the kind has, unless it is NULL. */
enum value_type kind_type(enum kind kind);

#endif
