/*
 * What comes too often: failed logins by name and by address, and new accounts by address. Counts
 * and times are set in the file where many requests would take long.
 */
#include "check_main.h"
#include "past.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ACCOUNTS "/api/v1/accounts"
#define LOGIN ACCOUNTS "/login"
#define NAME_FAILURES 10
#define ADDRESS_FAILURES 200
#define NEW_ACCOUNTS 1000
#define ROWS_MOST 10000
#define WINDOW_SECONDS 600
#define CROWD 24 /* fewer than places in the queue of passwords */

static struct past past;
static struct user ann, bob;

static void setup(void)
{
	past_make_two(&past, &ann, &bob);
}

static void teardown(void)
{
	past_remove(&past);
}

/* Posts a name and a password: the status, and the seconds of a Retry-After or 0. */
static int post(
	struct client *client, const char *path, const char *name, const char *password, long *wait)
{
	struct reply reply;
	char body[256];
	int status;

	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"%s\"}", name, password);
	ck_assert(client_call(client, &reply, "POST", path, NULL, NULL, body));
	const char *header = reply_find_header(&reply, "Retry-After");
	*wait = header ? strtol(header, NULL, 10) : 0;
	status = reply.status;
	ck_assert_int_eq(*wait > 0, status == 429);
	reply_free(&reply);
	return status;
}

static int login(const char *name, const char *password)
{
	long wait;

	return post(&past.client, LOGIN, name, password, &wait);
}

/* The same from another address. */
static int elsewhere(const char *path, const char *name, const char *password)
{
	struct client client;
	long wait;
	int status;

	ck_assert(client_open_from(&client, 7, past.h.port));
	status = post(&client, path, name, password, &wait);
	client_close(&client);
	return status;
}

static void login_fails(const char *name, int times)
{
	for (int n = 0; n < times; n++)
		ck_assert_int_eq(login(name, "not the password"), 401);
}

/* So many under a key, for another so many seconds. */
static void set_count(const char *key, int count, int seconds)
{
	past_set(&past,
		"INSERT OR REPLACE INTO throttle (key, failures, until) VALUES (%Q, %d,"
		" strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now', '%d seconds'))",
		key, count, seconds);
}

static int64_t count_of(const char *key)
{
	return past_number(
		&past, "SELECT ifnull(max(failures), 0) FROM throttle WHERE key = %Q", key);
}

START_TEST(name_is_closed_after_failures)
{
	login_fails("ann", NAME_FAILURES / 2);
	login_fails("ANN", NAME_FAILURES / 2);
	ck_assert_int_eq(login("ann", "not the password"), 429);
	ck_assert_int_eq(login("Ann", HARNESS_PASSWORD), 429);
	ck_assert_int_eq(elsewhere(LOGIN, "ann", HARNESS_PASSWORD), 429);
	ck_assert_int_eq(login("bob", HARNESS_PASSWORD), 200);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
	past_expect(&past, &ann, "POST", "/tasks", "{\"name\":\"still here\"}", 201);
}
END_TEST

/*
 * Failures that are under way when a login begins count as well: the crowd is asked before the
 * first of it has failed.
 */
START_TEST(crowd_is_counted)
{
	struct client crowd[CROWD];
	int failed = 0, refused = 0, first;

	for (int i = 0; i < CROWD; i++) {
		ck_assert(client_open(&crowd[i], past.h.port));
		ck_assert(user_send(&crowd[i], NULL, "POST", LOGIN,
			"{\"username\":\"ann\",\"password\":\"not the password\"}"));
	}
	first = user_read_status(&crowd[0], "POST");
	ck_assert_int_eq(login("ann", HARNESS_PASSWORD), 429);
	for (int i = 0; i < CROWD; i++) {
		int status = i == 0 ? first : user_read_status(&crowd[i], "POST");

		failed += status == 401;
		refused += status == 429;
		client_close(&crowd[i]);
	}
	ck_assert_int_eq(failed, NAME_FAILURES);
	ck_assert_int_eq(refused, CROWD - NAME_FAILURES);
}
END_TEST

static double seconds_of(const char *name, int expected)
{
	struct timespec before, after;

	clock_gettime(CLOCK_MONOTONIC, &before);
	ck_assert_int_eq(login(name, "not the password"), expected);
	clock_gettime(CLOCK_MONOTONIC, &after);
	return (double)(after.tv_sec - before.tv_sec) +
	       (double)(after.tv_nsec - before.tv_nsec) * 1e-9;
}

/* The fastest of some, whatever else the machine does. */
START_TEST(refusal_hashes_nothing)
{
	double hashed = 1e9, refused = 1e9;

	set_count("name ann", NAME_FAILURES, WINDOW_SECONDS - 1);
	for (int n = 0; n < NAME_FAILURES - 1; n++) {
		hashed = fmin(hashed, seconds_of("bob", 401));
		refused = fmin(refused, seconds_of("ann", 429));
	}
	ck_assert_msg(refused * 3 < hashed, "%f s, beside %f s", refused, hashed);
}
END_TEST

START_TEST(restart_forgets_nothing)
{
	login_fails("ann", NAME_FAILURES);
	past_stop(&past);
	past_start(&past);
	ck_assert_int_eq(login("ann", HARNESS_PASSWORD), 429);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
	past_stop(&past);
	past_start(&past);
	ck_assert_int_eq(login("ann", HARNESS_PASSWORD), 429);
}
END_TEST

/* The window begins with the first failure, and later ones do not prolong it. */
START_TEST(wait_is_what_is_left)
{
	static const int left[] = { WINDOW_SECONDS - 1, 200, 77 };
	long wait;

	for (size_t i = 0; i < CHECK_COUNT(left); i++) {
		set_count("name ann", NAME_FAILURES, left[i]);
		ck_assert_int_eq(post(&past.client, LOGIN, "ann", HARNESS_PASSWORD, &wait), 429);
		ck_assert_msg(wait <= left[i] + 1 && wait > left[i] - 30,
			"%ld s, where %d are left", wait, left[i]);
	}
	set_count("name ann", NAME_FAILURES - 1, 77);
	login_fails("ann", 1);
	ck_assert_int_eq(post(&past.client, LOGIN, "ann", HARNESS_PASSWORD, &wait), 429);
	ck_assert_int_le(wait, 78);
	set_count("from 127.0.0.1", ADDRESS_FAILURES, 300);
	ck_assert_int_eq(post(&past.client, LOGIN, "ann", HARNESS_PASSWORD, &wait), 429);
	ck_assert_msg(wait > 200 && wait <= 301, "%ld s, where both have to end", wait);
	set_count("name ann", NAME_FAILURES, -1);
	set_count("from 127.0.0.1", ADDRESS_FAILURES, -1);
	ck_assert_int_eq(login("ann", HARNESS_PASSWORD), 200);
}
END_TEST

START_TEST(success_clears_the_name_alone)
{
	login_fails("ann", NAME_FAILURES - 1);
	ck_assert_int_eq(count_of("name ann"), NAME_FAILURES - 1);
	ck_assert_int_eq(login("ann", HARNESS_PASSWORD), 200);
	ck_assert_int_eq(count_of("name ann"), 0);
	ck_assert_int_eq(count_of("from 127.0.0.1"), NAME_FAILURES - 1);
}
END_TEST

/* Many names from one address. */
START_TEST(address_is_closed_after_failures)
{
	login_fails("nobody", 1);
	ck_assert_int_eq(count_of("from 127.0.0.1"), 1);
	set_count("from 127.0.0.1", ADDRESS_FAILURES - 1, WINDOW_SECONDS - 1);
	login_fails("nobody else", 1);
	ck_assert_int_eq(login("ann", HARNESS_PASSWORD), 429);
	ck_assert_int_eq(login("nobody", HARNESS_PASSWORD), 429);
	ck_assert_int_eq(elsewhere(LOGIN, "ann", HARNESS_PASSWORD), 200);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
}
END_TEST

START_TEST(accounts_from_one_address_have_an_end)
{
	long wait;

	ck_assert_int_eq(count_of("new 127.0.0.1"), 2);
	ck_assert_int_eq(post(&past.client, ACCOUNTS, "ann", HARNESS_PASSWORD, &wait), 409);
	ck_assert_int_eq(count_of("new 127.0.0.1"), 2);
	set_count("new 127.0.0.1", NEW_ACCOUNTS - 1, 100);
	ck_assert_int_eq(post(&past.client, ACCOUNTS, "cid", HARNESS_PASSWORD, &wait), 201);
	ck_assert_int_eq(post(&past.client, ACCOUNTS, "dan", HARNESS_PASSWORD, &wait), 429);
	ck_assert_msg(wait > 50 && wait <= 101, "%ld s", wait);
	ck_assert_int_eq(elsewhere(ACCOUNTS, "dan", HARNESS_PASSWORD), 201);
	ck_assert_int_eq(login("ann", HARNESS_PASSWORD), 200);
	set_count("new 127.0.0.1", NEW_ACCOUNTS, -1);
	ck_assert_int_eq(post(&past.client, ACCOUNTS, "eve", HARNESS_PASSWORD, &wait), 201);
	ck_assert_int_eq(count_of("new 127.0.0.1"), 1);
}
END_TEST

/* As after a flood of names: what ends first goes, and what has ended. */
START_TEST(rows_have_an_end)
{
	set_count("name old", NAME_FAILURES, -1);
	set_count("name soon", NAME_FAILURES, 30);
	set_count("name late", NAME_FAILURES, WINDOW_SECONDS - 1);
	past_set(&past,
		"WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
		" INSERT INTO throttle (key, failures, until) SELECT 'name flood' || i, 1,"
		" strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now', (90 + i %% 500) || ' seconds') FROM "
		"n",
		ROWS_MOST + 500);
	login_fails("ann", 1);
	ck_assert_int_le(past_number(&past, "SELECT count(*) FROM throttle"), ROWS_MOST);
	ck_assert_int_ge(past_number(&past, "SELECT count(*) FROM throttle"), ROWS_MOST - 100);
	ck_assert_int_eq(count_of("name old"), 0);
	ck_assert_int_eq(count_of("name soon"), 0);
	ck_assert_int_eq(count_of("name late"), NAME_FAILURES);
	ck_assert_int_eq(count_of("name ann"), 1);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, name_is_closed_after_failures);
	tcase_add_test(test_case, crowd_is_counted);
	tcase_add_test(test_case, refusal_hashes_nothing);
	tcase_add_test(test_case, restart_forgets_nothing);
	tcase_add_test(test_case, wait_is_what_is_left);
	tcase_add_test(test_case, success_clears_the_name_alone);
	tcase_add_test(test_case, address_is_closed_after_failures);
	tcase_add_test(test_case, accounts_from_one_address_have_an_end);
	tcase_add_test(test_case, rows_have_an_end);
}

int main(void)
{
	return check_main("throttle", add);
}
