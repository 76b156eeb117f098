/*
 * The types of input: how what was sent becomes a value. Any thread.
 */
#ifndef ENDPOINT_INPUT_TYPES_H
#define ENDPOINT_INPUT_TYPES_H

#include "endpoint/endpoint.h"
#include "types/raw_value.h"

/*
 * Set the value of an input; it begins as NULL, and stays that where null was sent. NULL, or what
 * is wrong with it as a sentence, which is constant or kept. Text is borrowed from raw, or kept.
 */
const char *input_type_read(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena);

/* The type of the values, where they are not NULL. */
enum value_type input_value_type(enum input_type type);

#endif
