/*
 * Ten thousand connections at once, from many addresses: each gets its replies, also after all of
 * them were idle, and none costs more than a little memory.
 */
#include "deadline.h"
#include "fixture.h"
#include "user.h"
#include "vitals.h"

#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define MANY 10000
#define FILES (MANY + 100)
#define ADDRESSES 20 /* so that each has fewer than one may have */
#define MEMORY_MOST (((size_t)12 << 10) * VITALS_FACTOR) /* of a connection */

static struct client clients[MANY];
static const char request[] = "GET /api/v1 HTTP/1.1\r\nHost: localhost\r\n\r\n";

/* Both this process and the server, which has the same limit, need a file for each. */
static void raise_limit(void)
{
	struct rlimit files;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
	ck_assert_msg(files.rlim_max >= FILES,
		"%d connections need as many files, and this machine allows %llu (ulimit -Hn)",
		MANY, (unsigned long long)files.rlim_max);
	files.rlim_cur = files.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
}

/* Read one reply, up to the end of its JSON object, and drop it. */
static void expect_answer(const struct client *client)
{
	long until = deadline_in(CLIENT_DEADLINE_MS);
	static char bytes[8192];
	size_t used = 0;

	do {
		ck_assert_msg(deadline_poll(client->fd, POLLIN, until), "no answer");
		ssize_t n = recv(client->fd, bytes + used, sizeof(bytes) - used, 0);
		ck_assert_msg(n > 0, "the connection is closed");
		used += (size_t)n;
	} while (bytes[used - 1] != '}');
	ck_assert_int_eq(strncmp(bytes, "HTTP/1.1 200 ", 13), 0);
}

/* All send a request, and then all get their reply. */
static void ask_all(void)
{
	for (int i = 0; i < MANY; i++)
		ck_assert(client_send(&clients[i], request, sizeof(request) - 1));
	for (int i = 0; i < MANY; i++)
		expect_answer(&clients[i]);
}

START_TEST(ten_thousand_connections)
{
	size_t before, after;
	struct user ann;
	struct client one;

	raise_limit();
	ck_assert(harness_start(&h, NULL, VITALS_ENVIRONMENT));
	ck_assert(user_make(&h, &ann, "ann"));
	before = vitals_memory(h.pid);
	for (int i = 0; i < MANY; i++)
		ck_assert_msg(client_open_from(&clients[i], 1 + i % ADDRESSES, h.port), "%d", i);
	ask_all();
	after = vitals_memory(h.pid);
	ck_assert_msg(
		after < before + MANY * MEMORY_MOST, "%zu bytes each", (after - before) / MANY);
	ck_assert_uint_ge(vitals_files(h.pid), MANY);
	ck_assert(client_open(&one, h.port)); /* and one more, who has work to do */
	ck_assert_int_gt(user_post(&one, &ann, "one of many"), 0);
	client_close(&one);
	ask_all();
	for (int i = 0; i < MANY; i++)
		client_close(&clients[i]);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, ten_thousand_connections);
}

int main(void)
{
	return check_main("many", add);
}
