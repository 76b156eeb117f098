/* /readyz while changes cannot be saved, and when they can again; /healthz does not mind. */
#include "deadline.h"
#include "fixture.h"
#include "scrape.h"
#include "user.h"

#include <sqlite3.h>

/* The status of a reply to anybody; the detail of a problem is looked for the word. */
static int status_of(const char *path, const char *word)
{
	struct client client;
	struct reply reply;

	ck_assert(client_open(&client, h.port));
	ck_assert(client_call(&client, &reply, "GET", path, NULL, NULL, NULL));
	int status = reply.status;

	if (status >= 400) {
		ck_assert_str_eq(
			reply_find_header(&reply, "Content-Type"), "application/problem+json");
		ck_assert_ptr_nonnull(strstr(reply.body, word));
		ck_assert_ptr_nonnull(reply_find_header(&reply, "X-Request-Id"));
		ck_assert_ptr_nonnull(reply_find_header(&reply, "Retry-After"));
	}
	ck_assert_str_eq(reply_find_header(&reply, "Cache-Control"), "no-store");
	reply_free(&reply);
	client_close(&client);
	return status;
}

static bool becomes(int status, const char *word)
{
	for (long until = deadline_in(HARNESS_DEADLINE_MS); deadline_in(0) < until;
		deadline_pause())
		if (status_of("/readyz", word) == status)
			return true;
	return false;
}

START_TEST(a_held_database_is_not_ready)
{
	struct client client;
	struct user user;
	sqlite3 *other;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "ann"));
	ck_assert_int_eq(status_of("/readyz", ""), 200);
	ck_assert_int_eq(sqlite3_open(h.database, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_busy_timeout(other, 10000), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);

	/* What waits for the file is in flight, and nobody else waits for it. */
	ck_assert(client_open(&client, h.port));
	ck_assert(user_send_task(&client, &user, "Sleep"));
	ck_assert(scrape_until(&h, "todo_http_requests_in_flight", 2));
	ck_assert(becomes(503, "could not be written"));
	ck_assert_int_eq(status_of("/healthz", ""), 200);

	ck_assert_int_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(other), SQLITE_OK);
	ck_assert(becomes(200, ""));
	ck_assert_int_ne(user_read_status(&client, "POST"), 0);
	client_close(&client);
	ck_assert(client_open(&client, h.port));
	ck_assert_int_gt(user_post(&client, &user, "Wake"), 0);
	client_close(&client);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, a_held_database_is_not_ready);
}

int main(void)
{
	return check_main("ready", add);
}
