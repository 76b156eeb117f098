/*
 * A run of bytes that grows. Zeroed is empty; buffer_free() gives the memory back. One owner at a
 * time, any thread.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/text.h"

#include <stddef.h>

struct buffer {
	char *data; /* not terminated */
	size_t length;
	size_t capacity;
};

/* Room for more bytes behind the end; where they go. The length stays as it is. */
char *buffer_reserve(struct buffer *buffer, size_t more);

void buffer_add(struct buffer *buffer, const void *data, size_t length);
void buffer_add_text(struct buffer *buffer, struct text text);
void buffer_add_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Frees the bytes and leaves an empty buffer. */
void buffer_free(struct buffer *buffer);

#endif
