/*
 * The thread that writes. Loop thread.
 */
#ifndef STORE_SQLITE_WRITER_H
#define STORE_SQLITE_WRITER_H

struct sqlite_store;

/* Of an open store. */
void writer_start(struct sqlite_store *store);

/* Close the queue and wait for the thread. */
void writer_stop(struct sqlite_store *store);

#endif
