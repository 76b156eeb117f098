/*
 * The variables of a case file, and texts that use them: {{name}}, {{repeat:TEXT:TIMES}} and
 * {{hex:00FF}}. The value of a variable may use these as well.
 */
#ifndef TESTS_CASE_TEXT_H
#define TESTS_CASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct case_variables {
	struct case_variable *list;
	size_t count;
};

/* Sets the variable to a copy of the first `size` bytes, which are text. */
void case_variable_set(
	struct case_variables *variables, const char *name, const char *value, size_t size);

/* NULL: there is none of that name. */
const char *case_variable_get(const struct case_variables *variables, const char *name);

void case_variables_free(struct case_variables *variables);

/* Writes the text with all of its {{}} put in. false: one of them means nothing. */
bool case_text_expand(const struct case_variables *variables, const char *text, FILE *out);

/* As bytes with a NUL behind them, to be freed; NULL: one of its {{}} means nothing. */
char *case_text_make(const struct case_variables *variables, const char *text, size_t *size);

/*
 * Whether the value is what the pattern says: each <<name>> in the pattern takes the letters,
 * digits and "._~-" that stand in its place, at least one, as the variable's new value.
 * `part`: whether the value has a part that is.
 */
bool case_text_match(
	struct case_variables *variables, const char *pattern, const char *value, bool part);

/* Whether two comma-separated lists have the same items, in whatever order. */
bool case_list_equal(const char *one, const char *other);

#endif
