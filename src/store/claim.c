/*
 * A lock of the kernel's goes with its process, however that ends: there is nothing to clean up.
 */
#include "claim.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Opened, and made where it is not there; -1 with errno. */
static int open_file(const char *file, bool *made)
{
	int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	*made = fd >= 0;
	return fd >= 0 || errno != EEXIST ? fd : open(file, O_RDWR | O_CLOEXEC);
}

/* Somebody may have put another file in its place before the lock was there. */
static const char *lock_file(struct claim *claim)
{
	struct stat named;

	if (flock(claim->fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? "another todo serves this file already"
					    : strerror(errno);
	if (fstat(claim->fd, &claim->taken) != 0)
		return strerror(errno);
	if (stat(claim->file, &named) != 0 || !is_same(&named, &claim->taken))
		return "another program has just replaced it";
	return NULL;
}

static char *log_name(const char *file)
{
	size_t length = strlen(file);
	char *log = memory_zeroed(length + sizeof("-wal"));

	memcpy(log, file, length);
	memcpy(log + length, "-wal", sizeof("-wal"));
	return log;
}

const char *claim_take(struct claim *claim, const char *file)
{
	*claim = (struct claim){ .fd = -1 };
	claim->file = memory_copy(file, strlen(file));
	claim->log = log_name(file);
	claim->fd = open_file(file, &claim->made);
	const char *why = claim->fd < 0 ? strerror(errno) : lock_file(claim);

	if (why != NULL)
		claim_release(claim, false);
	return why;
}

/* SQLite makes the log once, and keeps it as long as the file is open. */
static bool log_is_there(struct claim *claim)
{
	struct stat log;

	if (stat(claim->log, &log) != 0)
		return claim->log_inode == 0;
	if (claim->log_inode == 0)
		claim->log_inode = log.st_ino;
	claim->log_bytes = log.st_size;
	return log.st_ino == claim->log_inode;
}

static bool has_file(const struct claim *claim)
{
	struct stat named;

	return stat(claim->file, &named) == 0 && is_same(&named, &claim->taken);
}

bool claim_holds(struct claim *claim)
{
	return has_file(claim) && log_is_there(claim);
}

bool claim_lacks_log(const struct claim *claim)
{
	struct stat log;

	return has_file(claim) && stat(claim->log, &log) != 0 && errno == ENOENT;
}

void claim_release(struct claim *claim, bool unmake)
{
	if (unmake && claim->made && has_file(claim))
		unlink(claim->file);
	if (claim->fd >= 0)
		close(claim->fd);
	free(claim->file);
	free(claim->log);
	*claim = (struct claim){ .fd = -1 };
}
