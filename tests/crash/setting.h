/* A number that the environment may set. */
#ifndef TESTS_CRASH_SETTING_H
#define TESTS_CRASH_SETTING_H

#include <stdlib.h>

static inline unsigned long setting(const char *name, unsigned long fallback)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 10) : fallback;
}

#endif
