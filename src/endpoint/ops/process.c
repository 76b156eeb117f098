/*
 * From getrusage() and /proc/self.
 */
#include "ops/process.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void read_memory(struct process *process)
{
	FILE *file = fopen("/proc/self/statm", "re");
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t all, resident;

	if (file == NULL)
		return;
	if (fscanf(file, "%" SCNu64 " %" SCNu64, &all, &resident) == 2) {
		process->virtual_bytes = all * page;
		process->resident_bytes = resident * page;
	}
	fclose(file);
}

/* Without the folder itself, which is open only to be read. */
static uint64_t open_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	uint64_t count = 0;

	if (folder == NULL)
		return 0;
	for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count - 1;
}

void process_read(struct process *process)
{
	struct rusage usage;
	struct rlimit files;

	*process = (struct process){ .open_files = open_files() };
	if (getrusage(RUSAGE_SELF, &usage) == 0)
		process->cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0)
		process->most_files = files.rlim_cur;
	read_memory(process);
}
