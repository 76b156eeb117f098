/*
 * Input of the types INPUT_TAGS and INPUT_TAG. Any thread.
 */
#ifndef ENDPOINT_TAGS_H
#define ENDPOINT_TAGS_H

#include "endpoint/endpoint.h"
#include "types/raw_value.h"

/* As input_type_read(); the value is a JSON array of strings, as text. */
const char *tags_read(const struct input *input, const struct raw_value *raw, struct value *value,
	struct arena **arena);

/* The same of one tag alone; the value is its text. */
const char *tags_read_one(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena);

#endif
