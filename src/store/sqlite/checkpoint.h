/*
 * Checkpoints of the write-ahead log. The writer's thread, unless said otherwise.
 */
#ifndef STORE_SQLITE_CHECKPOINT_H
#define STORE_SQLITE_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct sqlite_store;
struct worker;

/* The write-ahead log, as the writer sees it. */
struct wal_state {
	int pages;	    /* in it, since it began anew */
	time_t written;	    /* monotonic seconds of the last commit that changed anything */
	int frames_pending; /* of the pages, those that are not in the file yet */
	time_t warned;	    /* when an old snapshot was last reported; 0: not yet */
	int fault;	    /* the code of the last checkpoint, if that was worth a warning */
};

/* After a group that has made the log long enough: copy what readers permit of it into the file. */
void checkpoint_after_group(struct worker *writer);

/* Each second: empty the log if there were no changes for a while, or if it is too long. */
void checkpoint_when_idle(struct worker *writer);

/* Copy what is not in the file yet from a log whose name was removed. */
void checkpoint_orphaned_wal(struct worker *writer);

/* Copy all of it and empty the log, now, without waiting for readers. An SQLite code. */
int checkpoint_truncate(struct worker *writer);

/*
 * For how many seconds an old snapshot has kept the log from being emptied; 0: it does not. Any
 * thread.
 */
int64_t checkpoint_held_seconds(const struct sqlite_store *store);

#endif
