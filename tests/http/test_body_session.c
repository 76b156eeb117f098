/*
 * A body above 64 KiB goes on only with a session: clients without one get no memory for it. And
 * the lookup of the session survives whatever the client does meanwhile.
 */
#include "deadline.h"
#include "fixture.h"
#include "vitals.h"
#include "large_body.h"

#include <stdio.h>
#include <sys/resource.h>

#define MIB ((size_t)1 << 20)
#define LARGE (8 * MIB)
#define BATCH "/api/v1/accounts/ann/tasks/batch"
#define IMPORT "/api/v1/accounts/ann/import?format=json"
#define STRANGERS 40
#define GONE 200
#define MEMORY_MOST                                                                                \
	(64 * MIB * VITALS_FACTOR) /* that strangers may cost, far below what they announce */

#define LOGIN "/api/v1/accounts/login"
#define UNFINISHED 1600 /* bodies of 64 KiB, of which there is room for some thousand */
#define UNFINISHED_MEMORY (90 * MIB * VITALS_FACTOR)

static struct user ann;

/* The head of a large POST with these lines in it. */
static void send_head(struct client *client, const char *framing, const char *credentials)
{
	char head[1024];
	int length = snprintf(head, sizeof(head),
		"POST " BATCH " HTTP/1.1\r\nHost: localhost\r\n"
		"Content-Type: application/json\r\n%s%s\r\n",
		framing, credentials);

	ck_assert(client_send(client, head, (size_t)length));
}

/* A problem document, and the end of the connection. */
static void expect_refused(struct client *client, int status)
{
	struct reply reply;

	ck_assert(client_read(client, "POST", &reply));
	ck_assert_int_eq(reply.status, status);
	ck_assert_str_eq(reply_find_header(&reply, "Content-Type"), "application/problem+json");
	ck_assert_str_eq(reply_find_header(&reply, "Connection"), "close");
	if (status == 401)
		ck_assert_str_eq(reply_find_header(&reply, "WWW-Authenticate"), "Bearer");
	reply_free(&reply);
	ck_assert(client_drain(client));
	client_close(client);
}

/* The body came whole, and the endpoint has replied: {} is no batch. */
static void expect_taken(struct client *client)
{
	int status = user_read_status(client, "POST");

	ck_assert_msg(status == 422, "status %d", status);
}

static void expect_well(void)
{
	struct client client;

	ck_assert(client_open(&client, h.port));
	ck_assert_int_gt(user_post(&client, &ann, "small"), 0);
	client_close(&client);
}

static void expect_login(void)
{
	struct client client;
	struct reply reply;

	ck_assert(client_open(&client, h.port));
	ck_assert(client_call(&client, &reply, "POST", LOGIN, NULL, NULL,
		"{\"username\":\"ann\",\"password\":\"" HARNESS_PASSWORD "\"}"));
	ck_assert_int_eq(reply.status, 200);
	reply_free(&reply);
	client_close(&client);
}

/* So many files may be open here and in the server, which is a child. */
static void files_allow(unsigned count)
{
	struct rlimit files;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
	ck_assert_uint_ge(files.rlim_max, count);
	if (files.rlim_cur < count)
		files.rlim_cur = count;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
}

static void setup(void)
{
	fixture_setup();
	files_allow(UNFINISHED + 128);
	ck_assert(harness_start(&h, NULL, VITALS_ENVIRONMENT));
	ck_assert(user_make(&h, &ann, "ann"));
}

static const char *const strangers[] = {
	"",
	"Authorization: Bearer td_nonsense\r\n",
	"Authorization: Bearer\r\n",
	"Authorization: Basic YW5uOmFubg==\r\n",
	"Cookie: todo_session=td_nonsense\r\n",
	"Cookie: todo_session=\r\n",
	"Cookie: other=1\r\n",
};

START_TEST(a_stranger_is_refused_before_the_body)
{
	struct client client;

	ck_assert(client_open(&client, h.port));
	send_head(&client, "Content-Length: 8388608\r\n", strangers[_i]);
	expect_refused(&client, 401);

	ck_assert(client_open(&client, h.port));
	send_head(&client, "Content-Length: 65537\r\n", strangers[_i]);
	expect_refused(&client, 401);

	ck_assert(client_open(&client, h.port));
	send_head(&client, "Transfer-Encoding: chunked\r\n", strangers[_i]);
	large_body_chunk(&client, MIB, true, false);
	large_body_size(&client, MIB);
	expect_refused(&client, 401);
	expect_well();
}
END_TEST

/* The owner's token in each of its forms: these may send the whole body. */
START_TEST(a_session_may_send_it)
{
	static const char *const formats[] = { "Authorization: Bearer %s\r\n",
		"authorization:bearer   %s\r\n",
		"Cookie: a=b; todo_session=%s; c=d\r\nOrigin: http://localhost\r\n",
		"Cookie: todo_session=wrong\r\nAuthorization: Bearer %s\r\n" };
	char credentials[512];
	struct client client;

	ck_assert(client_open(&client, h.port));
	for (size_t i = 0; i < CHECK_COUNT(formats); i++) {
		snprintf(credentials, sizeof(credentials), formats[i], ann.token);
		send_head(&client, "Content-Length: 8388608\r\n", credentials);
		large_body_piece(&client, LARGE, true, true);
		expect_taken(&client);
	}
	client_close(&client);
}
END_TEST

/* Each follows a request that is still running: the reply to that comes first. */
START_TEST(it_may_wait_for_its_turn)
{
	struct client client;

	ck_assert(client_open(&client, h.port));
	ck_assert(user_send_task(&client, &ann, "first"));
	large_body_head(&client, &ann, "POST", BATCH, LARGE, "");
	large_body_piece(&client, LARGE, true, true);
	ck_assert_int_eq(user_read_status(&client, "POST"), 201);
	expect_taken(&client);

	ck_assert(user_send_task(&client, &ann, "second"));
	send_head(&client, "Content-Length: 8388608\r\n", strangers[1]);
	large_body_piece(&client, MIB, true, false);
	ck_assert_int_eq(user_read_status(&client, "POST"), 201);
	expect_refused(&client, 401);
}
END_TEST

/* Two devices of one account, which send pieces in turns. */
START_TEST(two_devices_at_once)
{
	struct client devices[2];

	for (int i = 0; i < 2; i++) {
		ck_assert(client_open(&devices[i], h.port));
		if (i == 0)
			large_body_head(&devices[i], &ann, "POST", BATCH, LARGE, "");
		else
			large_body_chunked(&devices[i], &ann, BATCH);
	}
	for (size_t at = 0; at < LARGE; at += MIB) {
		large_body_piece(&devices[0], MIB, at == 0, at + MIB == LARGE);
		large_body_chunk(&devices[1], MIB, at == 0, at + MIB == LARGE);
	}
	ck_assert(client_send(&devices[1], "0\r\n\r\n", 5));
	for (int i = 0; i < 2; i++) {
		expect_taken(&devices[i]);
		client_close(&devices[i]);
	}
}
END_TEST

/* The longest body takes all the room of one account: it is accepted, or refused for no room. */
static bool share_is_whole(void)
{
	struct client client;
	bool whole;

	ck_assert(client_open(&client, h.port));
	large_body_head(&client, &ann, "POST", IMPORT, 64 * MIB, "");
	large_body_piece(&client, 64 * MIB - 1, true, false);
	whole = !client_fill(&client, deadline_in(200)) && !client.closed;
	client_close(&client);
	return whole;
}

/* The connection has closed when the lookup ends. */
START_TEST(many_go_while_they_are_looked_up)
{
	unsigned files = vitals_files(h.pid);
	long until = deadline_in(CLIENT_DEADLINE_MS);

	for (int i = 0; i < GONE; i++) {
		struct client client;

		ck_assert(client_open(&client, h.port));
		if (i % 2 == 0)
			large_body_head(&client, &ann, "POST", IMPORT, 64 * MIB, "");
		else
			send_head(&client, "Content-Length: 8388608\r\n", strangers[1]);
		if (i % 3 == 0)
			large_body_piece(&client, MIB / 8, true, false);
		client_close(&client);
	}
	while (vitals_files(h.pid) > files)
		ck_assert_msg(deadline_in(0) < until, "connections are left over");
	/* Some may not have been accepted yet. */
	while (!share_is_whole())
		ck_assert_msg(deadline_in(0) < until, "something of the share is lost");
	expect_well();
}
END_TEST

/* They send as much as they can, and it is not kept. */
START_TEST(strangers_cost_no_memory)
{
	struct client clients[STRANGERS];
	size_t before = vitals_memory(h.pid);

	for (int i = 0; i < STRANGERS; i++) {
		ck_assert(client_open(&clients[i], h.port));
		send_head(&clients[i], "Content-Length: 8388608\r\n", strangers[i % 2]);
		large_body_piece(&clients[i], LARGE, true, false);
	}
	ck_assert_uint_lt(vitals_memory(h.pid), before + MEMORY_MOST);
	for (int i = 0; i < STRANGERS; i++)
		client_close(&clients[i]);
	expect_well();
}
END_TEST

/*
 * Bodies that never end, from unknown senders, and too short for a lookup: the oldest are refused,
 * so that their memory is limited however many there are, and a body that does end is accepted.
 */
START_TEST(unfinished_bodies_are_bounded)
{
	static struct client clients[UNFINISHED];
	size_t before = vitals_memory(h.pid), went = 0;
	long until;

	for (int i = 0; i < UNFINISHED; i++) {
		ck_assert(client_open_from(&clients[i], 1 + i % 200, h.port));
		large_body_head(&clients[i], &ann, "POST", LOGIN, MIB / 16, "");
		large_body_piece(&clients[i], MIB / 16 - 1, true, false);
	}
	expect_well();
	expect_login();
	until = deadline_in(CLIENT_DEADLINE_MS);
	while (!client_fill(&clients[0], deadline_in(100)) && !clients[0].closed)
		ck_assert_msg(deadline_in(0) < until, "the oldest does not give way");
	for (int i = 0; i < UNFINISHED; i++)
		went += client_fill(&clients[i], deadline_in(0)) || clients[i].closed;
	ck_assert_uint_lt(vitals_memory(h.pid), before + UNFINISHED_MEMORY);
	ck_assert_uint_lt(went, UNFINISHED / 2);
	for (int i = 0; i < UNFINISHED; i++)
		client_close(&clients[i]);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, fixture_teardown);
	tcase_add_loop_test(
		test_case, a_stranger_is_refused_before_the_body, 0, CHECK_COUNT(strangers));
	tcase_add_test(test_case, a_session_may_send_it);
	tcase_add_test(test_case, it_may_wait_for_its_turn);
	tcase_add_test(test_case, two_devices_at_once);
	tcase_add_test(test_case, many_go_while_they_are_looked_up);
	tcase_add_test(test_case, strangers_cost_no_memory);
	tcase_add_test(test_case, unfinished_bodies_are_bounded);
}

int main(void)
{
	return check_main("body_session", add);
}
