/*
 * Memory that is always there. Any thread.
 */
#include "base/memory.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Not log_error(): nothing that might want memory itself. */
static _Noreturn void memory_fail(void)
{
	static const char line[] = "todo: error: out of memory\n";
	ssize_t written = write(STDERR_FILENO, line, sizeof(line) - 1);

	(void)written;
	abort();
}

/* calloc() and realloc() may answer NULL to 0 bytes without any need. */
static size_t memory_size(size_t size)
{
	return size == 0 ? 1 : size;
}

void *memory_zeroed(size_t size)
{
	void *memory = calloc(1, memory_size(size));

	if (memory == NULL)
		memory_fail();
	return memory;
}

void *memory_allocate(size_t size)
{
	void *memory = malloc(memory_size(size));

	if (memory == NULL)
		memory_fail();
	return memory;
}

void *memory_resize(void *memory, size_t size)
{
	void *resized = realloc(memory, memory_size(size));

	if (resized == NULL)
		memory_fail();
	return resized;
}

char *memory_copy(const char *from, size_t length)
{
	char *copy = memory_allocate(length + 1);

	if (length > 0)
		memcpy(copy, from, length);
	copy[length] = '\0';
	return copy;
}

#define FORGET_MOST ((size_t)256 << 10)

/* Also what lies behind the size that was asked for: it may be left from an earlier use. */
void memory_forget(void *memory)
{
	size_t size = malloc_usable_size(memory);

	if (memory == NULL)
		return;
	explicit_bzero(memory, size < FORGET_MOST ? size : FORGET_MOST);
	free(memory);
}

void memory_trim(void)
{
	malloc_trim(0);
}

struct kept {
	struct kept *next;
	max_align_t memory[];
};

void *memory_keep(struct kept **list, size_t size)
{
	struct kept *kept = memory_allocate(sizeof(*kept) + size);

	kept->next = *list;
	*list = kept;
	return kept->memory;
}

void memory_drop(struct kept **list)
{
	while (*list != NULL) {
		struct kept *next = (*list)->next;
		memory_forget(*list);
		*list = next;
	}
}
