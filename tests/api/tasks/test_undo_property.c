/*
 * Undo and redo as a walk along states: after each step the tasks, the lists and the trash are exactly
 * what they were there before, but for revisions. Who follows the feed of changes sees the same at
 * each step, and so does who reads all of the feed in the end. The file is sound then. Some of the
 * tasks are below others, and some repeat, so that completing one completes others and makes new ones.
 */
#include "exchange.h"
#include "fixture.h"
#include "random_task.h"
#include "replica.h"
#include "sound.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#define CHANGES 1000
#define MIXED 600 /* further steps, of all kinds */
#define LIST_MOST 24
#define LISTS_MOST 4
#define ITEMS_MOST 6

/* A sanitizer makes each run several times as long. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const uint64_t seeds[] = { 20261122 };
#else
static const uint64_t seeds[] = { 20261122, 7, 0x5eed5eed5eed };
#endif

static struct user ann;
static struct client client;
static struct exchange ask = { .client = &client, .user = &ann };
static struct replica follower;
static uint64_t dice;

static struct observed now; /* as it was read last */
static unsigned batches;     /* that were done */
static unsigned trees;	     /* tasks that were put below another one */
static unsigned completed;   /* tasks below one that was completed */
static unsigned repeated;    /* tasks that were made by completing another */

/* The states from the first one to the last that can be redone; where we are among them. */
static char *states[CHANGES + MIXED + 1];
static size_t here, last;

/* Reads everything again: the state, to be freed, and whether it took a revision to get there. */
static char *observe(bool *changed)
{
	int64_t before = follower.revision;
	char *state = replica_observe(&follower, &ask, &now);

	*changed = follower.revision > before;
	return state;
}

/* The reply tells the changes that it made, and no others. */
static void check_told(const json_t *reply, int64_t before)
{
	const json_t *changes = json_object_get(reply, "changes");

	ck_assert_int_eq((int64_t)json_array_size(changes), follower.revision - before);
	ck_assert_int_eq(json_number(json_array_get(changes, 0), "revision"), before + 1);
	ck_assert_int_eq(json_number(reply, "revision"), follower.revision);
}

/* Goes to a state that was there before; or, where that is here, nothing may happen. */
static void walk(const char *verb, size_t to)
{
	int64_t before = follower.revision;
	json_t *reply = exchange_json(&ask, "POST", verb, NULL);
	int status = ask.status;
	bool changed;
	char *state = observe(&changed);

	CHECK_THAT(status == (to == here ? 409 : 200), "%s from state %zu: %d", verb, here, status);
	if (strcmp(state, states[to]) != 0) {
		/* All of it: Check's own messages have an end. */
		fprintf(stderr, "%s\nis not state %zu:\n%s\n", state, to, states[to]);
		ck_abort_msg("%s from state %zu leads elsewhere", verb, here);
	}
	ck_assert(changed == (to != here));
	if (changed)
		check_told(reply, before);
	json_decref(reply);
	free(state);
	here = to;
}

static void undo(void)
{
	walk("undo", here > 0 ? here - 1 : here);
}

static void redo(void)
{
	walk("redo", here < last ? here + 1 : here);
}

/* Below another one, at times, or below none. */
static void add_parent(json_t *task)
{
	size_t n = random_below(&dice, (unsigned)json_array_size(now.tasks) + 1);
	const json_t *parent = json_array_get(now.tasks, n);

	if (task == NULL || random_below(&dice, 3) > 0)
		return;
	json_object_set_new(task, "parent",
		parent != NULL ? json_incref(json_object_get(parent, "id")) : json_null());
}

static bool is_of_list(const json_t *item)
{
	const json_t *id = json_object_get(item, "id"), *row;
	size_t i;

	if (json_object_get(item, "list") != NULL)
		return true;
	json_array_foreach (now.lists, i, row)
		if (json_equal(json_object_get(row, "id"), id))
			return true;
	json_array_foreach (now.trashed_lists, i, row)
		if (json_equal(json_object_get(row, "id"), id))
			return true;
	return false;
}

/* What a dice may make of a task beside its plain members. */
static void add_rare_members(json_t *task)
{
	static const char *const rules[] = { "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=3",
		"FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY;COUNT=1" };
	static const char *const dates[] = { "2040-11-26", "2040-11-26T16:00:00Z" };

	if (random_below(&dice, 3) > 0) {
		json_object_set_new(task, "due_date",
			json_string(dates[random_below(&dice, CHECK_COUNT(dates))]));
		json_object_set_new(task, "repeat",
			json_string(rules[random_below(&dice, CHECK_COUNT(rules))]));
	}
	if (random_below(&dice, 4) == 0)
		json_object_set_new(task, "reminders",
			json_pack("[s, s]", "-PT15M", "2040-11-26T15:00:00Z"));
	if (random_below(&dice, 4) == 0)
		json_object_set_new(task, "start_date", json_string("2040-11-20"));
}

/* An open task that has another open one below it, borrowed; NULL where there is none. */
static const json_t *open_parent(void)
{
	const json_t *below, *above;
	size_t i, k;

	json_array_foreach (now.tasks, i, below) {
		if (json_is_true(json_object_get(below, "completed")))
			continue;
		json_array_foreach (now.tasks, k, above)
			if (json_is_false(json_object_get(above, "completed")) &&
				json_equal(json_object_get(above, "id"),
					json_object_get(below, "parent")))
				return above;
	}
	return NULL;
}

static json_t *any_item(void)
{
	const json_t *above = random_below(&dice, 16) == 0 ? open_parent() : NULL;

	if (above != NULL)
		return json_pack("{s:s, s:O, s:{s:b}}", "op", "patch", "id",
			json_object_get(above, "id"), "task", "completed", 1);
	if (random_below(&dice, 3) == 0)
		return random_list_item(&dice, now.lists, now.trashed_lists, LISTS_MOST);
	json_t *item = random_item(&dice, now.tasks, now.trashed_tasks, LIST_MOST);

	json_t *task = json_object_get(item, "task");

	add_parent(task);
	if (task != NULL)
		add_rare_members(task);
	return item;
}

/* Look at the reply of one change, or at an item's of a batch. */
static void count_completed(const json_t *result)
{
	completed += (unsigned)json_array_size(json_object_get(result, "also"));
	repeated += json_is_object(json_object_get(result, "next"));
}

/* Items may stand in each other's way; then none is done. */
static void change_batch(void)
{
	json_t *items = json_array(), *reply, *result;
	size_t i;

	for (unsigned count = 1 + random_below(&dice, ITEMS_MOST); count > 0; count--)
		json_array_append_new(items, any_item());
	reply = exchange_json(&ask, "POST", "tasks/batch", json_pack("{s:o}", "items", items));
	CHECK_THAT(ask.status == 200 || ask.status == 404 || ask.status == 422, "a batch: %d",
		ask.status);
	json_array_foreach (json_object_get(reply, "results"), i, result)
		count_completed(result);
	json_decref(reply);
	batches += ask.status == 200;
}

static const struct way {
	const char *op, *method;
	bool of_row;
	const char *tail;
} ways[] = {
	{ "create", "POST", false, "" },
	{ "delete", "DELETE", true, "" },
	{ "restore", "POST", true, "/restore" },
	{ "patch", "PATCH", true, "" },
	{ "patch", "PUT", true, "" },
};

static const struct way *find_way(const char *op)
{
	const struct way *way = ways;

	while (strcmp(way->op, op) != 0)
		way++;
	return strcmp(op, "patch") == 0 ? way + random_below(&dice, 2) : way;
}

/* What could be an item of a batch, as a request of its own; a task comes into a list, or out of one. */
static void change_one(void)
{
	json_t *item = any_item();
	const char *kind = is_of_list(item) ? "list" : "task";
	json_t *row = json_incref(json_object_get(item, kind));
	const struct way *way = find_way(json_string_value(json_object_get(item, "op")));
	char resource[80];

	if (row != NULL && *kind == 't' && random_below(&dice, 2) == 0)
		random_place(&dice, row, now.lists);
	snprintf(resource, sizeof(resource), "%ss", kind);
	if (way->of_row)
		snprintf(resource, sizeof(resource), "%ss/%" PRId64 "%s", kind,
			json_number(item, "id"), way->tail);
	json_t *reply = exchange_json(&ask, way->method, resource, row);
	/* 422: a task that repeats would lose its due date. */
	CHECK_THAT(ask.status == 200 || ask.status == 201 || ask.status == 422, "%s %s: %d",
		way->method, resource, ask.status);
	count_completed(reply);
	json_decref(reply);
	trees += ask.status < 300 && json_is_integer(json_object_get(row, "parent"));
	json_decref(item);
}

/* A new state ends what could be redone; a change that changes nothing is none. */
static void change(void)
{
	bool changed;

	if (random_below(&dice, 8) > 0)
		change_one();
	else
		change_batch();
	bool done = ask.status < 400;
	char *state = observe(&changed);
	ck_assert(done || !changed);
	if (!changed) {
		ck_assert_str_eq(state, states[here]);
		free(state);
		return;
	}
	for (; last > here; last--)
		free(states[last]);
	states[++last] = state;
	here = last;
}

static void setup(void)
{
	bool changed;

	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(client_open(&client, h.port));
	replica_begin(&follower);
	now = (struct observed){ 0 };
	batches = trees = completed = repeated = 0;
	here = last = 0;
	states[0] = observe(&changed);
	ck_assert(!changed);
}

static void teardown(void)
{
	for (size_t i = 0; i <= last; i++)
		free(states[i]);
	observed_free(&now);
	replica_end(&follower);
	client_close(&client);
	fixture_teardown();
}

static void mix(void)
{
	static void (*const steps[])(void) = { change, undo, redo };

	for (unsigned n = 0; n < MIXED; n++)
		steps[random_below(&dice, CHECK_COUNT(steps))]();
}

START_TEST(back_and_forth)
{
	struct replica late;
	char why[256];
	sqlite3 *db;

	dice = seeds[_i];
	while (here < CHANGES)
		change();
	ck_assert_uint_gt(batches, CHANGES / 20);
	ck_assert_uint_gt(trees, CHANGES / 40);
	ck_assert_uint_gt(completed, CHANGES / 100);
	ck_assert_uint_gt(repeated, CHANGES / 100);
	while (here > 0)
		undo();
	undo();
	while (here < last)
		redo();
	redo();
	mix();
	replica_begin(&late);
	replica_follow(&late, &ask, 1 + random_below(&dice, 1000));
	ck_assert_int_eq(late.revision, follower.revision);
	replica_expect(&late, &now);
	replica_end(&late);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	db = sound_open(h.database);
	ck_assert_ptr_nonnull(db);
	ck_assert_msg(sound_check(db, why), "%s", why);
	sqlite3_close(db);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 500);
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, back_and_forth, 0, CHECK_COUNT(seeds));
}

int main(void)
{
	return check_main("undo property", add);
}
