/*
 * The kernel ends the lock with its process, however that ends: there is nothing to clean up.
 */
#include "sqlite/file/file_lock.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define ORPHANS_MOST 1000

/* SQLite's locks of readers: https://www.sqlite.org/walformat.html, 2.3.4. */
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

/* Another program may have replaced the file before it was locked. */
static const char *lock_file(struct file_lock *lock)
{
	struct stat named;

	if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? "another todo serves this file already"
					    : strerror(errno);
	if (fstat(lock->fd, &lock->identity) != 0)
		return strerror(errno);
	if (!S_ISREG(lock->identity.st_mode) || stat(lock->file, &named) != 0 ||
		!is_same(&named, &lock->identity))
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

const char *file_lock_acquire(struct file_lock *lock, const char *file)
{
	*lock = (struct file_lock){ .fd = -1, .wal_fd = -1, .shm_fd = -1 };
	lock->file = memory_copy(file, strlen(file));
	lock->wal = name_beside(file, "-wal");
	lock->shm = name_beside(file, "-shm");
	lock->fd = open_file(file, &lock->created);
	const char *why = lock->fd < 0 ? strerror(errno) : lock_file(lock);

	if (why != NULL)
		file_lock_release(lock, false);
	return why;
}

/* SQLite makes the log once, and keeps it while the file is open. */
static bool wal_is_there(struct file_lock *lock)
{
	struct stat wal;

	if (stat(lock->wal, &wal) != 0)
		return lock->wal_inode == 0;
	if (lock->wal_inode == 0) {
		lock->wal_inode = wal.st_ino;
		lock->wal_fd = open(lock->wal, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	}
	lock->wal_bytes = wal.st_size;
	return wal.st_ino == lock->wal_inode;
}

/*
 * The index exists as long as the log does. It is kept open from here on, to query locks: closing
 * it would end ours.
 */
static bool shm_is_there(struct file_lock *lock)
{
	struct stat shm;

	if (stat(lock->shm, &shm) != 0)
		return lock->shm_inode == 0;
	if (lock->shm_inode == 0) {
		lock->shm_inode = shm.st_ino;
		lock->shm_fd = open(lock->shm, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	}
	return shm.st_ino == lock->shm_inode;
}

static bool has_file(const struct file_lock *lock)
{
	struct stat named;

	return stat(lock->file, &named) == 0 && is_same(&named, &lock->identity);
}

bool file_lock_is_replaced(const struct file_lock *lock, bool removed)
{
	struct stat named;

	if (stat(lock->file, &named) != 0)
		return removed && errno == ENOENT;
	return !is_same(&named, &lock->identity);
}

bool file_lock_is_valid(struct file_lock *lock)
{
	bool wal = wal_is_there(lock);

	return has_file(lock) && shm_is_there(lock) && wal;
}

static bool is_missing(const char *name)
{
	struct stat status;

	return stat(name, &status) != 0 && errno == ENOENT;
}

bool file_lock_wal_missing(struct file_lock *lock)
{
	return has_file(lock) && is_missing(lock->wal) &&
	       (is_missing(lock->shm) || shm_is_there(lock));
}

/* Sync the folder, which has the new name; by a failure only the name may be lost. */
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

char *file_lock_set_wal_aside(struct file_lock *lock)
{
	size_t size = strlen(lock->wal) + sizeof(".orphan.1000");
	struct stat wal;

	if (stat(lock->wal, &wal) != 0)
		return NULL;
	errno = 0;
	if (wal.st_ino != lock->wal_inode || wal.st_size == 0)
		return NULL;
	char *name = memory_zeroed(size);
	snprintf(name, size, "%s.orphan", lock->wal);
	for (int i = 2; lstat(name, &wal) == 0 && i < ORPHANS_MOST; i++)
		snprintf(name, size, "%s.orphan.%d", lock->wal, i);
	if (renameat2(AT_FDCWD, lock->wal, AT_FDCWD, name, RENAME_NOREPLACE) == 0) {
		sync_folder(lock->file);
		return name;
	}
	int error = errno;
	free(name);
	errno = error;
	return NULL;
}

bool file_lock_has_reader(const struct file_lock *lock, pid_t *process)
{
	struct flock query = { .l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = READ_LOCKS_AT,
		.l_len = READ_LOCKS };

	if (lock->shm_fd < 0 || fcntl(lock->shm_fd, F_GETLK, &query) != 0)
		return false;
	*process = query.l_pid > 0 ? query.l_pid : 0;
	return query.l_type != F_UNLCK;
}

void file_lock_release(struct file_lock *lock, bool unmake)
{
	if (unmake && lock->created && has_file(lock)) {
		unlink(lock->file);
		unlink(lock->wal);
		unlink(lock->shm);
	}
	if (lock->fd >= 0)
		close(lock->fd);
	if (lock->wal_fd >= 0)
		close(lock->wal_fd);
	if (lock->shm_fd >= 0)
		close(lock->shm_fd);
	free(lock->file);
	free(lock->wal);
	free(lock->shm);
	*lock = (struct file_lock){ .fd = -1, .wal_fd = -1, .shm_fd = -1 };
}
