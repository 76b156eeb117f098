/*
 * The store as its own files see it: the connections, the threads that use them, and the queues
 * between them and the loop.
 */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "sqlite.h"

#include <pthread.h>

#define SHORT_READERS 1
#define READERS (SHORT_READERS + STORE_LONG_ANSWERS)

struct worker {
	struct store *store;
	struct sqlite sqlite;
	pthread_t thread;
	bool outgrown; /* a short reader's: the job that just ran did */
};

struct store {
	char *file;
	struct statement *statements[STATEMENTS_MAX];
	unsigned statement_count;

	struct event *flush;	  /* hands over what this turn of the loop has gathered: */
	struct work_list written; /* for the writer */
	struct work_list read;	  /* for the readers */

	struct work_return *home;
	struct work_queue *writes;
	struct work_queue *reads;
	struct work_queue *longs;
	struct worker writer;
	struct worker readers[READERS];
	bool started;

	pthread_mutex_t lock;	/* for every job's turn, and closing */
	pthread_cond_t resumed; /* a turn or closing has changed */
	bool closing;		/* no piece is handed over any more */
	bool drained;		/* none is on its way */
};

void engine_start(struct store *store);

/* Close the queues and wait for the threads. */
void engine_stop(struct store *store);

#endif
