/* /proc, read anew each time. */
#include "vitals.h"

#include "check_main.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static FILE *vitals_open(pid_t pid, const char *name)
{
	char path[128];
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

unsigned long vitals_waits(pid_t pid)
{
	unsigned long waits = 0, of_thread;
	char path[64], line[256];
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	threads = opendir(path);
	ck_assert_ptr_nonnull(threads);
	for (struct dirent *entry = readdir(threads); entry; entry = readdir(threads)) {
		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "task/%.16s/status", entry->d_name);
		FILE *status = vitals_open(pid, path);
		while (fgets(line, sizeof(line), status))
			if (sscanf(line, "voluntary_ctxt_switches: %lu", &of_thread) == 1)
				waits += of_thread;
		fclose(status);
	}
	closedir(threads);
	return waits;
}

size_t vitals_memory(pid_t pid)
{
	FILE *statm = vitals_open(pid, "statm");
	size_t pages;

	ck_assert_int_eq(fscanf(statm, "%*u %zu", &pages), 1);
	fclose(statm);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* A line of its status, in kB. */
static long vitals_status(pid_t pid, const char *name)
{
	FILE *status = vitals_open(pid, "status");
	char line[256];
	long kb = -1;

	while (kb < 0 && fgets(line, sizeof(line), status))
		if (strncmp(line, name, strlen(name)) == 0)
			kb = atol(line + strlen(name));
	fclose(status);
	ck_assert_int_gt(kb, 0);
	return kb;
}

long vitals_peak(pid_t pid)
{
	return vitals_status(pid, "VmHWM:");
}

long vitals_peak_anew(pid_t pid)
{
	char path[64];
	FILE *refs;

	snprintf(path, sizeof(path), "/proc/%d/clear_refs", (int)pid);
	refs = fopen(path, "w");
	ck_assert_ptr_nonnull(refs);
	ck_assert_int_ge(fputs("5", refs), 0);
	ck_assert_int_eq(fclose(refs), 0);
	return vitals_status(pid, "VmRSS:");
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

/*
 * Of /proc/PID/net/tcp, see proc_pid_net(5): the ports in hexadecimal, and the inode that the socket
 * of a process has; once it is closed, the kernel's rest of it has none.
 */
bool vitals_holds(pid_t pid, int port, int fd)
{
	struct sockaddr_in client;
	socklen_t size = sizeof(client);
	FILE *table = vitals_open(pid, "net/tcp");
	unsigned server_port, client_port;
	unsigned long inode;
	bool held = false;
	char line[256];

	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)(void *)&client, &size), 0);
	while (!held && fgets(line, sizeof(line), table))
		held = sscanf(line, "%*d: %*x:%x %*x:%x %*x %*x:%*x %*x:%*x %*x %*u %*u %lu",
			       &server_port, &client_port, &inode) == 3 &&
		       server_port == (unsigned)port && client_port == ntohs(client.sin_port) &&
		       inode != 0;
	fclose(table);
	return held;
}
