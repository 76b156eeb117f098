/*
 * The file that this server alone serves: a lock on it (flock(2), which says nothing to SQLite's own
 * locks), and the question whether it is still what its name says.
 *
 * The descriptor has to be taken before SQLite opens the file and kept until SQLite has closed it:
 * closing any descriptor of a file ends the process's POSIX locks on it, and those are SQLite's.
 */
#ifndef STORE_CLAIM_H
#define STORE_CLAIM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct claim {
	char *file;
	char *log; /* the name of the write-ahead log */
	int fd;
	struct stat taken; /* the file as it was claimed */
	ino_t log_inode;   /* 0: not seen yet */
	int64_t log_bytes; /* when it was looked at last */
	bool made;	   /* there was no file */
};

/*
 * Claim the file, and make it, for its owner alone, where there is none. NULL; or why not, as a
 * constant sentence or the system's, and then nothing is held.
 */
const char *claim_take(struct claim *claim, const char *file);

/* Whether the names of the file and of its log still lead to what was claimed. */
bool claim_holds(struct claim *claim);

/* Whether the file is where it was, and no log beside it. */
bool claim_lacks_log(const struct claim *claim);

/* Give the file back; unmake: and remove it, if it was made by this claim. */
void claim_release(struct claim *claim, bool unmake);

#endif
