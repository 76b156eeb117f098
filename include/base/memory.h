/*
 * Memory that is always there: where the machine has none left, the program says so on standard
 * error and aborts. Any thread. What comes back is freed with free(), unless said otherwise.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Says that there is no memory left, and aborts. */
_Noreturn void memory_fail(void);

/*
 * What is asked of malloc(), calloc() and realloc(), which may answer NULL to 0 bytes without any
 * need.
 */
static inline size_t memory_size(size_t size)
{
	return size == 0 ? 1 : size;
}

/* Zeroed memory of size bytes. */
static inline void *memory_zeroed(size_t size)
{
	void *memory = calloc(1, memory_size(size));

	if (memory == NULL)
		memory_fail();
	return memory;
}

/* size bytes, uninitialised. */
static inline void *memory_allocate(size_t size)
{
	void *memory = malloc(memory_size(size));

	if (memory == NULL)
		memory_fail();
	return memory;
}

/* realloc() that cannot fail; memory may be NULL. */
static inline void *memory_resize(void *memory, size_t size)
{
	void *resized = realloc(memory, memory_size(size));

	if (resized == NULL)
		memory_fail();
	return resized;
}

/* A terminated copy of length bytes at from. */
char *memory_copy(const char *from, size_t length);

/*
 * free() for what may hold a password or a token: it is wiped first. What is longer than any body
 * with a password is wiped at its beginning only. memory may be NULL.
 */
void memory_forget(void *memory);

/*
 * Memory that goes with its owner: arena_alloc() gives size bytes, uninitialised, that live until
 * arena_free() frees the whole list, as memory_forget(). An empty list is a NULL pointer. One
 * owner at a time.
 */
struct arena;
void *arena_alloc(struct arena **list, size_t size);
void arena_free(struct arena **list);

/*
 * Give the pages that hold nothing back to the system. free() leaves those of one thread to itself,
 * out of reach of another that needs memory next. It takes milliseconds for each 10 MiB.
 */
void memory_trim(void);

/*
 * The bytes that this process may use: what the machine has, less where a limit of the process
 * (setrlimit(2)) or of its cgroup (version 2, memory.max) is lower.
 */
uint64_t memory_limit(void);

#endif
