#include "base/thread.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* All but those that a thread brings upon itself: a crash is to be told of where it happens. */
static sigset_t signals_from_outside(void)
{
	static const int own[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP };
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		sigdelset(&set, own[i]);
	return set;
}

void thread_start(pthread_t *thread, void *(*body)(void *), void *argument)
{
	sigset_t blocked = signals_from_outside(), before;

	pthread_sigmask(SIG_SETMASK, &blocked, &before);
	int error = pthread_create(thread, NULL, body, argument);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0)
		return;
	dprintf(STDERR_FILENO,
		"todo: cannot start a thread: %s (is memory, or the number of "
		"processes, limited by ulimit -v or -u?)\n",
		strerror(error));
	_exit(EXIT_FAILURE);
}
