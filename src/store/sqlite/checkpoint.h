/*
 * Checkpoints of the write-ahead log. The writer's thread, unless said otherwise.
 */
#ifndef STORE_SQLITE_CHECKPOINT_H
#define STORE_SQLITE_CHECKPOINT_H

#include <stdint.h>

struct sqlite_store;
struct worker;

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
