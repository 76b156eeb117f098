/* Waiting that ends. */
#include "deadline.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

long deadline_in(long milliseconds)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000 + milliseconds;
}

int deadline_poll(int fd, short events, long deadline)
{
	struct pollfd ready = { .fd = fd, .events = events };
	long left;

	while ((left = deadline - deadline_in(0)) > 0) {
		int n = poll(&ready, 1, (int)left);

		if (n > 0)
			return ready.revents;
		if (n < 0 && errno != EINTR)
			break;
	}
	return 0;
}

void deadline_pause(void)
{
	const struct timespec pause = { .tv_nsec = 5000000 };

	nanosleep(&pause, NULL);
}
