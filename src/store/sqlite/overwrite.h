/*
 * Whether another program has written over the file or its log. The writer's thread.
 */
#ifndef STORE_SQLITE_OVERWRITE_H
#define STORE_SQLITE_OVERWRITE_H

#include <stdbool.h>

struct sqlite_store;
struct worker;

/* Remember the file as it is, after a checkpoint of ours. */
void file_mark_update(struct worker *writer);

/*
 * Whether another program has written over the file in place. Then it stays so, the log says so,
 * and the write-ahead log is set aside.
 */
bool file_is_overwritten(struct worker *writer);

/*
 * Set the log aside if another file has replaced the one that it belongs to; at the close also if
 * that was removed. The next start would apply it to what lies under the name then.
 */
void file_set_log_aside(struct sqlite_store *store, bool closing);

/*
 * Whether what is written can be acknowledged: the file and its log are where they were, no other
 * program has written over them, and no damage was met.
 */
bool file_is_ours(struct worker *writer);

#endif
