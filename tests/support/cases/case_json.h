/*
 * Compares a reply's JSON with what a case file expects of it: completely, members in whatever
 * order. In the expected JSON a string may be a placeholder, <kind> or <name:kind>; the latter
 * keeps the value as a variable. The kinds: any, string, integer, boolean, date (RFC 3339 in UTC),
 * now (a date of this hour), month (one in 30 days), token (at least 43 characters that can stand
 * in an Authorization header). An expected object with the member "..." may have further members.
 */
#ifndef TESTS_CASE_JSON_H
#define TESTS_CASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include "case_text.h"

/* false: they differ, and the first difference is written to `why` as one line. */
bool case_json_match(
	struct case_variables *variables, const json_t *expected, const json_t *got, FILE *why);

#endif
