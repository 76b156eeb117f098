/*
 * The threads that read. Loop thread.
 */
#ifndef STORE_SQLITE_READER_H
#define STORE_SQLITE_READER_H

struct sqlite_store;

/* How many short readers this machine has the cores for: 1 to SHORT_READERS_MAX. */
unsigned readers_short_count(void);

/* Of an open store. */
void readers_start(struct sqlite_store *store);

/* Close the queues and wait for the threads. */
void readers_stop(struct sqlite_store *store);

#endif
