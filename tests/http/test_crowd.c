/*
 * More clients than the server may have files for: it takes no more than it can, waits without
 * burning the processor, and serves those that waited as soon as others go.
 */
#include "check_main.h"
#include "fixture.h"

#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#define FILES 300
#define CLIENTS 270 /* the server keeps some of its files for itself */
#define MOMENT_MS 1000

/* Processor time of the server so far, in clock ticks. */
static unsigned long processor_time(void)
{
	unsigned long user, system;
	char name[64];
	FILE *stat;

	snprintf(name, sizeof(name), "/proc/%d/stat", (int)h.pid);
	stat = fopen(name, "r");
	ck_assert_ptr_nonnull(stat);
	ck_assert_int_eq(fscanf(stat, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
				 &user, &system),
		2);
	fclose(stat);
	return user + system;
}

/* Asks, and tells whether a reply comes within the time. */
static bool is_served(struct client *client, int milliseconds)
{
	static const char request[] = "GET /api/v1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct pollfd ready = { .fd = client->fd, .events = POLLIN };

	ck_assert(client_send(client, request, sizeof(request) - 1));
	return poll(&ready, 1, milliseconds) == 1;
}

/* The limit is the test's own too, which has just enough. */
static void start_with_few_files(void)
{
	struct rlimit few = { FILES, FILES };

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	ck_assert(harness_start(&h, NULL, NULL));
}

START_TEST(more_clients_than_files)
{
	struct client clients[CLIENTS];
	unsigned long before;

	start_with_few_files();
	for (int i = 0; i < CLIENTS; i++)
		ck_assert(client_open(&clients[i], h.port));
	ck_assert(is_served(&clients[0], CLIENT_DEADLINE_MS));
	before = processor_time();
	ck_assert(!is_served(&clients[CLIENTS - 1], MOMENT_MS));
	ck_assert_uint_lt((processor_time() - before) * 4, (unsigned long)sysconf(_SC_CLK_TCK));
	for (int i = 0; i < CLIENTS - 1; i++)
		client_close(&clients[i]);
	ck_assert_int_eq(
		poll(&(struct pollfd){ clients[CLIENTS - 1].fd, POLLIN, 0 }, 1, CLIENT_DEADLINE_MS),
		1);
	client_close(&clients[CLIENTS - 1]);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, more_clients_than_files);
}

int main(void)
{
	return check_main("crowd", add);
}
