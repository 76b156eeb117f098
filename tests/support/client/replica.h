/*
 * What a program knows of tasks and lists when it follows the feed of changes alone.
 */
#ifndef TESTS_REPLICA_H
#define TESTS_REPLICA_H

#include "exchange.h"

struct replica {
	json_t *tasks;	  /* by id; null: gone, or in the trash */
	json_t *lists;	  /* the same */
	int64_t revision; /* that it has been told */
};

void replica_begin(struct replica *replica);
void replica_end(struct replica *replica);

/* Reads all that is new, so many changes at a time. */
void replica_follow(struct replica *replica, struct exchange *exchange, unsigned limit);

/* An account as it is read: the arrays of its tasks and lists, live and in the trash. */
struct observed {
	json_t *tasks, *lists, *trashed_tasks, *trashed_lists;
};
void observed_free(struct observed *observed);

/*
 * Follow to the end, read the account anew into *observed (freed before, and the caller's), and expect that
 * it is what the feed told. All of it as text, without revisions; to be freed.
 */
char *replica_observe(
	struct replica *replica, struct exchange *exchange, struct observed *observed);

/* Expects that these are its tasks and lists, revisions and all; open tasks are not in the feed. */
void replica_expect(const struct replica *replica, const struct observed *observed);

#endif
