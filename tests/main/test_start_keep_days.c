/* How many days changes are to be kept: what is not such a number is refused. */
#include "refusal.h"

#include <stdio.h>

static const char *const wrong_days[] = { "-1", "x", "36501", "", "1.5", " 1", "1d", "+1", "0x10",
	"18446744073709551616" };

START_TEST(wrong_days_are_refused)
{
	char assignment[64];

	refusal_expect(WORDS("--keep-days", wrong_days[_i]), NULL, REFUSED_WORDS, "--help");
	if (*wrong_days[_i] != '\0') { /* an empty one stands for none */
		snprintf(assignment, sizeof(assignment), "TODO_KEEP_DAYS=%s", wrong_days[_i]);
		refusal_expect(NULL, WORDS(assignment), REFUSED_WORDS, "--help");
	}
	refusal_expect(WORDS("--keep-days"), NULL, REFUSED_WORDS, "--help");
	ck_assert_int_eq(folder_count(), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, wrong_days_are_refused, 0, CHECK_COUNT(wrong_days));
}

int main(void)
{
	return check_main("start_keep_days", add);
}
