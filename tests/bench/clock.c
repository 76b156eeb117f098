/*
 * Preloaded into a server whose instructions are counted, so that they do not depend on how fast it
 * runs: the second of its start stays, and no thread uses any processor time, by which the server
 * tells long reads from short ones. What waits does so as ever.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

static int real_time(clockid_t clock, struct timespec *now)
{
	static int (*real)(clockid_t, struct timespec *);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	return real(clock, now);
}

static time_t start;

__attribute__((constructor)) static void read_start(void)
{
	struct timespec now;

	real_time(CLOCK_REALTIME, &now);
	start = now.tv_sec;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		*now = (struct timespec){ .tv_sec = start };
	else if (clock == CLOCK_THREAD_CPUTIME_ID)
		*now = (struct timespec){ .tv_nsec = 1 };
	else
		return real_time(clock, now);
	return 0;
}

time_t time(time_t *to)
{
	if (to != NULL)
		*to = start;
	return start;
}

int gettimeofday(struct timeval *restrict to, void *restrict zone)
{
	(void)zone;
	*to = (struct timeval){ .tv_sec = start };
	return 0;
}
