/*
 * Preparing statements on a connection. The connection's thread.
 */
#ifndef STORE_SQLITE_PREPARE_H
#define STORE_SQLITE_PREPARE_H

#include "sqlite/connection.h"

/*
 * Describe a statement by preparing it here; a fault in it ends the program. Before the store's
 * threads start.
 */
struct statement *sqlite_describe(
	struct sqlite *sqlite, unsigned id, const char *sql, const struct slot *slots);

/*
 * A statement from the connection's cache of those that were used last, prepared now where it is
 * not there. NULL where it does not prepare.
 */
sqlite3_stmt *sqlite_prepare_cached(struct sqlite *sqlite, const char *sql);

#endif
