/*
 * The SQLite engine as its own files see it: the connections, the threads that use them, and the
 * queues between them and the loop.
 */
#ifndef STORE_SQLITE_STORE_H
#define STORE_SQLITE_STORE_H

#include "engine.h"
#include "sqlite/claim.h"
#include "sqlite/connection.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#define SHORT_READERS_MAX 4
#define READERS (SHORT_READERS_MAX + STORE_LONG_ANSWERS)

struct worker {
	struct sqlite_store *store;
	struct sqlite sqlite;
	pthread_t thread;
	bool in_job;   /* a short reader's: what runs is a job's, and no BEGIN or COMMIT */
	bool overflowed; /* the same: the job that just ran took too much */
	int64_t cpu_start; /* the same: nanoseconds of the thread when that was first looked at; 0: not yet */
};

/* The write-ahead log, as the writer sees it. */
struct wal {
	int pages;	/* in it, since it began anew */
	time_t written; /* monotonic seconds: the last commit that changed anything */
	int unfolded;	/* of those, that are not in the file yet */
	time_t told;	/* that somebody keeps it from being folded; 0: not yet */
	int trouble; /* the code that the last checkpoint ended with, where that is worth a word */
};

/* What the log's index says: overwrite.c. */
struct log_index {
	uint32_t page;	  /* bytes of one */
	uint32_t changes; /* transactions, since whenever */
	uint32_t frames;  /* in the log */
	uint32_t salt[2]; /* another one each time that the log begins anew */
	uint32_t folded;  /* frames that a checkpoint has copied into the file */
	uint32_t begun;	  /* that one has begun to copy */
};

/* The file when something that knows SQLite has last written to it. */
struct file_mark {
	off_t size;
	struct timespec written;
	struct log_index index;
};

/* What is counted. Written by the writer alone, read by anybody. */
struct counts {
	atomic_uint_least64_t groups, grouped, group_most, checkpoints, wal_bytes;
	atomic_int_least64_t held_since; /* monotonic seconds; 0: the log can be folded whole */
	_Atomic(const char *) fault;
};

struct sqlite_store {
	struct store door;
	char *file;
	struct claim claim; /* the writer's, while it runs */
	struct file_mark mark;
	atomic_bool overwritten; /* the file, by another program; for good */
	atomic_bool damaged;	 /* some thread has met damage in the file or its log; for good */

	struct work_queue *writes;
	struct work_queue *reads;
	struct work_queue *longs;
	struct worker writer;
	struct worker readers[READERS]; /* the short ones first */
	unsigned short_readers;
	struct wal wal; /* the writer's */
	struct counts counts;

	struct event *clock; /* each second: */
	struct job look;     /* the writer's own, an empty one: it looks after the file */
	bool looking;	     /* it is on its way */

	pthread_mutex_t lock;	/* for every job's turn, and closing */
	pthread_cond_t resumed; /* a turn or closing has changed */
	bool closing;		/* no piece is handed over any more */
	bool drained;		/* none is on its way */
};

/* threads.c: how many short readers this machine has the cores for: 1 to SHORT_READERS_MAX. */
unsigned threads_short_readers(void);

/* threads.c: of the open store. */
void threads_start(struct sqlite_store *store);

/* threads.c: close the queues and wait for the threads. */
void threads_stop(struct sqlite_store *store);

/* writer.c: the writer's thread; argument is its worker. */
void *writer_main(void *worker);

/* overwrite.c: remember the file as it is, after a checkpoint of ours. The writer's thread. */
void file_mark(struct worker *writer);

/*
 * overwrite.c: whether another program has written over the file in place; then it is so for good,
 * the log says so, and the write-ahead log is set aside. The writer's thread.
 */
bool file_is_overwritten(struct worker *writer);

/*
 * overwrite.c: whether what is written can be acknowledged: the file and its log are where they were,
 * nobody has written over them, and no damage was met. The writer's thread.
 */
bool file_is_ours(struct worker *writer);

/* wal.c: count what goes into the log of a connection that was just opened. */
void wal_watch(struct worker *writer);

/* wal.c: behind a group: fold the log into the file where it has grown. */
void wal_fold(struct worker *writer);

/* wal.c: each second: empty it where nobody writes any more, or where it has been too long. */
void wal_empty(struct worker *writer);

/* wal.c: fold what is not in the file yet, of a log whose name is gone. */
void wal_rescue(struct worker *writer);

/* wal.c: for how long somebody's snapshot has kept the log from being folded whole; 0: not. Any thread. */
int64_t wal_held_seconds(const struct sqlite_store *store);

/* wal.c: fold and empty it now, without waiting for readers. An SQLite code. */
int wal_truncate(struct worker *writer);

#endif
