/* /metrics: what it counts is what was asked, exactly; and not everybody sees it. */
#include "deadline.h"
#include "fixture.h"
#include "scrape.h"
#include "user.h"

#include <stdio.h>
#include <time.h>

#define HEAD_MS 60 /* that a body lets its head wait for it */

static void start(const char *const *more)
{
	const char *arguments[16] = { "--port", "0", "--db", h.database };
	int count = 4;

	while (more != NULL && *more != NULL)
		arguments[count++] = *more++;
	ck_assert(harness_start(&h, arguments, NULL));
}

/* Asks so many times on one connection: the bytes of all bodies. */
static double ask(const char *method, const char *path, int times, int status)
{
	struct client client;
	double bytes = 0;

	ck_assert(client_open(&client, h.port));
	while (times-- > 0) {
		struct reply reply;

		ck_assert(client_call(&client, &reply, method, path, NULL, NULL, NULL));
		ck_assert_int_eq(reply.status, status);
		bytes += (double)reply.body_size;
		reply_free(&reply);
	}
	client_close(&client);
	return bytes;
}

static double grown(const struct prometheus *before, const struct prometheus *after,
	const char *name, const char *labels)
{
	char series[256];

	snprintf(series, sizeof(series), "%s{%s}", name, labels);
	return prometheus_value(after, series) - prometheus_value(before, series);
}

#define ROUTE "/api/v1/accounts/{username}/tasks"
#define LABELS(route, method) "route=\"" route "\",method=\"" method "\""

START_TEST(what_was_asked_is_counted)
{
	static const struct {
		const char *method, *path, *labels;
		int times, status;
	} rows[] = {
		{ "GET", "/api/v1", LABELS("/api/v1", "GET"), 7, 200 },
		{ "HEAD", "/api/v1", LABELS("/api/v1", "HEAD"), 3, 200 },
		{ "GET", "/api/v1/accounts/secret-name/tasks", LABELS(ROUTE, "GET"), 5, 401 },
		{ "GET", "/nowhere/secret-path?secret=query", LABELS("-", "GET"), 4, 404 },
		{ "DELETE", "/api/v1", LABELS("-", "DELETE"), 2, 405 },
		{ "BREW", "/api/v1", LABELS("-", "-"), 6, 405 },
		{ "OPTIONS", "/api/v1", LABELS("-", "OPTIONS"), 2, 204 },
	};
	double bytes[CHECK_COUNT(rows)];

	start(NULL);
	struct prometheus before = scrape(&h);
	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		bytes[i] = ask(rows[i].method, rows[i].path, rows[i].times, rows[i].status);
	struct prometheus after = scrape(&h);

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		char labels[200];
		double times = rows[i].times;

		snprintf(
			labels, sizeof(labels), "%s,status=\"%d\"", rows[i].labels, rows[i].status);
		ck_assert_double_eq(
			grown(&before, &after, "todo_http_requests_total", labels), times);
		ck_assert_double_eq(
			grown(&before, &after, "todo_http_request_duration_seconds_count",
				rows[i].labels),
			times);
		ck_assert_double_gt(grown(&before, &after, "todo_http_request_duration_seconds_sum",
					    rows[i].labels),
			0);
		ck_assert_double_eq(
			grown(&before, &after, "todo_http_reply_bytes_total", rows[i].labels),
			bytes[i]);
		ck_assert_double_eq(
			grown(&before, &after, "todo_http_unsent_replies_total", rows[i].labels),
			0);
	}
	/* The first scrape itself is counted by the second one. */
	ck_assert_double_eq(prometheus_value(&after, "todo_http_requests_total{" LABELS(
							     "/metrics", "GET") ",status=\"200\"}"),
		1);
	ck_assert_double_eq(
		prometheus_value(&after, "todo_http_connections_accepted_total") -
			prometheus_value(&before, "todo_http_connections_accepted_total"),
		CHECK_COUNT(rows) + 1);
	ck_assert_double_eq(prometheus_value(&after, "todo_http_requests_in_flight"), 1);
	for (size_t i = 0; i < after.count; i++)
		ck_assert_ptr_null(strstr(after.samples[i].series, "secret"));
	prometheus_free(&before);
	prometheus_free(&after);
}
END_TEST

START_TEST(refusals_are_counted_apart)
{
	static const char wrong[] = "GET /api/v1 HTTP/1.1\r\nHost: localhost\r\n"
				    "Content-Length: five\r\n\r\n";
	struct client client;
	struct reply reply;

	start(NULL);
	for (int i = 0; i < 3; i++) {
		ck_assert(client_open(&client, h.port));
		ck_assert(client_send(&client, wrong, sizeof(wrong) - 1));
		ck_assert(client_read(&client, "GET", &reply));
		ck_assert_int_eq(reply.status, 400);
		reply_free(&reply);
		client_close(&client);
	}
	ck_assert_double_eq(scrape_value(&h, "todo_http_refusals_total{status=\"400\"}"), 3);
}
END_TEST

/* From the head on, whenever the body comes. */
START_TEST(a_slow_body_is_in_the_duration)
{
	static const char head[] = "POST /api/v1/accounts/login HTTP/1.1\r\nHost: localhost\r\n"
				   "Content-Length: 2\r\n\r\n";
	struct client client;
	struct reply reply;

	start(NULL);
	ck_assert(client_open(&client, h.port));
	ck_assert(client_send(&client, head, sizeof(head) - 1));
	ask("GET", "/healthz", 1, 200);
	for (long until = deadline_in(HEAD_MS); deadline_in(0) < until;)
		ask("GET", "/healthz", 1, 200);
	ck_assert(client_send(&client, "{}", 2));
	ck_assert(client_read(&client, "POST", &reply));
	ck_assert_int_eq(reply.status, 422);
	ck_assert_double_ge(scrape_value(&h, "todo_http_request_duration_seconds_sum{" LABELS(
						     "/api/v1/accounts/login", "POST") "}"),
		(HEAD_MS - 1) / 1000.0);
	reply_free(&reply);
	client_close(&client);
}
END_TEST

START_TEST(sessions_are_those_that_there_are)
{
	struct user ann, ben;

	start(NULL);
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(user_make(&h, &ben, "ben"));
	ck_assert(scrape_until(&h, "todo_sessions", 2));
	ck_assert_double_eq(scrape_value(&h, "todo_sessions"), 2);
}
END_TEST

START_TEST(the_process_is_told_of)
{
	static const char *const some[] = { "process_resident_memory_bytes",
		"process_virtual_memory_bytes", "process_cpu_seconds_total", "process_open_fds",
		"process_max_fds", "todo_build_info{version=\"" TODO_VERSION "\"}" };
	struct prometheus read;

	start(NULL);
	read = scrape(&h);
	for (size_t i = 0; i < CHECK_COUNT(some); i++)
		ck_assert_msg(prometheus_value(&read, some[i]) > 0, "%s", some[i]);
	time_t started = (time_t)prometheus_value(&read, "process_start_time_seconds");

	ck_assert_int_le(started, time(NULL));
	ck_assert_int_gt(started, time(NULL) - CHECK_SECONDS);
	prometheus_free(&read);
}
END_TEST

START_TEST(a_token_is_asked_for)
{
	static const struct {
		const char *token;
		int status;
	} rows[] = {
		{ NULL, 401 },
		{ "", 401 },
		{ "open sesam", 401 },
		{ "open sesame!", 401 },
		{ "OPEN SESAME", 401 },
		{ "open sesame", 200 },
	};
	struct client client;

	start(WORDS("--metrics-token", "open sesame"));
	ck_assert(client_open(&client, h.port));
	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct reply reply;

		ck_assert(
			client_call(&client, &reply, "GET", "/metrics", NULL, rows[i].token, NULL));
		ck_assert_int_eq(reply.status, rows[i].status);
		ck_assert_uint_eq(
			reply_count_header(&reply, "WWW-Authenticate"), rows[i].status == 401);
		reply_free(&reply);
	}
	client_close(&client);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, what_was_asked_is_counted);
	tcase_add_test(test_case, refusals_are_counted_apart);
	tcase_add_test(test_case, a_slow_body_is_in_the_duration);
	tcase_add_test(test_case, sessions_are_those_that_there_are);
	tcase_add_test(test_case, the_process_is_told_of);
	tcase_add_test(test_case, a_token_is_asked_for);
}

int main(void)
{
	return check_main("metrics", add);
}
