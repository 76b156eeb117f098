/*
 * Clients that are slow on purpose, all at once, for as long as the longest of their deadlines:
 * those that hold a connection by dripping are ended, and those that are only slow are not.
 */
#include "deadline.h"
#include "fixture.h"
#include "rough.h"
#include "vitals.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#define TASKS 200 /* their list is 12 MB: more than the sockets' own buffers take */
#define ROUND_MS 250
#define LAST_MS 100000	 /* far more than any of them is given */
#define FEW_BYTES 30	 /* a round: 4 KB in 30 seconds, told to the server 8 KB at a time */
#define PACED_BYTES 1024 /* a round: 120 KiB in 30 seconds */

enum { LINE, HEADERS, BODY, CHUNK, HALF_CHUNK, DRIPS };

static struct user ann;

/* How each drip begins, and which bytes follow one by one. */
static const struct {
	const char *name, *begins, *drips;
} drips[DRIPS] = {
	[LINE] = { "a request line", "GET /", "a" },
	[HEADERS] = { "headers", "GET / HTTP/1.1\r\nHost: localhost\r\nX: ", "a" },
	[BODY] = { "a body",
		"POST /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n"
		"\r\n",
		" " },
	[CHUNK] = { "chunks",
		"POST /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
		"chunked\r\n\r\n",
		"1\r\n \r\n" },
	[HALF_CHUNK] = { "a chunk",
		"POST /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
		"chunked\r\n\r\n1000\r\n",
		" " },
};

/* How many of these connections the server has not closed. */
static int held(const struct client *clients, int count)
{
	int held = 0;

	for (int i = 0; i < count; i++)
		held += vitals_holds(h.pid, h.port, clients[i].fd);
	return held;
}

static struct client dripping[DRIPS];
static long ended[DRIPS]; /* when; 0: it has not */

static void drips_begin(void)
{
	for (int i = 0; i < DRIPS; i++) {
		ck_assert(client_open(&dripping[i], h.port));
		ck_assert(client_send(&dripping[i], drips[i].begins, strlen(drips[i].begins)));
	}
}

/* One more byte on each that is still open. */
static void drips_fall(void)
{
	for (int i = 0; i < DRIPS; i++) {
		if (ended[i] != 0)
			continue;
		client_send(&dripping[i], drips[i].drips, strlen(drips[i].drips));
		if (dripping[i].used > 0 || dripping[i].closed)
			ended[i] = deadline_in(0);
	}
}

/* Each is told why. Headers have a third of the time of a whole request. */
static void drips_check(long begun)
{
	long headers = ended[HEADERS] - begun;

	for (int i = 0; i < DRIPS; i++) {
		struct reply reply;
		long took = ended[i] - begun;

		ck_assert_msg(ended[i] != 0, "%s may drip for ever", drips[i].name);
		ck_assert_msg(client_read(&dripping[i], "POST", &reply), "%s", drips[i].name);
		ck_assert_msg(reply.status == 408, "%s: %d", drips[i].name, reply.status);
		reply_free(&reply);
		ck_assert(client_drain(&dripping[i]));
		client_close(&dripping[i]);
		if (i == LINE || i == HEADERS)
			ck_assert_msg(took > 9000 && took < headers * 3 / 2, "%s: %ld ms",
				drips[i].name, took);
		else
			ck_assert_msg(took > 2 * headers && took < 4 * headers, "%s: %ld ms",
				drips[i].name, took);
	}
}

/* Readers of the long list: they read nothing of it, too little, or enough. */
enum { NOTHING, FEW, PACED, READERS };

static struct client readers[READERS];

static void readers_begin(void)
{
	for (int i = 0; i < READERS; i++) {
		ck_assert(rough_open_narrow(&readers[i], h.port));
		ck_assert(user_send(&readers[i], &ann, "GET", ann.tasks, NULL));
	}
}

static size_t taken; /* by the reader that takes enough */

static void readers_read(void)
{
	char bytes[PACED_BYTES];
	ssize_t n;

	recv(readers[FEW].fd, bytes, FEW_BYTES, MSG_DONTWAIT);
	n = recv(readers[PACED].fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	taken += n > 0 ? (size_t)n : 0;
}

/* The one that was slow, but not too slow, gets all of it once it reads on. */
static void paced_check(void)
{
	struct client *client = &readers[PACED];

	ck_assert(client_drain(client) || client->used > 0);
	ck_assert_uint_gt(client->used + taken, (size_t)TASKS * 60000);
	ck_assert_int_eq(memcmp(client->input + client->used - 5, "0\r\n\r\n", 5), 0);
}

/* The reply broke off, and its client notices. */
static void cut_check(struct client *client)
{
	size_t size = 0;

	ck_assert_int_eq(rough_read_end(client, &size), ECONNRESET);
	ck_assert_uint_lt(size, (size_t)TASKS * 60000);
}

/* A connection without a request is closed after six times as long as headers may take. */
static void quiet_check(struct client *client, long begun)
{
	long headers = ended[HEADERS] - begun;

	client->deadline_ms = LAST_MS;
	ck_assert(client_drain(client));
	long took = deadline_in(0) - begun;
	ck_assert_uint_eq(client->used, 0);
	ck_assert_msg(took > 5 * headers && took < 8 * headers, "%ld ms", took);
	client_close(client);
}

START_TEST(slow_clients_of_all_kinds)
{
	struct client idle, quiet;
	long begun, until;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	rough_fill(&h, &ann, TASKS);
	ck_assert(client_open(&idle, h.port));
	ck_assert_int_eq(user_list_status(&idle, &ann), 200);
	ck_assert(client_open(&quiet, h.port));
	ck_assert_int_eq(user_list_status(&quiet, &ann), 200);
	readers_begin();
	begun = deadline_in(0);
	until = begun + LAST_MS;
	drips_begin();
	do {
		readers_read();
		client_fill(&idle, deadline_in(ROUND_MS)); /* nothing comes: a pause */
		drips_fall();
	} while (held(dripping, DRIPS) + held(readers, PACED) > 0 && deadline_in(0) < until);
	drips_check(begun);
	ck_assert_int_eq(held(readers, PACED), 0);
	ck_assert_int_eq(held(&readers[PACED], 1), 1);
	cut_check(&readers[NOTHING]);
	cut_check(&readers[FEW]);
	readers[PACED].deadline_ms = 3000;
	paced_check();
	ck_assert(!idle.closed);
	ck_assert_int_eq(user_list_status(&idle, &ann), 200);
	client_close(&idle);
	quiet_check(&quiet, begun);
	for (int i = 0; i < READERS; i++)
		client_close(&readers[i]);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, slow_clients_of_all_kinds);
}

int main(void)
{
	return check_main("slow", add);
}
