/*
 * What a stream of requests says, read again in the plainest way: one that knows its requests to be
 * well-formed, and takes them whole. To hold against what evhttp makes of them.
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
