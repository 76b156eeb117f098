/*
 * Whether the pages of a database are damaged.
 */
#ifndef STORE_SQLITE_INTEGRITY_H
#define STORE_SQLITE_INTEGRITY_H

#include <sqlite3.h>

/*
 * NULL if PRAGMA quick_check finds nothing; else "damaged: " and its first finding in one line, to
 * be freed. It reads every page. The connection's thread.
 */
char *sqlite_quick_check(sqlite3 *db);

/* The same of another file, which is only read. */
char *sqlite_quick_check_file(const char *file);

#endif
