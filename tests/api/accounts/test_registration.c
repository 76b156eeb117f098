/*
 * --registration: who may make an account, and that of many who want to be the first one is it.
 */
#include "description.h"
#include "fixture.h"
#include "refusal.h"
#include "user.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

#define ACCOUNTS "/api/v1/accounts"
#define CROWD 12

static void start(const char *registration)
{
	ck_assert(harness_start(&h,
		WORDS("--port", "0", "--db", h.database, "--registration", registration), NULL));
}

static void restart(const char *registration)
{
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	start(registration);
}

/* The status of a request with this body, and whether its problem has faults in it. */
static int post(struct client *client, const char *headers, const char *body, bool *faults)
{
	struct reply reply;
	int status;

	ck_assert(client_call(client, &reply, "POST", ACCOUNTS, headers, NULL, body));
	status = reply.status;
	if (faults)
		*faults = strstr(reply.body, "\"errors\"") != NULL;
	reply_free(&reply);
	return status;
}

static int try_register(struct client *client, const char *name)
{
	char body[128];

	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"%s\"}", name,
		HARNESS_PASSWORD);
	return post(client, NULL, body, NULL);
}

/* On a connection of its own. */
static int register_status(const char *name)
{
	struct client client;
	int status;

	ck_assert(client_open(&client, h.port));
	status = try_register(&client, name);
	client_close(&client);
	return status;
}

static void delete_account(const struct user *user)
{
	char path[128];
	struct client client;
	struct reply reply;

	snprintf(path, sizeof(path), ACCOUNTS "/%s", user->name);
	ck_assert(client_open(&client, h.port));
	ck_assert(client_call(&client, &reply, "DELETE", path, NULL, user->token, NULL));
	ck_assert_int_eq(reply.status, 200);
	reply_free(&reply);
	client_close(&client);
}

/* Whatever the body: it is not looked at. */
static const struct {
	const char *headers, *body;
} bodies[] = {
	{ NULL, "{\"username\":\"ann\",\"password\":\"correct horse\"}" },
	{ NULL, "{\"username\":\"ann\"}" },
	{ NULL, "{\"username\":\"taken\",\"password\":\"correct horse\"}" },
	{ NULL, "{\"password\":5,\"colour\":1}" },
	{ NULL, "{" },
	{ NULL, NULL },
	{ "Content-Type: text/plain\r\n", "hello" },
	{ "Cookie: todo_session=x\r\nSec-Fetch-Site: cross-site\r\n",
		"{\"username\":\"ann\",\"password\":\"correct horse\"}" },
};

START_TEST(closed_takes_nobody)
{
	struct client client;
	struct user taken;
	bool faults;

	start("closed");
	ck_assert_int_eq(register_status("taken"), 403);
	restart("open");
	ck_assert(user_make(&h, &taken, "taken"));
	restart("closed");
	ck_assert(client_open(&client, h.port));
	for (size_t i = 0; i < CHECK_COUNT(bodies); i++) {
		ck_assert_msg(
			post(&client, bodies[i].headers, bodies[i].body, &faults) == 403, "%zu", i);
		ck_assert(!faults);
	}
	ck_assert_int_eq(user_list_status(&client, &taken), 200);
	client_close(&client);
}
END_TEST

/* Milliseconds until the reply, which has this status. */
static double time_of(struct client *client, const char *path, int expected)
{
	struct timespec before, after;
	struct reply reply;

	clock_gettime(CLOCK_MONOTONIC, &before);
	ck_assert(client_call(client, &reply, "POST", path, NULL, NULL,
		"{\"username\":\"ann\",\"password\":\"correct horse\"}"));
	clock_gettime(CLOCK_MONOTONIC, &after);
	ck_assert_int_eq(reply.status, expected);
	reply_free(&reply);
	return (double)(after.tv_sec - before.tv_sec) * 1e3 +
	       (double)(after.tv_nsec - before.tv_nsec) / 1e6;
}

/* A login hashes a password; the fastest of some, whatever else the machine does. */
START_TEST(closed_hashes_nothing)
{
	double refused = 1e9, hashed = 1e9;
	struct client client;

	start("closed");
	ck_assert(client_open(&client, h.port));
	for (int i = 0; i < 8; i++) {
		double login = time_of(&client, ACCOUNTS "/login", 401);
		double registration = time_of(&client, ACCOUNTS, 403);

		hashed = login < hashed ? login : hashed;
		refused = registration < refused ? registration : refused;
	}
	client_close(&client);
	ck_assert_msg(refused * 3 < hashed, "%f ms, beside %f ms", refused, hashed);
}
END_TEST

START_TEST(first_is_one)
{
	struct user ann;

	start("first");
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert_int_eq(register_status("bob"), 403);
	ck_assert_int_eq(register_status("ann"), 403);
	restart("first");
	ck_assert_int_eq(register_status("bob"), 403);
	delete_account(&ann);
	ck_assert_int_eq(register_status("bob"), 201);
	ck_assert_int_eq(register_status("ann"), 403);
}
END_TEST

/* A body that is wrong makes no account, and so leaves the place free. */
START_TEST(first_may_err)
{
	struct client client;
	bool faults;

	start("first");
	ck_assert(client_open(&client, h.port));
	ck_assert_int_eq(post(&client, NULL, "{\"username\":\"ann\"}", &faults), 422);
	ck_assert(faults);
	ck_assert_int_eq(try_register(&client, "ann"), 201);
	ck_assert_int_eq(post(&client, NULL, "{\"username\":\"ann\"}", &faults), 403);
	client_close(&client);
}
END_TEST

/* All requests are sent before the first reply is read, so that they pass the early check. */
START_TEST(first_of_many_is_one)
{
	struct client clients[CROWD];
	int made = 0, refused = 0;

	start("first");
	for (int i = 0; i < CROWD; i++)
		ck_assert(client_open(&clients[i], h.port));
	for (int i = 0; i < CROWD; i++) {
		char body[128];

		snprintf(body, sizeof(body), "{\"username\":\"user%d\",\"password\":\"%s\"}", i,
			HARNESS_PASSWORD);
		ck_assert(user_send(&clients[i], NULL, "POST", ACCOUNTS, body));
	}
	for (int i = 0; i < CROWD; i++) {
		int status = user_read_status(&clients[i], "POST");

		made += status == 201;
		refused += status == 403;
		client_close(&clients[i]);
	}
	ck_assert_int_eq(made, 1);
	ck_assert_int_eq(refused, CROWD - 1);
	ck_assert_int_eq(register_status("late"), 403);
}
END_TEST

/* Where only this machine is served, all may register; else only the first. */
static const struct {
	const char *host, *reached;
	const char *registration; /* NULL: not said */
	int second;		  /* the second account's status */
} places[] = {
	{ "127.0.0.1", "127.0.0.1", NULL, 201 },
	{ "127.0.0.2", "127.0.0.2", NULL, 201 },
	{ "localhost", "127.0.0.1", NULL, 201 },
	{ "0.0.0.0", "127.0.0.1", NULL, 403 },
	{ "0.0.0.0", "127.0.0.1", "open", 201 },
	{ "127.0.0.1", "127.0.0.1", "first", 403 },
};

START_TEST(default_goes_by_host)
{
	const char *registration = places[_i].registration;
	struct client client;

	ck_assert(harness_start(&h,
		WORDS("--port", "0", "--db", h.database, "--host", places[_i].host,
			registration ? "--registration" : NULL, registration),
		NULL));
	ck_assert(client_connect(&client, places[_i].reached, h.port));
	ck_assert_int_eq(try_register(&client, "ann"), 201);
	ck_assert_int_eq(try_register(&client, "bob"), places[_i].second);
	client_close(&client);
}
END_TEST

/* For programs, and for people. */
START_TEST(refusal_is_described)
{
	struct description description;
	struct operation operation;
	struct client client;
	struct reply reply;

	start("open");
	ck_assert(description_fetch(&description, h.port));
	ck_assert_int_eq(
		description_find(&description, "POST", ACCOUNTS, &operation), DESCRIBED_OPERATION);
	ck_assert(json_is_object(
		json_object_get(json_object_get(operation.about, "responses"), "403")));
	description_free(&description);
	ck_assert(client_open(&client, h.port));
	ck_assert(client_call(&client, &reply, "GET", "/docs", NULL, NULL, NULL));
	ck_assert_ptr_nonnull(strstr(reply.body, "403"));
	reply_free(&reply);
	client_close(&client);
}
END_TEST

START_TEST(variable_stands_for_option)
{
	ck_assert(harness_start(&h, NULL, WORDS("TODO_REGISTRATION=closed")));
	ck_assert_int_eq(register_status("ann"), 403);
}
END_TEST

START_TEST(other_words_are_refused)
{
	static const char *const wrong[] = { "no", "OPEN", "open ", "opened", "first,closed" };

	for (size_t i = 0; i < CHECK_COUNT(wrong); i++)
		refusal_expect(WORDS("--registration", wrong[i]), NULL, REFUSED_WORDS, wrong[i]);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, closed_takes_nobody);
	tcase_add_test(test_case, closed_hashes_nothing);
	tcase_add_test(test_case, first_is_one);
	tcase_add_test(test_case, first_may_err);
	tcase_add_test(test_case, first_of_many_is_one);
	tcase_add_loop_test(test_case, default_goes_by_host, 0, CHECK_COUNT(places));
	tcase_add_test(test_case, refusal_is_described);
	tcase_add_test(test_case, variable_stands_for_option);
	tcase_add_test(test_case, other_words_are_refused);
}

int main(void)
{
	return check_main("registration", add);
}
