/*
 * --keep-days and TODO_KEEP_DAYS: which of them counts, from none to a hundred years.
 */
#include "check_main.h"
#include "past.h"

static struct past past;
static struct user ann;

static void setup(void)
{
	past_make(&past);
	ck_assert(user_make(&past.h, &ann, "ann"));
}

static void teardown(void)
{
	past_remove(&past);
}

/* Changes of eleven days, of nine, and of now: what is kept with this option and environment. */
static void expect_days(const char *days, const char *const *environment, int64_t oldest)
{
	past_make_changes(&past, &ann, 3);
	past_stop(&past);
	past_set(&past, "UPDATE accounts SET searched = 0");
	past_set_changed(&past, &ann, 2, "9 days");
	past_set_changed(&past, &ann, 1, "11 days");
	past_start_keeping(&past, days, environment);
	past_expect_kept(&past, &ann, oldest, 3);
	past_await_words(&past); /* in the same step: what is to go has gone */
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM changes"), 4 - oldest);
}

static const struct {
	const char *days;
	const char *environment[2];
	int64_t oldest;
} settings[] = {
	{ NULL, { NULL }, 1 },
	{ "10", { NULL }, 2 },
	{ "1", { NULL }, 3 },
	{ "36500", { NULL }, 1 },
	{ NULL, { "TODO_KEEP_DAYS=10" }, 2 },
	{ NULL, { "TODO_KEEP_DAYS=" }, 1 },
	{ "10", { "TODO_KEEP_DAYS=1" }, 2 },
	{ "1", { "TODO_KEEP_DAYS=36500" }, 3 },
};

START_TEST(days_are_as_set)
{
	expect_days(settings[_i].days, settings[_i].environment, settings[_i].oldest);
}
END_TEST

/* Who follows the changes has to be at the newest one. */
START_TEST(no_day_keeps_nothing)
{
	past_stop(&past);
	past_start_keeping(&past, "0", NULL);
	past_expect_kept(&past, &ann, 1, 0);
	past_make_changes(&past, &ann, 3);
	past_expect_kept(&past, &ann, 4, 3);
	past_expect(&past, &ann, "PATCH", "/tasks/1", "{\"name\":\"another\"}", 200);
	past_expect_kept(&past, &ann, 5, 4);
	past_stop(&past);
	past_start_keeping(&past, "0", NULL);
	past_await(&past, 0, "SELECT count(*) FROM changes");
	past_expect_kept(&past, &ann, 5, 4);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks?q=another", "tasks"), 1);
	past_expect(&past, &ann, "POST", "/undo", NULL, 409);
	past_expect(&past, &ann, "PATCH", "/tasks/1", "{\"name\":\"last\"}", 200);
	past_expect_kept(&past, &ann, 6, 5);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, days_are_as_set, 0, CHECK_COUNT(settings));
	tcase_add_test(test_case, no_day_keeps_nothing);
}

int main(void)
{
	return check_main("keep_days_option", add);
}
