/*
 * Between the quotes of a JSON string; see json_unescape() for what it means. Any thread.
 */
#ifndef BASE_JSON_STRING_H
#define BASE_JSON_STRING_H

#include "base/json.h"

/* How many bytes at the start of text are neither a quote, a backslash nor a control character. */
size_t json_plain_length(struct text text);

/* The value of four hex digits at the start of text; -1 where they are none. */
int json_hex(struct text text);

#endif
