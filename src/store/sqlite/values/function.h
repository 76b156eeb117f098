/*
 * Functions of SQL that SQLite does not have: see include/store/sql.h. Any thread.
 */
#ifndef STORE_SQLITE_FUNCTION_H
#define STORE_SQLITE_FUNCTION_H

#include <sqlite3.h>

/* Add them to a connection that has just been opened. */
void sqlite_add_functions(sqlite3 *db);

#endif
