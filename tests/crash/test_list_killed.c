/*
 * kill -9 within changes of a list with many tasks, and of a task with many below it, which are made
 * slice by slice in everybody's sight: once the next start has swept, all of the change is there or
 * nothing, and the next change can be made and taken back.
 *
 * CRASH_KILLS sets how many times, CRASH_SEED the dice.
 */
#include "deadline.h"
#include "fixture.h"
#include "replica.h"
#include "setting.h"
#include "sound.h"
#include "user.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KILLS 8
#else
#define KILLS 24
#endif
#define SEED 20261130
#define BATCHES 3    /* of 1,000 tasks each: about a dozen slices */
#define BATCH 1000

static struct user ann;
static struct client client;
static struct exchange ask = { .client = &client, .user = &ann };
static struct observed now;

struct change {
	const char *method, *resource, *body;
};

#define CHANGES_MOST 10

static const struct change list_changes[] = {
	{ "PATCH", "lists/1", "{\"rename_heading\":{\"from\":\"Now\",\"to\":\"Soon\"},\"name\":\"b\"}" },
	{ "POST", "undo", "{}" },
	{ "POST", "redo", "{}" },
	{ "DELETE", "lists/1", NULL },
	{ "POST", "undo", "{}" },
	{ "POST", "redo", "{}" },
	{ "POST", "lists/1/restore", "{}" },
	{ "PATCH", "lists/1", "{\"headings\":[\"Now\"],\"name\":\"a\"}" },
	{ "POST", "undo", "{}" },
	{ "PATCH", "lists/1", "{\"rename_heading\":{\"from\":\"Soon\",\"to\":\"Now\"},\"name\":\"a\"}" },
};

/* The deletion itself is one transaction. */
static const struct change tree_changes[] = {
	{ "DELETE", "tasks/1", NULL },
	{ "POST", "undo", "{}" },
	{ "POST", "redo", "{}" },
	{ "POST", "undo", "{}" },
};

/* The changes come one after the other, and from the first one again; each leads to another state. */
static const struct round {
	const char *resource, *first; /* what is made first */
	const char *task;	      /* and what is made in it */
	const struct change *changes;
	size_t count;
	unsigned kills_of; /* the kills that the setting says, divided by it */
	unsigned caught;   /* one in so many kills at least comes in the middle */
} rounds[] = {
	{ "lists", "{\"name\":\"a\",\"headings\":[\"Now\"]}",
		"{\"name\":\"task\",\"list\":1,\"heading\":\"Now\",\"tags\":[\"many\"]}", list_changes,
		CHECK_COUNT(list_changes), 1, 4 },
	{ "tasks", "{\"name\":\"tree\"}", "{\"name\":\"task\",\"parent\":1,\"tags\":[\"many\"]}",
		tree_changes, CHECK_COUNT(tree_changes), 2, 6 },
};

static void start(void)
{
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(client_open(&client, h.port));
	client.deadline_ms = 2 * CLIENT_DEADLINE_MS;
}

static void fill(const struct round *round)
{
	json_decref(exchange_json(
		&ask, "POST", round->resource, json_loads(round->first, 0, NULL)));
	ck_assert_int_eq(ask.status, 201);
	for (int n = 0; n < BATCHES; n++) {
		json_t *items = json_array();
		for (int i = 0; i < BATCH; i++)
			json_array_append_new(items,
				json_pack("{s:s, s:o}", "op", "create", "task",
					json_loads(round->task, 0, NULL)));
		json_decref(exchange_json(
			&ask, "POST", "tasks/batch", json_pack("{s:o}", "items", items)));
		ck_assert_int_eq(ask.status, 200);
	}
}

static void setup(void)
{
	fixture_setup();
	start();
	ck_assert(user_make(&h, &ann, "ann"));
	now = (struct observed){ 0 };
}

static void teardown(void)
{
	observed_free(&now);
	client_close(&client);
	fixture_teardown();
}

/* All that there is, without revisions and the dates of the changes, to be freed. */
static char *state_of(void)
{
	static const char *const dates[] = { "modified_date", "deleted_date" };
	struct replica replica;
	json_t *row;
	size_t i;

	replica_begin(&replica);
	free(replica_observe(&replica, &ask, &now));
	replica_end(&replica);
	json_t *all = json_pack("[O, O, O, O]", now.tasks, now.trashed_tasks, now.lists,
		now.trashed_lists);
	for (size_t kind = 0; kind < json_array_size(all); kind++)
		json_array_foreach (json_array_get(all, kind), i, row) {
			json_object_del(row, "revision");
			for (size_t d = 0; d < CHECK_COUNT(dates); d++)
				json_object_del(row, dates[d]);
		}
	char *text = json_dumps(all, JSON_SORT_KEYS | JSON_COMPACT);
	json_decref(all);
	return text;
}

#define LEFT "SELECT count(*) FROM accounts WHERE bulk <> 0"

static void await_swept(void)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);
	sqlite3 *db = sound_open(h.database);
	char why[256];

	ck_assert_ptr_nonnull(db);
	sqlite3_busy_timeout(db, HARNESS_DEADLINE_MS);
	while (!sound_is(db, LEFT, "0")) {
		ck_assert_msg(deadline_in(0) < until, "what is left behind is not swept");
		deadline_pause();
	}
	ck_assert_msg(sound_swept(db, why), "%s", why);
	sqlite3_close(db);
}

static bool is_in_the_middle(void)
{
	sqlite3 *db = sound_open_copy(h.folder);
	bool middle;
	char why[256];

	ck_assert_ptr_nonnull(db);
	ck_assert_msg(sound_check(db, why), "%s", why);
	middle = !sound_is(db, LEFT, "0");
	sqlite3_close(db);
	return middle;
}

static long now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* Undisturbed: the microseconds that it took. */
static long make(const struct change *change)
{
	long begun = now_us();
	json_t *body = change->body != NULL ? json_loads(change->body, 0, NULL) : NULL;

	json_decref(exchange_json(&ask, change->method, change->resource, body));
	ck_assert_msg(ask.status == 200, "%s %s: %d", change->method, change->resource, ask.status);
	return now_us() - begun;
}

static void send_change(const struct change *change)
{
	char path[128];

	snprintf(path, sizeof(path), "/api/v1/accounts/%s/%s", ann.name, change->resource);
	ck_assert(user_send(&client, &ann, change->method, path, change->body));
}

/* The states of a round, each before its change; the last one's is the first. */
static char *states[CHANGES_MOST];
static long took[CHANGES_MOST];

/* Kill the server some time within the change, and start it again. Whether that was in the middle. */
static bool kill_within(const struct change *change, long most, uint64_t *dice)
{
	long pause_us = (long)(check_random(dice) % (uint64_t)(most + 1));
	struct timespec pause = { .tv_sec = pause_us / 1000000,
		.tv_nsec = pause_us % 1000000 * 1000 };
	bool middle;

	send_change(change);
	nanosleep(&pause, NULL);
	ck_assert_int_eq(harness_stop(&h, SIGKILL), 128 + SIGKILL);
	client_close(&client);
	middle = is_in_the_middle();
	start();
	await_swept();
	return middle;
}

START_TEST(all_or_nothing)
{
	const struct round *round = &rounds[_i];
	unsigned long kills = setting("CRASH_KILLS", KILLS) / round->kills_of;
	unsigned long seed = setting("CRASH_SEED", SEED);
	unsigned caught = 0, done = 0;
	uint64_t dice = seed;

	fill(round);
	for (size_t i = 0; i < round->count; i++) {
		states[i] = state_of();
		took[i] = make(&round->changes[i]);
	}
	for (unsigned long n = 0; n < kills; n++) {
		size_t which = n % round->count, next = (which + 1) % round->count;
		const struct change *change = &round->changes[which];

		caught += kill_within(change, took[which], &dice);
		char *state = state_of();
		bool before = strcmp(state, states[which]) == 0;
		ck_assert_msg(before || strcmp(state, states[next]) == 0,
			"%s %s, CRASH_SEED=%lu: neither before it nor behind it", change->method,
			change->resource, seed);
		free(state);
		done += !before;
		if (before)
			make(change);
	}
	printf("%lu kills, %u in the middle, %u behind the change, seed %lu\n", kills, caught, done,
		seed);
	ck_assert_uint_ge(caught, kills / round->caught);
	for (size_t i = 0; i < round->count; i++)
		free(states[i]);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 900);
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, all_or_nothing, 0, CHECK_COUNT(rounds));
}

int main(void)
{
	return check_main("list killed", add);
}
