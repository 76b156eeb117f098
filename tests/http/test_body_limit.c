/*
 * How long a body may be for each route, how many bytes of large bodies the server takes, in all
 * and of one account, and how long it waits for them.
 */
#include "deadline.h"
#include "fixture.h"
#include "scrape.h"
#include "large_body.h"

#include <stdio.h>

#define MIB ((size_t)1 << 20)
#define ORDINARY MIB
#define BUDGET (256 * MIB)
#define BATCH_MOST (8 * MIB)
#define IMPORT_MOST (64 * MIB)
#define BATCH "/api/v1/accounts/ann/tasks/batch"
#define IMPORT "/api/v1/accounts/ann/import?format=json"
#define CHUNK (MIB / 2)
#define SHARE (BUDGET / 4)
#define FILLERS 4
#define DRIPPING 40
#define SMALL ((size_t)64 << 10)
#define DRIP_MS 50	    /* at least, between two bytes of one */
#define DRIP_MOST_MS 100000 /* far more than any of them is given */
#define EXPECT "Expect: 100-continue\r\n"

static struct user ann;

static const struct limit {
	const char *path;
	size_t most;
} limits[] = { { BATCH, BATCH_MOST }, { IMPORT, IMPORT_MOST } };

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
}

/* The body came whole, and the endpoint has replied; its status depends on what {} means to it. */
static void expect_taken(struct client *client)
{
	int status = user_read_status(client, "POST");

	ck_assert_msg(status == 200 || status == 400 || status == 422, "status %d", status);
}

/* A problem document, and the connection is closed. */
static void expect_refused(struct client *client, int status, const char *retry_after)
{
	struct reply reply;
	const char *header;

	ck_assert(client_read(client, "POST", &reply));
	ck_assert_msg(reply.status == status, "%d, not %d", reply.status, status);
	ck_assert_str_eq(reply_find_header(&reply, "Content-Type"), "application/problem+json");
	ck_assert_str_eq(reply_find_header(&reply, "Connection"), "close");
	header = reply_find_header(&reply, "Retry-After");
	ck_assert_str_eq(header != NULL ? header : "", retry_after);
	ck_assert(client_drain(client));
	reply_free(&reply);
	client_close(client);
}

/* Announce a body and wait for the reply to that: 100, or the status of a refusal. */
static int announce(struct client *client, const char *method, const char *path, size_t length)
{
	long until = deadline_in(CLIENT_DEADLINE_MS);
	int status = 0;

	ck_assert(client_open(client, h.port));
	large_body_head(client, &ann, method, path, length, EXPECT);
	while (client->used < strlen("HTTP/1.1 100") && client_fill(client, until))
		;
	ck_assert(client->used > 0 && sscanf(client->input, "HTTP/1.1 %3d", &status) == 1);
	return status;
}

START_TEST(a_body_of_the_limit_is_taken)
{
	const struct limit *limit = &limits[_i];
	struct client client;

	ck_assert(client_open(&client, h.port));
	for (int i = 0; i < 2; i++) { /* and it is the same for the next on the connection */
		large_body_head(&client, &ann, "POST", limit->path, limit->most, "");
		large_body_piece(&client, limit->most, true, true);
		expect_taken(&client);
		large_body_chunked(&client, &ann, limit->path);
		for (size_t at = 0; at < limit->most; at += CHUNK)
			large_body_chunk(&client, CHUNK, at == 0, at + CHUNK == limit->most);
		ck_assert(client_send(&client, "0\r\n\r\n", 5));
		expect_taken(&client);
	}
	client_close(&client);
}
END_TEST

/* As early as possible: by a length at once, in chunks before the data of the one too many. */
START_TEST(one_byte_more_is_refused)
{
	const struct limit *limit = &limits[_i];
	struct client client;

	ck_assert(client_open(&client, h.port));
	large_body_head(&client, &ann, "POST", limit->path, limit->most + 1, "");
	expect_refused(&client, 413, "");

	ck_assert(client_open(&client, h.port));
	large_body_chunked(&client, &ann, limit->path);
	large_body_size(&client, limit->most + 1);
	expect_refused(&client, 413, "");

	ck_assert(client_open(&client, h.port));
	large_body_chunked(&client, &ann, limit->path);
	large_body_chunk(&client, limit->most, true, true);
	large_body_size(&client, 1);
	expect_refused(&client, 413, "");
}
END_TEST

/* The route and the method decide, however the target is spelled. */
START_TEST(the_route_decides)
{
	static const struct {
		const char *method, *path;
		int status;
	} rows[] = {
		{ "POST", BATCH "/", 100 },
		{ "POST", "/api/v1/accounts/nobody/tasks/b%61tch", 100 },
		{ "POST", "http://localhost" BATCH, 100 },
		{ "POST", "http://localhost" IMPORT, 100 },
		{ "POST", "/api/v1/accounts/b%2Fatch/tasks/batch", 413 },
		{ "POST", "/?/api/v1/accounts/ann/tasks/batch", 413 },
		{ "POST", "/api/v1/accounts/ann/tasks", 413 },
		{ "POST", "/api/v1/accounts/ann/tasks?/batch", 413 },
		{ "POST", BATCH "/batch", 413 }, { "POST", "/nothing", 413 },
		{ "POST", "http://localhost/", 413 }, { "PUT", BATCH, 413 },
		{ "PATCH", BATCH, 413 }, { "OPTIONS", BATCH, 413 },
		{ "post", BATCH, 413 }, { "PROPFIND", BATCH, 413 },
		{ "TRACE", BATCH, 400 }, /* which has no body */
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		struct client client;
		int status = announce(&client, rows[i].method, rows[i].path, ORDINARY + 1);

		ck_assert_msg(status == rows[i].status, "%s %s: %d", rows[i].method, rows[i].path,
			status);
		client_close(&client);
	}
}
END_TEST

/* Begin an import of the greatest length, and send so many bytes of it. */
static void import_begin(struct client *client, const struct user *user, size_t bytes)
{
	ck_assert(client_open(client, h.port));
	large_body_head(client, user, "POST", IMPORT, IMPORT_MOST, "");
	large_body_piece(client, bytes, true, false);
}

#define RECEIVED "todo_http_received_bytes_total"

/*
 * Wait until the server has received so many bytes of bodies since it had received so many. The
 * requests for the metrics count too; one more of them makes sure that the last bytes were read
 * before it.
 */
static void await_received(double before, size_t bytes)
{
	ck_assert(scrape_until(&h, RECEIVED, before + (double)bytes));
	scrape_value(&h, RECEIVED);
}

/* A batch of this length is accepted, or refused because there is no room. */
static int batch_status(const struct user *user, size_t length)
{
	struct client client;
	int status;

	ck_assert(client_open(&client, h.port));
	large_body_head(&client, user, "POST", "/api/v1/accounts/nobody/tasks/batch", length, "");
	large_body_piece(&client, length, true, true);
	status = user_read_status(&client, "POST");
	client_close(&client);
	return status;
}

#define TAKEN 404 /* it came whole: there is no such account */

/* A body that has ended makes room, if not at the same moment. */
static void expect_room(const struct user *user)
{
	long until = deadline_in(CLIENT_DEADLINE_MS);
	int status;

	while ((status = batch_status(user, 2 * MIB)) == 503)
		ck_assert_msg(deadline_in(0) < until, "what was held is not released");
	ck_assert_int_eq(status, TAKEN);
}

/* Bytes that have come take room. */
static void expect_no_room(const struct user *user)
{
	ck_assert_int_eq(batch_status(user, 2 * MIB), 503);
}

/* Only large bodies wait. */
static void expect_small(const struct user *user)
{
	struct client client;

	ck_assert_int_eq(batch_status(user, SMALL), TAKEN);
	ck_assert(client_open(&client, h.port));
	ck_assert_int_gt(user_post(&client, user, "small"), 0);
	client_close(&client);
}

/* A body that is announced and does not come takes no room. */
START_TEST(what_is_announced_takes_no_room)
{
	struct client clients[DRIPPING];
	struct user bob;

	ck_assert(user_make(&h, &bob, "bob"));
	for (int i = 0; i < DRIPPING; i++)
		import_begin(&clients[i], &ann, 1);
	ck_assert_int_eq(batch_status(&bob, 2 * MIB), TAKEN);
	ck_assert_int_eq(batch_status(&ann, 2 * MIB), TAKEN);
	ck_assert_int_eq(batch_status(&bob, BATCH_MOST), TAKEN);
	for (int i = 0; i < DRIPPING; i++)
		client_close(&clients[i]);
}
END_TEST

START_TEST(an_account_has_a_share_of_the_room)
{
	struct client clients[FILLERS], more;
	struct user bob;

	ck_assert(user_make(&h, &bob, "bob"));
	for (int round = 0; round < 2; round++) {
		double before = scrape_value(&h, RECEIVED);
		for (size_t i = 0; i < FILLERS; i++)
			import_begin(&clients[i], &ann, SHARE / FILLERS);
		await_received(before, SHARE);
		expect_no_room(&ann);
		expect_small(&ann);
		ck_assert_int_eq(batch_status(&bob, 2 * MIB), TAKEN);
		import_begin(&more, &bob, SHARE - MIB);
		ck_assert(!client_fill(&more, deadline_in(0)) && !more.closed);
		client_close(&more);
		client_close(&clients[0]); /* one has gone in the middle */
		expect_room(&ann);
		for (size_t i = 1; i < FILLERS; i++)
			client_close(&clients[i]);
	}
}
END_TEST

/* All the room is taken; bodies that are not large are still accepted. */
START_TEST(all_accounts_share_the_room)
{
	struct client clients[BUDGET / SHARE];
	struct user users[BUDGET / SHARE];
	double before = scrape_value(&h, RECEIVED);

	for (size_t i = 0; i < BUDGET / SHARE; i++) {
		char name[16];
		snprintf(name, sizeof(name), "user%zu", i);
		ck_assert(user_make(&h, &users[i], name));
		import_begin(&clients[i], &users[i], SHARE - 1);
	}
	await_received(before, BUDGET - BUDGET / SHARE);
	expect_no_room(&ann);
	expect_small(&ann);
	client_close(&clients[0]);
	expect_room(&ann);
	for (size_t i = 1; i < BUDGET / SHARE; i++)
		client_close(&clients[i]);
}
END_TEST

/* Send a byte of white space, and see for a while whether a reply comes. */
static bool has_ended(struct client *client, bool drips)
{
	if (drips)
		client_send(client, " ", 1);
	return client->used > 0 || client_fill(client, deadline_in(DRIP_MS));
}

/* Uploads that begin together; those after SHORT_DRIP last the longest. */
enum { ORDINARY_DRIP, SILENCE, SHORT_DRIP, LONG_DRIP, CHUNKED_DRIP, DRIPS };

static void drips_begin(struct client clients[DRIPS])
{
	static const size_t lengths[CHUNKED_DRIP] = { ORDINARY, IMPORT_MOST, ORDINARY + 1,
		IMPORT_MOST };

	for (int i = 0; i < DRIPS; i++)
		ck_assert(client_open(&clients[i], h.port));
	for (int i = 0; i < CHUNKED_DRIP; i++)
		large_body_head(&clients[i], &ann, "POST", IMPORT, lengths[i], "");
	large_body_chunked(&clients[CHUNKED_DRIP], &ann, IMPORT);
	large_body_chunk(&clients[CHUNKED_DRIP], ORDINARY, true, false);
	large_body_size(&clients[CHUNKED_DRIP], 16 * MIB);
}

START_TEST(a_slow_body_has_time_by_its_length)
{
	struct client clients[DRIPS];
	bool ended[DRIPS] = { false };
	long until = deadline_in(DRIP_MOST_MS);

	drips_begin(clients);
	while (!ended[SHORT_DRIP] && deadline_in(0) < until) {
		for (int i = 0; i < DRIPS; i++)
			ended[i] = ended[i] || has_ended(&clients[i], i != SILENCE);
		ck_assert_msg(!ended[SHORT_DRIP] || (ended[ORDINARY_DRIP] && ended[SILENCE]),
			"a large body that comes slowly has no more time than another");
	}
	for (int i = 0; i <= SHORT_DRIP; i++)
		expect_refused(&clients[i], 408, "");
	for (int i = SHORT_DRIP + 1; i < DRIPS; i++) {
		ck_assert_msg(!ended[i], "a longer body has no more time than a shorter one");
		client_close(&clients[i]);
	}
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, fixture_teardown);
	tcase_add_loop_test(test_case, a_body_of_the_limit_is_taken, 0, CHECK_COUNT(limits));
	tcase_add_loop_test(test_case, one_byte_more_is_refused, 0, CHECK_COUNT(limits));
	tcase_add_test(test_case, the_route_decides);
	tcase_add_test(test_case, what_is_announced_takes_no_room);
	tcase_add_test(test_case, an_account_has_a_share_of_the_room);
	tcase_add_test(test_case, all_accounts_share_the_room);
	tcase_add_test(test_case, a_slow_body_has_time_by_its_length);
}

int main(void)
{
	return check_main("body_limit", add);
}
