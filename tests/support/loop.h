/* An event loop that is run until something was counted, or too late. */
#ifndef TESTS_LOOP_H
#define TESTS_LOOP_H

#include <event2/event.h>
#include <stdbool.h>

#define LOOP_SECONDS 60

static inline void loop_late(evutil_socket_t fd, short what, void *late)
{
	(void)fd;
	(void)what;
	*(bool *)late = true;
}

/* Runs the loop until *count has come so far; false where it did not within LOOP_SECONDS. */
static inline bool loop_until(struct event_base *base, const unsigned *count, unsigned reached)
{
	struct timeval patience = { .tv_sec = LOOP_SECONDS };
	bool late = false;
	struct event *guard = evtimer_new(base, loop_late, &late);

	event_add(guard, &patience);
	while (*count < reached && !late)
		event_base_loop(base, EVLOOP_ONCE);
	event_free(guard);
	return *count >= reached;
}

#endif
