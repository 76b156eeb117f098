/* A line for each request: what it was, and nothing that was sent. */
#include "bulk.h"
#include "fixture.h"
#include "scrape.h"
#include "user.h"

#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>

#define SECRET "s3cr3t"

static void start(const char *form)
{
	ck_assert(harness_start(&h, WORDS("--port", "0", "--db", h.database, "--log", form), NULL));
}

static const struct row {
	const char *method, *path, *body;
	const char *shown, *route; /* the method and the route that are logged */
	int status;
} rows[] = {
	{ "GET", "/api/v1", NULL, "GET", "/api/v1", 200 },
	{ "HEAD", "/api/v1", NULL, "HEAD", "/api/v1", 200 },
	{ "POST", "/api/v1/accounts/login",
		"{\"username\":\"" SECRET "\",\"password\":\"" SECRET SECRET "\"}", "POST",
		"/api/v1/accounts/login", 401 },
	{ "GET", "/api/v1/accounts/" SECRET "/tasks?q=" SECRET, NULL, "GET",
		"/api/v1/accounts/{username}/tasks", 401 },
	{ "GET", "/" SECRET, NULL, "GET", "-", 404 },
	{ "BREW", "/api/v1", NULL, "-", "-", 405 },
	{ "OPTIONS", "/api/v1", NULL, "OPTIONS", "-", 204 },
};

#define ROWS CHECK_COUNT(rows)

/* What was asked, each with an id of its own; the bytes of the bodies that came back. */
static void ask(size_t bytes[ROWS])
{
	struct client client;

	ck_assert(client_open(&client, h.port));
	for (size_t i = 0; i < ROWS; i++) {
		struct reply reply;
		char header[64];

		snprintf(header, sizeof(header), "X-Request-Id: id-%zu\r\n", i);
		ck_assert(client_call(&client, &reply, rows[i].method, rows[i].path, header,
			"td_" SECRET, rows[i].body));
		ck_assert_int_eq(reply.status, rows[i].status);
		bytes[i] = reply.body_size;
		reply_free(&reply);
	}
	client_close(&client);
}

/* What the server logged until its end, to be freed. */
static char *stop(void)
{
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	char *log = harness_log(&h);

	ck_assert_ptr_null(strstr(log, SECRET));
	return log;
}

START_TEST(text_has_a_line_each)
{
	size_t sent[ROWS];

	start("text");
	ask(sent);
	char *log = stop(), *rest = log;

	for (size_t i = 0; i < ROWS; i++) {
		char method[16], route[64], id[32], address[32], ended[8], last;
		int date[6], status;
		double ms;
		size_t bytes;
		const char *line = strsep(&rest, "\n");

		ck_assert_msg(
			sscanf(line,
				"%4d-%2d-%2dT%2d:%2d:%2dZ %15s %63s %d %lfms %zu %31s %31s "
				"%7s%c",
				&date[0], &date[1], &date[2], &date[3], &date[4], &date[5], method,
				route, &status, &ms, &bytes, id, address, ended, &last) == 14,
			"%s", line);
		ck_assert_str_eq(method, rows[i].shown);
		ck_assert_str_eq(route, rows[i].route);
		ck_assert_int_eq(status, rows[i].status);
		ck_assert_uint_eq(bytes, sent[i]);
		ck_assert_int_eq(atoi(id + 3), (int)i);
		ck_assert_str_eq(address, "127.0.0.1");
		ck_assert_str_eq(ended, "sent");
		ck_assert(ms >= 0 && ms < CHECK_SECONDS * 1000.0);
	}
	ck_assert_str_eq(rest, "");
	free(log);
}
END_TEST

static void json_line_check(json_t *line, size_t i, size_t sent)
{
	const char *method, *route, *id, *address, *ended, *time;
	json_int_t status, bytes;
	double ms;

	ck_assert_int_eq(
		json_unpack(line, "{s:s, s:s, s:s, s:I, s:F, s:I, s:s, s:s, s:s !}", "time", &time,
			"method", &method, "route", &route, "status", &status, "ms", &ms, "bytes",
			&bytes, "id", &id, "address", &address, "end", &ended),
		0);
	ck_assert_uint_eq(strlen(time), strlen("2026-11-22T16:55:00Z"));
	ck_assert_str_eq(method, rows[i].shown);
	ck_assert_str_eq(route, rows[i].route);
	ck_assert_int_eq(status, rows[i].status);
	ck_assert_int_eq(bytes, (json_int_t)sent);
	ck_assert_int_eq(atoi(id + 3), (int)i);
	ck_assert_str_eq(ended, "sent");
}

START_TEST(json_has_the_same)
{
	size_t sent[ROWS];

	start("json");
	ask(sent);
	char *log = stop(), *rest = log;

	for (size_t i = 0; i < ROWS; i++) {
		json_t *line = json_loads(strsep(&rest, "\n"), JSON_REJECT_DUPLICATES, NULL);

		json_line_check(line, i, sent[i]);
		json_decref(line);
	}
	ck_assert_str_eq(rest, "");
	free(log);
}
END_TEST

START_TEST(off_is_off)
{
	size_t sent[ROWS];

	start("off");
	ask(sent);
	char *log = stop();

	ck_assert_str_eq(log, "");
	free(log);
}
END_TEST

/* Refused before there is a request; the id is the client's where it came that far. */
START_TEST(refusals_have_a_line)
{
	static const struct {
		const char *sent, *logged;
	} wrong[] = {
		{ SECRET "\r\n\r\n", " - - 400 " },
		{ "GET /" SECRET " HTTP/3.7\r\n\r\n", " GET - 400 " },
		{ "POST /" SECRET " HTTP/1.1\r\nHost: x\r\nContent-Length: " SECRET "\r\n\r\n",
			" POST - 400 " },
		{ "PUT / HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\n"
		  "Content-Length: 999999999\r\n\r\n",
			" PUT - 413 " },
	};

	start("text");
	for (size_t i = 0; i < CHECK_COUNT(wrong); i++) {
		struct client client;

		ck_assert(client_open(&client, h.port));
		client_send(&client, wrong[i].sent, strlen(wrong[i].sent));
		ck_assert_int_ge(user_read_status(&client, "GET"), 400);
		client_close(&client);
	}
	char *log = stop(), *rest = log;

	for (size_t i = 0; i < CHECK_COUNT(wrong); i++) {
		const char *line = strsep(&rest, "\n");

		ck_assert_msg(strstr(line, wrong[i].logged), "%s", line);
		ck_assert_int_eq(strstr(line, " mine ") != NULL, i == 3);
	}
	ck_assert_str_eq(rest, "");
	free(log);
}
END_TEST

/* The last line of the log that has the word. */
static const char *last_line(char *log, const char *word)
{
	const char *found = NULL;
	char *rest = log;

	for (char *line; (line = strsep(&rest, "\n")) != NULL;)
		if (strstr(line, word) != NULL)
			found = line;
	ck_assert_ptr_nonnull(found);
	return found;
}

START_TEST(a_stream_has_its_line_at_its_end)
{
	static const char begun[] = "HTTP/1.1 200";
	struct client client;
	struct user user;
	struct reply reply;
	size_t whole, bytes;
	char *log, ended[8];

	start("text");
	ck_assert(user_make(&h, &user, "ann"));
	bulk_fill(&h, &user);
	ck_assert(client_open(&client, h.port));
	ck_assert(client_call(&client, &reply, "GET", user.tasks, NULL, user.token, NULL));
	whole = reply.body_size;
	reply_free(&reply);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	client_close(&client);
	log = harness_log(&h);
	const char *line = strstr(last_line(log, "GET /api/v1/accounts/{username}/tasks "), "ms ");

	ck_assert_int_eq(sscanf(line, "ms %zu %*s %*s %7s", &bytes, ended), 2);
	ck_assert_uint_eq(bytes, whole);
	ck_assert_str_eq(ended, "sent");
	free(log);

	/* And of one that its client has left. */
	start("text");
	ck_assert(client_open(&client, h.port));
	ck_assert(user_send(&client, &user, "GET", user.tasks, NULL));
	while (client.used < strlen(begun))
		ck_assert(client_fill(&client, LONG_MAX));
	client_close(&client);
	ck_assert(scrape_until(&h,
		"todo_http_unsent_replies_total{route=\"/api/v1/accounts/{username}/tasks\","
		"method=\"GET\"}",
		1));
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	log = harness_log(&h);
	line = strstr(last_line(log, "GET /api/v1/accounts/{username}/tasks "), "ms ");
	ck_assert_int_eq(sscanf(line, "ms %zu %*s %*s %7s", &bytes, ended), 2);
	ck_assert_str_eq(ended, "gone");
	free(log);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, text_has_a_line_each);
	tcase_add_test(test_case, json_has_the_same);
	tcase_add_test(test_case, off_is_off);
	tcase_add_test(test_case, refusals_have_a_line);
	tcase_add_test(test_case, a_stream_has_its_line_at_its_end);
}

int main(void)
{
	return check_main("access_log", add);
}
