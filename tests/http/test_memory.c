/* The memory of a server: what long answers took comes back. */
#include "bulk.h"
#include "one_user.h"
#include "vitals.h"

#define LISTS 4 /* of 12 MB each */
#define GROWTH_MOST ((size_t)8 << 20)

START_TEST(long_answers_give_their_memory_back)
{
	long until;
	size_t before, now;

	ck_assert(harness_start(&h, NULL, VITALS_ENVIRONMENT));
	ck_assert(user_make(&h, &user, "ann"));
	one_user_connect();
	ck_assert_int_eq(user_list_status(&client, &user), 200);
	before = vitals_memory(h.pid);
	bulk_fill(&h, &user);
	for (int i = 0; i < LISTS; i++)
		ck_assert_int_eq(user_list_status(&client, &user), 200);
	until = deadline_in(HARNESS_DEADLINE_MS);
	while ((now = vitals_memory(h.pid)) > before + GROWTH_MOST * VITALS_FACTOR) {
		ck_assert_msg(deadline_in(0) < until, "%zu bytes, and before %zu", now, before);
		deadline_pause();
	}
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, one_user_setup, fixture_teardown);
	tcase_add_test(test_case, long_answers_give_their_memory_back);
}

int main(void)
{
	return check_main("memory", add);
}
