/* A server with nothing to do: how often it wakes the processor. */
#include "deadline.h"
#include "fixture.h"
#include "user.h"
#include "vitals.h"

#define WINDOW_SECONDS 4
#define WINDOWS 8 /* at first there is work that a start leaves for later */

/* Nothing is written there any more: it only waits. */
static void wait_window(void)
{
	deadline_poll(h.out, 0, deadline_in(WINDOW_SECONDS * 1000));
}

/* The fewest wake-ups of all threads in one of the windows. */
static unsigned long fewest_wakes(void)
{
	unsigned long fewest = WINDOW_SECONDS + 1, before = vitals_waits(h.pid);

	for (int i = 0; i < WINDOWS && fewest > WINDOW_SECONDS; i++) {
		wait_window();
		unsigned long now = vitals_waits(h.pid);
		if (i == 0 || now - before < fewest)
			fewest = now - before;
		before = now;
	}
	return fewest;
}

START_TEST(idle_server_wakes_once_a_second_at_most)
{
	struct client client;
	struct user ann;

	ck_assert(harness_start(&h, NULL, NULL));
	if (_i > 0) { /* it has served, and its clients are gone */
		ck_assert(user_make(&h, &ann, "ann"));
		ck_assert(client_open(&client, h.port));
		ck_assert_int_gt(user_post(&client, &ann, "Sleep"), 0);
		ck_assert_int_eq(user_list_status(&client, &ann), 200);
		client_close(&client);
	}
	unsigned long wakes = fewest_wakes();
	ck_assert_msg(wakes <= WINDOW_SECONDS, "it woke %lu times in %d s", wakes, WINDOW_SECONDS);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, idle_server_wakes_once_a_second_at_most, 0, 2);
}

int main(void)
{
	return check_main("idle", add);
}
