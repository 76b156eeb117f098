/*
 * The SQLite engine's own structure: the file, the connections and the threads that use them.
 */
#ifndef STORE_SQLITE_STORE_STATE_H
#define STORE_SQLITE_STORE_STATE_H

#include "engine.h"
#include "sqlite/connection.h"
#include "sqlite/file/file_lock.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <time.h>

#define SHORT_READERS_MAX 4
#define READERS (SHORT_READERS_MAX + STORE_LONG_ANSWERS)

struct worker {
	struct sqlite_store *store;
	struct sqlite sqlite;
	pthread_t thread;
	int64_t changed_rows; /* of the writer: by its connection, when its last group ended */

	/* Of a short reader: */
	bool in_job;	   /* what runs is a job's, and no BEGIN or COMMIT */
	bool overflowed;   /* the job that just ran took too much */
	int64_t cpu_start; /* of the job: nanoseconds of the thread when first measured; 0: not yet */
};

/* The write-ahead log, as the writer sees it. */
struct wal_state {
	int pages;	    /* in it, since it began anew */
	time_t written;	    /* monotonic seconds of the last commit that changed anything */
	int frames_pending; /* of the pages, those that are not in the file yet */
	time_t warned;	    /* when an old snapshot was last reported; 0: not yet */
	int fault;	    /* the code of the last checkpoint, if that was worth a warning */
};

/* What the index of the write-ahead log says; the names are SQLite's. */
struct wal_index {
	uint32_t page;		     /* bytes of one */
	uint32_t changes;	     /* transactions, counted from an unknown start */
	uint32_t frames;	     /* in the log */
	uint32_t salt[2];	     /* changes each time that the log begins anew */
	uint32_t backfill;	     /* frames that a checkpoint has copied into the file */
	uint32_t backfill_attempted; /* frames that one has begun to copy */
};

/* The file when a program that uses SQLite has last written to it. */
struct file_mark {
	off_t size;
	struct timespec written;
	struct wal_index index;
};

/* Statistics. The writer alone writes them, any thread reads them. */
struct counts {
	atomic_uint_least64_t groups, grouped, group_most, checkpoints, wal_bytes;
	atomic_int_least64_t held_since; /* monotonic seconds; 0: checkpoints copy the whole log */
	_Atomic(const char *) fault;
};

struct sqlite_store {
	struct store base;
	char *file;
	struct file_lock file_lock; /* the writer's, while it runs */
	struct file_mark mark;
	bool log_set_aside;    /* the file's log, which belongs to it as it was; the writer's */
	atomic_bool damaged;   /* a thread has met damage in the file or its log; never reset */
	atomic_bool untrimmed; /* a long answer has ended: its memory goes back to the system */

	struct worker writer;
	struct worker readers[READERS]; /* the short ones first */
	unsigned short_readers;
	struct wal_state wal; /* the writer's */
	struct counts counts;

	pthread_mutex_t lock;	/* for stream_state of every job, and closing */
	pthread_cond_t resumed; /* one of those has changed */
	bool closing;		/* no piece is handed over any more */
	bool drained;		/* none is on its way */
};

#endif
