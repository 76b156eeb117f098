/*
 * More clients than the server may have: it accepts no more than it can, waits without using the
 * processor, and clients that only hold a connection lock no one out.
 */
#include "deadline.h"
#include "fixture.h"
#include "user.h"
#include "vitals.h"

#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#define FILES 300
#define CLIENTS 270 /* the server keeps some of its files for itself */
#define MOST 20	    /* connections, where the option says so */
#define MOMENT_MS 1000

static const char request[] = "GET /api/v1 HTTP/1.1\r\nHost: localhost\r\n\r\n";

#define HALF 15 /* bytes of it */

static void ask(struct client *client)
{
	ck_assert(client_send(client, request, sizeof(request) - 1));
}

/* Whether something comes, or the connection ends, within the time. */
static bool is_told(struct client *client, int milliseconds)
{
	return poll(&(struct pollfd){ client->fd, POLLIN, 0 }, 1, milliseconds) == 1;
}

static void expect_status(struct client *client, int status)
{
	struct reply reply;

	ck_assert(client_read(client, "GET", &reply));
	ck_assert_int_eq(reply.status, status);
	reply_free(&reply);
}

static void expect_served(struct client *client)
{
	ask(client);
	expect_status(client, 200);
}

static void start(const char *option, const char *value)
{
	ck_assert(harness_start(&h, WORDS("--port", "0", "--db", h.database, option, value), NULL));
}

/* All connections may come from one address. */
static void start_with(int most)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", most);
	ck_assert(harness_start(&h,
		WORDS("--port", "0", "--db", h.database, "--max-per-address", number,
			most == MOST ? "--max-connections" : NULL, number),
		NULL));
}

/* Clients in the middle of a request: busy ones. */
static void open_busy(struct client *clients, int count)
{
	for (int i = 0; i < count; i++) {
		ck_assert(client_open(&clients[i], h.port));
		ck_assert(client_send(&clients[i], request, HALF));
	}
}

static void close_all(struct client *clients, int count)
{
	for (int i = 0; i < count; i++)
		client_close(&clients[i]);
}

/* While it can accept no client, the server uses next to no processor time. */
static void expect_newcomer_waits(struct client *newcomer)
{
	unsigned long before = vitals_ticks(h.pid);

	ask(newcomer);
	ck_assert(!is_told(newcomer, MOMENT_MS));
	ck_assert_uint_lt((vitals_ticks(h.pid) - before) * 4, (unsigned long)sysconf(_SC_CLK_TCK));
}

/* The limit is also that of this process, which has just enough. */
START_TEST(more_clients_than_files)
{
	struct rlimit few = { FILES, FILES };
	struct client clients[CLIENTS];

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	start_with(FILES);
	open_busy(clients, CLIENTS - 1);
	ck_assert(client_open(&clients[CLIENTS - 1], h.port));
	expect_newcomer_waits(&clients[CLIENTS - 1]);
	close_all(clients, CLIENTS - 1);
	expect_status(&clients[CLIENTS - 1], 200);
	client_close(&clients[CLIENTS - 1]);
}
END_TEST

START_TEST(busy_ones_keep_their_place)
{
	struct client clients[MOST], newcomer;

	start_with(MOST);
	open_busy(clients, MOST);
	ck_assert(client_open(&newcomer, h.port));
	expect_newcomer_waits(&newcomer);
	/* no busy one was closed early, and each is closed after its reply */
	ck_assert(client_send(&clients[0], request + HALF, sizeof(request) - 1 - HALF));
	expect_status(&clients[0], 200);
	ck_assert(client_drain(&clients[0]));
	expect_status(&newcomer, 200);
	for (int i = 1; i < MOST; i++)
		ck_assert(!is_told(&clients[i], 0));
	close_all(clients, MOST);
	client_close(&newcomer);
}
END_TEST

/* They are closed one by one, the longest idle first; a connection with a request stays. */
START_TEST(idle_ones_give_way)
{
	struct client idle[MOST - 2], busy, newcomers[5];

	start_with(MOST);
	open_busy(&busy, 1);
	for (int i = 0; i < MOST - 2; i++) {
		ck_assert(client_open(&idle[i], h.port));
		expect_served(&idle[i]);
	}
	for (int i = 0; i < 5; i++) {
		ck_assert(client_open(&newcomers[i], h.port));
		expect_served(&newcomers[i]);
	}
	for (int i = 0; i < 4; i++)
		ck_assert_msg(client_drain(&idle[i]), "it was longest idle, and stays");
	for (int i = 6; i < MOST - 2; i++)
		ck_assert_msg(!is_told(&idle[i], 0), "others were longer idle than %d", i);
	ck_assert(client_send(&busy, request + HALF, sizeof(request) - 1 - HALF));
	expect_status(&busy, 200);
	close_all(idle, MOST - 2);
	close_all(newcomers, 5);
	client_close(&busy);
}
END_TEST

/* Half of all connections, where no option says how many: half of a request is no idle connection. */
START_TEST(one_address_leaves_room)
{
	struct client busy[MOST / 2], more, other;

	start("--max-connections", "20");
	for (int i = 0; i < MOST / 2; i++) {
		ck_assert(client_open_from(&busy[i], 1, h.port));
		ck_assert(client_send(&busy[i], request, HALF));
	}
	ck_assert(client_open_from(&more, 1, h.port));
	expect_status(&more, 503);
	ck_assert(client_open_from(&other, 2, h.port));
	expect_served(&other);
	close_all(busy, MOST / 2);
	client_close(&more);
	client_close(&other);
}
END_TEST

/* The one too many gets a refusal; clients of other addresses are not affected. */
START_TEST(one_address_has_so_many)
{
	struct client clients[5], more, other;
	long until = deadline_in(CLIENT_DEADLINE_MS);
	bool taken = false;

	start("--max-per-address", "5");
	for (int i = 0; i < 5; i++) {
		ck_assert(client_open_from(&clients[i], 1, h.port));
		expect_served(&clients[i]);
	}
	for (int i = 0; i < 3; i++) {
		ck_assert(client_open_from(&more, 1, h.port));
		expect_status(&more, 503);
		ck_assert(client_drain(&more));
		client_close(&more);
	}
	ck_assert(client_open_from(&other, 2, h.port));
	expect_served(&other);
	client_close(&clients[3]);
	while (!taken && deadline_in(0) < until) { /* that it is gone takes the server a moment */
		ck_assert(client_open_from(&more, 1, h.port));
		client_send(&more, request, sizeof(request) - 1);
		taken = user_read_status(&more, "GET") == 200;
		client_close(&more);
	}
	ck_assert(taken);
	client_close(&other);
	close_all(clients, 5);
}
END_TEST

static unsigned log_lines(void)
{
	char *log = harness_log(&h), *line = log;
	unsigned lines = 0;

	while ((line = strstr(line, "cannot take more connections")) != NULL) {
		line++;
		lines++;
	}
	free(log);
	return lines;
}

/*
 * Files run out earlier than expected: the server does not spin, logs one line, and goes on when
 * there are files again.
 */
START_TEST(no_more_files)
{
	struct client clients[MOST], newcomer;
	struct rlimit now, before;

	ck_assert(harness_start(&h, NULL, NULL));
	open_busy(clients, MOST);
	ck_assert_int_eq(prlimit(h.pid, RLIMIT_NOFILE, NULL, &before), 0);
	now = before;
	now.rlim_cur = 3;
	ck_assert_int_eq(prlimit(h.pid, RLIMIT_NOFILE, &now, NULL), 0);
	ck_assert(client_open(&newcomer, h.port));
	expect_newcomer_waits(&newcomer);
	ck_assert_uint_eq(log_lines(), 1);
	ck_assert_int_eq(prlimit(h.pid, RLIMIT_NOFILE, &before, NULL), 0);
	expect_status(&newcomer, 200);
	ck_assert_uint_eq(log_lines(), 1);
	close_all(clients, MOST);
	client_close(&newcomer);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, more_clients_than_files);
	tcase_add_test(test_case, busy_ones_keep_their_place);
	tcase_add_test(test_case, idle_ones_give_way);
	tcase_add_test(test_case, one_address_has_so_many);
	tcase_add_test(test_case, one_address_leaves_room);
	tcase_add_test(test_case, no_more_files);
}

int main(void)
{
	return check_main("crowd", add);
}
