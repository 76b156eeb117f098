/*
 * The system calls by which a program changes files, between it (the libraries inside it included)
 * and the system: the one with the number that is set fails, or is the last thing that the program
 * does. To be included by one file of a test program. For a test of one thread.
 *
 * What is synced is not: a process that is killed loses nothing that it has written, and a test that
 * starts a thousand of them waits for no disk.
 */
#ifndef TESTS_CRASH_SYSTEM_FAULT_H
#define TESTS_CRASH_SYSTEM_FAULT_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

enum fault {
	FAULT_NONE,
	FAULT_KILLED,	 /* before the call */
	FAULT_KILLED_IN, /* a write: when half of it was made; any other: behind the call */
	FAULT_ERROR,	 /* this call fails with EIO */
	FAULT_NO_ROOM,	 /* from this call on no file takes a byte */
};

static struct {
	enum fault fault;
	unsigned at;	/* the number of the call that it is about, from 1 on */
	unsigned calls; /* so far */
	bool happened;
	void (*seen)(const char *call, const char *path); /* every call; may be NULL */
} system_fault;

static inline void fault_kill(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

static inline void fault_tell(const char *call, int fd, const char *path)
{
	char link[64], name[512];
	ssize_t length;

	if (system_fault.seen == NULL)
		return;
	if (path == NULL) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		length = readlink(link, name, sizeof(name) - 1);
		name[length > 0 ? length : 0] = '\0';
		path = name;
	}
	system_fault.seen(call, path);
}

/* Counts a call. 0 where it goes on; else -1, with errno. */
static inline int fault_before(bool writes)
{
	unsigned call = ++system_fault.calls;

	if (system_fault.fault == FAULT_NONE || call < system_fault.at)
		return 0;
	if (call > system_fault.at && system_fault.fault != FAULT_NO_ROOM)
		return 0;
	system_fault.happened = true;
	if (system_fault.fault == FAULT_KILLED)
		fault_kill();
	if (system_fault.fault == FAULT_KILLED_IN ||
		(system_fault.fault == FAULT_NO_ROOM && !writes))
		return 0;
	errno = system_fault.fault == FAULT_ERROR ? EIO : ENOSPC;
	return -1;
}

static inline int fault_behind(long result)
{
	if (system_fault.fault == FAULT_KILLED_IN && system_fault.calls == system_fault.at)
		fault_kill();
	return (int)result;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at)
{
	fault_tell("write", fd, NULL);
	if (fault_before(true) != 0)
		return -1;
	if (system_fault.fault == FAULT_KILLED_IN && system_fault.calls == system_fault.at) {
		syscall(SYS_pwrite64, fd, bytes, length / 2, at);
		fault_kill();
	}
	return syscall(SYS_pwrite64, fd, bytes, length, at);
}

int ftruncate64(int fd, off64_t length)
{
	fault_tell("truncate", fd, NULL);
	return fault_before(true) != 0 ? -1 : fault_behind(syscall(SYS_ftruncate, fd, length));
}

int fsync(int fd)
{
	fault_tell("sync", fd, NULL);
	return fault_before(false) != 0 ? -1 : fault_behind(0);
}

int fdatasync(int fd)
{
	return fsync(fd);
}

int rename(const char *from, const char *to)
{
	fault_tell("rename", -1, to);
	if (fault_before(false) != 0)
		return -1;
	return fault_behind(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int unlink(const char *path)
{
	fault_tell("unlink", -1, path);
	return fault_before(false) != 0 ? -1
					: fault_behind(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

#endif
