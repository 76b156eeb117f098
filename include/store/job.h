/*
 * A job: a few SQL statements that succeed or fail together, with the values of their parameters;
 * and what came of it. It is handed to the store by store_exec().
 */
#ifndef STORE_JOB_H
#define STORE_JOB_H

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/work.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct rows;
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

/* A value's place among those of a job: its name in statements, and its type unless it is NULL. */
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
	STORE_PARTIAL, /* a piece of a long answer: see store_continue() */
	STORE_STOPPED, /* guard() or a cancel stopped it; nothing was changed */
	STORE_MISSED, /* a part had no row where it needs one: see job->missed; nothing was changed */
	STORE_LARGE,	/* it grew beyond job->most; nothing was changed */
	STORE_REFUSED,	/* a step stopped it: see job->refusal; nothing was changed */
	STORE_CONFLICT, /* a value must be unique and is not: its column is in job->conflict_column */
	STORE_BUSY,	/* another process holds the file: try again later */
	STORE_FULL,	/* no room on the disk */
	STORE_FILE_REPLACED, /* the file was removed, replaced, written over or damaged */
	STORE_FAILED,	     /* anything else; it is in the log. Unknown whether it happened */
};

#define STORE_CONFLICT_SIZE 32

/*
 * A function that follows a statement whose row has given values: it sets further ones from them, on
 * the store's thread. It may be run again, as guard() may.
 */
struct job_step {
	struct job *job; /* its arena is for text; spent is the steps' own */
	const int *slot;
	struct value *values; /* of the job or the part */
	bool row;	      /* the statement had one */
	unsigned skip;	      /* so many of the statements that follow are left out; STEP_TO_LAST */
};
#define STEP_TO_LAST UINT_MAX /* on to the one whose rows go out */

struct job_step_kind {
	bool (*run)(struct job_step *step); /* false stops the job: see step_refuse() */
	const char *const *names; /* of the values that it uses, by its own numbers; NULL-ended */
};

/*
 * Statements with values of their own, which run in a job's transaction. All that a part points at
 * stays as it is until the job is done.
 */
struct job_part {
	const struct statement *const *statements; /* run in order */
	unsigned count;
	struct value *values; /* by slot: see store_prepare() */
	bool discard_rows;	      /* the last statement gives values too, and no rows go out */
	uint32_t needed;      /* bit i: statement i has a row, or the job ends with STORE_MISSED */
	struct text before, after; /* go out around the rows */
	const struct value *beside; /* text that goes out between rows and after; may be NULL */
	const struct value *extra_bytes; /* integer: bytes that count for job->most; may be NULL */
	struct value *output_before;	 /* takes what has gone out before it; may be NULL */
};

/*
 * Embedded in its owner, and zeroed but for what the owner sets. A job that only reads and takes
 * more than a moment, or whose answer grows long, is begun again by another thread (see resume), so
 * that its statements and guard() must bear to be repeated. Shares (work.share) take turns. From
 * store_exec() to done() it belongs to the store, with all that it points at.
 */
struct job {
	struct work work; /* work.done: called on the loop, once per hand-over */
	const struct statement *const *statements; /* run in order, in one transaction */
	unsigned count;				   /* of statements */
	struct value *values;			   /* by slot: see store_prepare() */

	bool discard_rows;	     /* the last statement gives values too, and no rows go out */
	unsigned trailing_count; /* statements after the one whose rows go out; they give values */
	struct value *rows_as_value; /* takes those rows as text for them; may be NULL */

	/*
	 * A page: no more than page.rows rows go out, and the one after them gives values: its columns
	 * behind those that go out are those of the statement of the index page.next, which only
	 * reads, and which runs only where rows go out before the last is read. 0: no page.
	 */
	struct {
		unsigned rows, next;
	} page;

	/*
	 * Where behind is set, an answer that grows long is not begun again, but goes on behind its
	 * last row: the first column of each row, an integer in whose order they come, becomes this
	 * value, by which the statement can begin there. All rows are read again where version, a
	 * value of the statements before, has become another one meanwhile.
	 */
	struct {
		struct value *behind;
		const struct value *version;
		/* The store's: what there is of the answer, and of which version. */
		struct buffer out;
		uint64_t rows;
		int64_t of_version;
	} resume;

	/*
	 * The statement of the index each, which gives no rows, is run once for each of the next
	 * slice rows of each_of; see store/rows.h. None where that is NULL.
	 */
	struct rows *each_of;
	unsigned each, slice;

	/*
	 * Called on the store's thread after each statement whose first row (if any) became values:
	 * all of them but the one whose rows go out. False stops the job. May be NULL.
	 */
	bool (*guard)(struct job *job, unsigned index, bool row);
	unsigned guard_count; /* guard() follows so many statements, which only read; 0: all */

	/* Run after those statements, in order. */
	const struct job_part *parts;
	unsigned part_count;
	const unsigned *passed; /* slots whose values go from the job to each of its parts */
	unsigned passed_count;
	size_t most; /* bytes that may go out, where it has parts; 0: any number */

	/*
	 * Called after the statements of a job that only reads, on the store's thread: work that takes
	 * time and does not need the store. May be NULL.
	 */
	void (*aside)(struct job *job);
	/* Takes each row instead of JSON, on the store's thread; text is borrowed. May be NULL. */
	void (*write)(struct job *job, const struct value *row);
	/*
	 * Called on the store's thread of a job that only reads before what is in out goes to the loop, a
	 * piece or (last) the rest: it puts other bytes there. False keeps all that it has so far, so
	 * that the job goes on without a piece. May be NULL.
	 */
	bool (*encode)(struct job *job, bool last);
	bool long_running; /* it only reads, and takes long: a long reader runs it from the start */
	bool writes; /* it runs as a change does, even where its statements change nothing */

	enum store_result result;
	char conflict_column[STORE_CONFLICT_SIZE]; /* the column, terminated, for STORE_CONFLICT */
	struct {
		unsigned part, statement;
	} missed; /* the part that ended it; for STORE_MISSED the statement that had no row */
	struct {
		int status;		     /* the step's own */
		const char *member, *detail; /* constant strings */
	} refusal;
	int64_t spent; /* by steps, in a unit of their own: with it they limit what they cost */
	uint64_t rows;	   /* that went out so far */
	struct buffer out; /* those rows: JSON objects with commas between them */
	struct arena *arena; /* text of the values that statements gave; the owner drops it */

	/* The store's: */
	size_t extra_bytes; /* the parts' so far */
	enum { SAVEPOINT_UNDECIDED, SAVEPOINT_NONE, SAVEPOINT_SET, SAVEPOINT_FAILED } savepoint;
	bool written;  /* a row has been written to out before */
	enum { STREAM_RUNNING, STREAM_PAUSED, STREAM_ENDED } stream_state; /* of a long answer */
};

#endif
