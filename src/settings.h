/*
 * What the operator asks for, by options or the environment. Before any thread.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "endpoint/server_settings.h"

struct settings {
	const char *url;  /* of the database */
	const char *port; /* as it was given */
	struct server_settings server;
};

/*
 * Read the command line. -1 to serve, and *settings is whole; else the status to exit with: help or
 * version were said, or what is wrong, in one line.
 */
int settings_read(int argc, char **argv, struct settings *settings);

#endif
