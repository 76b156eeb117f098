/*
 * Starts the server's binary as a user would, in a temporary folder of its own, and looks at
 * nothing but what comes out of it.
 *
 * Every struct belongs to its caller and there is no state beside them, so any number of servers
 * and threads may be at work. A server left running by a test that failed is in the test's process
 * group, which Check ends with the test.
 */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H

#include <stdbool.h>
#include <sys/types.h>
#include "client.h"

#define HARNESS_DEADLINE_MS 30000
#define HARNESS_TOKEN_SIZE 256
#define HARNESS_PASSWORD "correct horse battery staple"

struct harness {
	char folder[64];    /* made by the first start, the server's working folder; "" before */
	char database[128]; /* FOLDER/todo.sqlite: what a start without arguments uses */
	pid_t pid;	    /* 0 when it does not run */
	int port;	    /* from the line that says where it listens */
	int out;	    /* the reading end of its standard output; -1 when there is none */
	char line[256];	    /* the first line of standard output */
	int refused;	    /* how a start that failed ended: harness_result's status */
};

/* How a run of the binary ended. */
struct harness_result {
	int status; /* exit status; 128 + n when signal n ended it; -1 when it had to be killed */
	char *out, *err;
};

/*
 * Starts the server and waits until it says where it listens. `arguments` (without the program's
 * name) and `environment` ("NAME=value", on top of this process's without TODO_* and
 * DATABASE_URL) are NULL-ended, or NULL; no arguments stand for --port 0 --db h->database.
 * The struct is zeroed before the first start; after a stop it may be started again and finds the
 * same folder. false: it ended or said nothing in time; what it logged is copied to stderr.
 */
bool harness_start(struct harness *h, const char *const *arguments, const char *const *environment);

/* Sends the signal (0: none) and waits for the end; the value is harness_result's status. */
int harness_stop(struct harness *h, int signal);

/* What the server started last in this folder has written to standard error, to be freed. */
char *harness_log(const struct harness *h);

/* Kills the server if it still runs and deletes the folder with all that is in it. */
void harness_remove(struct harness *h);

/*
 * Runs the binary to its end in the folder of `h` (made when there is none yet), with arguments
 * and environment as above; NULL arguments mean none at all.
 */
struct harness_result harness_run(
	struct harness *h, const char *const *arguments, const char *const *environment);

void harness_result_free(struct harness_result *result);

/* Makes the folder, for a test that puts files there before the first start. */
bool harness_folder(struct harness *h);

/* Registers the account with HARNESS_PASSWORD and gives its token. */
bool harness_register(
	const struct harness *h, const char *username, char token[HARNESS_TOKEN_SIZE]);

#endif
