/*
 * Lists and trees of tasks under whatever comes: moves, deletions, restorings, deletions for good,
 * batches, and undo of older changes by their revision. After each step every task has a place, as
 * sound.c has it: a list and a parent that are there, that of the same list, not too deep and in no
 * circle.
 */
#include "exchange.h"
#include "fixture.h"
#include "random_task.h"
#include "sound.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#define STEPS 400
#define LIST_MOST 16
#define LISTS_MOST 4

/* A sanitizer makes each run several times as long. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const uint64_t seeds[] = { 20261130 };
#else
static const uint64_t seeds[] = { 20261130, 11, 0x7ee5 };
#endif

static struct user ann;
static struct client client;
static struct exchange ask = { .client = &client, .user = &ann };
static uint64_t dice;
static json_t *list, *trash, *lists, *trashed_lists; /* as they were read last */
static int64_t revision;     /* of the newest change */
static sqlite3 *db;
static struct {
	unsigned placed, refused, undone, built_on;
} count;

static json_t *read_rows(const char *resource, const char *member)
{
	json_t *reply = exchange_json(&ask, "GET", resource, NULL);
	json_t *rows = json_incref(json_object_get(reply, member));

	ck_assert_int_eq(ask.status, 200);
	json_decref(reply);
	return rows;
}

static int64_t newest(const json_t *tasks, int64_t least)
{
	const json_t *task;
	size_t i;

	json_array_foreach (tasks, i, task)
		if (json_number(task, "revision") > least)
			least = json_number(task, "revision");
	return least;
}

static void drop(void)
{
	json_decref(list);
	json_decref(trash);
	json_decref(lists);
	json_decref(trashed_lists);
	list = trash = lists = trashed_lists = NULL;
}

static void observe(void)
{
	char why[256];

	drop();
	list = read_rows("tasks", "tasks");
	trash = read_rows("trash", "tasks");
	lists = read_rows("lists", "lists");
	trashed_lists = read_rows("trash", "lists");
	revision = newest(list, newest(trash, newest(lists, newest(trashed_lists, revision))));
	ck_assert_msg(sound_check(db, why), "%s", why);
}

/* The id of one of them, or null. */
static json_t *any_id(const json_t *rows)
{
	const json_t *row =
		json_array_get(rows, random_below(&dice, (unsigned)json_array_size(rows) + 2));

	return row != NULL ? json_incref(json_object_get(row, "id")) : json_null();
}

static json_t *any_headings(void)
{
	json_t *headings = json_array();

	for (int n = 0; n < 3; n++)
		if (random_below(&dice, 2))
			json_array_append_new(headings, json_sprintf("heading %d", n));
	return headings;
}

/* A new list, or a change of one. */
static json_t *any_item_of_list(void)
{
	const json_t *rows = random_below(&dice, 2) ? lists : trashed_lists;
	json_t *id = any_id(rows);

	if (json_is_null(id) && json_array_size(lists) >= LISTS_MOST)
		return NULL;
	if (json_is_null(id))
		return json_pack("{s:s, s:{s:s, s:o}}", "op", "create", "list", "name", "l", "headings",
			any_headings());
	if (rows == trashed_lists)
		return json_pack("{s:s, s:o}", "op", "restore", "id", id);
	if (random_below(&dice, 2))
		return json_pack("{s:s, s:o}", "op", "delete", "id", id);
	return json_pack(
		"{s:s, s:o, s:{s:o}}", "op", "patch", "id", id, "list", "headings", any_headings());
}

static json_t *any_item(void)
{
	json_t *item = random_below(&dice, 6) == 0 ? any_item_of_list() : NULL;
	json_t *task;

	if (item != NULL)
		return item;
	item = random_item(&dice, list, trash, LIST_MOST);
	task = json_object_get(item, "task");
	if (task != NULL && random_below(&dice, 3) > 0)
		json_object_set_new(task, "parent", any_id(list));
	if (task != NULL && random_below(&dice, 3) == 0)
		json_object_set_new(task, "list", any_id(lists));
	if (task != NULL && random_below(&dice, 4) == 0)
		json_object_set_new(
			task, "heading", json_sprintf("heading %u", random_below(&dice, 4)));
	return item;
}

static void change(void)
{
	json_t *items = json_array();

	for (unsigned n = 1 + random_below(&dice, 3); n > 0; n--)
		json_array_append_new(items, any_item());
	json_decref(exchange_json(&ask, "POST", "tasks/batch", json_pack("{s:o}", "items", items)));
	CHECK_THAT(ask.status == 200 || ask.status == 404 || ask.status == 422, "a batch: %d",
		ask.status);
	count.placed += ask.status == 200;
	count.refused += ask.status == 422;
}

/* Of any change that there was so far, but those that are long gone. */
static void undo_one(void)
{
	int64_t back = random_below(&dice, 12);
	json_t *body = json_pack("{s:I}", "revision", (json_int_t)(revision - back));

	if (revision <= back) {
		json_decref(body);
		return;
	}
	json_decref(exchange_json(&ask, "POST", "undo", body));
	CHECK_THAT(ask.status == 200 || ask.status == 409, "an undo: %d", ask.status);
	count.undone += ask.status == 200;
	count.built_on += ask.status == 409;
}

static void walk(void)
{
	json_decref(exchange_json(&ask, "POST", random_below(&dice, 2) ? "undo" : "redo", NULL));
	CHECK_THAT(ask.status == 200 || ask.status == 409, "a step: %d", ask.status);
}

static void purge(void)
{
	size_t size = json_array_size(trash);
	char resource[64];

	if (size == 0 || random_below(&dice, 6) > 0)
		return;
	const json_t *task = json_array_get(trash, random_below(&dice, (unsigned)size));
	snprintf(resource, sizeof(resource), "trash/%" PRId64, json_number(task, "id"));
	json_decref(exchange_json(&ask, "DELETE", resource, NULL));
	ck_assert_int_eq(ask.status, 200);
	revision++;
}

START_TEST(every_task_has_a_place)
{
	static void (*const steps[])(void) = { change, change, change, undo_one, undo_one, walk, purge };

	dice = seeds[_i];
	for (unsigned n = 0; n < STEPS; n++) {
		steps[random_below(&dice, CHECK_COUNT(steps))]();
		observe();
	}
	ck_assert_uint_gt(count.placed, STEPS / 10);
	ck_assert_uint_gt(count.refused, STEPS / 50);
	ck_assert_uint_gt(count.undone, STEPS / 50);
	ck_assert_uint_gt(count.built_on, STEPS / 50);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}
END_TEST

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(client_open(&client, h.port));
	db = sound_open(h.database);
	ck_assert_ptr_nonnull(db);
	revision = 0;
	memset(&count, 0, sizeof(count));
	observe();
}

static void teardown(void)
{
	drop();
	sqlite3_close(db);
	client_close(&client);
	fixture_teardown();
}

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 500);
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, every_task_has_a_place, 0, CHECK_COUNT(seeds));
}

int main(void)
{
	return check_main("tree property", add);
}
