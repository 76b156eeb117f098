/*
 * One request that changes thousands of tasks: a tag's new name, and a tree that goes into the trash and
 * comes back. One undo takes each back, and one redo does it again.
 */
#include "exchange.h"
#include "fixture.h"
#include "sound.h"
#include "transfer.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define BATCH 1000
#define TASKS 3000 /* more than one transaction changes */
#define MOVED 10000 /* the most that go along with one */

static struct user ann;
static struct client client;
static struct exchange ask = { .client = &client, .user = &ann };
static int64_t top; /* the task above all others */

static void make_tasks(void)
{
	json_t *reply = exchange_json(&ask, "POST", "tasks", json_pack("{s:s}", "name", "top"));

	top = json_number(json_object_get(reply, "task"), "id");
	json_decref(reply);
	for (int made = 0; made < TASKS; made += BATCH) {
		json_t *items = json_array();
		for (int i = 0; i < BATCH; i++)
			json_array_append_new(items,
				json_pack("{s:s, s:{s:s, s:I, s:[s,s]}}", "op", "create", "task", "name",
					"below", "parent", (json_int_t)top, "tags", "old", "other"));
		json_decref(exchange_json(
			&ask, "POST", "tasks/batch", json_pack("{s:o}", "items", items)));
		ck_assert_int_eq(ask.status, 200);
	}
}

/* How many tasks a resource has, each of them as the others. */
static size_t count_tasks(const char *resource)
{
	json_t *reply = exchange_json(&ask, "GET", resource, NULL);
	size_t count = json_array_size(json_object_get(reply, "tasks"));

	ck_assert_int_eq(ask.status, 200);
	json_decref(reply);
	return count;
}

static void expect(size_t live, size_t trash, size_t old, size_t new)
{
	ck_assert_uint_eq(count_tasks("tasks"), live);
	ck_assert_uint_eq(count_tasks("trash"), trash);
	ck_assert_uint_eq(count_tasks("tasks?tag=old"), old);
	ck_assert_uint_eq(count_tasks("tasks?tag=new"), new);
}

static void post(const char *resource, json_t *body, int status)
{
	json_decref(exchange_json(&ask, "POST", resource, body));
	CHECK_THAT(ask.status == status, "%s: %d", resource, ask.status);
}

static void expect_sound(void)
{
	sqlite3 *db = sound_open(h.database);
	char why[256];

	ck_assert_ptr_nonnull(db);
	ck_assert_msg(sound_check(db, why), "%s", why);
	sqlite3_close(db);
}

START_TEST(a_tag_of_many_tasks_is_renamed)
{
	json_t *reply;

	expect(TASKS + 1, 0, TASKS, 0);
	reply = exchange_json(&ask, "POST", "tags/rename", json_pack("{s:s, s:s}", "from", "old", "to", "new"));
	ck_assert_int_eq(ask.status, 200);
	ck_assert_int_eq(json_number(reply, "tasks"), TASKS);
	json_decref(reply);
	expect(TASKS + 1, 0, 0, TASKS);
	for (int i = 0; i < 2; i++) {
		post("undo", NULL, 200);
		expect(TASKS + 1, 0, TASKS, 0);
		post("redo", NULL, 200);
		expect(TASKS + 1, 0, 0, TASKS);
	}
	expect_sound();
}
END_TEST

START_TEST(a_large_tree_goes_and_comes_back)
{
	char resource[64];

	snprintf(resource, sizeof(resource), "tasks/%lld", (long long)top);
	json_decref(exchange_json(&ask, "DELETE", resource, NULL));
	ck_assert_int_eq(ask.status, 200);
	expect(0, TASKS + 1, 0, 0);
	post("undo", NULL, 200);
	expect(TASKS + 1, 0, TASKS, 0);
	post("redo", NULL, 200);
	expect(0, TASKS + 1, 0, 0);
	snprintf(resource, sizeof(resource), "tasks/%lld/restore", (long long)top);
	post(resource, NULL, 200);
	expect(TASKS + 1, 0, TASKS, 0);
	post("undo", NULL, 200);
	expect(0, TASKS + 1, 0, 0);
	post("undo", NULL, 200);
	expect(TASKS + 1, 0, TASKS, 0);
	expect_sound();
}
END_TEST

/* By its revision a large change is undone only where no later change stands. */
/* So many would keep other accounts waiting. One fewer is few enough. */
START_TEST(a_tree_that_is_too_large_stays)
{
	char resource[80];
	json_t *tasks = json_array();

	json_array_append_new(tasks, json_pack("{s:i, s:s}", "id", 1, "name", "top"));
	for (int i = 0; i <= MOVED; i++)
		json_array_append_new(tasks,
			json_pack("{s:i, s:s, s:i}", "id", i + 2, "name", "below", "parent", 1));
	json_t *file = json_pack("{s:o}", "tasks", tasks);
	char *text = json_dumps(file, JSON_COMPACT);
	json_decref(file);
	json_decref(transfer_import(&ask, "json", text));
	free(text);
	ck_assert_int_eq(ask.status, 200);
	int64_t first = (int64_t)count_tasks("tasks") - MOVED - 1;
	snprintf(resource, sizeof(resource), "tasks/%" PRId64, first);
	json_decref(exchange_json(&ask, "DELETE", resource, NULL));
	ck_assert_int_eq(ask.status, 413);
	ck_assert_uint_eq(count_tasks("trash"), 0);
	snprintf(resource, sizeof(resource), "tasks/%" PRId64, first + 1);
	json_decref(exchange_json(&ask, "DELETE", resource, NULL));
	ck_assert_int_eq(ask.status, 200);
	snprintf(resource, sizeof(resource), "tasks/%" PRId64, first);
	json_decref(exchange_json(&ask, "DELETE", resource, NULL));
	ck_assert_int_eq(ask.status, 200);
	ck_assert_uint_eq(count_tasks("trash"), MOVED + 2);
	snprintf(resource, sizeof(resource), "tasks/%" PRId64 "/restore", first);
	post(resource, json_object(), 200);
	ck_assert_uint_eq(count_tasks("trash"), 1);
	expect_sound();
}
END_TEST

START_TEST(a_large_change_is_built_on)
{
	json_t *body = json_pack("{s:s, s:s}", "from", "old", "to", "new"), *reply;
	int64_t revision = TASKS + 2;

	post("tags/rename", body, 200);
	post("tasks", json_pack("{s:s}", "name", "later"), 201);
	reply = exchange_json(
		&ask, "POST", "undo", json_pack("{s:I}", "revision", (json_int_t)revision));
	ck_assert_int_eq(ask.status, 409);
	json_decref(reply);
	post("undo", NULL, 200);
	post("undo", json_pack("{s:I}", "revision", (json_int_t)revision), 200);
	expect(TASKS + 1, 0, TASKS, 0);
	expect_sound();
}
END_TEST

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(client_open(&client, h.port));
	make_tasks();
}

static void teardown(void)
{
	client_close(&client);
	fixture_teardown();
}

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 300);
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, a_tag_of_many_tasks_is_renamed);
	tcase_add_test(test_case, a_large_tree_goes_and_comes_back);
	tcase_add_test(test_case, a_tree_that_is_too_large_stays);
	tcase_add_test(test_case, a_large_change_is_built_on);
}

int main(void)
{
	return check_main("large change", add);
}
