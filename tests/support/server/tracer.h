/*
 * strace at work on the running server: what it sees goes into a file, and system calls fail as they
 * are told to, until it is stopped.
 */
#ifndef TESTS_TRACER_H
#define TESTS_TRACER_H

#include "harness.h"

struct tracer {
	pid_t pid;
	char file[96]; /* FOLDER/trace */
};

/*
 * Attaches strace to every thread of the server; `options` are its -e arguments, NULL-ended. What
 * it found before is gone. false: it cannot attach.
 */
bool tracer_start(struct tracer *tracer, const struct harness *h, const char *const *options);

/* Lets the server go on without it. false: strace had ended before. */
bool tracer_stop(struct tracer *tracer);

#endif
