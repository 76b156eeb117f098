/*
 * Exchanges that end anywhere: a reset at every byte of the request and of the reply. The server
 * goes on, and keeps nothing of them.
 */
#include "deadline.h"
#include "fixture.h"
#include "rough.h"
#include "vitals.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>

#define TASKS 20 /* their list is 1.2 MB */
#define EXCHANGE_MOST 2048

static struct user ann;
static char exchange[EXCHANGE_MOST];

static const char *const shapes[] = {
	"GET /api/v1/accounts/ann HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",

	"POST /api/v1/accounts/ann/tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s"
	"\r\nContent-Length: 15\r\n\r\n{\"name\": \"one\"}",

	"POST /api/v1/accounts/ann/tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s"
	"\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"name\":\r\n6\r\n\"two\"}\r\n0\r\n\r\n",

	"POST /api/v1/accounts/ann/tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s"
	"\r\nContent-Length: 17\r\n\r\n{\"name\": \"three\"}GET /api/v1 HTTP/1.1\r\n"
	"Host: localhost\r\n\r\n",

	"GET /api/v1/accounts/ann/tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s"
	"\r\n\r\n",

	"GET /nothing HTTP/1.1\r\nBad header\r\n\r\n%.0s",
};

#define LIST 4 /* the shape that asks for the long list */

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	rough_fill(&h, &ann, TASKS);
}

static void choose(int shape)
{
	snprintf(exchange, sizeof(exchange), shapes[shape], ann.token);
}

/* The server has as many open files as at first, replies, and ends as it should. */
static void expect_as_before(unsigned files)
{
	long until = deadline_in(CLIENT_DEADLINE_MS);
	struct client client;

	while (vitals_files(h.pid) > files)
		ck_assert_msg(deadline_in(0) < until, "connections are left over");
	ck_assert(client_open(&client, h.port));
	ck_assert_int_gt(user_post(&client, &ann, "after"), 0);
	ck_assert_int_eq(user_list_status(&client, &ann), 200);
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}

START_TEST(a_reset_at_each_byte_that_is_sent)
{
	unsigned files = vitals_files(h.pid);

	choose(_i);
	size_t length = strlen(exchange);

	for (size_t sent = 0; sent <= length; sent++) {
		struct client client;

		ck_assert(client_open(&client, h.port));
		ck_assert(client_send(&client, exchange, sent));
		rough_reset(&client);
	}
	expect_as_before(files);
}
END_TEST

/* Read so many bytes of the reply and no more. False: there are not so many. */
static bool read_exactly(struct client *client, size_t count)
{
	static char bytes[1 << 20];

	while (count > 0 && deadline_poll(client->fd, POLLIN, deadline_in(2000))) {
		size_t most = count < sizeof(bytes) ? count : sizeof(bytes);
		ssize_t n = recv(client->fd, bytes, most, 0);

		if (n <= 0)
			return false;
		count -= (size_t)n;
	}
	return count == 0;
}

/* At each byte at first; in a long reply in ever longer steps. */
static size_t next_length(size_t length)
{
	return length < 700 ? length + 7 : length + length / 3;
}

static size_t reply_length(void)
{
	struct client client;
	struct reply reply;
	size_t length;

	ck_assert(client_open(&client, h.port));
	ck_assert(client_send(&client, exchange, strlen(exchange)));
	client_read(&client, "GET", &reply);
	length = reply.head_size + 2 + reply.body_size;
	reply_free(&reply);
	client_close(&client);
	return length;
}

START_TEST(a_reset_at_many_bytes_that_are_read)
{
	unsigned files = vitals_files(h.pid);

	choose(_i);
	size_t length = reply_length();

	ck_assert_uint_gt(length, _i == LIST ? (size_t)TASKS * 60000 : 100);
	for (size_t count = 0; count <= length; count = next_length(count)) {
		struct client client;

		ck_assert(client_open(&client, h.port));
		ck_assert(client_send(&client, exchange, strlen(exchange)));
		ck_assert_msg(read_exactly(&client, count), "%zu of %zu", count, length);
		rough_reset(&client);
	}
	expect_as_before(files);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, fixture_teardown);
	tcase_add_loop_test(test_case, a_reset_at_each_byte_that_is_sent, 0, CHECK_COUNT(shapes));
	tcase_add_loop_test(test_case, a_reset_at_many_bytes_that_are_read, 0, CHECK_COUNT(shapes));
}

int main(void)
{
	return check_main("reset", add);
}
