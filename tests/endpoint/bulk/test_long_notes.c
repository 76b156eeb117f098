/*
 * Few tasks with long notes are much to write: what is about too many of them at once is refused, or
 * goes in slices, and is all or nothing as anything else.
 */
#include "one_user.h"

#include <string.h>

#define NOTE_BYTES 60000
#define BATCH 70  /* tasks that one batch makes */
#define BATCHES 4 /* altogether more text than one batch may be about */

static void setup(void)
{
	one_user_setup();
	one_user_start(NULL);
	client.deadline_ms = 100000; /* ThreadSanitizer on a loaded machine */
}

static json_t *long_task(void)
{
	static char note[NOTE_BYTES + 1];

	memset(note, 'n', NOTE_BYTES);
	return json_pack("{s:s, s:s}", "name", "long", "note", note);
}

static int send(const char *method, const char *resource, json_t *body)
{
	json_decref(exchange_json(&exchange, method, resource, body));
	return exchange.status;
}

static size_t count(const char *resource)
{
	json_t *list = exchange_array(&exchange, resource, "tasks");
	size_t size = json_array_size(list);

	ck_assert_ptr_nonnull(list);
	json_decref(list);
	return size;
}

static void make_tasks(void)
{
	for (int i = 0; i < BATCHES; i++) {
		json_t *items = json_array();
		for (int n = 0; n < BATCH; n++)
			json_array_append_new(items,
				json_pack("{s:s, s:o}", "op", "create", "task", long_task()));
		ck_assert_int_eq(
			send("POST", "tasks/batch", json_pack("{s:o}", "items", items)), 200);
	}
}

/* A batch of one op on the first of the tasks. */
static int batch(const char *op, size_t most, const char *task)
{
	json_t *tasks = exchange_array(&exchange, "tasks", "tasks"), *items = json_array(), *one;
	size_t i;

	json_array_foreach (tasks, i, one) {
		json_t *item = json_pack("{s:s, s:O}", "op", op, "id", json_object_get(one, "id"));
		if (task != NULL)
			json_object_set_new(item, "task", json_loads(task, 0, NULL));
		if (i < most)
			json_array_append(items, item);
		json_decref(item);
	}
	json_decref(tasks);
	return send("POST", "tasks/batch", json_pack("{s:o}", "items", items));
}

START_TEST(a_batch_is_about_no_more_than_it_may)
{
	make_tasks();
	ck_assert_int_eq(batch("patch", SIZE_MAX, "{\"priority\":1}"), 413);
	ck_assert_int_eq(batch("delete", SIZE_MAX, NULL), 413);
	ck_assert_uint_eq(count("tasks"), BATCH * BATCHES);
	ck_assert_uint_eq(count("tasks?priority=1"), 0);
	ck_assert_int_eq(batch("patch", BATCH, "{\"priority\":1}"), 200);
	ck_assert_uint_eq(count("tasks?priority=1"), BATCH);
	ck_assert_int_eq(batch("delete", BATCH, NULL), 200);
	ck_assert_uint_eq(count("tasks"), BATCH * (BATCHES - 1));
}
END_TEST

/* What a change writes down of what was before it counts as well, in bytes. */
START_TEST(what_was_there_counts_too)
{
	make_tasks();
	ck_assert_int_eq(batch("patch", SIZE_MAX, "{\"note\":null}"), 413);
	ck_assert_int_eq(batch("patch", SIZE_MAX, "{\"note\":\"short\"}"), 413);
	ck_assert_uint_eq(count("tasks?q=short"), 0);
	ck_assert_int_eq(batch("patch", BATCH, "{\"note\":\"short\"}"), 200);
	ck_assert_uint_eq(count("tasks?q=short"), BATCH);
	ck_assert_int_eq(send("POST", "undo", json_object()), 200);
	ck_assert_uint_eq(count("tasks?q=short"), 0);
}
END_TEST

/* Of four bytes each: as characters they would be few enough. */
START_TEST(characters_count_by_their_bytes)
{
	static const char wide[] = "\xf0\x9f\x98\x80";
	static char note[NOTE_BYTES + 1];
	const size_t size = sizeof(wide) - 1;

	for (size_t i = 0; i + size <= NOTE_BYTES; i += size)
		memcpy(note + i, wide, size);
	for (int made = 0; made < BATCHES; made++) {
		json_t *items = json_array();
		for (int n = 0; n < BATCH; n++)
			json_array_append_new(
				items, json_pack("{s:s, s:{s:s, s:s}}", "op", "create", "task",
					       "name", "wide", "note", note));
		ck_assert_int_eq(
			send("POST", "tasks/batch", json_pack("{s:o}", "items", items)), 200);
	}
	ck_assert_int_eq(batch("delete", SIZE_MAX, NULL), 413);
	ck_assert_uint_eq(count("tasks"), BATCH * BATCHES);
	ck_assert_int_eq(batch("delete", BATCH, NULL), 200);
}
END_TEST

/* Fewer tasks than are taken back at once, but too much text for that. */
START_TEST(a_long_import_is_taken_back_in_slices)
{
	json_t *tasks = json_array();

	for (int i = 0; i < 2 * BATCH; i++)
		json_array_append_new(tasks, long_task());
	ck_assert_int_eq(send("POST", "import", json_pack("{s:o}", "tasks", tasks)), 200);
	for (int round = 0; round < 2; round++) {
		ck_assert_int_eq(send("POST", "undo", json_object()), 200);
		ck_assert_uint_eq(count("tasks"), 0);
		ck_assert_int_eq(send("POST", "redo", json_object()), 200);
		ck_assert_uint_eq(count("tasks"), 2 * BATCH);
	}
}
END_TEST

START_TEST(a_long_trash_is_emptied_in_slices)
{
	json_t *trash = json_array();

	for (int i = 0; i < 2 * BATCH; i++) {
		json_t *task = long_task();
		json_object_set_new(task, "deleted_date", json_string("2026-11-28T00:00:00Z"));
		json_array_append_new(trash, task);
	}
	ck_assert_int_eq(send("POST", "import", json_pack("{s:o}", "trash", trash)), 200);
	ck_assert_uint_eq(count("trash"), 2 * BATCH);
	json_t *emptied = exchange_json(&exchange, "DELETE", "trash", NULL);
	ck_assert_int_eq(json_number(emptied, "count"), 2 * BATCH);
	json_decref(emptied);
	ck_assert_uint_eq(count("trash"), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, one_user_teardown);
	tcase_add_test(test_case, a_batch_is_about_no_more_than_it_may);
	tcase_add_test(test_case, what_was_there_counts_too);
	tcase_add_test(test_case, characters_count_by_their_bytes);
	tcase_add_test(test_case, a_long_import_is_taken_back_in_slices);
	tcase_add_test(test_case, a_long_trash_is_emptied_in_slices);
}

int main(void)
{
	return check_main("long_notes", add);
}
