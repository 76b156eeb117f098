/*
 * Opening the file that the server serves. The thread that opens the store.
 */
#ifndef STORE_SQLITE_OPEN_H
#define STORE_SQLITE_OPEN_H

#include "sqlite/file/file_lock.h"
#include "sqlite/connection.h"

/*
 * Lock the file and open it to write to it; make it, with its schema, where there is none or an
 * empty one, and migrate it where it is of an earlier version. NULL when it is ready; else why not,
 * to be freed, and the file is as it was.
 */
char *sqlite_open_writer(struct sqlite *sqlite, const char *file, struct file_lock *lock);

#endif
