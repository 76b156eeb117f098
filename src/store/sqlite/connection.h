/*
 * One connection to the SQLite file, its prepared statements, and how a job runs on it. A
 * connection belongs to one thread at a time.
 */
#ifndef STORE_SQLITE_CONNECTION_H
#define STORE_SQLITE_CONNECTION_H

#include "statement.h"

#include <sqlite3.h>
#include <stdatomic.h>

#define COMPOSED_MOST 32

/* The statements that no job has: kept prepared, since every group and batch runs some. */
enum sqlite_command {
	COMMAND_READ,
	COMMAND_WRITE,
	COMMAND_COMMIT,
	COMMAND_ROLLBACK,
	COMMAND_SAVE,
	COMMAND_SAVE_UNDO,
	COMMAND_SAVE_END,
	COMMANDS,
};

struct sqlite {
	sqlite3 *db;
	sqlite3_stmt *command[COMMANDS];
	sqlite3_stmt *prepared[STATEMENTS_MAX]; /* by statement id; NULL until first used */
	sqlite3_stmt *composed[COMPOSED_MOST];	/* those that were used last, the newest first */
	size_t piece; /* bytes of rows after which a job has to give way; 0: never */
	bool (*full)(void *owner, struct job *job); /* what then: true goes on with the next row */
	void *owner;				    /* for full() */
	atomic_bool *damaged;			    /* set where SQLite meets damage; or NULL */
	bool torn; /* the disk failed under it: what it believes to be written may not be */
};

/* Run one of the fixed commands. An SQLite code. */
int sqlite_command(struct sqlite *sqlite, enum sqlite_command command);

/* Run SQL without rows or parameters. An SQLite code. */
int sqlite_run(struct sqlite *sqlite, const char *sql);

/* The one integer that a query gives, or fallback where it gives none. */
int64_t sqlite_integer(struct sqlite *sqlite, const char *sql, int64_t fallback);

/* Describe a statement by preparing it here; a fault in it ends the program. */
struct statement *sqlite_describe(
	struct sqlite *sqlite, unsigned id, const char *sql, const struct slot *slots);

/* What *stmt holds, prepared now where it holds nothing; NULL where it does not prepare. */
sqlite3_stmt *sqlite_prepared(struct sqlite *sqlite, sqlite3_stmt **stmt, const char *sql);

/* Bind a value. It stays where it is until the statement is reset, so SQLite need not copy it. */
void sqlite_bind(sqlite3_stmt *stmt, int parameter, const struct value *value);

/*
 * composed.c: a composed statement with its values bound, prepared now if it was not used
 * lately; NULL where it does not prepare.
 */
sqlite3_stmt *sqlite_composed(
	struct sqlite *sqlite, const struct statement *statement, const struct value *values);

/*
 * row.c: the row as JSON; to the job's write(); its values to the slots that ask for them, with
 * their text in kept.
 */
void sqlite_row_write(struct job *job, sqlite3_stmt *stmt, const struct statement *statement);
void sqlite_row_hand(struct job *job, sqlite3_stmt *stmt, const struct statement *statement);
void sqlite_row_give(struct value *values, struct kept **kept, sqlite3_stmt *stmt,
	const struct statement *statement);

/* job.c: run all of a job's statements and set its result. No transaction is begun or ended here. */
void sqlite_job(struct sqlite *sqlite, struct job *job);

/* What an SQLite code means to who asked; faults go to the log. */
enum store_result sqlite_result(struct sqlite *sqlite, int code);

#endif
