/*
 * --max-tokens, --max-tasks, --max-lists and --max-sessions: what an account may have of each. One
 * token, task or list more is refused with the limit named; one session more ends the one that was
 * unused longest.
 */
#include "fixture.h"
#include "past.h"
#include "refusal.h"

#include <stdio.h>

#define LOGIN "/api/v1/accounts/login"
#define TOKEN "{\"name\":\"program\",\"scope\":\"read\"}"
#define TASK "{\"name\":\"more\"}"
#define ITEM "{\"op\":\"create\",\"task\":" TASK "}"
#define MOST 3
#define DEFAULT_TOKENS 100
#define DEFAULT_SESSIONS 200

#define TOKENS "SELECT count(*) FROM sessions WHERE name IS NOT NULL"
#define TASKS "SELECT count(*) FROM tasks WHERE " OF("ann")
#define SESSIONS "SELECT count(*) FROM sessions WHERE name IS NULL"

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

static void restart(const char *const *environment)
{
	past_stop(&past);
	past_start_keeping(&past, NULL, environment);
}

/* A login with this password, and its session's token where it went well. */
static int log_in(const char *name, const char *password, char token[HARNESS_TOKEN_SIZE])
{
	struct reply reply;
	char body[256];

	snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"%s\"}", name, password);
	ck_assert(client_call(&past.client, &reply, "POST", LOGIN, NULL, NULL, body));
	json_t *json = json_loads(reply.body, 0, NULL);
	const char *made = json_string_value(json_object_get(json, "token"));
	int status = reply.status;

	if (made != NULL)
		snprintf(token, HARNESS_TOKEN_SIZE, "%s", made);
	json_decref(json);
	reply_free(&reply);
	return status;
}

static void make_user(struct user *user)
{
	*user = ann;
	ck_assert_int_eq(log_in("ann", HARNESS_PASSWORD, user->token), 200);
}

static void set_used(int64_t id, const char *ago)
{
	past_set(&past,
		"UPDATE sessions SET last_used = strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now', %Q)"
		" WHERE " OF("ann") " AND id = %lld",
		ago, (long long)id);
}

/* The limit is named, with its number; nothing is done, and others have a limit of their own. */
static void expect_full(int most)
{
	json_t *problem = past_ask(&past, &ann, "POST", "/tokens", TOKEN, 507);
	const char *detail = json_string_value(json_object_get(problem, "detail"));
	char number[16];

	snprintf(number, sizeof(number), " %d.", most);
	ck_assert_msg(strstr(detail, "--max-tokens") && strstr(detail, number), "%s", detail);
	json_decref(problem);
	ck_assert_int_eq(past_number(&past, TOKENS), most);
	past_expect(&past, &bob, "POST", "/tokens", TOKEN, 201);
	past_expect(&past, &ann, "POST", "/tasks", "{\"name\":\"still here\"}", 201);
}

START_TEST(tokens_have_an_end)
{
	restart(WORDS("TODO_MAX_TOKENS=3"));
	for (int n = 0; n < MOST; n++)
		past_expect(&past, &ann, "POST", "/tokens", TOKEN, 201);
	expect_full(MOST);
}
END_TEST

START_TEST(tokens_have_an_end_by_default)
{
	for (int n = 0; n < DEFAULT_TOKENS; n++)
		past_expect(&past, &ann, "POST", "/tokens", TOKEN, 201);
	expect_full(DEFAULT_TOKENS);
}
END_TEST

/* One that was deleted, or whose end has come, makes room; its row goes. */
START_TEST(token_that_ends_makes_room)
{
	restart(WORDS("TODO_MAX_TOKENS=3"));
	for (int n = 0; n < MOST; n++)
		past_expect(&past, &ann, "POST", "/tokens", TOKEN, 201);
	past_expect(&past, &ann, "DELETE", "/tokens/3", NULL, 200);
	past_expect(&past, &ann, "POST", "/tokens", TOKEN, 201);
	past_expect(&past, &ann, "POST", "/tokens", TOKEN, 507);
	past_set(&past, "UPDATE sessions SET expires = " AGO("1 minute") " WHERE id = 4 AND name"
									 " IS NOT NULL");
	past_expect(&past, &ann, "POST", "/tokens", TOKEN, 201);
	past_expect(&past, &ann, "POST", "/tokens", TOKEN, 507);
	ck_assert_int_eq(past_number(&past, TOKENS), MOST);
}
END_TEST

/* Every way to make a task, and one more of them than there is room for. */
static const struct {
	const char *under, *body;
	int room;
} makings[] = {
	{ "/tasks", TASK, 0 },
	{ "/tasks/batch", "{\"items\":[" ITEM "]}", 0 },
	{ "/tasks/batch", "{\"items\":[" ITEM "," ITEM "]}", 1 },
	{ "/import", "{\"tasks\":[" TASK "]}", 0 },
	{ "/import", "{\"tasks\":[" TASK "," TASK "]}", 1 },
	{ "/import", "{\"trash\":[{\"name\":\"more\",\"deleted_date\":\"2199-01-01\"}]}", 0 },
};

/* The limit is named, and nothing is made; others have a limit of their own. */
static void expect_no_room(const char *under, const char *body, int tasks)
{
	json_t *problem = past_ask(&past, &ann, "POST", under, body, 507);
	char *text = json_dumps(problem, 0);

	ck_assert_msg(strstr(text, "--max-tasks") != NULL, "%s", text);
	free(text);
	json_decref(problem);
	ck_assert_int_eq(past_number(&past, TASKS), tasks);
	past_expect(&past, &bob, "POST", "/tasks", TASK, 201);
}

/* What is in the trash counts, until it is gone for good. */
START_TEST(tasks_have_an_end)
{
	int tasks = MOST - makings[_i].room;

	restart(WORDS("TODO_MAX_TASKS=3"));
	past_fill(&past, &ann, "word", tasks);
	expect_no_room(makings[_i].under, makings[_i].body, tasks);
	past_expect(&past, &ann, "DELETE", "/tasks/1", NULL, 200);
	expect_no_room(makings[_i].under, makings[_i].body, tasks);
	past_expect(&past, &ann, "PATCH", "/tasks/2", "{\"note\":\"still mine\"}", 200);
	past_expect(&past, &ann, "DELETE", "/trash/1", NULL, 200);
	json_decref(past_ask(&past, &ann, "POST", makings[_i].under, makings[_i].body,
		strcmp(makings[_i].under, "/tasks") == 0 ? 201 : 200));
	ck_assert_int_eq(past_number(&past, TASKS), MOST);
}
END_TEST

#define LIST "{\"name\":\"more\"}"

/* Of lists as of tasks. */
START_TEST(lists_have_an_end)
{
	static const char batch[] = "{\"items\":[{\"op\":\"create\",\"list\":" LIST "}]}";

	restart(WORDS("TODO_MAX_LISTS=3"));
	for (int n = 0; n < MOST; n++)
		past_expect(&past, &ann, "POST", "/lists", LIST, 201);
	past_expect(&past, &ann, "DELETE", "/lists/1", NULL, 200);
	json_t *problem = past_ask(&past, &ann, "POST", "/lists", LIST, 507);
	const char *detail = json_string_value(json_object_get(problem, "detail"));
	ck_assert_msg(strstr(detail, "--max-lists is 3.") != NULL, "%s", detail);
	json_decref(problem);
	past_expect(&past, &ann, "POST", "/tasks/batch", batch, 507);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM lists WHERE " OF("ann")), MOST);
	past_expect(&past, &bob, "POST", "/lists", LIST, 201);
	past_expect(&past, &ann, "PATCH", "/lists/2", "{\"color\":\"#ffffff\"}", 200);
	past_expect(&past, &ann, "POST", "/lists/1/restore", NULL, 200);
	past_expect(&past, &ann, "DELETE", "/lists/1", NULL, 200);
	past_expect(&past, &ann, "DELETE", "/trash/1", NULL, 200);
	past_expect(&past, &ann, "POST", "/tasks/batch", batch, 200);
	past_expect(&past, &ann, "POST", "/lists", LIST, 507);
}
END_TEST

START_TEST(lists_have_an_end_by_default)
{
	past_set(&past,
		"WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 999)"
		" INSERT INTO lists (account_id, id, name, position, creation_date, modified_date,"
		"  revision, changed) SELECT (SELECT id FROM accounts WHERE username = 'ann'), i,"
		" 'list', i, '', '', i, '' FROM n; UPDATE accounts SET revision = 999 WHERE username = 'ann'");
	past_expect(&past, &ann, "POST", "/lists", LIST, 201);
	past_expect(&past, &ann, "POST", "/lists", LIST, 507);
}
END_TEST

#define COMPLETE "{\"completed\":true}"

/* Those that completing a task makes: its next one, and copies of what is below it. */
START_TEST(tasks_of_a_series_have_an_end)
{
	const char *batch =
		"{\"items\":[{\"op\":\"patch\",\"id\":1,\"task\":" COMPLETE "}]}";

	restart(WORDS("TODO_MAX_TASKS=3"));
	past_expect(&past, &ann, "POST", "/tasks",
		"{\"name\":\"above\",\"due_date\":\"2040-11-26\",\"repeat\":\"FREQ=DAILY\"}", 201);
	past_expect(&past, &ann, "POST", "/tasks", "{\"name\":\"below\",\"parent\":1}", 201);
	past_expect(&past, &ann, "PATCH", "/tasks/1", COMPLETE, 507);
	past_expect(&past, &ann, "POST", "/tasks/batch", batch, 507);
	ck_assert_int_eq(past_number(&past, TASKS), 2);
	ck_assert_int_eq(past_number(&past, "SELECT sum(completed) FROM tasks"), 0);
	past_expect(&past, &ann, "DELETE", "/tasks/2", NULL, 200);
	past_expect(&past, &ann, "PATCH", "/tasks/1", COMPLETE, 200);
	ck_assert_int_eq(past_number(&past, TASKS), 3);
}
END_TEST

/* Those of a file that are there already take no room; one too many, and nothing is made. */
START_TEST(lists_of_a_file_have_an_end)
{
#define LIST_OF(n) "{\"name\":\"" n "\",\"creation_date\":\"2026-01-01\"}"
	static const char good[] = "{\"lists\":[" LIST_OF("a") "," LIST_OF("b") "]}";
	static const char more[] = "{\"tasks\":[{\"name\":\"a\"}],\"lists\":[" LIST_OF("a") "," LIST_OF(
		"c") "," LIST_OF("d") "]}";
	static const char lines[] = "name,list\nx,c\ny,d\n";
	char *text;

	restart(WORDS("TODO_MAX_LISTS=3"));
	past_expect(&past, &ann, "POST", "/import", good, 200);
	past_expect(&past, &ann, "POST", "/import", good, 200);
	ck_assert_uint_eq(past_count(&past, &ann, "/lists", "lists"), 2);
	past_expect(&past, &ann, "POST", "/import?format=csv", lines, 507);
	json_t *problem = past_ask(&past, &ann, "POST", "/import", more, 507);
	text = json_dumps(problem, 0);
	ck_assert_msg(strstr(text, "--max-lists") != NULL, "%s", text);
	free(text);
	json_decref(problem);
	ck_assert_uint_eq(past_count(&past, &ann, "/lists", "lists"), 2);
	ck_assert_int_eq(past_number(&past, TASKS), 0);
	past_expect(&past, &bob, "POST", "/import", more, 200);
}
END_TEST

START_TEST(longest_unused_session_ends)
{
	struct user second, third, fourth;

	restart(WORDS("TODO_MAX_SESSIONS=3"));
	make_user(&second);
	make_user(&third);
	past_expect(&past, &ann, "POST", "/tokens", TOKEN, 201);
	past_set(&past, "UPDATE sessions SET last_used = " AGO("2 days") " WHERE name IS NOT NULL");
	set_used(1, "-3 minutes");
	set_used(2, "-9 minutes");
	set_used(3, "-6 minutes");
	ck_assert_int_eq(log_in("ann", "not the password", second.token), 401);
	past_expect(&past, &second, "GET", "", NULL, 200);
	make_user(&fourth);
	past_expect(&past, &second, "GET", "", NULL, 401);
	past_expect(&past, &ann, "GET", "", NULL, 200);
	past_expect(&past, &third, "GET", "", NULL, 200);
	past_expect(&past, &fourth, "GET", "", NULL, 200);
	past_expect(&past, &bob, "GET", "", NULL, 200);
	ck_assert_int_eq(past_number(&past, TOKENS), 1);
	ck_assert_uint_eq(past_count(&past, &ann, "/sessions", "sessions"), MOST);
}
END_TEST

/* What the others' times are, the new one is not the one that ends. */
START_TEST(new_session_stays)
{
	struct user second, third;

	restart(WORDS("TODO_MAX_SESSIONS=1"));
	set_used(1, "+10 years");
	make_user(&second);
	past_expect(&past, &ann, "GET", "", NULL, 401);
	make_user(&third);
	past_expect(&past, &second, "GET", "", NULL, 401);
	past_expect(&past, &third, "GET", "", NULL, 200);
}
END_TEST

START_TEST(sessions_have_an_end_by_default)
{
	struct user last;

	past_set(&past,
		"WITH RECURSIVE n (i) AS (VALUES (2) UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
		" INSERT INTO sessions (token, account_id, id, created, last_used, expires)"
		" SELECT randomblob(32), (SELECT id FROM accounts WHERE username = 'ann'), i,"
		" " AGO("2 minutes") ", " AGO("2 minutes") ", '2999-01-01T00:00:00Z' FROM n",
		DEFAULT_SESSIONS + 50);
	past_set(&past, "UPDATE accounts SET last_session = 1000");
	make_user(&last);
	ck_assert_uint_eq(past_count(&past, &last, "/sessions", "sessions"), DEFAULT_SESSIONS);
	past_expect(&past, &ann, "GET", "", NULL, 200);
}
END_TEST

static const char *const wrong[][2] = {
	{ "--max-tokens", "0" },
	{ "--max-tokens", "-1" },
	{ "--max-tokens", "many" },
	{ "--max-tokens", "" },
	{ "--max-tasks", "0" },
	{ "--max-tasks", "-1" },
	{ "--max-lists", "0" },
	{ "--max-sessions", "0" },
	{ "--max-sessions", "1.5" },
	{ "--max-sessions", "99999999999" },
	{ "--idle-seconds", "0" },
	{ "--idle-seconds", "3601" },
	{ "--idle-seconds", "1m" },
};

START_TEST(wrong_limit_is_refused)
{
	fixture_setup();
	refusal_expect(WORDS("--port", "0", "--db", h.database, wrong[_i][0], wrong[_i][1]), NULL,
		REFUSED_WORDS, wrong[_i][0] + 2);
	fixture_teardown();
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, tokens_have_an_end);
	tcase_add_test(test_case, tokens_have_an_end_by_default);
	tcase_add_test(test_case, token_that_ends_makes_room);
	tcase_add_loop_test(test_case, tasks_have_an_end, 0, CHECK_COUNT(makings));
	tcase_add_test(test_case, lists_have_an_end);
	tcase_add_test(test_case, lists_have_an_end_by_default);
	tcase_add_test(test_case, tasks_of_a_series_have_an_end);
	tcase_add_test(test_case, lists_of_a_file_have_an_end);
	tcase_add_test(test_case, longest_unused_session_ends);
	tcase_add_test(test_case, new_session_stays);
	tcase_add_test(test_case, sessions_have_an_end_by_default);
	tcase_add_loop_test(test_case, wrong_limit_is_refused, 0, CHECK_COUNT(wrong));
}

int main(void)
{
	return check_main("limits", add);
}
