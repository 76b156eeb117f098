/*
 * What a program knows of a list when it follows the feed of changes alone.
 */
#ifndef TESTS_REPLICA_H
#define TESTS_REPLICA_H

#include "exchange.h"

struct replica {
	json_t *tasks;	  /* by id; null: gone, or in the trash */
	int64_t revision; /* that it has been told */
};

void replica_begin(struct replica *replica);
void replica_end(struct replica *replica);

/* Reads all that is new, so many changes at a time. */
void replica_follow(struct replica *replica, struct exchange *exchange, unsigned limit);

/* Expects that it is this list, revisions and all. */
void replica_expect(const struct replica *replica, const json_t *list);

#endif
