/*
 * A mixed load: several clients at once, each with an account of its own, and another account
 * after a while. Each worker is one thread; a load belongs to the thread that begins it.
 */
#ifndef TESTS_CRASH_LOAD_H
#define TESTS_CRASH_LOAD_H

#include "exchange.h"
#include "model.h"

#include <pthread.h>
#include <stdatomic.h>

#define LOAD_WORKERS 6
#define LOAD_STEPS 80	 /* of one account */
#define LOAD_ACCOUNTS 64 /* of one worker */

struct load;

struct worker {
	struct load *load;
	pthread_t thread;
	unsigned number;
	uint64_t dice;
	struct client client;
	struct user user;
	struct exchange exchange;
	json_t *tasks, *trash; /* as they were seen last */
	unsigned undoable;     /* changes of the group that an undo would take back; 0: do not */
	struct model models[LOAD_ACCOUNTS];
	unsigned accounts;
	char fault[256]; /* what a reply said that it should not have */
};

struct load {
	int port;
	const _Atomic uint64_t *clock; /* operations of the disk that have begun; NULL: no matter */
	atomic_bool stopping;
	atomic_uint acknowledged; /* steps, of all workers */
	atomic_uint large; /* changes that are made in slices, or chains of them, that were begun */
	unsigned most;	   /* workers end when there are so many; 0: never */
	struct worker workers[LOAD_WORKERS];
};

/* A load without accounts yet; the seed is any but 0. */
void load_begin(struct load *load, uint64_t seed);
void load_end(struct load *load);

/* Starts the workers; each goes on with its newest account. */
void load_run(struct load *load, int port);

/* Waits until all workers have ended: by load->stopping, by load->most, or with the server. */
void load_wait(struct load *load);

/* The fault of a worker; NULL: none. A server that is gone is none. */
const char *load_fault(const struct load *load);

/* Checks the database against all models; `point` as in model_allows(). */
bool load_check(struct load *load, sqlite3 *db, uint64_t point, char why[256]);

/* After a check: what was in flight is settled by what is there. */
void load_settle(struct load *load, sqlite3 *db);

#endif
