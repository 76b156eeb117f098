/*
 * Clients that send, or ask for, more than any use needs: the server's memory stays limited, and
 * others are served.
 */
#include "deadline.h"
#include "fixture.h"
#include "rough.h"
#include "vitals.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)
#define FLOOD (64 * MIB)
#define GROWTH_MOST (24 * MIB * VITALS_FACTOR) /* of the server, in a flood */

static struct user ann;
static size_t before; /* the server's memory */

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, VITALS_ENVIRONMENT));
	ck_assert(user_make(&h, &ann, "ann"));
	before = vitals_memory(h.pid);
}

static void expect_little_memory(size_t most)
{
	size_t now = vitals_memory(h.pid);

	ck_assert_msg(now < before + most, "%zu MiB more", (now - before) / MIB);
}

static void expect_well(void)
{
	struct client client;

	ck_assert(client_open(&client, h.port));
	ck_assert_int_gt(user_post(&client, &ann, "small"), 0);
	client_close(&client);
}

#define HEAD "GET /api/v1 HTTP/1.1\r\nHost: localhost\r\n"
#define POST "POST /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\n"

/* The beginning of a stream, what then comes without an end, and the status of its refusal. */
static const struct {
	const char *begins, *flood;
	int status;
} endless[] = {
	{ "GET /", "aaaaaaaaaaaaaaaa", 414 },
	{ "", "aaaaaaaaaaaaaaaa", 414 },
	{ HEAD "X: ", "aaaaaaaaaaaaaaaa", 431 },
	{ HEAD, "X: a\r\nY: b\r\n", 431 },
	{ HEAD, "aaaaaaaaaaaaaaaa", 431 },
	{ POST "Transfer-Encoding: chunked\r\n\r\n", "0000000000000000", 400 },
	{ POST "Transfer-Encoding: chunked\r\n\r\n", "10\r\n0123456789abcdef\r\n", 413 },
	{ POST "Transfer-Encoding: chunked\r\n\r\n", "1;a\r\nx\r\n", 431 },
	{ POST "Transfer-Encoding: chunked\r\n\r\n1;", "aaaaaaaaaaaaaaaa", 431 },
	{ POST "Transfer-Encoding: chunked\r\n\r\n1;a=\"", "; = aaaaaaaaaaaa", 431 },
	{ POST "Transfer-Encoding: chunked\r\n\r\n0", "                ", 431 },
	{ POST "Transfer-Encoding: chunked\r\n\r\n0\r\n", "X: a\r\n", 431 },
	{ POST "Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", "aaaaaaaaaaaaaaaa", 431 },
	{ HEAD "X:", "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t", 431 },
	{ POST "Content-Length: 100000000\r\n\r\n", "aaaaaaaaaaaaaaaa", 413 },
};

#define ENDLESS (int)CHECK_COUNT(endless)

static void flood_begin(struct client *client, int which)
{
	const char *begins = endless[which].begins, *flood = endless[which].flood;

	ck_assert(client_open(client, h.port));
	ck_assert(client_send(client, begins, strlen(begins)));
	rough_push(client, flood, strlen(flood), 2 * MIB);
}

static void flood_end(struct client *client, int which)
{
	struct reply reply;

	ck_assert_msg(client_read(client, "GET", &reply), "%d is not refused", which);
	ck_assert_msg(reply.status == endless[which].status, "%d: %d", which, reply.status);
	reply_free(&reply);
	ck_assert_msg(client_drain(client), "%d goes on for ever", which);
	client_close(client);
}

START_TEST(what_does_not_end)
{
	unsigned long ticks = vitals_ticks(h.pid);
	struct client clients[ENDLESS];

	for (int i = 0; i < ENDLESS; i++)
		flood_begin(&clients[i], i);
	expect_little_memory(GROWTH_MOST);
	for (int i = 0; i < ENDLESS; i++)
		flood_end(&clients[i], i);
	ck_assert_uint_lt(vitals_ticks(h.pid) - ticks, 5 * (unsigned long)sysconf(_SC_CLK_TCK));
	expect_well();
}
END_TEST

/* Requests that are sent on a connection whose first one does not end. */
static void push_requests(struct client *client)
{
	rough_push(client, HEAD "\r\n", strlen(HEAD "\r\n"), FLOOD);
	expect_little_memory(GROWTH_MOST);
	expect_well();
	client_close(client);
}

/* A reply that is written at once, and one that is streamed; neither is read. */
START_TEST(input_behind_a_reply_that_is_not_read)
{
	struct client client;
	int tasks = _i == 0 ? 3 : 100;

	rough_fill(&h, &ann, tasks);
	before = vitals_memory(h.pid) + (size_t)tasks * 60000;
	ck_assert(rough_open_narrow(&client, h.port));
	ck_assert(user_send(&client, &ann, "GET", ann.tasks, NULL));
	ck_assert(deadline_poll(client.fd, POLLIN, deadline_in(CLIENT_DEADLINE_MS)));
	push_requests(&client);
}
END_TEST

#define LOGIN                                                                                      \
	"POST /api/v1/accounts/login HTTP/1.1\r\nHost: localhost\r\n"                               \
	"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
#define CHUNKS 5000 /* of a byte each; what is read of one may take a kilobyte */
#define CHUNKS_MOST (1 * MIB * VITALS_FACTOR)

static void wait_for_turn(struct client *other)
{
	struct reply reply;

	ck_assert(client_call(other, &reply, "GET", "/healthz", NULL, NULL, NULL));
	reply_free(&reply);
}

/* Each is read on its own, and others get replies in between. Their cost is that of their bytes. */
START_TEST(chunks_that_come_one_by_one)
{
	static const char chunk[] = "\r\n1\r\na";
	struct client client, other;
	struct reply reply;

	ck_assert(client_open(&other, h.port));
	ck_assert(client_open(&client, h.port));
	ck_assert(client_send(&client, LOGIN, strlen(LOGIN)));
	for (int i = 0; i < CHUNKS; i++) {
		if (i == CHUNKS / 10)
			before = vitals_memory(h.pid);
		ck_assert(client_send(
			&client, i == 0 ? chunk + 2 : chunk, strlen(chunk) - (i == 0 ? 2 : 0)));
		wait_for_turn(&other);
	}
	expect_little_memory(CHUNKS_MOST);
	ck_assert(client_send(&client, "\r\n0\r\n\r\n", 7));
	ck_assert(client_read(&client, "POST", &reply));
	ck_assert_int_eq(reply.status, 400); /* it is no JSON */
	reply_free(&reply);
	expect_well();
	client_close(&client);
	client_close(&other);
}
END_TEST

static void send_login(struct client *client)
{
	ck_assert(client_open(client, h.port));
	ck_assert(user_send(client, NULL, "POST", "/api/v1/accounts/login",
		"{\"username\":\"ann\",\"password\":\"" HARNESS_PASSWORD "\"}"));
}

#define LOGINS 16 /* before it, so that its own takes long: passwords are hashed one by one */

START_TEST(input_behind_a_request_at_work)
{
	struct client others[LOGINS], client;

	for (int i = 0; i < LOGINS; i++)
		send_login(&others[i]);
	send_login(&client);
	push_requests(&client);
	for (int i = 0; i < LOGINS; i++)
		client_close(&others[i]);
}
END_TEST

#define LIST_TASKS 400 /* 24 MB: each reply fits into what one stream may leave unsent */
#define CROWD 40
#define UNSENT_MOST (380 * MIB * VITALS_FACTOR) /* of a GB that they ask for */

/* No client reads: together they do not get the memory. One that reads gets its list. */
START_TEST(many_long_replies_that_are_not_read)
{
	struct client crowd[CROWD], reader;
	size_t most = 0;
	long until;

	rough_fill(&h, &ann, LIST_TASKS);
	before = vitals_memory(h.pid);
	for (int i = 0; i < CROWD; i++) {
		ck_assert(rough_open_narrow(&crowd[i], h.port));
		ck_assert(user_send(&crowd[i], &ann, "GET", ann.tasks, NULL));
	}
	until = deadline_in(5000);
	while (deadline_in(0) < until) {
		size_t now = vitals_memory(h.pid);

		most = now > most ? now : most;
		client_fill(&crowd[0], deadline_in(0)); /* this one reads a little */
		ck_assert_int_gt(poll(NULL, 0, 20) + 1, 0);
	}
	ck_assert_uint_gt(most, before + 100 * MIB); /* or it is no test */
	ck_assert_msg(most < before + UNSENT_MOST, "%zu MiB more", (most - before) / MIB);
	ck_assert(client_open(&reader, h.port));
	reader.deadline_ms = 120000;
	ck_assert_int_eq(user_list_status(&reader, &ann), 200);
	client_close(&reader);
	expect_well();
	for (int i = 0; i < CROWD; i++)
		client_close(&crowd[i]);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, fixture_teardown);
	tcase_add_test(test_case, what_does_not_end);
	tcase_add_test(test_case, chunks_that_come_one_by_one);
	tcase_add_loop_test(test_case, input_behind_a_reply_that_is_not_read, 0, 2);
	tcase_add_test(test_case, input_behind_a_request_at_work);
	tcase_add_test(test_case, many_long_replies_that_are_not_read);
}

int main(void)
{
	return check_main("flood", add);
}
