/*
 * JSON text out (RFC 8259), written straight into a buffer, and strict JSON in. Any thread.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buffer.h"
#include "base/text.h"

#include <jansson.h>
#include <stdint.h>

/* The text as a JSON string with its quotes; text must be UTF-8. */
void json_write_text(struct buffer *buffer, struct text text);

void json_write_integer(struct buffer *buffer, int64_t number);

/* A short decimal form that reads back as the same number; number must be finite. */
void json_write_real(struct buffer *buffer, double number);

/*
 * Parse one JSON object. NULL where text is not UTF-8 JSON, not an object, nested deeper than
 * depth (the outermost object is 1), or has a duplicate member, a lone surrogate or a NUL in it;
 * then *why says which, as a constant sentence that never quotes the input. The caller frees the
 * object with json_decref().
 */
json_t *json_read_object(struct text text, unsigned depth, const char **why);

#endif
