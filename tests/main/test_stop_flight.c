/*
 * What is in flight when the signal comes: it is finished, and its connection with it. And the
 * second signal, which waits for nothing.
 */
#include "base/buffer.h"
#include "bulk.h"
#include "deadline.h"
#include "fixture.h"
#include "scrape.h"
#include "transfer.h"
#include "user.h"

#include <signal.h>
#include <stdio.h>

#define LINES 300000 /* of an import that takes its time */

/* The server has seen the signal: nobody gets in any more. */
static void wait_for_stop(void)
{
	struct client client;
	long until = deadline_in(HARNESS_DEADLINE_MS);

	while (client_open(&client, h.port)) {
		client_close(&client);
		ck_assert_int_lt(deadline_in(0), until);
	}
}

/* A reply on another connection, so that whatever was sent before it has been read. */
static void wait_for_read(void)
{
	ck_assert_double_ge(scrape_value(&h, "todo_http_requests_in_flight"), 1);
}

static void read_last(struct client *client, const char *method, int status, struct reply *reply)
{
	ck_assert(client_read(client, method, reply));
	ck_assert_int_eq(reply->status, status);
	ck_assert_str_eq(reply_find_header(reply, "Connection"), "close");
	ck_assert(client_drain(client));
}

START_TEST(who_is_in_the_middle_may_end)
{
	static const char ready[] = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n";
	static const char task[] = "Content-Type: application/json\r\n"
				   "Content-Length: 16\r\n\r\n{\"name\":";
	struct client ready_client, task_client;
	struct user user;
	struct reply reply;
	char head[512];

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "ann"));
	ck_assert(client_open(&ready_client, h.port) && client_open(&task_client, h.port));
	int length = snprintf(head, sizeof(head),
		"POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s", user.tasks,
		user.token, task);

	ck_assert(client_send(&ready_client, ready, sizeof(ready) - 1));
	ck_assert(client_send(&task_client, head, (size_t)length));
	wait_for_read();
	ck_assert_int_eq(kill(h.pid, SIGTERM), 0);
	wait_for_stop();

	ck_assert(client_send(&ready_client, "\r\n", 2));
	read_last(&ready_client, "GET", 503, &reply);
	ck_assert_ptr_nonnull(strstr(reply.body, "stopping"));
	reply_free(&reply);
	ck_assert(client_send(&task_client, "\"Sleep\"}", 8));
	read_last(&task_client, "POST", 201, &reply);
	reply_free(&reply);
	ck_assert_int_eq(harness_stop(&h, 0), 0);
	client_close(&ready_client);
	client_close(&task_client);
}
END_TEST

START_TEST(a_long_reply_is_finished)
{
	struct client client;
	struct user user;
	struct reply reply;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "ann"));
	bulk_fill(&h, &user);
	ck_assert(client_open(&client, h.port));
	ck_assert(user_send(&client, &user, "GET", user.tasks, NULL));
	ck_assert(client_fill(&client, deadline_in(HARNESS_DEADLINE_MS)));
	ck_assert_uint_lt(client.used, BULK_TASKS * BULK_NOTE / 2);
	ck_assert_int_eq(kill(h.pid, SIGTERM), 0);
	wait_for_stop();
	ck_assert(client_read(&client, "GET", &reply));
	ck_assert(reply.complete);
	ck_assert_uint_gt(reply.body_size, BULK_TASKS * BULK_NOTE);
	ck_assert(client_drain(&client));
	ck_assert_int_eq(harness_stop(&h, 0), 0);
	reply_free(&reply);
	client_close(&client);
}
END_TEST

static char *many_lines(void)
{
	struct buffer file = { 0 };

	for (int i = 0; i < LINES; i++)
		buffer_add_format(&file, "(A) task %d with a name +tag due:2030-01-01\n", i);
	buffer_add(&file, "", 1);
	return file.data;
}

static const int signals[] = { SIGTERM, SIGINT };

/* The import would go on for longer; nobody was told that it is done, and it is not. */
START_TEST(the_second_signal_does_not_wait)
{
	struct client client;
	struct user user;
	struct exchange exchange = { &client, &user, 0, "" };
	struct reply reply;
	char *file = many_lines();

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "ann"));
	ck_assert(client_open(&client, h.port));
	ck_assert(transfer_send(&exchange, "todo.txt", file));
	ck_assert(scrape_until(&h, "todo_http_requests_in_flight", 2));
	ck_assert_int_eq(kill(h.pid, SIGTERM), 0);
	wait_for_stop();
	ck_assert_int_eq(harness_stop(&h, signals[_i]), EXIT_FAILURE);
	ck_assert(!client_read(&client, "POST", &reply));
	ck_assert_int_eq(reply.status, 0);
	reply_free(&reply);
	client_close(&client);

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
	json_t *tasks = user_list(&client, &user);

	ck_assert_uint_eq(json_array_size(tasks), 0);
	json_decref(tasks);
	client_close(&client);
	free(file);
}
END_TEST

/* Two at once are two, however late the server looks. */
START_TEST(two_signals_at_once_are_two)
{
	struct client client;
	struct user user;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "ann"));
	ck_assert(client_open(&client, h.port));
	ck_assert(client_send(&client, "GET /", 5)); /* which would be waited for */
	wait_for_read();
	ck_assert_int_eq(kill(h.pid, SIGTERM), 0);
	ck_assert_int_eq(harness_stop(&h, SIGINT), EXIT_FAILURE);
	client_close(&client);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, who_is_in_the_middle_may_end);
	tcase_add_test(test_case, a_long_reply_is_finished);
	tcase_add_loop_test(test_case, the_second_signal_does_not_wait, 0, CHECK_COUNT(signals));
	tcase_add_test(test_case, two_signals_at_once_are_two);
}

int main(void)
{
	return check_main("stop_flight", add);
}
