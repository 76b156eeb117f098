/*
 * How a buffer grows, and what is left of it in memory. Any thread.
 */
#include "base/buffer.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_FIRST 256
#define SECRET_MOST ((size_t)16 << 10) /* a longer one holds no token */

/* realloc() would leave a copy of what it moves, which may hold a token. */
static char *move_short(struct buffer *buffer, size_t capacity)
{
	char *data = memory_allocate(capacity);

	if (buffer->data != NULL)
		memcpy(data, buffer->data, buffer->capacity);
	memory_forget(buffer->data);
	return data;
}

void buffer_grow(struct buffer *buffer, size_t more)
{
	size_t needed;
	size_t capacity = buffer->capacity == 0 ? BUFFER_FIRST : buffer->capacity * 2;

	if (__builtin_add_overflow(buffer->length, more, &needed))
		needed = SIZE_MAX; /* which memory_resize() refuses */
	if (capacity < needed)
		capacity = needed;
	buffer->data = buffer->capacity <= SECRET_MOST ? move_short(buffer, capacity)
						       : memory_resize(buffer->data, capacity);
	buffer->capacity = capacity;
}

void buffer_add_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	int length;
	size_t room;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length <= 0)
		return;

	room = (size_t)length + 1; /* vsnprintf() terminates */
	va_start(arguments, format);
	vsnprintf(buffer_reserve(buffer, room), room, format, arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
}

void buffer_free(struct buffer *buffer)
{
	memory_forget(buffer->data);
	*buffer = (struct buffer){ 0 };
}
