/*
 * Requests that wait for a large change of their account: each is answered once that has ended, however
 * the word of the end and what the store has seen before it overtake each other. And the owner's ways
 * to end what goes on do not wait.
 */
#include "one_user.h"

#include "base/buffer.h"

#include <poll.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#define LOOKERS 5
#define READERS 4
#define IMPORTED 60000 /* lines: some seconds */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ENDLESS 400000 /* lines: longer than a server that stops has patience */
#define IMPORTS 40
#else
#define ENDLESS 1000000
#define IMPORTS 150
#endif

static atomic_bool stopping;
static atomic_uint unanswered;
static atomic_uint looked[LOOKERS]; /* answers that each of them has had */

/* More than one slice. */
static bool send_import(struct client *to, int lines, const char *query)
{
	struct buffer body = { 0 }, request = { 0 };

	for (int i = 0; i < lines; i++)
		buffer_add_text(&body, TEXT("a\n"));
	buffer_add_format(&request,
		"POST /api/v1/accounts/ann/import?format=todo.txt%s HTTP/1.1\r\nHost: localhost\r\n"
		"Authorization: Bearer %s\r\nContent-Type: text/plain\r\nContent-Length: "
		"%zu\r\n\r\n",
		query, user.token, body.length);
	buffer_add(&request, body.data, body.length);
	bool sent = client_send(to, request.data, request.length);
	buffer_free(&body);
	buffer_free(&request);
	return sent;
}

/* Asks again and again what finds, before it does anything, whether there is a large change. */
static void *look(void *answers)
{
	struct client own;

	if (!client_open(&own, h.port))
		abort();
	while (!atomic_load(&stopping) && send_import(&own, 1, "&dry_run=true") &&
		user_read_status(&own, "POST") == 200)
		atomic_fetch_add((atomic_uint *)answers, 1);
	client_close(&own);
	return NULL;
}

/* Keeps the readers busy, so that what they have seen comes late. */
static void *read_list(void *unused)
{
	char list[128];
	struct client own;

	(void)unused;
	snprintf(list, sizeof(list), "%s?limit=300", user.tasks);
	if (!client_open(&own, h.port))
		abort();
	while (!atomic_load(&stopping))
		if (!user_send(&own, &user, "GET", list, NULL) ||
			user_read_status(&own, "GET") != 200)
			atomic_fetch_add(&unanswered, 1);
	client_close(&own);
	return NULL;
}

/* Nobody ends another large change meanwhile, which would wake those who were forgotten. */
static void wait_for_answers(void)
{
	long until = deadline_in(CLIENT_DEADLINE_MS / 2);

	for (int i = 0; i < LOOKERS; i++) {
		unsigned before = atomic_load(&looked[i]);
		while (atomic_load(&looked[i]) == before) {
			ck_assert_msg(
				deadline_in(0) < until, "a request that waited is not answered");
			deadline_pause();
		}
	}
}

START_TEST(each_is_answered)
{
	pthread_t threads[LOOKERS + READERS];

	one_user_start(NULL);
	atomic_store(&stopping, false);
	for (int i = 0; i < LOOKERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, look, &looked[i]), 0);
	for (int i = LOOKERS; i < LOOKERS + READERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, read_list, NULL), 0);
	for (int i = 0; i < IMPORTS; i++) {
		ck_assert(send_import(&client, 300, ""));
		ck_assert_int_eq(user_read_status(&client, "POST"), 200);
		wait_for_answers();
	}
	atomic_store(&stopping, true);
	for (int i = 0; i < LOOKERS + READERS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(atomic_load(&unanswered), 0);
}
END_TEST

/* Not 0 while a large change is on its way. */
static int64_t bulk_number(void)
{
	sqlite3 *file;
	sqlite3_stmt *stmt;
	int64_t number = 0;

	ck_assert_int_eq(sqlite3_open_v2(h.database, &file, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	sqlite3_busy_timeout(file, ONE_USER_WAIT_MS);
	ck_assert_int_eq(
		sqlite3_prepare_v2(file, "SELECT bulk FROM accounts", -1, &stmt, NULL), SQLITE_OK);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(file);
	return number;
}

/* Each of these comes back while the import of somebody with a token still goes on. */
static const struct remedy {
	const char *method, *resource, *body;
} remedies[] = {
	{ "DELETE", "/sessions", NULL },
	{ "PATCH", "",
		"{\"password\":\"another horse\",\"current_password\":\"" HARNESS_PASSWORD "\"}" },
	{ "DELETE", "", NULL },
};

/* The import is read first. A connection that waited for that might be closed as an idle one. */
static void wait_for_bulk(void)
{
	client_close(&client);
	while (bulk_number() == 0)
		deadline_pause();
	one_user_connect();
}

START_TEST(the_owner_does_not_wait)
{
	const struct remedy *remedy = &remedies[_i];
	struct client importer;
	char target[128];

	one_user_start(NULL);
	snprintf(target, sizeof(target), "/api/v1/accounts/ann%s", remedy->resource);
	ck_assert(client_open(&importer, h.port));
	importer.deadline_ms = 100000;
	ck_assert(send_import(&importer, IMPORTED, ""));
	wait_for_bulk();
	ck_assert(user_send(&client, &user, remedy->method, target, remedy->body));
	ck_assert_int_eq(user_read_status(&client, remedy->method), 200);
	/* Where the account stands, the import is not done yet. */
	if (*remedy->resource != '\0' || remedy->body != NULL)
		ck_assert_int_eq(deadline_poll(importer.fd, POLLIN, deadline_in(0)), 0);
	client_close(&importer);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}
END_TEST

/* The server's patience ends before the import does: nothing was done, and nobody is told so. */
START_TEST(who_waits_when_the_server_closes_is_refused)
{
	struct client importer;
	struct reply reply;

	one_user_start(NULL);
	ck_assert(client_open(&importer, h.port));
	ck_assert(send_import(&importer, ENDLESS, ""));
	wait_for_bulk();
	ck_assert(user_send(&client, &user, "POST", user.tasks, "{\"name\":\"Sleep\"}"));
	ck_assert(scrape_until(&h, "todo_http_requests_in_flight", 3));
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert(client_read(&client, "POST", &reply));
	ck_assert_int_eq(reply.status, 503);
	reply_free(&reply);
	client_close(&importer);
	client_close(&client);
	ck_assert(harness_start(&h, NULL, NULL));
	one_user_connect();
	ck_assert_int_eq(count_tasks(), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, one_user_setup, one_user_teardown);
	tcase_add_test(test_case, each_is_answered);
	tcase_add_loop_test(test_case, the_owner_does_not_wait, 0, CHECK_COUNT(remedies));
	tcase_add_test(test_case, who_waits_when_the_server_closes_is_refused);
}

int main(void)
{
	return check_main("bulk_parked", add);
}
