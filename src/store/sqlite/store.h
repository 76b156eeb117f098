/*
 * The SQLite engine's own structure: the file, the connections and the threads that use them, and
 * the queues between those and the loop.
 */
#ifndef STORE_SQLITE_STORE_H
#define STORE_SQLITE_STORE_H

#include "engine.h"
#include "sqlite/checkpoint.h"
#include "sqlite/connection.h"
#include "sqlite/file/file_lock.h"
#include "sqlite/overwrite.h"

#include <pthread.h>
#include <stdatomic.h>

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
	atomic_bool overwritten; /* the file, by another program; never reset */
	bool log_set_aside;	 /* the file's log, which belongs to it as it was; the writer's */
	atomic_bool damaged;	 /* a thread has met damage in the file or its log; never reset */
	atomic_bool untrimmed;	 /* a long answer has ended: its memory goes back to the system */

	struct work_queue *writes;
	struct work_queue *reads;
	struct work_queue *long_reads;
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
