/*
 * A proxy that the server was not told of: what it says of its clients does not count, and the log
 * says so, once.
 */
#include "fixture.h"

#include <signal.h>

#define PATH "/api/v1"
#define FORWARDED "X-Forwarded-For: 203.0.113.7\r\n"
#define TIMES 5

static const struct {
	const char *proxies, *headers;
	int lines;
} rows[] = {
	{ "", FORWARDED, 1 },
	{ "192.0.2.1", FORWARDED, 1 },
	{ "", "X-Forwarded-For: nonsense\r\n", 1 },
	{ "", NULL, 0 },
	{ "", "X-Forwarded-Host: localhost\r\n", 0 },
	{ "127.0.0.1", FORWARDED, 0 },
};

static int count_lines(const char *word)
{
	char *log = harness_log(&h);
	int count = 0;

	ck_assert_ptr_nonnull(log);
	for (char *at = log; (at = strstr(at, word)) != NULL; at++)
		count++;
	free(log);
	return count;
}

START_TEST(unknown_proxy_is_warned_of_once)
{
	struct client client;

	ck_assert(harness_start(&h,
		WORDS("--port", "0", "--db", h.database, "--trusted-proxy", rows[_i].proxies),
		NULL));
	ck_assert(client_open(&client, h.port));
	for (int n = 0; n < TIMES; n++) {
		struct reply reply;

		ck_assert(client_call(&client, &reply, "GET", PATH, rows[_i].headers, NULL, NULL));
		ck_assert_int_eq(reply.status, 200);
		reply_free(&reply);
	}
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert_int_eq(count_lines("X-Forwarded-For"), rows[_i].lines);
	ck_assert_int_eq(count_lines("203.0.113.7 names"), 0);
	ck_assert_int_eq(count_lines("127.0.0.1 names"), rows[_i].lines);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, unknown_proxy_is_warned_of_once, 0, CHECK_COUNT(rows));
}

int main(void)
{
	return check_main("proxy unknown", add);
}
