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

/*
 * Follow to the end, read the account's list and trash anew into *list and *trash (freed before, and the
 * caller's), and expect that the list is what the feed told. The two as text, without revisions; to be
 * freed.
 */
char *replica_observe(
	struct replica *replica, struct exchange *exchange, json_t **list, json_t **trash);

/* Expects that it is this list, revisions and all. */
void replica_expect(const struct replica *replica, const json_t *list);

#endif
