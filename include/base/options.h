/*
 * The command line, and the environment in its place: "--port 80", "--port=80" and TODO_PORT=80
 * are the same thing, in this order of strength. Before any thread.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>

struct option_row {
	const char *name;     /* without the dashes */
	const char *argument; /* what its value is called; NULL for a switch */
	const char *help;
	const char *environment; /* its variable; NULL where it has none */
	const char *fallback;	 /* in words, for the help; may be NULL */
	const char *value;	 /* out: what was given last, or the variable's; else as it was */
};

/*
 * Read argv into the rows (the last one has no name). The index of the first word that is no
 * option (argc where there is none), or -1, and then *why is the fault, to be freed.
 */
int options_read(int argc, char **argv, struct option_row *rows, char **why);

/* The table in words, on standard output. */
void options_help(const struct option_row *rows);

#endif
