/*
 * The main() of every test program: one suite, one case, run forked or (CK_FORK=no) in one process.
 */
#ifndef TESTS_CHECK_MAIN_H
#define TESTS_CHECK_MAIN_H

#include <check.h>
#include <stdint.h>
#include <stdlib.h>

#define CHECK_SECONDS 120 /* of one test, in the slowest of the sanitizer builds */
#define CHECK_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ck_assert_msg() for the inside of long loops: it costs nothing where the condition holds. */
#define CHECK_THAT(condition, ...)                                                                 \
	do {                                                                                       \
		if (!(condition))                                                                  \
			ck_abort_msg(__VA_ARGS__);                                                 \
	} while (0)

/* The next of a fixed sequence, so that a failure comes again; the state begins as any but 0. */
static inline uint64_t check_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Run the tests that add() puts into the case; what main() returns. To run none is a failure. */
static inline int check_main(const char *name, void (*add)(TCase *))
{
	Suite *suite = suite_create(name);
	TCase *test_case = tcase_create(name);
	SRunner *runner;
	int run, failed;

	tcase_set_timeout(test_case, CHECK_SECONDS);
	add(test_case);
	suite_add_tcase(suite, test_case);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	run = srunner_ntests_run(runner);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return run > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
