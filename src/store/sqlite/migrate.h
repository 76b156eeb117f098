/*
 * Files of earlier versions become files of this one. The thread that opens the store.
 */
#ifndef STORE_SQLITE_MIGRATE_H
#define STORE_SQLITE_MIGRATE_H

#include "sqlite/connection.h"

/*
 * Bring a database of version `from` to version `to`, a transaction a step, with a copy of the file
 * made before the first; a line of the log says so. Foreign keys are off afterwards. NULL when it
 * is there, or was already; else why not, in one line to be freed, and the file is at the version
 * that the last complete step has made.
 */
char *sqlite_migrate(struct sqlite *sqlite, int from, int to);

#endif
