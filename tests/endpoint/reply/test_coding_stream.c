/*
 * Very long replies in gzip, and clients that take them slowly, in part, or not at all.
 */
#include "coded.h"
#include "deadline.h"
#include "fixture.h"
#include "rough.h"
#include "scrape.h"
#include "vitals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>

/* Under a sanitizer, which slows everything, fewer. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MANY 20000
#else
#define MANY 100000
#endif

#define NOTE 60000
#define TASKS 200 /* with such notes, which coded are 9 MB: more than sockets hold */
#define HUGE 840  /* 38 MB: more than the server keeps for a client */
#define KEPT ((size_t)32 << 20)
#define PATIENCE_MS 200000

static struct user ann;
static const char *const versions[] = { "1.0", "1.1" };

static void start(int tasks, size_t note)
{
	ck_assert(harness_start(&h, NULL, VITALS_ENVIRONMENT));
	ck_assert(user_make(&h, &ann, "ann"));
	coded_fill(&h, &ann, tasks, note);
}

static void ask(struct client *client, const char *version, const char *headers)
{
	char request[512];
	int size = snprintf(request, sizeof(request),
		"GET %s HTTP/%s\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n",
		ann.tasks, version, ann.token, headers);

	client->deadline_ms = PATIENCE_MS;
	ck_assert(client_send(client, request, (size_t)size));
}

/* Ask through a small window, and wait until the reply begins to come, without reading it. */
static void ask_narrow(struct client *client, const char *version)
{
	ck_assert(rough_open_narrow(client, h.port));
	ask(client, version, CODED_HEADER);
	ck_assert(deadline_poll(client->fd, POLLIN, deadline_in(PATIENCE_MS)));
}

static void expect_same(const struct reply *coded, const struct reply *plain)
{
	size_t size;
	char *decoded = coded_decode(coded, &size);

	ck_assert_ptr_nonnull(decoded);
	ck_assert_uint_eq(size, plain->body_size);
	ck_assert_int_eq(memcmp(decoded, plain->body, size), 0);
	free(decoded);
}

/* The list as it is, from a connection of its own. */
static void read_plain(struct reply *plain)
{
	struct client client;

	ck_assert(client_open(&client, h.port));
	ask(&client, "1.1", "");
	ck_assert(client_read(&client, "GET", plain));
	ck_assert(!coded_is(plain));
	client_close(&client);
}

START_TEST(very_many_tasks_are_the_same)
{
	struct client client;
	struct reply coded, plain;

	start(MANY, 0);
	read_plain(&plain);
	for (size_t i = 0; i < CHECK_COUNT(versions); i++) {
		ck_assert(client_open(&client, h.port));
		ask(&client, versions[i], CODED_HEADER);
		ck_assert(client_read(&client, "GET", &coded));
		ck_assert(coded.complete && coded_is(&coded));
		expect_same(&coded, &plain);
		ck_assert_uint_le(coded.body_size * 2, plain.body_size);
		reply_free(&coded);
		client_close(&client);
	}
	reply_free(&plain);
}
END_TEST

/*
 * Until the server has so much memory. Meanwhile the client reads a little each second, so that it
 * is not ended for reading nothing.
 */
static void wait_for_memory(struct client *client, size_t memory)
{
	long until = deadline_in(PATIENCE_MS), next = deadline_in(1000);

	while (vitals_memory(h.pid) < memory) {
		ck_assert_int_lt(deadline_in(0), until);
		if (deadline_in(0) > next) {
			client_fill(client, deadline_in(1));
			next = deadline_in(1000);
		}
		deadline_pause();
	}
}

/* From now on it takes more at once. */
static void widen(struct client *client)
{
	int window = 1 << 20;

	ck_assert_int_eq(setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof(window)), 0);
}

/* Once the server keeps as much for the client as it may, it waits until the client reads. */
START_TEST(who_reads_late_gets_all_of_it)
{
	struct client client;
	struct reply coded, plain;

	start(HUGE, NOTE);
	/* What the import needed is not there to be used again. */
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert(harness_start(&h, NULL, VITALS_ENVIRONMENT));
	size_t before = vitals_memory(h.pid);
	ask_narrow(&client, "1.1");
	wait_for_memory(&client, before + KEPT);
	ck_assert_int_eq((int)scrape_value(&h, "todo_http_requests_in_flight"), 2);
	widen(&client);
	ck_assert_msg(client_read(&client, "GET", &coded), "%d after %zu bytes, %s", coded.status,
		coded.body_size, client.closed ? "closed" : "open");
	ck_assert_uint_gt(coded.body_size, KEPT);
	client_close(&client);
	read_plain(&plain);
	expect_same(&coded, &plain);
	reply_free(&coded);
	reply_free(&plain);
}
END_TEST

/*
 * The server is killed, or gives the client ten seconds and then ends: no client takes that for the
 * end.
 */
static const struct {
	int signal;
	int status;
} stops[] = { { SIGKILL, 128 + SIGKILL }, { SIGTERM, 0 } };

START_TEST(what_breaks_off_is_reset)
{
	struct client client[CHECK_COUNT(versions)];

	start(TASKS, NOTE);
	for (size_t i = 0; i < CHECK_COUNT(versions); i++)
		ask_narrow(&client[i], versions[i]);
	ck_assert_int_eq(harness_stop(&h, stops[_i].signal), stops[_i].status);
	for (size_t i = 0; i < CHECK_COUNT(versions); i++) {
		size_t size = 0;

		ck_assert_int_eq(rough_read_end(&client[i], &size), ECONNRESET);
		client_close(&client[i]);
	}
}
END_TEST

/*
 * Clients that go in the middle cost nothing: others are served, and the server ends with all
 * freed.
 */
START_TEST(who_goes_is_forgotten)
{
	struct client client;
	struct reply coded, plain;

	start(TASKS, NOTE);
	for (int i = 0; i < 20; i++) {
		ask_narrow(&client, versions[i % 2]);
		rough_reset(&client);
	}
	ck_assert(client_open(&client, h.port));
	ask(&client, "1.1", CODED_HEADER);
	ck_assert(client_read(&client, "GET", &coded));
	client_close(&client);
	read_plain(&plain);
	expect_same(&coded, &plain);
	reply_free(&coded);
	reply_free(&plain);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 3 * CHECK_SECONDS);
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, very_many_tasks_are_the_same);
	tcase_add_test(test_case, who_reads_late_gets_all_of_it);
	tcase_add_loop_test(test_case, what_breaks_off_is_reset, 0, CHECK_COUNT(stops));
	tcase_add_test(test_case, who_goes_is_forgotten);
}

int main(void)
{
	return check_main("coding_stream", add);
}
