/*
 * Preparing statements on a connection. The connection's thread.
 */
#ifndef STORE_SQLITE_PREPARE_H
#define STORE_SQLITE_PREPARE_H

#include "sqlite/connection.h"


/*
 * A statement from the connection's cache of those that were used last, prepared now where it is
 * not there. NULL where it does not prepare.
 */
sqlite3_stmt *sqlite_prepare_cached(struct sqlite *sqlite, const char *sql);

#endif
