/* strace, from its start to its end. */
#include "tracer.h"

#include "deadline.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MOST 24

/* Whether strace holds every thread of the server. */
static bool server_is_traced(const struct harness *h)
{
	char command[128];

	snprintf(command, sizeof(command),
		"! grep -q '^TracerPid:[[:space:]]*0$' /proc/%d/task/*/status", (int)h->pid);
	return system(command) == 0;
}

static void strace_run(const char *file, const char *server, const char *const *options)
{
	const char *words[WORDS_MOST] = { "strace", "-f", "-q", "-y", "-o", file, "-p", server };
	unsigned count = 8;

	for (; *options != NULL && count < WORDS_MOST - 2; options++) {
		words[count++] = "-e";
		words[count++] = *options;
	}
	execvp("strace", (char *const *)(uintptr_t)words);
	_exit(127);
}

bool tracer_start(struct tracer *tracer, const struct harness *h, const char *const *options)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);
	char server[16];

	snprintf(server, sizeof(server), "%d", (int)h->pid);
	snprintf(tracer->file, sizeof(tracer->file), "%s/trace", h->folder);
	tracer->pid = fork();
	if (tracer->pid == 0)
		strace_run(tracer->file, server, options);
	while (!server_is_traced(h)) {
		if (deadline_in(0) > until || waitpid(tracer->pid, NULL, WNOHANG) != 0)
			return false;
		deadline_pause();
	}
	return true;
}

bool tracer_stop(struct tracer *tracer)
{
	return kill(tracer->pid, SIGTERM) == 0 && waitpid(tracer->pid, NULL, 0) == tracer->pid;
}
