/*
 * A run of bytes that grows by doubling. Zeroed is empty; buffer_free() gives the memory back. One
 * owner at a time, any thread.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/text.h"

#include <stddef.h>
#include <string.h>

struct buffer {
	char *data; /* not terminated */
	size_t length;
	size_t capacity;
};

/* Make the capacity at least length + more. */
void buffer_grow(struct buffer *buffer, size_t more);

/* Room for more bytes after the end; where they go. The length stays as it is. */
static inline char *buffer_reserve(struct buffer *buffer, size_t more)
{
	if (buffer->data == NULL || buffer->capacity - buffer->length < more)
		buffer_grow(buffer, more);
	return buffer->data + buffer->length;
}

static inline void buffer_add(struct buffer *buffer, const void *data, size_t length)
{
	if (length == 0)
		return;
	memcpy(buffer_reserve(buffer, length), data, length);
	buffer->length += length;
}

static inline void buffer_add_text(struct buffer *buffer, struct text text)
{
	buffer_add(buffer, text.data, text.length);
}

/*
 * A text that has BUFFER_SHORT readable bytes, whatever its length is: so many are copied at once,
 * without a call, where it is no longer.
 */
#define BUFFER_SHORT 32
static inline void buffer_add_padded(struct buffer *buffer, struct text text)
{
	if (text.length > BUFFER_SHORT) {
		buffer_add_text(buffer, text);
		return;
	}
	memcpy(buffer_reserve(buffer, BUFFER_SHORT), text.data, BUFFER_SHORT);
	buffer->length += text.length;
}

void buffer_add_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Frees the bytes and leaves an empty buffer. */
void buffer_free(struct buffer *buffer);

#endif
