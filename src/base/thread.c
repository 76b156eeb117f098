/*
 * How the threads of the program are started.
 */
#include "base/thread.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * All but those that a thread raises by a fault of its own: it is to be reported where it happens.
 */
static sigset_t signals_from_outside(void)
{
	static const int own[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP };
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		sigdelset(&set, own[i]);
	return set;
}

/* Enough for SQLite and libical, and little for a small machine. */
static void set_stack(pthread_attr_t *attributes)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* whose frames are larger */
	pthread_attr_setstacksize(attributes, (size_t)1 << 20);
#else
	(void)attributes;
#endif
}

void thread_start(pthread_t *thread, void *(*body)(void *), void *argument)
{
	sigset_t blocked = signals_from_outside(), before;
	pthread_attr_t attributes;

	pthread_sigmask(SIG_SETMASK, &blocked, &before);
	pthread_attr_init(&attributes);
	set_stack(&attributes);
	int error = pthread_create(thread, &attributes, body, argument);
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0)
		return;
	dprintf(STDERR_FILENO,
		"todo: error: cannot start a thread: %s (is memory, or the number of "
		"processes, limited by ulimit -v or -u?)\n",
		strerror(error));
	_exit(EXIT_FAILURE);
}
