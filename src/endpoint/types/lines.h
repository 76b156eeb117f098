/*
 * Input of the types INPUT_LINES and INPUT_RENAME. Any thread.
 */
#ifndef ENDPOINT_LINES_H
#define ENDPOINT_LINES_H

#include "endpoint/endpoint.h"
#include "types/raw_value.h"

/*
 * As input_type_read(); the value of lines is a JSON array of strings, as text, and that of a line
 * that is to be called otherwise ["from","to"].
 */
const char *lines_read(const struct input *input, const struct raw_value *raw, struct value *value,
	struct arena **arena);
const char *lines_read_rename(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena);

#endif
