/*
 * What a file is before SQLite opens it. The thread that opens the store, before any connection:
 * closing a descriptor of the file would end SQLite's locks on it.
 */
#ifndef STORE_SQLITE_HEADER_H
#define STORE_SQLITE_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#define APPLICATION_ID 0x746f646f /* "todo", as in schema.sql */
#ifndef SCHEMA_VERSION		  /* of schema.sql: what the last of the migrations makes */
#error "the build names it"
#endif

/*
 * The real path of a file, to be freed: without links, since SQLite names the log after it. Of a
 * file that does not exist it is the folder's real path with the name; a link to such a file is
 * resolved. NULL where there is none or SQLite does not take it: *why is a constant sentence, or
 * the system's.
 */
char *sqlite_file_path(const char *file, const char **why);

/*
 * Why the file cannot be served, a constant sentence or the system's; NULL where it may be, or is
 * new.
 */
const char *sqlite_header_check(const char *file);

/* The same of a database's version alone. */
const char *sqlite_version_fault(int64_t version);

/* Whether there is a log beside it, which may be newer than the file. */
bool sqlite_has_log(const char *file);

#endif
