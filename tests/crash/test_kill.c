/*
 * kill -9 under a mixed load, again and again on the same file: whatever was acknowledged is there
 * afterwards, nothing is half there, and the server starts.
 *
 * CRASH_KILLS sets how many times, CRASH_SEED the dice.
 */
#include "fixture.h"
#include "load.h"
#include "setting.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define KILLS 15
#define SEED 20261122
#define APART_MOST 120 /* steps between the start and the kill */

static struct load load;

/* Kills once so many steps have been acknowledged, and a little later. */
static void kill_within(uint64_t *dice)
{
	unsigned target =
		atomic_load(&load.acknowledged) + (unsigned)(check_random(dice) % APART_MOST);
	const struct timespec pause = { .tv_nsec = 200000 };
	struct timespec later = { .tv_nsec = (long)(check_random(dice) % 4000000) };
	unsigned long left = 30000000000 / 200000;

	while (atomic_load(&load.acknowledged) < target && !load_fault(&load) && left-- > 0)
		nanosleep(&pause, NULL);
	nanosleep(&later, NULL);
	ck_assert_int_eq(harness_stop(&h, SIGKILL), 128 + SIGKILL);
	load_wait(&load);
}

START_TEST(kill_loses_nothing_acknowledged)
{
	unsigned long kills = setting("CRASH_KILLS", KILLS), seed = setting("CRASH_SEED", SEED);
	uint64_t dice = seed;
	char why[256];

	load_begin(&load, seed);
	for (unsigned long n = 0; n < kills; n++) {
		ck_assert(harness_start(&h, NULL, NULL));
		load_run(&load, h.port);
		kill_within(&dice);
		CHECK_THAT(!load_fault(&load), "kill %lu, CRASH_SEED=%lu: %s", n, seed,
			load_fault(&load));
		sqlite3 *db = sound_open_copy(h.folder);
		ck_assert_ptr_nonnull(db);
		CHECK_THAT(sound_check(db, why), "kill %lu, CRASH_SEED=%lu: %s", n, seed, why);
		CHECK_THAT(load_check(&load, db, NEVER, why), "kill %lu, CRASH_SEED=%lu: %s", n,
			seed, why);
		load_settle(&load, db);
		sqlite3_close(db);
	}
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	printf("%lu kills, %u acknowledged steps, %u times large changes, seed %lu\n", kills,
		atomic_load(&load.acknowledged), atomic_load(&load.large), seed);
	load_end(&load);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 1800);
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, kill_loses_nothing_acknowledged);
}

int main(void)
{
	return check_main("kill", add);
}
