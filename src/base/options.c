/*
 * One table of options for reading, for the environment, and for the help.
 */
#include "base/options.h"

#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A fault in words, to be freed; the value is the caller's own -1. */
static int fault(char **why, const char *about, const char *sentence)
{
	struct buffer out = { 0 };

	buffer_add_format(&out, "%s: %s", about, sentence);
	buffer_add(&out, "", 1);
	*why = out.data;
	return -1;
}

static struct option_row *find(struct option_row *rows, const char *name, size_t length)
{
	for (struct option_row *row = rows; row->name != NULL; row++)
		if (strlen(row->name) == length && memcmp(row->name, name, length) == 0)
			return row;
	return NULL;
}

/* What the environment says, where it says anything. */
static void read_environment(struct option_row *rows)
{
	for (struct option_row *row = rows; row->name != NULL; row++) {
		const char *value = row->environment != NULL ? getenv(row->environment) : NULL;
		if (value != NULL && value[0] != '\0')
			row->value = value;
	}
}

/* Read the option at argv[at]: the index behind it, or -1. */
static int read_one(int argc, char **argv, int at, struct option_row *rows, char **why)
{
	bool dashes = strncmp(argv[at], "--", 2) == 0;
	const char *name = dashes ? argv[at] + 2 : "";
	size_t length = strcspn(name, "=");
	struct option_row *row = find(rows, name, length);

	if (row == NULL)
		return fault(why, argv[at], "no such option");
	if (row->argument == NULL) {
		row->value = "";
		return name[length] == '\0' ? at + 1 : fault(why, argv[at], "takes no value");
	}
	if (name[length] == '=') {
		row->value = name + length + 1;
		return at + 1;
	}
	if (at + 1 == argc)
		return fault(why, argv[at], "wants a value");
	row->value = argv[at + 1];
	return at + 2;
}

int options_read(int argc, char **argv, struct option_row *rows, char **why)
{
	int at = 1;

	read_environment(rows);
	while (at > 0 && at < argc && argv[at][0] == '-')
		at = read_one(argc, argv, at, rows, why);
	return at;
}

void options_help(const struct option_row *rows)
{
	char left[48];

	for (const struct option_row *row = rows; row->name != NULL; row++) {
		snprintf(left, sizeof(left), "--%s %s", row->name,
			row->argument != NULL ? row->argument : "");
		printf("  %-23s %s", left, row->help);
		if (row->environment != NULL)
			printf(" [%s]", row->environment);
		if (row->fallback != NULL)
			printf(" (%s)", row->fallback);
		printf("\n");
	}
}
