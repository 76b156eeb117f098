/*
 * The lock by which one server alone serves a file (flock(2), which is independent of SQLite's own
 * locks), and whether the file is still where it was.
 *
 * The descriptor has to be taken before SQLite opens the file and kept until SQLite has closed it:
 * closing any descriptor of a file ends the process's POSIX locks on it, and those are SQLite's.
 */
#ifndef STORE_SQLITE_FILE_LOCK_H
#define STORE_SQLITE_FILE_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct file_lock {
	char *file;
	char *wal; /* the name of the write-ahead log */
	char *shm; /* and that of its index, where SQLite's locks on the log are */
	int fd;
	int wal_fd, shm_fd;   /* -1: not seen yet */
	struct stat identity; /* of the file when it was locked */
	ino_t wal_inode;      /* 0: not seen yet */
	ino_t shm_inode;
	int64_t wal_bytes; /* when it was last checked */
	bool created;	   /* there was no file */
};

/*
 * Lock the file, and make it, for its owner alone, where there is none. NULL; or why not, as a
 * constant sentence or the system's, and then nothing is held.
 */
const char *file_lock_acquire(struct file_lock *lock, const char *file);

/*
 * Whether the names of the file, of its log and of the log's index still name the same files.
 * Without the index's name another program would not see our locks.
 */
bool file_lock_is_valid(struct file_lock *lock);

/* Whether the file's name names another file, or (removed) none. */
bool file_lock_is_replaced(const struct file_lock *lock, bool removed);

/*
 * Whether the file is where it was, but the log is missing: alone, or with the index. Then no other
 * program has the file open with a log of its own.
 */
bool file_lock_wal_missing(struct file_lock *lock);

/*
 * Rename the log to FILE-wal.orphan (or -wal.orphan.2, and so on: no file is overwritten), so that
 * the file's next start does not find it. Its new name, to be freed; NULL with errno where that
 * fails, or with 0 where the name is no log of ours or an empty one.
 */
char *file_lock_set_wal_aside(struct file_lock *lock);

/*
 * Whether another process is reading from the database, by its locks on the index; *process is its
 * id, or 0 where it is in another container.
 */
bool file_lock_has_reader(const struct file_lock *lock, pid_t *process);

/*
 * Unlock the file, which no connection has open any more; unmake: and remove it with its log and
 * index, if this lock has made it.
 */
void file_lock_release(struct file_lock *lock, bool unmake);

#endif
