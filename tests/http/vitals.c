/* /proc, read anew each time. */
#include "vitals.h"

#include "check_main.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

static FILE *vitals_open(pid_t pid, const char *name)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	return file;
}

unsigned long vitals_ticks(pid_t pid)
{
	FILE *stat = vitals_open(pid, "stat");
	unsigned long user, system;

	ck_assert_int_eq(fscanf(stat, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
				 &user, &system),
		2);
	fclose(stat);
	return user + system;
}

size_t vitals_memory(pid_t pid)
{
	FILE *statm = vitals_open(pid, "statm");
	size_t pages;

	ck_assert_int_eq(fscanf(statm, "%*u %zu", &pages), 1);
	fclose(statm);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

unsigned vitals_files(pid_t pid)
{
	unsigned count = 0;
	char path[64];
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	folder = opendir(path);
	ck_assert_ptr_nonnull(folder);
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
		count += *entry->d_name != '.';
	closedir(folder);
	return count;
}
