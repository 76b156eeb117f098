/*
 * What a run that is refused has to look like: nothing on standard output, one line on standard
 * error, and the exit status that tells why.
 */
#ifndef TESTS_REFUSAL_H
#define TESTS_REFUSAL_H

#include "fixture.h"

#define REFUSED_WORDS 2 /* a wrong option or command */
#define REFUSED_WORLD 1 /* a port, a file or a folder that is not as it should be */

/* Runs the binary to its end and expects it to refuse, with `word` in the line that says why. */
static inline void refusal_expect(
	const char *const *arguments, const char *const *environment, int status, const char *word)
{
	struct harness_result result = harness_run(&h, arguments, environment);

	ck_assert_msg(result.status == status, "exit status %d, not %d; it said: %s%s",
		result.status, status, result.out, result.err);
	ck_assert_str_eq(result.out, "");
	ck_assert_msg(strlen(result.err) > 1, "not a word on standard error");
	ck_assert_ptr_eq(strchr(result.err, '\n'), result.err + strlen(result.err) - 1);
	ck_assert_msg(strstr(result.err, word), "'%s' is not in: %s", word, result.err);
	harness_result_free(&result);
}

#endif
