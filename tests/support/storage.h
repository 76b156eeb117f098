/*
 * A store in a temporary file, and the loop that its jobs come back to. Beside the product's own
 * tables there is one for tests:
 *
 *     things (id INTEGER PRIMARY KEY, name TEXT UNIQUE, value ANY)
 */
#ifndef TESTS_STORAGE_H
#define TESTS_STORAGE_H

#include "harness.h"
#include "store/store.h"

#include <event2/event.h>
#include <pthread.h>
#include <sqlite3.h>

#define STORAGE_SLOTS 6	     /* $a to $f */
#define STORAGE_STATEMENTS 4 /* of one job */
#define STORAGE_ROWS 20000   /* that storage_fill() makes */

struct storage {
	struct harness place; /* its folder, and the file's name */
	struct event_base *base;
	struct store *store;
	pthread_t loop;
	unsigned asked; /* jobs */
	unsigned ended; /* of those */
};

/* A job that is asked, maybe again and again; zeroed before the first time. */
struct ask {
	struct job job;
	struct storage *storage;
	const struct statement *statement[STORAGE_STATEMENTS + 1]; /* NULL-ended */
	struct value value[STORAGE_SLOTS];
	struct buffer out;	       /* all its pieces */
	unsigned times;		       /* that it came back */
	bool ended;		       /* what it came back with last was not STORE_PARTIAL */
	void (*then)(struct ask *ask); /* whenever it is back; NULL: on with the next piece */
};

/* A folder, and in it a file with the table, that nobody has open. */
void storage_make(struct storage *storage);
void storage_remove(struct storage *storage);

/* Into the table values 1, 2, ... with names of 100 digits: an answer of megabytes. */
void storage_fill(struct storage *storage);

/* Open the file; then statements are prepared and the store is started. */
void storage_open(struct storage *storage);
void storage_close(struct storage *storage);
const struct statement *storage_prepare(struct storage *storage, const char *sql);
const struct statement *storage_prepare_step(
	struct storage *storage, const char *sql, const struct job_step_kind *step);

/* Hand a job over: of the statements that are set there, or of the one that is given. */
void storage_ask(struct storage *storage, struct ask *ask);
void storage_ask_one(struct storage *storage, struct ask *ask, const struct statement *statement);

/* Until all that was asked has ended. */
void storage_wait(struct storage *storage);

/* Ask, wait, and expect this answer. */
void storage_expect(struct storage *storage, struct ask *ask, const struct statement *statement,
	const char *rows);

/* The answer, terminated, until the next one. */
const char *ask_rows(struct ask *ask);

/* Frees what came with its answers. */
void ask_free(struct ask *ask);

/*
 * Make a database with SQL, by a program of its own; with leave_log it ends without closing it,
 * as if killed.
 */
void storage_database(const char *file, const char *sql, bool leave_log);

/* Make a file of these bytes. */
void storage_write(const char *file, const char *bytes, size_t length);

/*
 * In a process of its own: run() logs a line that has the word in it, and aborts. The file may not
 * be changed in it.
 */
void storage_expect_abort(struct storage *storage,
	void (*run)(struct storage *storage, const void *with), const void *with, const char *word);

/* Another program's connection, what it runs, and the number that it reads. */
sqlite3 *storage_other(const struct storage *storage);
void storage_run(sqlite3 *other, const char *sql);
int64_t storage_number(sqlite3 *other, const char *sql);

/* Expects these names in the table, in order, with a space between them. */
void storage_names(sqlite3 *other, const char *names);

#endif
