/* Waiting that ends: points in time on the monotonic clock, and a poll() up to one of them. */
#ifndef TESTS_DEADLINE_H
#define TESTS_DEADLINE_H

/* The point in time that many milliseconds from now. */
long deadline_in(long milliseconds);

/* Waits until one of `events` is ready on the descriptor: what is ready, or 0 at the deadline. */
int deadline_poll(int fd, short events, long deadline);

/* Between two looks at something that is waited for, so that it has the machine to itself. */
void deadline_pause(void);

#endif
