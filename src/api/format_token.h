/*
 * JSON in steps: a byte of its structure, or a whole value, from the front of a reader's text. Any
 * thread.
 */
#ifndef API_FORMAT_TOKEN_H
#define API_FORMAT_TOKEN_H

#include "format.h"

#define TOKEN_MALFORMED "This is not well-formed JSON."
#define TOKEN_ENDS_EARLY "The JSON ends too early."
#define TOKEN_TWICE "The JSON has the same member twice in one object."

/* The next byte behind white space; '\0' at the end of the text. */
char token_peek(struct reader *reader);

/* Pass over this byte and the white space before it, where it is the next one. */
bool token_take(struct reader *reader, char byte);

/* The value that begins here, whatever it is, to be freed by the caller; NULL: reader->why. */
json_t *token_value(struct reader *reader);

/* How many objects and arrays stand in each other at most. */
unsigned token_depth(json_t *value);

#endif
