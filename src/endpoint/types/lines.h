/*
 * Lines of text as a list, one line that is to be called otherwise, and colours. Any thread.
 */
#ifndef ENDPOINT_LINES_H
#define ENDPOINT_LINES_H

#include "types/types.h"

/* See types.h. */
const char *lines_read(const struct input *input, const struct raw_value *raw, struct value *value,
	struct arena **arena);
const char *lines_read_rename(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena);
const char *lines_read_color(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena);

#endif
