/*
 * JSON text out (RFC 8259), written straight into a buffer; and the inside of JSON strings, which
 * writing and reading share. Any thread.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buffer.h"
#include "base/text.h"

#include <stdint.h>

/* The text as a JSON string with its quotes; text must be UTF-8. */
void json_write_text(struct buffer *buffer, struct text text);

void json_write_integer(struct buffer *buffer, int64_t number);

/* A short decimal form that reads back as the same number; number must be finite. */
void json_write_real(struct buffer *buffer, double number);

/* How many bytes at the start of text are neither a quote, a backslash nor a control character. */
size_t json_plain_length(struct text text);

/* The value of four hexadecimal digits at the start of text; -1 where they are none. */
int json_hex(struct text text);

/*
 * What well-formed text between the quotes of a string means. It is raw itself where that has no
 * escape; else it is in buffer, whose content it replaces.
 */
struct text json_unescape(struct text raw, struct buffer *buffer);

#endif
