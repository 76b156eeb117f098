/*
 * How much memory there may be. Any thread.
 */
#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#define CGROUP "/sys/fs/cgroup/memory.max" /* a number, or "max" */

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
