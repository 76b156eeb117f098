/*
 * The file that this server alone serves: a lock on it (flock(2), which says nothing to SQLite's own
 * locks), and the question whether it is still what its name says.
 *
 * The descriptor has to be taken before SQLite opens the file and kept until SQLite has closed it:
 * closing any descriptor of a file ends the process's POSIX locks on it, and those are SQLite's.
 */
#ifndef STORE_SQLITE_CLAIM_H
#define STORE_SQLITE_CLAIM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct claim {
	char *file;
	char *log;   /* the name of the write-ahead log */
	char *index; /* and that of its index, which SQLite's locks on the log are in */
	int fd;
	int log_fd, index_fd; /* -1: not seen yet */
	struct stat taken;    /* the file as it was claimed */
	ino_t log_inode;      /* 0: not seen yet */
	ino_t index_inode;
	int64_t log_bytes; /* when it was looked at last */
	bool made;	   /* there was no file */
};

/*
 * Claim the file, and make it, for its owner alone, where there is none. NULL; or why not, as a
 * constant sentence or the system's, and then nothing is held.
 */
const char *claim_take(struct claim *claim, const char *file);

/*
 * Whether the names of the file, of its log and of the log's index still lead to what was claimed.
 * Without the index's name another program would not know of our locks.
 */
bool claim_holds(struct claim *claim);

/* Whether the file and the index are where they were, and no log beside them. */
bool claim_lacks_log(struct claim *claim);

/*
 * Rename the log to FILE-wal.orphan (or -wal.orphan.2, and so on: no file is overwritten), so that
 * the file's next start does not find it. Its new name, to be freed; NULL with errno where that
 * fails, or with 0 where the name leads to no log of ours or to an empty one.
 */
char *claim_set_log_aside(struct claim *claim);

/*
 * Whether another process is reading from the database, by its locks on the index; *process is its
 * id, or 0 where it is in another container.
 */
bool claim_has_reader(const struct claim *claim, pid_t *process);

/*
 * Give the file back, which nobody has open any more; unmake: and remove it with what is beside it,
 * if it was made by this claim.
 */
void claim_release(struct claim *claim, bool unmake);

#endif
