/* A series of occurrences as a short text, to compare with the one that is expected. One thread. */
#ifndef TESTS_SERIES_H
#define TESTS_SERIES_H

#include "calendar/recurrence_rule.h"

#include <stdint.h>

/* The rule of a text, which has to be one. */
struct recurrence_rule series_rule(const char *text);

/* "19970902T090000" as a local time. */
int64_t series_time(const char *text);

/*
 * Check that a rule from a start occurs on these days, "1997-09: 2-4, 16; 1998-01: 1", and no
 * others; with "..." at the end, that these are the first. An UNTIL in UTC is compared as by a
 * clock that is five hours behind.
 */
void series_check(const char *start, const char *rule, const char *days);

#endif
