/*
 * A server of today on the file that a killed one of an earlier version has left, which had written
 * down what was done: see version_2.sql. version_3.sql has the same rows.
 */
#include "check_main.h"
#include "past.h"
#include "version.h"

#include <stdio.h>

#define SAID                                                                                       \
	"todo: info: todo.sqlite: version %d became version 5; the copy is "                       \
	"todo.sqlite.version-%d\n"
#define REVISION 21 /* of what ann did last in that version */

static struct past past;
static struct user ann;

static void serve(int version)
{
	char name[32];

	snprintf(name, sizeof(name), "version_%d.sql", version);
	version_serve(&past, &ann, name);
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

START_TEST(all_of_it_is_known)
{
	char said[160];

	serve(_i);
	snprintf(said, sizeof(said), SAID, _i, _i);
	version_expect_said(&past, said);
	expect_ids("/tasks", "1 5");
	expect_ids("/trash", "2");
	expect_ids("/tasks?tag=done", "1");
	expect_ids("/tasks?q=done", "1");
	past_expect_kept(&past, &ann, 1, REVISION);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks/1/history", "history"), 2);
}
END_TEST

/* What was taken back in that version is put back here, the group as a whole, and taken back again. */
START_TEST(what_was_undone_is_redone)
{
	serve(_i);
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
	past_expect_kept(&past, &ann, 1, REVISION + 8);
}
END_TEST

/* By any revision of it, a group that was taken back was taken back; one that stands can be. */
START_TEST(groups_are_whole)
{
	serve(_i);
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

START_TEST(new_tasks_come_after_the_old_ones)
{
	serve(_i);
	json_t *reply = past_ask(&past, &ann, "POST", "/tasks", "{\"name\":\"new\"}", 201);
	const json_t *task = json_object_get(reply, "task");

	ck_assert_int_eq(json_integer_value(json_object_get(task, "id")), REVISION + 1);
	json_decref(reply);
	past_expect(&past, &ann, "POST", "/undo", NULL, 200);
	past_expect_kept(&past, &ann, 1, REVISION + 2);
	expect_ids("/tasks", "1 5");
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, NULL, teardown);
	tcase_add_loop_test(test_case, all_of_it_is_known, 2, 4);
	tcase_add_loop_test(test_case, what_was_undone_is_redone, 2, 4);
	tcase_add_loop_test(test_case, groups_are_whole, 2, 4);
	tcase_add_loop_test(test_case, new_tasks_come_after_the_old_ones, 2, 4);
}

int main(void)
{
	return check_main("migration_undo", add);
}
