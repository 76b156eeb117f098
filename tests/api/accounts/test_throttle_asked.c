/*
 * What comes too often beside failed logins: guesses of one's own present password, questions whether
 * a name or an email is taken, and passwords to hash, right or wrong.
 */
#include "check_main.h"
#include "past.h"

#include <stdio.h>
#include <stdlib.h>

#define ACCOUNTS "/api/v1/accounts"
#define LOGIN ACCOUNTS "/login"
#define ANN ACCOUNTS "/ann"
#define HERE "127.0.0.1"

#define NAME_FAILURES 10
#define ADDRESS_FAILURES 200
#define ADDRESS_HASHES 2000
#define ADDRESS_TAKEN 50
#define ACCOUNT_TAKEN 20
#define CROWD 24 /* fewer than places in the queue of passwords */

#define NEW_PASSWORD "\"password\":\"another horse\""
#define PRESENT "\"current_password\":\"" HARNESS_PASSWORD "\""
#define WRONG "\"current_password\":\"not the password\""
#define RIGHT_LOGIN "{\"username\":\"ann\",\"password\":\"" HARNESS_PASSWORD "\"}"
#define WRONG_LOGIN "{\"username\":\"ann\",\"password\":\"not the password\"}"

static struct past past;
static struct user ann, bob;

static void setup(void)
{
	past_make_two(&past, &ann, &bob);
	past_expect(&past, &bob, "PATCH", "", "{\"email\":\"bob@example.com\"}", 200);
	past_set(&past, "DELETE FROM throttle");
}

static void teardown(void)
{
	past_remove(&past);
}

/* The status of a request; 429 alone says when to come again. */
static int ask_on(struct client *client, const struct user *user, const char *method,
	const char *path, const char *body)
{
	struct reply reply;
	int status;

	ck_assert(client_call(
		client, &reply, method, path, NULL, user != NULL ? user->token : NULL, body));
	status = reply.status;
	const char *wait = reply_find_header(&reply, "Retry-After");
	ck_assert_int_eq(wait != NULL, status == 429);
	if (wait != NULL)
		ck_assert_msg(atoi(wait) > 0 && atoi(wait) <= 601, "%s s", wait);
	reply_free(&reply);
	return status;
}

static int ask(const struct user *user, const char *method, const char *path, const char *body)
{
	return ask_on(&past.client, user, method, path, body);
}

/* The same from another address. */
static int ask_elsewhere(
	const struct user *user, const char *method, const char *path, const char *body)
{
	struct client client;

	ck_assert(client_open_from(&client, 7, past.h.port));
	int status = ask_on(&client, user, method, path, body);
	client_close(&client);
	return status;
}

/*
 * A second before the window's end: SQLite's clock is some milliseconds ahead of time(), and a row that
 * lasts longer than a window counts for nothing.
 */
static void set_count(const char *key, int count)
{
	past_set(&past,
		"INSERT OR REPLACE INTO throttle (key, failures, until) VALUES (%Q, %d,"
		" strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now', '599 seconds'))",
		key, count);
}

static int64_t count_of(const char *key)
{
	return past_number(
		&past, "SELECT ifnull(max(failures), 0) FROM throttle WHERE key = %Q", key);
}

/* Every way to name the present password. */
static const struct {
	const char *method, *wrong, *right;
} guesses[] = {
	{ "PUT", "{" NEW_PASSWORD "," WRONG "}", "{" NEW_PASSWORD "," PRESENT "}" },
	{ "PATCH", "{" NEW_PASSWORD "," WRONG "}", "{" NEW_PASSWORD "," PRESENT "}" },
	{ "DELETE", "{" WRONG "}", "{" PRESENT "}" },
};

START_TEST(guess_counts_as_a_login)
{
	const char *method = guesses[_i].method;

	for (int n = 0; n < NAME_FAILURES - 1; n++)
		ck_assert_int_eq(ask(&ann, method, ANN, guesses[_i].wrong), 422);
	ck_assert_int_eq(count_of("name ann"), NAME_FAILURES - 1);
	ck_assert_int_eq(count_of("from " HERE), NAME_FAILURES - 1);
	ck_assert_int_eq(ask(NULL, "POST", LOGIN, WRONG_LOGIN), 401);
	ck_assert_int_eq(ask(NULL, "POST", LOGIN, RIGHT_LOGIN), 429);
	ck_assert_int_eq(ask(&ann, method, ANN, guesses[_i].wrong), 429);
	ck_assert_int_eq(ask(&ann, method, ANN, guesses[_i].right), 429);
	ck_assert_int_eq(ask_elsewhere(&ann, method, ANN, guesses[_i].right), 429);
	ck_assert_int_eq(ask(&ann, "PATCH", ANN, "{\"email\":\"ann@example.com\"}"), 200);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
	set_count("name ann", 0);
	set_count("from " HERE, ADDRESS_FAILURES);
	ck_assert_int_eq(ask(&ann, method, ANN, guesses[_i].right), 429);
	ck_assert_int_eq(ask_elsewhere(&ann, method, ANN, guesses[_i].right), 200);
}
END_TEST

/* Those that are under way when one begins count as well. */
START_TEST(crowd_of_guesses_is_counted)
{
	struct client crowd[CROWD];
	int failed = 0, refused = 0;

	for (int i = 0; i < CROWD; i++) {
		ck_assert(client_open(&crowd[i], past.h.port));
		ck_assert(user_send(&crowd[i], &ann, guesses[_i].method, ANN, guesses[_i].wrong));
	}
	for (int i = 0; i < CROWD; i++) {
		int status = user_read_status(&crowd[i], guesses[_i].method);

		failed += status == 422;
		refused += status == 429;
		client_close(&crowd[i]);
	}
	ck_assert_int_eq(failed, NAME_FAILURES);
	ck_assert_int_eq(refused, CROWD - NAME_FAILURES);
}
END_TEST

START_TEST(right_password_clears_the_name)
{
	ck_assert_int_eq(ask(&ann, "PUT", ANN, guesses[0].wrong), 422);
	ck_assert_int_eq(count_of("name ann"), 1);
	ck_assert_int_eq(ask(&ann, "PUT", ANN, guesses[0].right), 200);
	ck_assert_int_eq(count_of("name ann"), 0);
	ck_assert_int_eq(count_of("from " HERE), 1);
}
END_TEST

/* Whatever becomes of them. */
static const struct {
	const char *method, *path, *body;
	bool session;
	int status, hashes;
} hashings[] = {
	{ "POST", LOGIN, RIGHT_LOGIN, false, 200, 1 },
	{ "POST", LOGIN, WRONG_LOGIN, false, 401, 1 },
	{ "POST", LOGIN, "{\"username\":\"nobody\",\"password\":\"x\"}", false, 401, 1 },
	{ "POST", ACCOUNTS, "{\"username\":\"cid\",\"password\":\"correct horse\"}", false, 201,
		1 },
	{ "PUT", ANN, "{" NEW_PASSWORD "," PRESENT "}", true, 200, 2 },
	{ "PUT", ANN, "{" NEW_PASSWORD "," WRONG "}", true, 422, 2 },
	{ "DELETE", ANN, "{" WRONG "}", true, 422, 1 },
	{ "DELETE", ANN, "{" PRESENT "}", true, 200, 1 },
	/* What needs none is refused without one. */
	{ "POST", ACCOUNTS, "{\"username\":\"ANN\",\"password\":\"correct horse\"}", false, 409,
		0 },
	{ "POST", ACCOUNTS,
		"{\"username\":\"cid\",\"email\":\"BOB@example.com\",\"password\":\"correct "
		"horse\"}",
		false, 409, 0 },
	{ "POST", ACCOUNTS, "{\"username\":\"cid\",\"password\":\"short\"}", false, 422, 0 },
	{ "PUT", ANN, "{" NEW_PASSWORD "," PRESENT ",\"email\":\"BOB@example.com\"}", true, 409,
		0 },
	{ "PUT", ANN, "{" NEW_PASSWORD "}", true, 422, 0 },
	{ "PUT", ANN, "{\"email\":\"ann@example.com\"}", true, 200, 0 },
	{ "DELETE", ANN, "{}", true, 200, 0 },
};

START_TEST(hash_is_counted)
{
	const struct user *user = hashings[_i].session ? &ann : NULL;

	ck_assert_int_eq(ask(user, hashings[_i].method, hashings[_i].path, hashings[_i].body),
		hashings[_i].status);
	ck_assert_int_eq(count_of("hash " HERE), hashings[_i].hashes);
}
END_TEST

START_TEST(hashes_of_an_address_have_an_end)
{
	const struct user *user = hashings[_i].session ? &ann : NULL;
	bool hashes = hashings[_i].hashes > 0;

	set_count("hash " HERE, ADDRESS_HASHES - 1);
	ck_assert_int_eq(ask(NULL, "POST", LOGIN, RIGHT_LOGIN), 200);
	int status = ask(user, hashings[_i].method, hashings[_i].path, hashings[_i].body);
	if (hashes)
		ck_assert_int_eq(status, 429);
	ck_assert_int_eq(count_of("hash " HERE), ADDRESS_HASHES);
	if (hashes)
		ck_assert_int_eq(ask_elsewhere(user, hashings[_i].method, hashings[_i].path,
					 hashings[_i].body),
			hashings[_i].status);
	past_expect(&past, &bob, "POST", "/tasks", "{\"name\":\"still here\"}", 201);
}
END_TEST

START_TEST(taken_is_told_to_an_address_so_often)
{
	static const char taken[] = "{\"username\":\"bob\",\"password\":\"correct horse\"}";
	static const char freely[] = "{\"username\":\"cid\",\"password\":\"correct horse\"}";

	for (int n = 0; n < ADDRESS_TAKEN; n++)
		ck_assert_int_eq(ask(NULL, "POST", ACCOUNTS, taken), 409);
	ck_assert_int_eq(ask(NULL, "POST", ACCOUNTS, taken), 429);
	ck_assert_int_eq(ask(NULL, "POST", ACCOUNTS, freely), 429);
	ck_assert_int_eq(ask(&ann, "PATCH", ANN, "{\"email\":\"somebody@example.com\"}"), 429);
	ck_assert_int_eq(ask(&ann, "PATCH", ANN, "{\"email\":null}"), 200);
	ck_assert_int_eq(ask(NULL, "POST", LOGIN, RIGHT_LOGIN), 200);
	ck_assert_int_eq(ask_elsewhere(NULL, "POST", ACCOUNTS, taken), 409);
	ck_assert_int_eq(ask_elsewhere(NULL, "POST", ACCOUNTS, freely), 201);
	ck_assert_int_eq(count_of("taken " HERE), ADDRESS_TAKEN);
}
END_TEST

START_TEST(taken_is_told_to_an_account_so_often)
{
	static const char taken[] = "{\"email\":\"BOB@example.com\"}";

	for (int n = 0; n < ACCOUNT_TAKEN; n++) {
		ck_assert_int_eq(n % 2 == 0 ? ask(&ann, "PATCH", ANN, taken)
					    : ask_elsewhere(&ann, "PUT", ANN, taken),
			409);
	}
	ck_assert_int_eq(ask(&ann, "PATCH", ANN, taken), 429);
	ck_assert_int_eq(ask_elsewhere(&ann, "PUT", ANN, taken), 429);
	ck_assert_int_eq(ask(&ann, "PUT", ANN, "{\"email\":\"ann@example.com\"}"), 429);
	ck_assert_int_eq(ask(&ann, "PUT", ANN, "{" NEW_PASSWORD "," PRESENT "}"), 200);
	ck_assert_int_eq(ask(&bob, "PUT", ACCOUNTS "/bob", "{\"email\":\"new@example.com\"}"), 200);
}
END_TEST

/* Who is told to come again may do so with the same Idempotency-Key. */
START_TEST(refusal_is_not_kept)
{
	static const int statuses[] = { 429, 200 };

	set_count(_i == 0 ? "taken " HERE : "name ann", _i == 0 ? ADDRESS_TAKEN : NAME_FAILURES);
	for (size_t n = 0; n < CHECK_COUNT(statuses); n++) {
		struct reply reply;

		ck_assert(client_call(&past.client, &reply, "PATCH", ANN,
			"Idempotency-Key: once\r\n", ann.token,
			_i == 0 ? "{\"email\":\"ann@example.com\"}" : guesses[1].right));
		ck_assert_int_eq(reply.status, statuses[n]);
		reply_free(&reply);
		past_set(&past, "DELETE FROM throttle");
	}
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, guess_counts_as_a_login, 0, CHECK_COUNT(guesses));
	tcase_add_loop_test(test_case, crowd_of_guesses_is_counted, 0, CHECK_COUNT(guesses));
	tcase_add_test(test_case, right_password_clears_the_name);
	tcase_add_loop_test(test_case, hash_is_counted, 0, CHECK_COUNT(hashings));
	tcase_add_loop_test(test_case, hashes_of_an_address_have_an_end, 0, CHECK_COUNT(hashings));
	tcase_add_loop_test(test_case, refusal_is_not_kept, 0, 2);
	tcase_add_test(test_case, taken_is_told_to_an_address_so_often);
	tcase_add_test(test_case, taken_is_told_to_an_account_so_often);
}

int main(void)
{
	return check_main("throttle asked", add);
}
