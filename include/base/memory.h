/*
 * Memory that is always there: where the machine has none left, the program says so on standard
 * error and aborts. Any thread. What comes back is freed with free(), unless said otherwise.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed memory of size bytes. */
void *memory_zeroed(size_t size);

/* size bytes, uninitialised. */
void *memory_allocate(size_t size);

/* realloc() that cannot fail; memory may be NULL. */
void *memory_resize(void *memory, size_t size);

/* A terminated copy of length bytes at from. */
char *memory_copy(const char *from, size_t length);

/*
 * free() for what may hold a password or a token: nothing of it stays behind. What is longer than any
 * body with a password is wiped at its beginning alone. memory may be NULL.
 */
void memory_forget(void *memory);

/*
 * Memory that goes with its owner: memory_keep() gives size bytes, uninitialised, that live until
 * memory_drop() frees the whole list, as memory_forget(). An empty list is a NULL pointer. One owner
 * at a time.
 */
struct kept;
void *memory_keep(struct kept **list, size_t size);
void memory_drop(struct kept **list);

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
