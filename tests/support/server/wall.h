/*
 * A server's wall clock, which a test sets while the server runs: it is that of the machine and so
 * many seconds more. What waits goes by the monotonic clock, which stays as it is.
 */
#ifndef TESTS_WALL_H
#define TESTS_WALL_H

#include <stdint.h>

#define WALL_DAY ((int64_t)24 * 60 * 60)

struct wall {
	int fd;
	char variable[256], preload[512], options[512];
	const char *environment[4]; /* for harness_start() */
};

/* In that folder, which is there; the clock is right. */
void wall_make(struct wall *wall, const char *folder);
void wall_remove(struct wall *wall);

/* The wall clock is so far ahead. */
void wall_set(struct wall *wall, int64_t seconds);

/* The machine has been up so much longer, without that anybody has waited. */
void wall_set_up_time(struct wall *wall, int64_t seconds);

#endif
