/*
 * JSON in steps: a byte of its structure, or a whole value, from the front of a reader's text. Any
 * thread.
 */
#ifndef API_FORMAT_TOKEN_H
#define API_FORMAT_TOKEN_H

#include "transfer/format.h"

#define TOKEN_MALFORMED "This is not well-formed JSON."
#define TOKEN_ENDS_EARLY "The JSON ends too early."
#define TOKEN_TWICE "The JSON has the same member twice in one object."

/* The next byte behind white space; '\0' at the end of the text. */
char token_peek(struct reader *reader);

/* Pass over this byte and the white space before it, where it is the next one. */
bool token_take(struct reader *reader, char byte);

/*
 * Pass over the value that begins here, whatever it is: its text, and how many objects and arrays
 * stand in each other there. Nothing of it is built. False: reader->why. values is how many there
 * may still be in the file.
 */
bool token_value(struct reader *reader, size_t *values, struct text *value, unsigned *depth);

#endif
