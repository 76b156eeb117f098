/*
 * The file before SQLite opens it. The thread that opens the store, before any connection: closing
 * a descriptor of the file would end SQLite's locks on it.
 */
#ifndef STORE_SQLITE_FILE_H
#define STORE_SQLITE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#define APPLICATION_ID 0x746f646f /* "todo", as in schema.sql */
#define SCHEMA_VERSION 3

/* Why the file cannot be served, a constant sentence or the system's; NULL where it may be, or is new. */
const char *sqlite_file_fault(const char *file);

/* The same of a database's version alone. */
const char *sqlite_version_fault(int64_t version);

/* Whether there is a log beside it, which may have what the file lacks. */
bool sqlite_has_log(const char *file);

#endif
