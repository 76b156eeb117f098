/*
 * Undo and redo as a walk along states, where some changes are made in slices and some are not: after
 * each step the list and the trash are exactly what they were there before, but for revisions, and who
 * follows the feed of changes sees the same list.
 */
#include "exchange.h"
#include "fixture.h"
#include "random_task.h"
#include "replica.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define STEPS 80
#define LARGE_LEAST 1001 /* tasks of a change that is made in slices */
#define LARGE_MORE 300
#define LIST_MOST 4000 /* above that, no more are imported */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const uint64_t seeds[] = { 20261129 };
#else
static const uint64_t seeds[] = { 20261129, 11 };
#endif

static struct user ann;
static struct client client;
static struct exchange ask = { .client = &client, .user = &ann };
static struct replica follower;
static uint64_t dice;
static struct observed now;

/* A state, and the revisions of the change that first led to it. */
static struct place {
	char *text;
	int64_t first, end;
} places[STEPS + 1];
static size_t here, last;
static unsigned larges, walks; /* that were made, and made in slices again */

/* The changes of a reply are those that were made, from the first one on. */
static void check_told(const json_t *reply, int64_t before)
{
	const json_t *changes = json_object_get(reply, "changes");
	int64_t made = follower.revision - before, told = (int64_t)json_array_size(changes);

	ck_assert_int_eq(json_number(reply, "revision"), follower.revision);
	ck_assert_int_eq(json_number(json_array_get(changes, 0), "revision"), before + 1);
	ck_assert(told == made || (told > 0 && told < made));
	ck_assert(json_is_true(json_object_get(reply, "more")) == (told < made));
	walks += made >= LARGE_LEAST;
}

/* Goes to a place that was there before; or, where that is here, nothing may happen. */
static void walk(const char *verb, json_t *body, size_t to)
{
	int64_t before = follower.revision;
	json_t *reply = exchange_json(&ask, "POST", verb, body);
	int status = ask.status;
	char *text = replica_observe(&follower, &ask, &now);

	CHECK_THAT(status == (to == here ? 409 : 200), "%s from %zu: %d", verb, here, status);
	CHECK_THAT(strcmp(text, places[to].text) == 0, "%s from %zu leads elsewhere", verb, here);
	if (to == here)
		ck_assert_int_eq(follower.revision, before);
	else
		check_told(reply, before);
	json_decref(reply);
	free(text);
	here = to;
}

static void undo(void)
{
	walk("undo", NULL, here > 0 ? here - 1 : here);
}

/* Any revision of it stands for the whole change. */
static void undo_by_revision(void)
{
	const struct place *place = &places[here];

	if (here == 0)
		return;
	int64_t revision =
		place->first + random_below(&dice, (unsigned)(place->end - place->first + 1));
	walk("undo", json_pack("{s:I}", "revision", (json_int_t)revision), here - 1);
}

static void redo(void)
{
	walk("redo", NULL, here < last ? here + 1 : here);
}

static void forget_behind(size_t place)
{
	for (; last > place; last--)
		free(places[last].text);
}

/* What was done is a new state; what could be redone before cannot be any more. */
static void arrive(int64_t before)
{
	char *text = replica_observe(&follower, &ask, &now);

	ck_assert_int_gt(follower.revision, before);
	forget_behind(here);
	places[++last] = (struct place){ text, before + 1, follower.revision };
	here = last;
}

/* Some of them come into the trash. */
static json_t *large_file(void)
{
	unsigned count = LARGE_LEAST + random_below(&dice, LARGE_MORE);
	unsigned trashed = random_below(&dice, 3); /* none, one in two, or all */
	json_t *tasks = json_array();

	for (unsigned i = 0; i < count; i++) {
		json_t *task = json_pack("{s:o}", "name", json_sprintf("%u of %u", i, larges));
		if (trashed > 0 && i % 2 < trashed)
			json_object_set_new(
				task, "deleted_date", json_string("2199-01-01T00:00:00Z"));
		if (i % 5 == 0)
			json_object_set_new(task, "tags", json_pack("[s]", "fifth"));
		json_array_append_new(tasks, task);
	}
	return json_pack("{s:o}", "tasks", tasks);
}

static void change_small(void)
{
	json_t *item = json_pack("[o]", random_item(&dice, now.tasks, now.trashed_tasks, LIST_MOST + LARGE_LEAST));
	int64_t before = follower.revision;

	json_decref(exchange_json(&ask, "POST", "tasks/batch", json_pack("{s:o}", "items", item)));
	CHECK_THAT(ask.status == 200, "a change: %d", ask.status);
	replica_follow(&follower, &ask, 1000);
	if (follower.revision > before)
		arrive(before);
}

static void change_large(void)
{
	int64_t before = follower.revision;

	if (json_array_size(now.tasks) + json_array_size(now.trashed_tasks) > LIST_MOST)
		return;
	json_decref(exchange_json(&ask, "POST", "import", large_file()));
	CHECK_THAT(ask.status == 200, "an import: %d", ask.status);
	larges++;
	arrive(before);
}

/* What goes for good does not come back, and nothing that was before it either. */
static void empty_trash(void)
{
	int64_t before = follower.revision;

	if (json_array_size(now.trashed_tasks) < LARGE_LEAST)
		return;
	json_decref(exchange_json(&ask, "DELETE", "trash", NULL));
	CHECK_THAT(ask.status == 200, "emptying the trash: %d", ask.status);
	arrive(before);
	ck_assert_uint_eq(json_array_size(now.trashed_tasks), 0);
	char *text = places[last].text;
	for (size_t i = 0; i < last; i++)
		free(places[i].text);
	places[0] = (struct place){ .text = text };
	here = last = 0;
}

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(client_open(&client, h.port));
	client.deadline_ms = 3 * CLIENT_DEADLINE_MS;
	replica_begin(&follower);
	now = (struct observed){ 0 };
	larges = walks = 0;
	here = last = 0;
	places[0] = (struct place){ .text = replica_observe(&follower, &ask, &now) };
}

static void teardown(void)
{
	forget_behind(0);
	free(places[0].text);
	observed_free(&now);
	replica_end(&follower);
	client_close(&client);
	fixture_teardown();
}

START_TEST(back_and_forth)
{
	static void (*const steps[])(void) = { change_small, change_small, change_large, undo, undo,
		undo_by_revision, redo, redo, empty_trash };
	struct replica late;

	dice = seeds[_i];
	change_large();
	for (unsigned n = 1; n < STEPS; n++)
		steps[random_below(&dice, CHECK_COUNT(steps))]();
	while (here > 0)
		undo();
	undo();
	while (here < last)
		redo();
	redo();
	ck_assert_uint_ge(larges, 3);
	ck_assert_uint_ge(walks, 3);
	replica_begin(&late);
	replica_follow(&late, &ask, 1 + random_below(&dice, 1000));
	replica_expect(&late, &now);
	replica_end(&late);
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
	return check_main("bulk property", add);
}
