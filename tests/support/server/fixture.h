/* The one server of a test: a folder before it, and nothing left behind it. */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include "check_main.h"
#include "harness.h"

#include <dirent.h>
#include <string.h>

/* What harness_start() and harness_run() take as arguments or as an environment. */
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_WORDS ((const char *const[]){ NULL })

static struct harness h;

static inline void fixture_setup(void)
{
	h = (struct harness){ .out = -1 };
	ck_assert(harness_folder(&h));
}

static inline void fixture_teardown(void)
{
	harness_remove(&h);
}

/* How many files are in the folder beside the server's log. */
static inline int folder_count(void)
{
	DIR *folder = opendir(h.folder);
	int count = 0;

	ck_assert_ptr_nonnull(folder);
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
		count += *entry->d_name != '.' && strcmp(entry->d_name, "stderr.log") != 0;
	closedir(folder);
	return count;
}

#endif
