/* --idle-seconds: a connection without a request is closed when it has passed, and not before. */
#include "deadline.h"
#include "fixture.h"
#include "user.h"

#define SECONDS 2
#define LATEST_MS 10000 /* far below what is the default */

/* The connection has had no request yet, or has had its reply. */
START_TEST(idle_connection_is_closed)
{
	struct client client;
	struct user ann;
	long begun;

	ck_assert(harness_start(
		&h, WORDS("--port", "0", "--db", h.database, "--idle-seconds", "2"), NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	begun = deadline_in(0);
	ck_assert(client_open(&client, h.port));
	if (_i > 0)
		ck_assert_int_eq(user_list_status(&client, &ann), 200);
	client.deadline_ms = LATEST_MS;
	ck_assert_msg(client_drain(&client), "it is open after %d ms", LATEST_MS);
	ck_assert_uint_eq(client.used, 0);
	ck_assert_msg(
		deadline_in(0) - begun >= 1000 * (SECONDS - 1), "%ld ms", deadline_in(0) - begun);
	client_close(&client);
}
END_TEST

/* The option wins over its variable. */
START_TEST(environment_sets_it)
{
	const char *const *words = WORDS("--port", "0", "--db", h.database, "--idle-seconds", "2");
	struct client client;

	ck_assert(_i == 0 ? harness_start(&h, NULL, WORDS("TODO_IDLE_SECONDS=2"))
			  : harness_start(&h, words, WORDS("TODO_IDLE_SECONDS=3600")));
	ck_assert(client_open(&client, h.port));
	client.deadline_ms = LATEST_MS;
	ck_assert(client_drain(&client));
	client_close(&client);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, idle_connection_is_closed, 0, 2);
	tcase_add_loop_test(test_case, environment_sets_it, 0, 2);
}

int main(void)
{
	return check_main("idle option", add);
}
