/*
 * The store: jobs in, rows as JSON text out. A job runs on one of the store's threads and comes
 * back to the loop when what it changed is durable on disk.
 *
 * Jobs that only read run beside each other; jobs that change something are run in groups, one
 * transaction and one fsync a group. An answer that grows long is handed over in pieces, by a
 * thread for long answers.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "store/job.h"
#include "store/statement.h"

struct event_base;
struct store;

#define STORE_LONG_ANSWERS 8 /* that can be on their way at once; others wait for their turn */
#define STORE_LONG_SHARE 4   /* of those, of one share: see struct work */

/*
 * Open the SQLite file that url names ("sqlite:FILE" or FILE), make it with its schema where there
 * is none, and start nothing yet. A file of an earlier version is migrated to this one, with a copy
 * of it beside it; that may take minutes. NULL on failure, and *why is one line for the user, to be
 * freed; then the file is as it was, and not made where it was not there. Loop thread.
 */
struct store *store_open(const char *url, struct event_base *base, char **why);

/*
 * Whether url can be opened at all by its form: a known scheme and a name. Else *why is a constant
 * sentence.
 */
bool store_url_is_valid(const char *url, const char **why);

/*
 * Describe a statement, before store_start(). Its parameter "$x" takes the value whose slot has the
 * name x in slots, whose last one has no name; the value is of that slot's type, or NULL. Where it
 * is not the last statement of a job, or the job has discard_rows, its first row gives each column's value
 * to the slot of that name. The row in JSON: a member per column, by its name; a name "x:bool"
 * makes x true or false, "x:json" takes text as JSON, and "x,y:members" takes text as the members
 * x and y with their names (NULL: none of them), or "g:members" as those of a group, see
 * store_define_members(). A name "x:made" is a text; where it is NULL, the value of the slot
 * "x_base" and behind it the first column, an integer. Neighbours "x.a", "x.b" are an object x, or null
 * where the first of them is NULL; as "x?.a", "x?.b" it is left out then. The first of the rows that go out gives its values to slots,
 * too. Of a row that gives values, a slot named as such an object takes it as JSON text.
 *
 * sql must stay. It is read here, and prepared where it is first run: see statement_text.h for its
 * form. Another form, or a parameter without a slot, is a fault of the program and ends it. The
 * store owns the result. Loop thread.
 */
const struct statement *store_prepare(
	struct store *store, const char *sql, const struct slot *slots);

/* The same of a statement that gives values, and is followed by a function. */
const struct statement *store_prepare_step(struct store *store, const char *sql,
	const struct slot *slots, const struct job_step_kind *step);

/* Start the threads. Every statement has been described. Loop thread. */
void store_start(struct store *store);

/* Hand a job over; never waits. Loop thread, from store_start() to store_close(). */
void store_exec(struct store *store, struct job *job);

/*
 * After a hand-over with STORE_PARTIAL, once the owner has taken (and emptied) job->out: continue with
 * the next piece, or with cancel end it, which also comes back by done(). Loop thread.
 */
void store_continue(struct store *store, struct job *job, bool cancel);

/* Statistics. The counters only grow. */
struct store_stats {
	uint64_t queued_writes, queued_reads, queued_longs; /* jobs that wait for a thread, now */
	uint64_t groups;				    /* transactions that were committed */
	uint64_t grouped;				    /* jobs in them */
	uint64_t group_most;				    /* jobs in the largest */
	uint64_t wal_bytes;				    /* of the write-ahead log, now */
	uint64_t wal_held_seconds; /* that an old snapshot has kept it from being emptied */
	uint64_t checkpoints;
	const char *fault; /* why nothing can be saved at present, a constant sentence; or NULL */
};
void store_stats(struct store *store, struct store_stats *stats); /* Loop thread. */

/*
 * Before store_start(): what to call, on the loop, when the write-ahead log grows because a long
 * answer takes long. Long answers that wait for store_continue() should be cancelled then.
 */
void store_on_wal_pressure(struct store *store, void (*callback)(void *argument), void *argument);

/*
 * Finish every job that was handed over (long answers are cancelled), call done() for them, copy
 * the write-ahead log into the file and free the store. Loop thread.
 */
void store_close(struct store *store);

#endif
