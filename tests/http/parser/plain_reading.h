/*
 * A second, plain reading of a stream of whole requests that are known to be well-formed, to
 * compare with evhttp's.
 */
#ifndef TESTS_PLAIN_READING_H
#define TESTS_PLAIN_READING_H

#include "base/buffer.h"

/*
 * Of each request a record: "METHOD target", then a line "name: value" for each header, an empty
 * one, and the body between brackets. A method that evhttp does not know is POST there. And its own
 * method, of enum http_method in a byte. Both to be freed.
 */
void read_plainly(struct text stream, struct buffer *records, struct buffer *methods);

#endif
