/*
 * A server of today on the file that a killed one of version 1 has left: what its users see.
 */
#include "check_main.h"
#include "past.h"
#include "version.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANNS_REVISION 31 /* of what she did last */
#define ANNS_TASKS 27
#define SAID "todo: info: todo.sqlite: version 1 became version 5; the copy is todo.sqlite.version-1\n"

static struct past past;
static struct user ann;

static void setup(void)
{
	version_serve(&past, &ann, "version_1.sql");
}

static void teardown(void)
{
	past_remove(&past);
}

START_TEST(migration_is_said_once)
{
	version_expect_said(&past, SAID);
	past_stop(&past);
	past_start(&past);
	version_expect_said(&past, "");
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks", "tasks"), ANNS_TASKS);
}
END_TEST

/* The session that was open goes on, and so do the password and the program's token. */
START_TEST(everybody_is_let_in)
{
	static const char login[] =
		"{\"username\":\"bob.1\",\"password\":\"" HARNESS_PASSWORD "\"}";
	struct user anyone;
	struct reply reply;

	ck_assert_uint_eq(past_count(&past, &ann, "/sessions", "sessions"), 1);
	ck_assert_uint_eq(past_count(&past, &ann, "/tokens", "tokens"), 1);
	ck_assert(client_call(
		&past.client, &reply, "POST", "/api/v1/accounts/login", NULL, NULL, login));
	ck_assert_int_eq(reply.status, 200);
	json_t *said = json_loadb(reply.body, reply.body_size, 0, NULL);
	version_user(&anyone, "Bob.1", json_string_value(json_object_get(said, "token")));
	ck_assert_uint_eq(past_count(&past, &anyone, "/tasks", "tasks"), 2);
	ck_assert_uint_eq(past_count(&past, &anyone, "/sessions", "sessions"), 2);
	json_decref(said);
	reply_free(&reply);
}
END_TEST

START_TEST(tasks_are_as_they_were)
{
	json_t *reply = past_ask(&past, &ann, "GET", "/tasks/3", NULL, 200);
	json_t *task = json_object_get(reply, "task");
	json_t *expected = json_pack("{s:i,s:s,s:s,s:s,s:s,s:b,s:i,s:[],s:i,s:s,s:s,s:n,s:n,s:n,s:n,"
				     "s:n,s:s,s:[],s:n,s:O,s:i}", "id", 3,
		"name", "é 漢字 🍎 \"quoted\" 'too' <b>", "note", "", "creation_date",
		"2026-01-31T23:00:00Z", "due_date", "2026-11-22T00:00:00Z", "completed", 1,
		"priority", 0, "tags", "position", 2, "completed_date", "2026-01-31T23:00:00Z",
		"modified_date", "2026-01-31T23:00:00Z", "list", "heading", "parent", "start_date",
		"repeat", "repeat_from", "due", "reminders", "assignee", "uid",
		json_object_get(task, "uid"), "revision", 3);

	ck_assert_ptr_nonnull(expected);
	ck_assert_msg(json_equal(task, expected), "%s", json_dumps(task, 0));
	json_decref(expected);
	json_decref(reply);
}
END_TEST

/* Nobody wrote down what was done in version 1: it cannot be told, or taken back. */
START_TEST(past_is_not_known)
{
	past_expect_kept(&past, &ann, ANNS_REVISION + 1, ANNS_REVISION);
	past_expect(&past, &ann, "POST", "/undo", NULL, 409);
	past_expect(&past, &ann, "POST", "/undo", "{\"revision\":3}", 409);
	past_expect(&past, &ann, "POST", "/redo", NULL, 409);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks/3/history", "history"), 0);
	ck_assert_uint_eq(past_count(&past, &ann, "/trash", "tasks"), 0);
	past_expect(&past, &ann, "GET", "/tasks/31", NULL, 404);
}
END_TEST

static char *task_text(const char *under)
{
	json_t *reply = past_ask(&past, &ann, "GET", under, NULL, 200);
	json_t *task = json_object_get(reply, "task");

	json_object_del(task, "revision");
	char *text = json_dumps(task, JSON_SORT_KEYS);

	json_decref(reply);
	return text;
}

/* From here on everything is written down. */
START_TEST(what_comes_is_known)
{
	char *before = task_text("/tasks/4"), *after;

	past_expect(&past, &ann, "PATCH", "/tasks/4", "{\"note\":\"\",\"due_date\":\"2026-12-24\"}",
		200);
	past_expect(&past, &ann, "DELETE", "/tasks/4", NULL, 200);
	ck_assert_uint_eq(past_count(&past, &ann, "/trash", "tasks"), 1);
	past_expect_kept(&past, &ann, ANNS_REVISION + 1, ANNS_REVISION + 2);
	past_expect(&past, &ann, "POST", "/undo", NULL, 200);
	past_expect(&past, &ann, "POST", "/undo", NULL, 200);
	after = task_text("/tasks/4");
	ck_assert_str_eq(after, before);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks/4/history", "history"), 4);
	past_expect(&past, &ann, "POST", "/undo", NULL, 409);
	past_expect(&past, &ann, "POST", "/redo", NULL, 200);
	free(before);
	free(after);
}
END_TEST

/* An id that was used is not used again, although its task has gone. */
START_TEST(new_tasks_come_behind_all_others)
{
	json_t *reply = past_ask(&past, &ann, "POST", "/tasks", "{\"name\":\"new\"}", 201);
	const json_t *task = json_object_get(reply, "task");

	ck_assert_int_eq(json_integer_value(json_object_get(task, "id")), ANNS_REVISION + 1);
	ck_assert_int_eq(json_integer_value(json_object_get(task, "revision")), ANNS_REVISION + 1);
	ck_assert(json_number_value(json_object_get(task, "position")) == ANNS_TASKS + 1);
	json_decref(reply);
	past_expect_kept(&past, &ann, ANNS_REVISION + 1, ANNS_REVISION + 1);
}
END_TEST

START_TEST(search_finds_old_and_new)
{
	past_fill(&past, &ann, "漢", 2);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks?q=%E6%BC%A2", "tasks"), 3);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks?q=task", "tasks"), ANNS_TASKS - 2);
	past_expect(&past, &ann, "PATCH", "/tasks/3", "{\"name\":\"other\"}", 200);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks?q=%E6%BC%A2", "tasks"), 2);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, migration_is_said_once);
	tcase_add_test(test_case, everybody_is_let_in);
	tcase_add_test(test_case, tasks_are_as_they_were);
	tcase_add_test(test_case, past_is_not_known);
	tcase_add_test(test_case, what_comes_is_known);
	tcase_add_test(test_case, new_tasks_come_behind_all_others);
	tcase_add_test(test_case, search_finds_old_and_new);
}

int main(void)
{
	return check_main("migration_api", add);
}
