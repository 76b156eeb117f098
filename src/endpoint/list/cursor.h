/*
 * A cursor is where the next page begins: the keys of its first row, and a mark of the filters and
 * the order that it holds for. Opaque to clients, but no secret. Loop thread.
 */
#ifndef ENDPOINT_CURSOR_H
#define ENDPOINT_CURSOR_H

#include <stdbool.h>

struct buffer;
struct request;

/* Set the values after_… from the input cursor; false where it is not of this list. */
bool cursor_read(struct request *request);

/* Write one from the values next_…. */
void cursor_write(struct request *request, struct buffer *out);

#endif
