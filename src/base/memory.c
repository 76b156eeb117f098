/*
 * Allocation that cannot fail, memory that is wiped, and how much there may be. Any thread.
 */
#include "base/memory.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define FORGET_MOST ((size_t)256 << 10)
#define CGROUP "/sys/fs/cgroup/memory.max" /* a number, or "max" */

/* Not by log_error(): this must not need memory. */
_Noreturn void memory_fail(void)
{
	static const char line[] = "todo: error: out of memory\n";
	ssize_t written = write(STDERR_FILENO, line, sizeof(line) - 1);

	(void)written;
	abort();
}

char *memory_copy(const char *from, size_t length)
{
	char *copy = memory_allocate(length + 1);

	if (length > 0)
		memcpy(copy, from, length);
	copy[length] = '\0';
	return copy;
}

/* The usable size may be larger than what was asked for, and hold bytes of an earlier use. */
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

struct arena {
	struct arena *next;
	max_align_t memory[];
};

void *arena_alloc(struct arena **list, size_t size)
{
	struct arena *arena = memory_allocate(sizeof(*arena) + size);

	arena->next = *list;
	*list = arena;
	return arena->memory;
}

void arena_free(struct arena **list)
{
	while (*list != NULL) {
		struct arena *next = (*list)->next;
		memory_forget(*list);
		*list = next;
	}
}

/* ---- how much there may be ---- */

static uint64_t lower(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t machine_limit(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : UINT64_MAX;
}

static uint64_t process_limit(int resource)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	return limit.rlim_cur;
}

static uint64_t cgroup_limit(void)
{
	FILE *file = fopen(CGROUP, "re");
	uint64_t limit = UINT64_MAX;

	if (file == NULL)
		return limit;
	if (fscanf(file, "%" SCNu64, &limit) != 1)
		limit = UINT64_MAX;
	fclose(file);
	return limit;
}

uint64_t memory_limit(void)
{
	uint64_t limit = lower(machine_limit(), cgroup_limit());

	limit = lower(limit, process_limit(RLIMIT_AS));
	return lower(limit, process_limit(RLIMIT_DATA));
}
