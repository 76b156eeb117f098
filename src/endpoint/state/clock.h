/*
 * The wall clock, which requests use as it is; and whether it is trusted enough to delete for good
 * what is old enough. Loop thread.
 *
 * A wall clock that is wrong for a minute must not empty the trash or end all sessions. It is
 * trusted as long as it keeps step with the time since boot (CLOCK_BOOTTIME, which cannot be
 * set). After it was set to another time it is trusted again once it is back, or has kept step
 * for a day. The same holds at the start, unless the database was last used not long before the
 * clock's time; and after the clock was set back to such a time, as by an operator who corrects
 * it. Until then nothing is deleted for its age, and dates in its future are not taken for
 * errors.
 */
#ifndef ENDPOINT_CLOCK_H
#define ENDPOINT_CLOCK_H

#include <stdbool.h>

struct access_sql;
struct clock;
struct clock_watch;
struct server;
struct value;

/* The time; good until the next call. */
const struct clock *server_clock(struct server *server);

/*
 * $now, the dates that lie so far from it (see struct clock), $new_expires, and $settled: 1 where
 * the clock is believed. They borrow from it.
 */
void clock_set_values(const struct clock *clock, struct value *values);

/* What decides whether the clock is believed. Before store_start(), and after it. */
struct clock_watch *clock_prepare(struct server *server, const struct access_sql *sql);
void clock_start(struct server *server);

/* Whether the store is being asked just now if the clock is right. */
bool clock_is_asking(const struct clock_watch *watch);

/* After the store was closed; NULL is none. */
void clock_watch_free(struct clock_watch *watch);

#endif
