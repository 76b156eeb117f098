/*
 * One connection to the SQLite file: how it is opened and closed, and what runs on it. A connection
 * belongs to one thread at a time.
 */
#ifndef STORE_SQLITE_CONNECTION_H
#define STORE_SQLITE_CONNECTION_H

#include "statement.h"

#include <sqlite3.h>
#include <stdatomic.h>

#define STATEMENT_CACHE_SIZE 32
#define BUSY_MS 5000 /* how long a connection waits for another program's lock */

/* The statements that belong to no job: kept prepared, since every group and batch runs some. */
enum sqlite_command {
	COMMAND_READ,
	COMMAND_WRITE,
	COMMAND_COMMIT,
	COMMAND_ROLLBACK,
	COMMAND_SAVEPOINT,
	COMMAND_ROLLBACK_TO,
	COMMAND_RELEASE,
	COMMANDS,
};

struct sqlite {
	sqlite3 *db;
	sqlite3_stmt *command[COMMANDS];
	sqlite3_stmt *prepared[STATEMENTS_MAX]; /* by statement id; NULL until first used */
	sqlite3_stmt *statement_cache[STATEMENT_CACHE_SIZE]; /* the last used first */
	size_t limit; /* bytes of rows after which on_limit() is called; 0: never */
	bool in_pieces; /* an answer's rows go out before the last of them is read */
	bool (*on_limit)(void *owner, struct job *job); /* true goes on with the next row */
	void *owner;					/* for on_limit() */
	atomic_bool *damaged;				/* set where SQLite meets damage; or NULL */
	bool unchecked;	   /* its pages are still to be checked, before the first change */
	bool needs_reopen; /* the disk failed: what SQLite believes to be written may not be */
};

/* Open the file and set the connection. An error leaves db to be closed. flags: SQLITE_OPEN_... */
bool sqlite_open(struct sqlite *sqlite, const char *file, int flags);

/* Why the last call failed, in the system's words or SQLite's; to be freed. */
char *sqlite_open_fault(struct sqlite *sqlite);

/* Make the file a WAL database, if it is not. */
bool sqlite_set_wal(struct sqlite *sqlite);

/* The settings of a connection that writes. */
bool sqlite_set_writer(struct sqlite *sqlite);

/*
 * Open the file, which a writer has open, to read from it. NULL; or why not, to be freed, and then
 * the connection is still to be closed.
 */
char *sqlite_open_reader(struct sqlite *sqlite, const char *file);

/* Open the file again to write to it, as it is; false where that fails. The writer's thread. */
bool sqlite_reopen(struct sqlite *sqlite, const char *file);

/*
 * Set how many pages the connection keeps: few, since there are a dozen of them, and the system
 * keeps the file's pages, too. For that SQLite reads the schema, which takes a millisecond: so each
 * reader does it on its thread, before its first job.
 */
void sqlite_set_cache(struct sqlite *sqlite);

/* Whether closing leaves the write-ahead log as it is, without a checkpoint and its removal. */
void sqlite_keep_wal(struct sqlite *sqlite, bool keep);

void sqlite_close(struct sqlite *sqlite);

/* Close the connection without a checkpoint; the write-ahead log stays. */
void sqlite_close_unsynced(struct sqlite *sqlite);

/* Prepare a statement into *stmt, to be kept. NULL where it does not prepare. */
sqlite3_stmt *sqlite_prepare(struct sqlite *sqlite, sqlite3_stmt **stmt, const char *sql);

/* Run one of the fixed commands. An SQLite code. */
int sqlite_command(struct sqlite *sqlite, enum sqlite_command command);

/* Run SQL without rows or parameters. An SQLite code. */
int sqlite_run(struct sqlite *sqlite, const char *sql);

/* The one integer that a query gives, or fallback where it gives none. */
int64_t sqlite_integer(struct sqlite *sqlite, const char *sql, int64_t fallback);

/* The result of a job for an SQLite code. Faults are logged; some set needs_reopen or *damaged. */
enum store_result sqlite_result(struct sqlite *sqlite, int code);

#endif
