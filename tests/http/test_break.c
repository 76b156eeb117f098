/*
 * A long reply that breaks off ends with a reset, so that no client takes it for the whole: to
 * HTTP/1.0 a clean close is the end of the body. A whole reply ends cleanly.
 */
#include "deadline.h"
#include "fixture.h"
#include "rough.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#define TASKS 200  /* 12 MB: the store is done with them long before the client is */
#define HUGE 700   /* 42 MB: more than the server keeps for a client */
#define NOTE 60000 /* bytes of each task's note, at least */
#define CROWD 10   /* clients that do not read; of the huge list not so many may wait */
#define SOON 20	   /* a list that a socket nearly holds */

static struct user ann;
static const char *const versions[] = { "1.0", "1.1" };

static void start(int tasks)
{
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	rough_fill(&h, &ann, tasks);
}

/* Ask for the list, and wait until it begins to come, without reading it. */
static void ask(struct client *client, const char *version)
{
	char request[512];
	int size = snprintf(request, sizeof(request),
		"GET %s HTTP/%s\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n", ann.tasks,
		version, ann.token);

	ck_assert(rough_open_narrow(client, h.port));
	ck_assert(client_send(client, request, (size_t)size));
	ck_assert(deadline_poll(client->fd, POLLIN, deadline_in(CLIENT_DEADLINE_MS)));
}

static void expect_reset(struct client *client, int tasks)
{
	size_t size = 0;
	int end = rough_read_end(client, &size);

	ck_assert_uint_lt(size, (size_t)tasks * NOTE);
	ck_assert_msg(end == ECONNRESET, "%d after %zu bytes", end, size);
}

/* The server is killed, or gives the client ten seconds and then ends. */
static const struct {
	int signal;
	int status;
} stops[] = { { SIGKILL, 128 + SIGKILL }, { SIGTERM, 0 } };

START_TEST(stop_resets_what_is_not_whole)
{
	struct client client[CHECK_COUNT(versions)];

	start(TASKS);
	for (size_t i = 0; i < CHECK_COUNT(versions); i++)
		ask(&client[i], versions[i]);
	ck_assert_int_eq(harness_stop(&h, stops[_i].signal), stops[_i].status);
	for (size_t i = 0; i < CHECK_COUNT(versions); i++)
		expect_reset(&client[i], TASKS);
	for (size_t i = 0; i < CHECK_COUNT(versions); i++)
		client_close(&client[i]);
}
END_TEST

/* Wait for a broken connection: the first of them. */
static struct client *find_broken(struct client *client, int count)
{
	long until = deadline_in(CLIENT_DEADLINE_MS);

	for (int i = 0;; i = (i + 1) % count) {
		struct pollfd ready = { .fd = client[i].fd };

		if (poll(&ready, 1, 0) > 0 && (ready.revents & POLLERR) != 0)
			return &client[i];
		ck_assert_int_lt(deadline_in(0), until);
		deadline_pause();
	}
}

/* Of the clients that do not read, the one that has waited longest is ended for the others. */
START_TEST(who_gives_way_is_reset)
{
	struct client client[CROWD];

	start(HUGE);
	for (int i = 0; i < CROWD; i++)
		ask(&client[i], versions[i % 2]);
	expect_reset(find_broken(client, CROWD), HUGE);
	for (int i = 0; i < CROWD; i++)
		client_close(&client[i]);
}
END_TEST

/* The whole reply has come, and its end is no error, also not for the next request. */
START_TEST(whole_reply_ends_cleanly)
{
	const char *version = versions[_i];
	struct client client;
	struct reply reply;
	size_t size = 0;

	start(SOON);
	ask(&client, version);
	if (_i == 0) {
		ck_assert_int_eq(rough_read_end(&client, &size), 0);
		ck_assert_uint_gt(size, (size_t)SOON * NOTE);
	} else {
		ck_assert(client_read(&client, "GET", &reply));
		ck_assert(reply.complete);
		reply_free(&reply);
		ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
		ck_assert_int_eq(rough_read_end(&client, &size), 0);
		ck_assert_uint_eq(size, 0);
	}
	client_close(&client);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, stop_resets_what_is_not_whole, 0, CHECK_COUNT(stops));
	tcase_add_test(test_case, who_gives_way_is_reset);
	tcase_add_loop_test(test_case, whole_reply_ends_cleanly, 0, CHECK_COUNT(versions));
}

int main(void)
{
	return check_main("break", add);
}
