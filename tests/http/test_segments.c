/*
 * However a stream is cut into segments, and however many requests one segment has: each request
 * gets its reply, in order. And a client that has sent all may close its side.
 */
#include "fixture.h"
#include "user.h"

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

#define MANY 200
#define STREAM_MOST (256 << 10)

static struct user ann;
static char stream[STREAM_MOST];
static size_t length;

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	length = 0;
}

/* Add a request to the stream: its head up to the framing, and what follows that. */
static void add_request(const char *method, const char *path, const char *rest)
{
	length += (size_t)snprintf(stream + length, sizeof(stream) - length,
		"%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s", method, path,
		ann.token, rest);
}

static void add_task(int number)
{
	char rest[128], body[64];
	int size = snprintf(body, sizeof(body), "{\"name\":\"%d\"}", number);

	snprintf(rest, sizeof(rest), "Content-Length: %d\r\n\r\n%s", size, body);
	add_request("POST", ann.tasks, rest);
}

static void add_chunked_task(int number)
{
	char rest[256], body[64];
	int size = snprintf(body, sizeof(body), "{\"name\":\"%d\"}", number);

	snprintf(rest, sizeof(rest),
		"Transfer-Encoding:\tchunked\r\n\r\n1;a\r\n{\r\n%x ; b=\"c\"\r\n%s\r\n0\r\nX: "
		"y\r\nHost: z\r\n\r\n",
		size - 1, body + 1);
	add_request("POST", ann.tasks, rest);
}

/* Requests of all kinds, whose replies come from the loop and from other threads. */
static void add_mixture(int count)
{
	for (int i = 0; i < count; i++) {
		add_task(2 * i);
		add_request("GET", "/nothing", "\r\n");
		add_chunked_task(2 * i + 1);
		add_request("HEAD", "/api/v1", "\r\n");
		add_request("PROPFIND", ann.tasks, "X:\ty\r\n\r\n");
		add_request("GET", ann.tasks, "\r\n");
	}
}

static void expect_task(struct client *client, int number)
{
	struct reply reply;
	json_t *posted;
	const char *name;

	ck_assert(client_read(client, "POST", &reply));
	ck_assert_int_eq(reply.status, 201);
	posted = json_loads(reply.body, 0, NULL);
	name = json_string_value(json_object_get(json_object_get(posted, "task"), "name"));
	ck_assert_ptr_nonnull(name);
	ck_assert_int_eq(atoi(name), number);
	json_decref(posted);
	reply_free(&reply);
}

/* The list has all that was posted before it, and nothing that was posted after it. */
static void expect_list(struct client *client, size_t count)
{
	struct reply reply;
	json_t *listed;

	ck_assert(client_read(client, "GET", &reply));
	ck_assert_int_eq(reply.status, 200);
	listed = json_loadb(reply.body, reply.body_size, 0, NULL);
	ck_assert_uint_eq(json_array_size(json_object_get(listed, "tasks")), count);
	json_decref(listed);
	reply_free(&reply);
}

static void expect_replies(struct client *client, int count)
{
	for (int i = 0; i < count; i++) {
		expect_task(client, 2 * i);
		ck_assert_int_eq(user_read_status(client, "GET"), 404);
		expect_task(client, 2 * i + 1);
		ck_assert_int_eq(user_read_status(client, "HEAD"), 200);
		ck_assert_int_eq(user_read_status(client, "PROPFIND"), 405);
		expect_list(client, 2 * (size_t)i + 2);
	}
}

static void expect_mixture(struct client *client, int count)
{
	expect_replies(client, count);
	ck_assert_uint_eq(client->used, 0); /* and nothing more */
}

START_TEST(many_requests_in_one_piece)
{
	struct client client;

	add_mixture(MANY / 5);
	ck_assert(client_open(&client, h.port));
	ck_assert(client_send(&client, stream, length));
	expect_mixture(&client, MANY / 5);
	client_close(&client);
}
END_TEST

START_TEST(segments_of_a_few_bytes)
{
	static const size_t sizes[] = { 1, 2, 3, 7, 97 };
	struct client client;

	add_mixture(2);
	ck_assert(client_open(&client, h.port));
	for (size_t at = 0; at < length; at += sizes[_i])
		ck_assert(client_send(
			&client, stream + at, length - at < sizes[_i] ? length - at : sizes[_i]));
	expect_mixture(&client, 2);
	client_close(&client);
}
END_TEST

/* Some are edited before they are refused, and become shorter or longer. */
static const struct {
	const char *method, *rest;
} refused[] = {
	{ "GET", "Bad header\r\n\r\n" },
	{ "PROPFIND", "X:\t\t\t\ty\r\nBad header\r\n\r\n" },
	{ "B", "Bad header\r\n\r\n" },
	{ "POST", "Transfer-Encoding: chunked\r\n\r\n1;aaaaaa\r\n{\r\n0\r\nX: y\r\nBad\r\n" },
};

START_TEST(a_refusal_comes_behind_the_replies_before_it)
{
	struct client client;

	add_mixture(2);
	add_request(refused[_i].method, "/api/v1", refused[_i].rest);
	add_task(99); /* which is not read */
	ck_assert(client_open(&client, h.port));
	ck_assert(client_send(&client, stream, length));
	expect_replies(&client, 2);
	ck_assert_int_eq(user_read_status(&client, "GET"), 400);
	ck_assert(client_drain(&client));
	ck_assert_uint_eq(client.used, 0);
	client_close(&client);
	ck_assert(client_open(&client, h.port));
	length = 0;
	add_request("GET", ann.tasks, "\r\n");
	ck_assert(client_send(&client, stream, length));
	expect_list(&client, 4);
	client_close(&client);
}
END_TEST

#define WAITING 200

/* The waiting input has become longer by edits, and more comes after it. */
START_TEST(requests_that_grow_while_they_wait)
{
	struct client client;

	ck_assert(client_open(&client, h.port));
	ck_assert(user_send(&client, NULL, "POST", "/api/v1/accounts/login",
		"{\"username\":\"ann\",\"password\":\"" HARNESS_PASSWORD "\"}"));
	for (int i = 0; i < WAITING; i++) {
		length = (size_t)snprintf(stream, sizeof(stream),
			"B / HTTP/1.1\r\nHost:%slocalhost\r\n\r\n", i % 2 == 0 ? "" : "\t\t");
		ck_assert(client_send(&client, stream, 5));
		ck_assert(client_send(&client, stream + 5, length - 5));
	}
	ck_assert_int_eq(user_read_status(&client, "POST"), 200);
	for (int i = 0; i < WAITING; i++)
		ck_assert_int_eq(user_read_status(&client, "B"), 405);
	client_close(&client);
}
END_TEST

/* A client that has closed its side gets the last replies. */
START_TEST(half_closed_and_answered)
{
	struct client client;

	add_mixture(1 + _i * 10);
	ck_assert(client_open(&client, h.port));
	ck_assert(client_send(&client, stream, length));
	ck_assert_int_eq(shutdown(client.fd, SHUT_WR), 0);
	expect_mixture(&client, 1 + _i * 10);
	ck_assert_msg(client_drain(&client), "the server does not close its side");
	client_close(&client);
}
END_TEST

/* A password is hashed meanwhile. */
START_TEST(half_closed_at_login)
{
	struct client client;

	ck_assert(client_open(&client, h.port));
	ck_assert(user_send(&client, NULL, "POST", "/api/v1/accounts/login",
		"{\"username\":\"ann\",\"password\":\"" HARNESS_PASSWORD "\"}"));
	ck_assert_int_eq(shutdown(client.fd, SHUT_WR), 0);
	ck_assert_int_eq(user_read_status(&client, "POST"), 200);
	ck_assert(client_drain(&client));
	client_close(&client);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, fixture_teardown);
	tcase_add_test(test_case, many_requests_in_one_piece);
	tcase_add_loop_test(test_case, segments_of_a_few_bytes, 0, 5);
	tcase_add_loop_test(test_case, a_refusal_comes_behind_the_replies_before_it, 0,
		(int)CHECK_COUNT(refused));
	tcase_add_test(test_case, requests_that_grow_while_they_wait);
	tcase_add_loop_test(test_case, half_closed_and_answered, 0, 2);
	tcase_add_test(test_case, half_closed_at_login);
}

int main(void)
{
	return check_main("segments", add);
}
