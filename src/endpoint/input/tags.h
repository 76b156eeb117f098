/*
 * Input that is a list of tags. Any thread.
 */
#ifndef ENDPOINT_TAGS_H
#define ENDPOINT_TAGS_H

#include "input/types.h"

/* As input_type_read(), for an input of the kind LABELS: the value is a JSON array of strings. */
const char *tags_read(const struct input *input, const struct raw_value *raw, struct value *value,
	struct kept **kept);

#endif
