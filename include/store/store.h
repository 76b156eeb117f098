/*
 * The store: jobs in, rows as JSON text out. A job is a few SQL statements that stand or fall
 * together, with the values of their parameters. It runs on one of the store's threads and comes
 * back to the loop when what it changed is durable on disk.
 *
 * Jobs that only read run beside each other; jobs that change something are run in groups, one
 * transaction and one fsync a group. An answer that grows long is handed over in pieces, by a
 * thread that holds up nobody else.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/work.h"

#include <stdbool.h>
#include <stdint.h>

struct event_base;
struct rows;
struct store;
struct statement;

enum value_type { VALUE_NULL, VALUE_INTEGER, VALUE_REAL, VALUE_TEXT, VALUE_BLOB };

struct value {
	enum value_type type;
	union {
		int64_t integer;
		double real;
		struct text text; /* borrowed; of a blob the bytes */
	};
};

/* A value's place among those of a job: what statements call it, and its type unless it is NULL. */
#define VALUE_ANY VALUE_NULL /* the value itself says its type */
struct slot {
	const char *name;
	enum value_type type;
};
/* clang-format off */
#define TEXT_SLOT(name) { name, VALUE_TEXT }
#define INTEGER_SLOT(name) { name, VALUE_INTEGER }
#define REAL_SLOT(name) { name, VALUE_REAL }
#define BLOB_SLOT(name) { name, VALUE_BLOB }
#define ANY_SLOT(name) { name, VALUE_ANY }
/* clang-format on */

enum store_result {
	STORE_DONE,    /* durable, if it changed anything; the last statement may have had no row */
	STORE_MORE,    /* a piece of a long answer: see store_continue() */
	STORE_STOPPED, /* step() or a cancel stopped it; nothing was changed */
	STORE_MISSED, /* a part had no row where it needs one: see job->missed; nothing was changed */
	STORE_LARGE,  /* it grew beyond job->most; nothing was changed */
	STORE_TAKEN,  /* a value must be unique and is not: its column is in job->taken */
	STORE_BUSY,   /* another process holds the file: try again later */
	STORE_FULL,   /* no room on the disk */
	STORE_GONE,   /* the file is not what it was: removed, replaced, written over, damaged */
	STORE_FAILED, /* anything else; it is in the log. Unknown whether it happened */
};

#define STORE_TAKEN_SIZE 32
#define STORE_LONG_ANSWERS 8 /* that can be on their way at once; others wait for their turn */
#define STORE_LONG_SHARE 4   /* of those, of one share: see struct work */

/*
 * Statements with values of their own, that go on in a job's transaction. All that a part points at
 * stays as it is until the job is done.
 */
struct job_part {
	const struct statement *const *statements; /* run in order */
	unsigned count;
	struct value *values; /* by slot: see store_prepare() */
	bool quiet;	      /* the last statement gives values too, and no rows go out */
	uint32_t needed;      /* bit i: statement i has a row, or the job ends with STORE_MISSED */
	struct text before, behind; /* go out around the rows */
	const struct value *unseen; /* an integer: bytes that count for job->most; may be NULL */
	struct value *shown;	    /* takes what has gone out before the part; may be NULL */
};

/*
 * Embedded in its owner, and zeroed but for what the owner sets. A job that only reads and takes
 * more than a moment, or whose answer grows long, is begun again by another thread, so that its
 * statements and step() must bear to be repeated. work.share says whose it is: shares take turns.
 * From store_exec() to done() it belongs to the store, with all that it points at.
 */
struct job {
	struct work work; /* work.done: called on the loop, once per hand-over */
	const struct statement *const *statements; /* run in order, in one transaction */
	unsigned count;				   /* of statements */
	struct value *values;			   /* by slot: see store_prepare() */

	bool quiet;	     /* the last statement gives values too, and no rows go out */
	unsigned behind;     /* statements behind the one whose rows go out; they give values */
	struct value *shown; /* takes those rows as text for the statements behind; may be NULL */

	/*
	 * The statement each, which gives no rows, is run once for each of the next slice rows of
	 * these; see store/rows.h. None where that is NULL.
	 */
	struct rows *each_of;
	unsigned each, slice;

	/*
	 * Called on the store's thread after each statement whose first row (if any) became values:
	 * all of them but the one whose rows go out. False stops the job. May be NULL.
	 */
	bool (*step)(struct job *job, unsigned index, bool row);
	unsigned steps; /* how many statements step() is wanted behind; they only read; 0: all */

	/* Run behind those statements, one after the other. */
	const struct job_part *parts;
	unsigned part_count;
	const unsigned *passed; /* slots whose values go from the job to each of its parts */
	unsigned passed_count;
	size_t most; /* bytes that may go out, where it has parts; 0: any number */

	/*
	 * Called behind the statements of a slow job, on the store's thread: what takes its time and
	 * asks the store nothing. May be NULL.
	 */
	void (*aside)(struct job *job);
	/* Takes each row instead of JSON, on the store's thread; text is borrowed. May be NULL. */
	void (*write)(struct job *job, const struct value *row);
	bool slow;   /* it only reads, and long: it begins where it holds up nobody */
	bool writes; /* it runs as a change does, even where its statements change nothing */

	enum store_result result;
	char taken[STORE_TAKEN_SIZE]; /* the column, terminated, for STORE_TAKEN */
	struct {
		unsigned part, statement;
	} missed; /* for STORE_MISSED and STORE_LARGE: the part; the statement that had no row */
	uint64_t rows;	   /* that went out so far */
	size_t unseen;	   /* the store's: the parts' so far */
	struct buffer out; /* those rows: JSON objects with commas between them */
	bool written;	   /* the store's: a row has been written to out before */
	enum { JOB_RUNS, JOB_WAITS, JOB_ENDS } turn; /* the store's: of a long answer */
	struct kept *kept; /* text of the values that statements gave; the owner drops it */
};

/*
 * Open the SQLite file that url names ("sqlite:FILE" or FILE), make it with its schema where there
 * is none, and start nothing yet. A file of an earlier version is brought to this one, with a copy of
 * it beside it; that takes as long as it takes. NULL on failure, and *why is one line for the user, to
 * be freed; then the file is as it was, and not made where it was not there. Loop thread.
 */
struct store *store_open(const char *url, struct event_base *base, char **why);

/*
 * Whether url can be opened at all by its form: a known scheme and a name. Else *why is a constant
 * sentence.
 */
bool store_url_is_valid(const char *url, const char **why);

/*
 * Make a statement known, before store_start(). Its parameter "$x" takes the value whose slot has
 * the name x in slots, whose last one has no name; the value is of that slot's type, or NULL. Where
 * it is not the last statement of a job, or the job is quiet, its first row gives each column's value
 * to the slot of that name. The row in JSON: a member per column, by its name; a name "x:bool" makes
 * x true or false, "x:json" takes text as JSON. Neighbours "x.a", "x.b" are an object x, or null
 * where the first of them is NULL. The first of the rows that go out gives its values to slots, too.
 *
 * sql must stay. A statement that does not prepare, or has a parameter without a slot, is a fault
 * of the program and ends it. The store owns what comes back.
 */
const struct statement *store_prepare(
	struct store *store, const char *sql, const struct slot *slots);

/* Whether it can change the database. */
bool store_statement_writes(const struct statement *statement);

/* The name of a member of the rows' JSON, counted from 0; NULL behind the last. */
const char *store_statement_member(const struct statement *statement, unsigned index);

/*
 * A statement written for one job, with the columns of another one. sql must be made of constants
 * alone: what a client sent goes into values. Its parameters are found by their names when it runs.
 * Any thread; it lives in kept.
 */
const struct statement *store_compose(const struct statement *like, const char *sql,
	const struct slot *slots, struct kept **kept);

/* Start the threads. Every statement has been prepared. */
void store_start(struct store *store);

/* Hand a job over; never waits. Loop thread, from store_start() to store_close(). */
void store_exec(struct store *store, struct job *job);

/*
 * After a hand-over with STORE_MORE, once the owner has taken (and emptied) job->out: go on with
 * the next piece, or with cancel end it, which also comes back by done(). Loop thread.
 */
void store_continue(struct store *store, struct job *job, bool cancel);

/* How the store is doing. The counters only grow. */
struct store_stats {
	uint64_t queued_writes, queued_reads, queued_longs; /* jobs that wait for a thread, now */
	uint64_t groups;				    /* transactions that were committed */
	uint64_t grouped;				    /* jobs in them */
	uint64_t group_most;				    /* jobs in the largest */
	uint64_t wal_bytes;				    /* of the write-ahead log, now */
	uint64_t wal_held_seconds; /* that somebody's old snapshot has kept it from being emptied */
	uint64_t checkpoints;
	const char *fault; /* why nothing can be saved at present, a constant sentence; or NULL */
};
void store_stats(struct store *store, struct store_stats *stats); /* Loop thread. */

/*
 * Before store_start(): whom to tell, on the loop, that the write-ahead log grows because a long
 * answer takes long. Long answers that wait for store_continue() should be cancelled then.
 */
void store_on_pressure(struct store *store, void (*relieve)(void *argument), void *argument);

/*
 * Finish every job that was handed over (long answers are cancelled), call done() for them, fold
 * the write-ahead log into the file and free the store. Loop thread.
 */
void store_close(struct store *store);

#endif
