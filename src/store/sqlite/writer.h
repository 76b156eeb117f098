/*
 * The thread that writes. Loop thread.
 */
#ifndef STORE_SQLITE_WRITER_H
#define STORE_SQLITE_WRITER_H

#include <stdbool.h>

struct sqlite_store;
struct worker;

/* Of an open store. */
void writer_start(struct sqlite_store *store);

/* Close the queue and wait for the thread. */
void writer_stop(struct sqlite_store *store);

/*
 * The file is not ours any more: save what only its log has. The log of a file that was replaced is
 * set aside (see file_set_log_aside()). One whose own name was removed would be lost when it is
 * closed, and is copied into the file. The writer's thread, or at the close after its end.
 */
void writer_save_log(struct worker *writer, bool closing);

#endif
