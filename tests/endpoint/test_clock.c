/*
 * A wall clock that was wrong once, in either direction. The server's is set while it runs, or is
 * wrong from its start on; what it has written by it is set in the file, too.
 */
#include "check_main.h"
#include "deadline.h"
#include "past.h"
#include "wall.h"

#include <stdio.h>
#include <string.h>

#define LOGIN "/api/v1/accounts/login"
#define FILLERS                                                                                    \
	150 /* accounts that are looked after before the others: it takes more than a second */
#define DECADES (30000 * WALL_DAY)
#define BEFORE_1970 (-60 * 365 * WALL_DAY)

/* A date of the rows, so far ahead. */
#define AHEAD(shift) "strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ','now','+" shift "')"

static struct past past;
static struct wall wall;
static struct user ann;

static void start(int64_t shift)
{
	wall_set(&wall, shift);
	past_start_keeping(&past, NULL, wall.environment);
}

static void restart(int64_t shift)
{
	past_stop(&past);
	start(shift);
}

/* The first account, and one that is looked after later than many others. */
static void setup(void)
{
	past_make(&past);
	wall_make(&wall, past.h.folder);
	past_set(&past,
		"WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
		" INSERT INTO accounts (username, password, date_joined)"
		" SELECT 'filler' || i, '', " AGO("1 hour") " FROM n",
		FILLERS);
	ck_assert(user_make(&past.h, &ann, "ann"));
	restart(0);
}

static void teardown(void)
{
	past_remove(&past);
	wall_remove(&wall);
}

/* Until the server has looked after ann: it has seen what time it is by then. */
static void await_maintenance(void)
{
	past_set(&past, "UPDATE accounts SET searched = 0 WHERE username = 'ann'");
	past_await(&past, 0, "SELECT count(*) FROM accounts WHERE searched < revision");
}

/* The status; where it went well there is a token. */
static int login(struct user *user, const char *password)
{
	struct reply reply;
	char body[256];
	int status;

	snprintf(body, sizeof(body), "{\"username\":\"ann\",\"password\":\"%s\"}", password);
	ck_assert(client_call(&past.client, &reply, "POST", LOGIN, NULL, NULL, body));
	status = reply.status;
	json_t *said = json_loadb(reply.body, reply.body_size, 0, NULL);
	const char *token = json_string_value(json_object_get(said, "token"));
	*user = ann;
	ck_assert(status != 200 || token != NULL);
	if (token != NULL)
		snprintf(user->token, sizeof(user->token), "%s", token);
	json_decref(said);
	reply_free(&reply);
	return status;
}

static void log_in(struct user *user)
{
	ck_assert_int_eq(login(user, HARNESS_PASSWORD), 200);
}

/* Something of each kind that does not stay for good. */
static void make_things(void)
{
	struct reply reply;

	past_fill(&past, &ann, "word", 5);
	past_trash(&past, &ann, 1, 3);
	ck_assert(client_call(&past.client, &reply, "POST", ann.tasks, "Idempotency-Key: k\r\n",
		ann.token, "{\"name\":\"once\"}"));
	ck_assert_int_eq(reply.status, 201);
	reply_free(&reply);
}

static void expect_things(void)
{
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM tasks"), 6);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM changes"), 9);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM answers"), 1);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM sessions WHERE id = 1"), 1);
}

static void expect_things_are_usable(void)
{
	ck_assert_uint_eq(past_count(&past, &ann, "/trash", "tasks"), 3);
	ck_assert_uint_eq(past_count(&past, &ann, "/changes", "changes"), 9);
	past_expect(&past, &ann, "POST", "/undo", NULL, 200);
}

/* Who comes meanwhile is let in, by the clock as it is. */
START_TEST(minute_ahead_deletes_nothing)
{
	struct user meanwhile;

	make_things();
	wall_set(&wall, DECADES);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 401);
	log_in(&meanwhile);
	past_expect(&past, &meanwhile, "GET", "/tasks", NULL, 200);
	await_maintenance();
	expect_things();
	wall_set(&wall, 0);
	expect_things_are_usable();
}
END_TEST

START_TEST(start_ahead_deletes_nothing)
{
	struct user meanwhile;

	make_things();
	restart(DECADES);
	log_in(&meanwhile);
	await_maintenance();
	expect_things();
	restart(0);
	expect_things_are_usable();
}
END_TEST

static void make_old_trash(void)
{
	past_fill(&past, &ann, "old", 1);
	past_trash(&past, &ann, 1, 1);
	past_stop(&past);
	past_set_deleted(&past, &ann, 1, 1, "31 days");
}

static void await_no_task(void)
{
	past_await(&past, 0, "SELECT count(*) FROM tasks");
}

/* It was not wrong, or it is not found out. */
START_TEST(clock_is_believed_after_a_day)
{
	past_fill(&past, &ann, "old", 1);
	past_trash(&past, &ann, 1, 1);
	wall_set(&wall, 40 * WALL_DAY);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 401);
	wall_set(&wall, 41 * WALL_DAY);
	wall_set_up_time(&wall, WALL_DAY);
	await_no_task();
}
END_TEST

START_TEST(clock_is_believed_a_day_after_start)
{
	past_fill(&past, &ann, "old", 1);
	past_trash(&past, &ann, 1, 1);
	restart(40 * WALL_DAY);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 401);
	wall_set(&wall, 41 * WALL_DAY);
	wall_set_up_time(&wall, WALL_DAY);
	await_no_task();
}
END_TEST

/* It jumps about: that it has been somewhere before counts for nothing. */
START_TEST(day_is_counted_from_the_last_jump)
{
	make_things();
	wall_set(&wall, DECADES);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 401);
	wall_set_up_time(&wall, WALL_DAY / 2);
	wall_set(&wall, WALL_DAY / 2);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
	wall_set_up_time(&wall, WALL_DAY);
	wall_set(&wall, DECADES + WALL_DAY);
	await_maintenance();
	expect_things();
}
END_TEST

/* The database was used at the time that it is now, so that this is right. */
START_TEST(clock_is_put_right)
{
	make_old_trash();
	start(DECADES);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 401);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM tasks"), 1);
	wall_set(&wall, 0);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
	await_no_task();
}
END_TEST

/* What was used, and what was done, in the minute that the clock was behind is not dated by it. */
START_TEST(minute_behind_ends_nothing)
{
	struct user meanwhile;

	make_things();
	wall_set(&wall, -10000 * WALL_DAY);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
	log_in(&meanwhile);
	past_expect(&past, &meanwhile, "GET", "/tasks", NULL, 200);
	await_maintenance();
	expect_things();
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM sessions WHERE id = 1"
					    " AND expires > " AHEAD("29 days")),
		1);
	ck_assert_int_eq(
		past_number(&past, "SELECT count(*) FROM changes WHERE time > " AGO("1 day")), 9);
	wall_set(&wall, 0);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
	expect_things_are_usable();
}
END_TEST

START_TEST(start_behind_ends_nothing)
{
	make_things();
	restart(-10000 * WALL_DAY);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
	await_maintenance();
	expect_things();
	restart(0);
	expect_things_are_usable();
}
END_TEST

/* Dates begin with 1970, and so a new token is good from then on. */
START_TEST(token_of_before_1970_is_good)
{
	struct user early;

	restart(BEFORE_1970);
	log_in(&early);
	past_expect(&past, &early, "GET", "/tasks", NULL, 200);
	past_expect(&past, &early, "POST", "/tasks", "{\"name\":\"early\"}", 201);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
}
END_TEST

START_TEST(token_of_the_end_of_time_is_good)
{
	struct user late;

	restart((int64_t)8100 * 365 * WALL_DAY);
	log_in(&late);
	past_expect(&past, &late, "GET", "/tasks", NULL, 200);
	ck_assert_int_eq(login(&late, "not the password"), 401);
}
END_TEST

#define SESSION_IS_OURS                                                                            \
	"SELECT count(*) FROM sessions WHERE last_used BETWEEN " AGO("1 hour") " AND " AHEAD(      \
		"1 minute") " AND expires BETWEEN " AHEAD("29 days") " AND " AHEAD("31 days")

static void set_session_ahead(void)
{
	past_set(&past, "UPDATE sessions SET last_used = " AHEAD("10 years") ", expires = " AHEAD(
				"3680 days"));
}

/* It is good, and does not live for years. */
START_TEST(session_of_a_clock_ahead_is_prolonged)
{
	await_maintenance();
	set_session_ahead();
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
	past_await(&past, 1, SESSION_IS_OURS);
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
}
END_TEST

START_TEST(session_whose_end_is_too_far_is_prolonged)
{
	await_maintenance();
	past_set(&past, "UPDATE sessions SET expires = " AHEAD("40 days"));
	past_expect(&past, &ann, "GET", "/tasks", NULL, 200);
	past_await(&past, 1, SESSION_IS_OURS);
}
END_TEST

/* Also one that nobody uses. What a program's token has as its end is its owner's will. */
START_TEST(sessions_are_dated_anew)
{
	past_expect(&past, &ann, "POST", "/tokens",
		"{\"name\":\"program\",\"scope\":\"read\",\"expires\":\"2999-01-01\"}", 201);
	past_stop(&past);
	set_session_ahead();
	past_set(&past, "UPDATE sessions SET expires = '2999-01-01' WHERE name IS NOT NULL");
	start(0);
	past_await(&past, 1, SESSION_IS_OURS " AND name IS NULL");
	past_await(&past, 1,
		"SELECT count(*) FROM sessions WHERE name IS NOT NULL AND expires = '2999-01-01'"
		" AND last_used <= " AHEAD("1 minute"));
}
END_TEST

START_TEST(answers_are_dated_anew)
{
	make_things();
	past_stop(&past);
	past_set(&past, "UPDATE answers SET time = " AHEAD("10 years"));
	start(0);
	past_await(&past, 1, "SELECT count(*) FROM answers WHERE time <= " AHEAD("1 minute"));
}
END_TEST

/* In the middle of the others, and more of them than one step has. */
START_TEST(changes_are_dated_anew)
{
	past_fill(&past, &ann, "before", 10);
	past_fill(&past, &ann, "ahead", 700);
	past_fill(&past, &ann, "after", 10);
	past_stop(&past);
	past_set(&past, "UPDATE changes SET time = " AHEAD(
				"10 years") " WHERE revision BETWEEN 11 AND 710");
	past_set(&past, "UPDATE changes SET time = " AGO("2 days") " WHERE revision <= 10");
	start(0);
	past_await(&past, 0, "SELECT count(*) FROM changes WHERE time > " AHEAD("1 minute"));
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM changes"), 720);
	ck_assert_int_eq(
		past_number(&past, "SELECT count(*) FROM changes WHERE time < " AGO("1 day")), 10);
}
END_TEST

/* The first of an account, however many there are behind it. */
START_TEST(old_changes_are_dated_anew)
{
	past_fill(&past, &ann, "word", 700);
	past_stop(&past);
	past_set(&past, "UPDATE changes SET time = " AHEAD("10 years") " WHERE revision = 5");
	start(0);
	past_await(&past, 0, "SELECT count(*) FROM changes WHERE time > " AHEAD("1 minute"));
}
END_TEST

/* Its own date says that it was deleted in years to come: it goes thirty days after it was noticed. */
START_TEST(trash_of_a_clock_ahead_expires)
{
	past_fill(&past, &ann, "word", 2);
	past_trash(&past, &ann, 1, 2);
	past_stop(&past);
	past_set(&past, "UPDATE changes SET time = " AHEAD("10 years") ", now_deleted = " AHEAD(
				"10 years") " WHERE now_deleted > ''");
	past_set(&past, "UPDATE tasks SET deleted_date = " AHEAD("10 years"));
	past_start_keeping(&past, "1", wall.environment);
	past_await(&past, 0, "SELECT count(*) FROM changes WHERE time > " AHEAD("1 minute"));
	await_maintenance();
	ck_assert_uint_eq(past_count(&past, &ann, "/trash", "tasks"), 2);
	past_stop(&past);
	past_set(&past, "UPDATE changes SET time = " AGO("29 days") " WHERE revision = 3");
	past_set(&past, "UPDATE changes SET time = " AGO("31 days") " WHERE revision = 4");
	past_start_keeping(&past, "1", wall.environment);
	past_await(&past, 1, "SELECT count(*) FROM tasks");
	ck_assert_int_eq(past_number(&past, "SELECT id FROM tasks"), 1);
	ck_assert_int_eq(
		past_number(&past,
			"SELECT count(*) FROM changes WHERE revision = 5 AND kind = 'expiry'"),
		1);
}
END_TEST

/* Ten minutes, and not ten years. */
START_TEST(throttle_of_a_clock_ahead_has_ended)
{
	struct user again;

	wall_set(&wall, DECADES);
	for (int n = 0; n < 10; n++)
		ck_assert_int_eq(login(&again, "not the password"), 401);
	ck_assert_int_eq(login(&again, HARNESS_PASSWORD), 429);
	wall_set(&wall, 0);
	log_in(&again);
}
END_TEST

/* What one failure then has begun does not count the others that come in years. */
START_TEST(throttle_begins_anew_after_a_clock_ahead)
{
	struct user again;

	wall_set(&wall, DECADES);
	ck_assert_int_eq(login(&again, "not the password"), 401);
	wall_set(&wall, 0);
	ck_assert_int_eq(login(&again, "not the password"), 401);
	ck_assert_int_eq(
		past_number(&past, "SELECT failures FROM throttle WHERE key = 'name ann'"), 1);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM throttle WHERE until > " AHEAD(
						    "11 minutes")),
		0);
}
END_TEST

/* The server's log says it; and nothing waits for years to be written. */
START_TEST(log_tells_of_the_clock)
{
	static const char *const words[] = { "warning: the clock says 21",
		"info: the clock says 20" };
	static const int64_t shifts[] = { DECADES, 0 };

	for (size_t i = 0; i < CHECK_COUNT(words); i++) {
		long until = deadline_in(HARNESS_DEADLINE_MS);
		bool said = false;

		wall_set(&wall, shifts[i]);
		past_expect(&past, &ann, "GET", "/tasks", NULL, shifts[i] == 0 ? 200 : 401);
		while (!said && deadline_in(0) < until) {
			char *log = harness_log(&past.h);
			said = strstr(log, words[i]) != NULL;
			free(log);
			deadline_pause();
		}
		ck_assert_msg(said, "it does not say: %s", words[i]);
	}
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, minute_ahead_deletes_nothing);
	tcase_add_test(test_case, start_ahead_deletes_nothing);
	tcase_add_test(test_case, clock_is_believed_after_a_day);
	tcase_add_test(test_case, clock_is_believed_a_day_after_start);
	tcase_add_test(test_case, day_is_counted_from_the_last_jump);
	tcase_add_test(test_case, clock_is_put_right);
	tcase_add_test(test_case, minute_behind_ends_nothing);
	tcase_add_test(test_case, start_behind_ends_nothing);
	tcase_add_test(test_case, token_of_before_1970_is_good);
	tcase_add_test(test_case, token_of_the_end_of_time_is_good);
	tcase_add_test(test_case, session_of_a_clock_ahead_is_prolonged);
	tcase_add_test(test_case, session_whose_end_is_too_far_is_prolonged);
	tcase_add_test(test_case, sessions_are_dated_anew);
	tcase_add_test(test_case, answers_are_dated_anew);
	tcase_add_test(test_case, changes_are_dated_anew);
	tcase_add_test(test_case, old_changes_are_dated_anew);
	tcase_add_test(test_case, trash_of_a_clock_ahead_expires);
	tcase_add_test(test_case, throttle_of_a_clock_ahead_has_ended);
	tcase_add_test(test_case, throttle_begins_anew_after_a_clock_ahead);
	tcase_add_test(test_case, log_tells_of_the_clock);
}

int main(void)
{
	return check_main("clock", add);
}
