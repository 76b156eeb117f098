/* Runs a case file against a server. */
#ifndef TESTS_CASE_RUN_H
#define TESTS_CASE_RUN_H

#include "case_file.h"
#include "case_text.h"
#include "client.h"
#include "description.h"

#include <stdbool.h>
#include <stdio.h>

struct case_run {
	const char *name; /* of the file, for the report */
	int port;	  /* the server's */
	int source;	  /* which loopback address to come from, see client_open_from() */
	struct description *description; /* the server's */
	struct client client;
	struct case_variables variables;
	FILE *report; /* what was expected and what came, where they differ */
	int failures;
	bool lost; /* the server takes no connection, or gives no answer: no use to go on */

	const struct case_exchange *exchange; /* at hand, with what is known of it: */
	const struct case_reply *expected;
	char method[16];
	char path[512]; /* "" where the request has none that can be read */
	bool raw;	/* the request's bytes are the case file's own */
	struct reply reply;
	bool failed; /* the reply at hand is not what was expected */
};

/* Runs every exchange of the file; what fails is reported and counted, and the rest goes on. */
void case_run(struct case_run *run, const struct case_file *file);

/* Reports a failure of the exchange at hand. */
void case_fail(struct case_run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Checks the reply at hand: what every reply has to keep to, and what is expected of this one. */
void case_check(struct case_run *run);

/* The part of case_check that asks nothing of the case file. */
void case_check_always(struct case_run *run, bool other_type);

/* Checks the reply at hand against the API's description. */
void case_check_described(struct case_run *run);

/* Whether a reply like the one at hand has a body. */
bool case_has_body(const struct case_run *run);

#endif
