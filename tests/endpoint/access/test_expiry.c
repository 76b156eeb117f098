/*
 * What ends by itself, and what use prolongs: sessions, tokens, and the count of failed logins.
 * Hours and days pass by setting the rows back, from a connection beside the server's.
 */
#include "deadline.h"
#include "fixture.h"
#include "storage.h"
#include "user.h"

#include "base/date.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#define LOGIN "/api/v1/accounts/login"
#define SESSIONS "/api/v1/accounts/ann/sessions"
#define TOKENS "/api/v1/accounts/ann/tokens"

/* A date of the rows, so far from now. */
#define NOW(shift) "strftime('%Y-%m-%dT%H:%M:%SZ','now','" shift "')"

static struct user ann;
static struct client client;
static sqlite3 *database;

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(client_open(&client, h.port));
	ck_assert_int_eq(sqlite3_open(h.database, &database), SQLITE_OK);
	sqlite3_busy_timeout(database, HARNESS_DEADLINE_MS);
}

static void teardown(void)
{
	sqlite3_close(database);
	client_close(&client);
	fixture_teardown();
}

/* The reply's JSON, to be freed. */
static json_t *ask(
	const char *token, const char *method, const char *path, const char *body, int expected)
{
	struct reply reply;
	json_t *value;

	ck_assert(client_call(&client, &reply, method, path, NULL, token, body));
	ck_assert_msg(
		reply.status == expected, "%s %s: %d, %s", method, path, reply.status, reply.body);
	value = json_loads(reply.body, 0, NULL);
	reply_free(&reply);
	return value;
}

/* Asks for the tasks. */
static int list_status(const char *token)
{
	struct reply reply;
	int status;

	ck_assert(client_call(&client, &reply, "GET", ann.tasks, NULL, token, NULL));
	status = reply.status;
	reply_free(&reply);
	return status;
}

static void take_token(json_t *reply, char token[HARNESS_TOKEN_SIZE])
{
	const char *got = json_string_value(json_object_get(reply, "token"));

	ck_assert_ptr_nonnull(got);
	snprintf(token, HARNESS_TOKEN_SIZE, "%s", got);
	json_decref(reply);
}

static void make_token(const char *expires, char token[HARNESS_TOKEN_SIZE])
{
	char body[128];

	snprintf(body, sizeof(body), "{\"name\":\"clock\",\"scope\":\"read\",\"expires\":\"%s\"}",
		expires);
	take_token(ask(ann.token, "POST", TOKENS, body, 201), token);
}

static void login(const char *password, int expected, char token[HARNESS_TOKEN_SIZE])
{
	char body[128];
	json_t *reply;

	snprintf(body, sizeof(body), "{\"username\":\"ann\",\"password\":\"%s\"}", password);
	reply = ask(NULL, "POST", LOGIN, body, expected);
	if (expected == 200)
		take_token(reply, token);
	else
		json_decref(reply);
}

/* Waits until the condition, an SQL expression, is true of a row of the sessions. */
static bool row_becomes(const char *condition)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);
	char *sql = sqlite3_mprintf("SELECT count(*) FROM sessions WHERE %s", condition);
	bool became;

	while (!(became = storage_number(database, sql) == 1) && deadline_in(0) < until)
		poll(NULL, 0, 5);
	sqlite3_free(sql);
	return became;
}

/* In seconds; the server's own may be some milliseconds ahead or behind. */
static time_t wall_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

/* Good until its end, to the second. */
START_TEST(token_ends)
{
	char token[HARNESS_TOKEN_SIZE], expires[DATE_SIZE];
	time_t begun, end = wall_clock() + 3; /* two whole seconds, and what is left of this one */
	int status, good = 0;

	date_format(end, expires);
	make_token(expires, token);
	while (begun = wall_clock(), (status = list_status(token)) == 200) {
		ck_assert_msg(begun <= end, "it is good after its end");
		good++;
		poll(NULL, 0, 20);
	}
	ck_assert_int_eq(status, 401);
	ck_assert_int_gt(good, 0);
	ck_assert_int_ge(wall_clock() + 1, end);
	ck_assert_int_eq(list_status(token), 401);

	json_t *tokens = ask(ann.token, "GET", TOKENS, NULL, 200);
	ck_assert_uint_eq(json_array_size(json_object_get(tokens, "tokens")), 0);
	json_decref(tokens);
}
END_TEST

/* A token's end is where its owner put it, however often it is used. */
START_TEST(use_of_token_leaves_its_end)
{
	char token[HARNESS_TOKEN_SIZE];

	make_token("2999-01-01", token);
	storage_run(database,
		"UPDATE sessions SET last_used = " NOW("-2 hours") " WHERE name = 'clock'");
	ck_assert_int_eq(list_status(token), 200);
	ck_assert(row_becomes("name = 'clock' AND last_used > " NOW("-1 minute")));
	ck_assert(row_becomes("name = 'clock' AND expires = '2999-01-01'"));
}
END_TEST

START_TEST(use_prolongs_session)
{
	storage_run(database,
		"UPDATE sessions SET last_used = " NOW("-2 hours") ", expires = " NOW("+1 day"));
	ck_assert_int_eq(list_status(ann.token), 200);
	ck_assert(row_becomes("last_used BETWEEN " NOW("-1 minute") " AND " NOW("+1 minute")));
	ck_assert(row_becomes(
		"expires BETWEEN " NOW("+2591880 seconds") " AND " NOW("+2592060 seconds")));
}
END_TEST

/* What the server had still to write is written when it has stopped. */
START_TEST(use_within_hour_is_not_written)
{
	storage_run(database,
		"UPDATE sessions SET last_used = " NOW("-50 minutes") ", expires = " NOW("+1 day"));
	storage_run(
		database, "CREATE TEMP TABLE before AS SELECT last_used, expires FROM sessions");
	for (int n = 0; n < 10; n++)
		ck_assert_int_eq(list_status(ann.token), 200);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert_int_eq(storage_number(database, "SELECT count(*) FROM sessions JOIN before USING"
						  " (last_used, expires)"),
		1);
}
END_TEST

START_TEST(session_that_ended_is_gone)
{
	static const char count[] = "SELECT count(*) FROM sessions WHERE id = 1";
	char token[HARNESS_TOKEN_SIZE];

	login(HARNESS_PASSWORD, 200, token);
	storage_run(database, "UPDATE sessions SET expires = " NOW("-1 minute") " WHERE id = 1");
	ck_assert_int_eq(list_status(ann.token), 401);
	ck_assert_int_eq(list_status(token), 200);

	json_t *reply = ask(token, "GET", SESSIONS, NULL, 200);
	const json_t *sessions = json_object_get(reply, "sessions");
	ck_assert_uint_eq(json_array_size(sessions), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(sessions, 0), "id")), 2);
	json_decref(reply);

	ck_assert_int_eq(storage_number(database, count), 1);
	login(HARNESS_PASSWORD, 200, token);
	ck_assert_int_eq(storage_number(database, count), 0);
}
END_TEST

/* Ten failures close a name, whoever asks; when their time is up, the count begins anew. */
START_TEST(throttle_ends)
{
	char token[HARNESS_TOKEN_SIZE];

	for (int n = 0; n < 10; n++)
		login("not the password", 401, token);
	login(HARNESS_PASSWORD, 429, token);
	storage_run(database, "UPDATE throttle SET until = " NOW("-1 second"));
	login(HARNESS_PASSWORD, 200, token);
	for (int n = 0; n < 9; n++)
		login("not the password", 401, token);
	login(HARNESS_PASSWORD, 200, token);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, token_ends);
	tcase_add_test(test_case, use_of_token_leaves_its_end);
	tcase_add_test(test_case, use_prolongs_session);
	tcase_add_test(test_case, use_within_hour_is_not_written);
	tcase_add_test(test_case, session_that_ended_is_gone);
	tcase_add_test(test_case, throttle_ends);
}

int main(void)
{
	return check_main("expiry", add);
}
