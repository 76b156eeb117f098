/*
 * A cursor says where the next page begins: it has the keys of its first row, and a hash of the
 * filters and the order that it is for. Opaque to clients, but no secret. Loop thread.
 */
#ifndef ENDPOINT_CURSOR_H
#define ENDPOINT_CURSOR_H

#include <stdbool.h>

struct buffer;
struct request;

/* Set the values after_… from the input cursor; false where it is of another list. */
bool cursor_read(struct request *request);

/* Append a cursor made of the values next_…. */
void cursor_write(struct request *request, struct buffer *out);

#endif
