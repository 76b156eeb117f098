/*
 * What an engine has to do, and what all stores have. store.c gathers jobs by lane and adds them to
 * the lane's queue. The threads of the engine, which knows its database, take them from there, run
 * them and post them to the store's completion queue.
 */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "statement.h"
#include "store/job.h"

#include <stdatomic.h>

struct store;
struct store_stats;

/* What a job is: a change, a short answer, a long answer. */
enum lane { LANE_WRITE, LANE_READ, LANES_GATHERED, LANE_LONG = LANES_GATHERED, LANES };

/* All of it is called on the loop's thread. */
struct engine {
	const char *scheme; /* of its URLs, with the colon */

	/*
	 * Why this cannot be opened by its form, a constant sentence; NULL where it can be tried.
	 */
	const char *(*name_fault)(const char *name);

	/* See store_open(). What comes back is embedded in the engine's own structure. */
	struct store *(*open)(const char *name, char **why);

	void (*start)(struct store *store);

	/* See store_continue(). */
	void (*resume)(struct store *store, struct job *job, bool cancel);

	/* See store_stats(); all of it but the queues. */
	void (*stats)(struct store *store, struct store_stats *stats);

	/* After start(): finish what was handed over, and end the threads. */
	void (*stop)(struct store *store);

	/* Close the database and free the store, started or not. */
	void (*close)(struct store *store);
};

struct store {
	const struct engine *engine;
	struct statement *statements[STATEMENTS_MAX];
	unsigned statement_count;
	bool started;

	struct event *flush; /* hands over what this turn of the loop has gathered: */
	struct work_list gathered[LANES_GATHERED];
	struct work_queue *queue[LANES];      /* jobs wait there for the engine's threads */
	struct completion_queue *completions; /* and go back to the loop by it */
	atomic_bool overwritten; /* the database, by another program; never reset: no job is run */

	/* See store_on_wal_pressure(). The engine posts the work; not while it is pending. */
	struct work pressure;
	atomic_bool pressure_pending;
	void (*on_wal_pressure)(void *argument);
	void *on_wal_pressure_argument;
};

extern const struct engine sqlite_engine;

#endif
