/*
 * Whether the pages of a database are as they should be.
 */
#ifndef STORE_SQLITE_CHECK_H
#define STORE_SQLITE_CHECK_H

#include <sqlite3.h>

/*
 * NULL when PRAGMA quick_check finds nothing; else "damaged: " and its first finding in one line, to
 * be freed. It reads every page. The connection's thread.
 */
char *sqlite_damage(sqlite3 *db);

/* The same of another file, which is only read. */
char *sqlite_file_damage(const char *file);

#endif
