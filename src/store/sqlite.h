/*
 * One connection to the SQLite file, its prepared statements, and how a job runs on it. A
 * connection belongs to one thread at a time.
 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/store.h"

#include <sqlite3.h>

#define STATEMENTS_MAX 256

struct column {
	char *name;
	char *opening; /* what stands before its value: `{"id":` or `,"name":` */
	size_t opening_length;
	enum { COLUMN_PLAIN, COLUMN_BOOL, COLUMN_JSON } form;
	int slot; /* that takes its value, or -1 */
};

struct statement {
	const char *sql;
	unsigned id; /* its place in each connection's list */
	bool writes;
	int parameters;
	int *slots; /* of parameter 1, 2, ... */
	int columns;
	struct column *column;
};

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
	size_t piece; /* bytes of rows after which a job has to give way; 0: never */
	bool (*full)(void *owner, struct job *job); /* what then: true goes on with the next row */
	void *owner;				    /* for full() */
};

/* Run one of the fixed commands. An SQLite code. */
int sqlite_command(struct sqlite *sqlite, enum sqlite_command command);

/* Run SQL without rows or parameters. An SQLite code. */
int sqlite_run(struct sqlite *sqlite, const char *sql);

/* The one integer that a query gives, or fallback where it gives none. */
int64_t sqlite_integer(struct sqlite *sqlite, const char *sql, int64_t fallback);

/* Describe a statement by preparing it here; a fault in it ends the program. */
struct statement *sqlite_describe(
	struct sqlite *sqlite, unsigned id, const char *sql, const char *const *slots);
void sqlite_forget(struct statement *statement);

/* Run all of a job's statements and set its result. No transaction is begun or ended here. */
void sqlite_job(struct sqlite *sqlite, struct job *job);

/* What an SQLite code means to who asked; faults go to the log. */
enum store_result sqlite_result(struct sqlite *sqlite, int code);

#endif
