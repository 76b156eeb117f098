/*
 * A server of today on the file that a killed one of version 2 has left, which had written down what
 * was done: see version_2.sql.
 */
#include "check_main.h"
#include "past.h"
#include "version.h"

#include <stdio.h>

#define SAID "todo: info: todo.sqlite: version 2 became version 3; the copy is todo.sqlite.version-2\n"
#define REVISION_2 21 /* of what ann did last in version 2 */

static struct past past;
static struct user ann;

static void setup(void)
{
	version_serve(&past, &ann, "version_2.sql");
}

static void teardown(void)
{
	past_remove(&past);
}

/* The ids of a list, or of the trash, with a space between them. */
static void expect_ids(const char *under, const char *expected)
{
	json_t *reply = past_ask(&past, &ann, "GET", under, NULL, 200), *task;
	struct buffer ids = { 0 };
	size_t i;

	json_array_foreach (json_object_get(reply, "tasks"), i, task)
		buffer_add_format(&ids, "%s%lld", i > 0 ? " " : "",
			(long long)json_integer_value(json_object_get(task, "id")));
	*buffer_reserve(&ids, 1) = '\0';
	ck_assert_str_eq(ids.data, expected);
	buffer_free(&ids);
	json_decref(reply);
}

static void expect_changes(const char *verb, const char *body, size_t count)
{
	json_t *reply = past_ask(&past, &ann, "POST", verb, body, 200);

	ck_assert_uint_eq(json_array_size(json_object_get(reply, "changes")), count);
	json_decref(reply);
}

static void expect_name(const char *under, const char *expected)
{
	json_t *reply = past_ask(&past, &ann, "GET", under, NULL, 200);
	const json_t *task = json_object_get(reply, "task");

	ck_assert_str_eq(json_string_value(json_object_get(task, "name")), expected);
	json_decref(reply);
}

START_TEST(all_of_version_2_is_known)
{
	version_expect_said(&past, SAID);
	expect_ids("/tasks", "1 5");
	expect_ids("/trash", "2");
	expect_ids("/tasks?tag=done", "1");
	expect_ids("/tasks?q=done", "1");
	past_expect_kept(&past, &ann, 1, REVISION_2);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks/1/history", "history"), 2);
}
END_TEST

/* What was taken back in version 2 is put back here, the group as a whole, and taken back again. */
START_TEST(undone_in_version_2_is_redone)
{
	expect_changes("/redo", NULL, 3);
	expect_ids("/tasks", "1 5 14 15 16");
	expect_name("/tasks/14", "batch one");
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks/14/history", "history"), 5);
	expect_changes("/redo", NULL, 1);
	expect_name("/tasks/14", "batch one changed");
	past_expect(&past, &ann, "POST", "/redo", NULL, 409);
	expect_changes("/undo", NULL, 1);
	expect_name("/tasks/14", "batch one");
	expect_changes("/undo", NULL, 3);
	expect_ids("/tasks", "1 5");
	past_expect_kept(&past, &ann, 1, REVISION_2 + 8);
}
END_TEST

/* By any revision of it, a group that was taken back was taken back; one that stands can be. */
START_TEST(groups_of_version_2_are_whole)
{
	for (int revision = 14; revision <= 16; revision++) {
		char body[32];
		snprintf(body, sizeof(body), "{\"revision\":%d}", revision);
		past_expect(&past, &ann, "POST", "/undo", body, 409);
	}
	past_expect(&past, &ann, "POST", "/undo", "{\"revision\":20}", 409);
	past_expect(&past, &ann, "POST", "/undo", "{\"revision\":4}", 409); /* built on */
	expect_changes("/undo", "{\"revision\":6}", 1);
	expect_name("/tasks/1", "é 漢字 🍎 \"quoted\" 'too' <b>");
	expect_changes("/undo", "{\"revision\":7}", 1);
	expect_ids("/tasks", "1 2 5");
	expect_ids("/tasks?tag=home", "1 2");
	expect_ids("/trash", "");
}
END_TEST

START_TEST(new_tasks_come_behind_those_of_version_2)
{
	json_t *reply = past_ask(&past, &ann, "POST", "/tasks", "{\"name\":\"new\"}", 201);
	const json_t *task = json_object_get(reply, "task");

	ck_assert_int_eq(json_integer_value(json_object_get(task, "id")), REVISION_2 + 1);
	json_decref(reply);
	past_expect(&past, &ann, "POST", "/undo", NULL, 200);
	past_expect_kept(&past, &ann, 1, REVISION_2 + 2);
	expect_ids("/tasks", "1 5");
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, all_of_version_2_is_known);
	tcase_add_test(test_case, undone_in_version_2_is_redone);
	tcase_add_test(test_case, groups_of_version_2_are_whole);
	tcase_add_test(test_case, new_tasks_come_behind_those_of_version_2);
}

int main(void)
{
	return check_main("migration_2", add);
}
