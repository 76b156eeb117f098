/*
 * A lock of the kernel's goes with its process, however that ends: there is nothing to clean up.
 */
#include "sqlite/claim.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define ORPHANS_MOST 1000

/* SQLite's locks of those who read: https://www.sqlite.org/walformat.html, 2.3.4. */
#define READ_LOCKS_AT 123
#define READ_LOCKS 5

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Opened, and made where it is not there; -1 with errno. */
static int open_file(const char *file, bool *made)
{
	int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = open(file, flags | O_CREAT | O_EXCL, 0600);

	*made = fd >= 0;
	return fd >= 0 || errno != EEXIST ? fd : open(file, flags);
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
	if (!S_ISREG(claim->taken.st_mode) || stat(claim->file, &named) != 0 ||
		!is_same(&named, &claim->taken))
		return "another program has just replaced it";
	return NULL;
}

static char *name_beside(const char *file, const char *ending)
{
	size_t size = strlen(file) + strlen(ending) + 1;
	char *name = memory_zeroed(size);

	snprintf(name, size, "%s%s", file, ending);
	return name;
}

const char *claim_take(struct claim *claim, const char *file)
{
	*claim = (struct claim){ .fd = -1, .log_fd = -1, .index_fd = -1 };
	claim->file = memory_copy(file, strlen(file));
	claim->log = name_beside(file, "-wal");
	claim->index = name_beside(file, "-shm");
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
	if (claim->log_inode == 0) {
		claim->log_inode = log.st_ino;
		claim->log_fd = open(claim->log, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	}
	claim->log_bytes = log.st_size;
	return log.st_ino == claim->log_inode;
}

/*
 * The index lives as long as the log does. It is kept open from here on, for the questions about
 * locks: closing it would end ours.
 */
static bool index_is_there(struct claim *claim)
{
	struct stat index;

	if (stat(claim->index, &index) != 0)
		return claim->index_inode == 0;
	if (claim->index_inode == 0) {
		claim->index_inode = index.st_ino;
		claim->index_fd = open(claim->index, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	}
	return index.st_ino == claim->index_inode;
}

static bool has_file(const struct claim *claim)
{
	struct stat named;

	return stat(claim->file, &named) == 0 && is_same(&named, &claim->taken);
}

bool claim_holds(struct claim *claim)
{
	bool log = log_is_there(claim);

	return has_file(claim) && index_is_there(claim) && log;
}

bool claim_lacks_log(struct claim *claim)
{
	struct stat log;

	return has_file(claim) && index_is_there(claim) && stat(claim->log, &log) != 0 &&
	       errno == ENOENT;
}

/* The folder with the name in it; a failure costs nothing but the name. */
static void sync_folder(const char *file)
{
	char *folder = memory_copy(file, (size_t)(strrchr(file, '/') - file + 1));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

char *claim_set_log_aside(struct claim *claim)
{
	size_t size = strlen(claim->log) + sizeof(".orphan.1000");
	struct stat log;

	if (stat(claim->log, &log) != 0)
		return NULL;
	errno = 0;
	if (log.st_ino != claim->log_inode || log.st_size == 0)
		return NULL;
	char *name = memory_zeroed(size);
	snprintf(name, size, "%s.orphan", claim->log);
	for (int i = 2; lstat(name, &log) == 0 && i < ORPHANS_MOST; i++)
		snprintf(name, size, "%s.orphan.%d", claim->log, i);
	if (renameat2(AT_FDCWD, claim->log, AT_FDCWD, name, RENAME_NOREPLACE) == 0) {
		sync_folder(claim->file);
		return name;
	}
	int error = errno;
	free(name);
	errno = error;
	return NULL;
}

bool claim_has_reader(const struct claim *claim, pid_t *process)
{
	struct flock lock = { .l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = READ_LOCKS_AT,
		.l_len = READ_LOCKS };

	if (claim->index_fd < 0 || fcntl(claim->index_fd, F_GETLK, &lock) != 0)
		return false;
	*process = lock.l_pid > 0 ? lock.l_pid : 0;
	return lock.l_type != F_UNLCK;
}

void claim_release(struct claim *claim, bool unmake)
{
	if (unmake && claim->made && has_file(claim)) {
		unlink(claim->file);
		unlink(claim->log);
		unlink(claim->index);
	}
	if (claim->fd >= 0)
		close(claim->fd);
	if (claim->log_fd >= 0)
		close(claim->log_fd);
	if (claim->index_fd >= 0)
		close(claim->index_fd);
	free(claim->file);
	free(claim->log);
	free(claim->index);
	*claim = (struct claim){ .fd = -1, .log_fd = -1, .index_fd = -1 };
}
