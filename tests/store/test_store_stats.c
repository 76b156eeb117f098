/* store/store.h: the numbers that the store gives of itself. */
#include "check_main.h"
#include "loop.h"
#include "storage.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define JOBS 40

static struct storage storage;
static const struct statement *add_thing, *count_things;

static void setup(void)
{
	storage_make(&storage);
	storage_open(&storage);
	add_thing = storage_prepare(&storage, "INSERT INTO things (value) VALUES ('a')");
	count_things = storage_prepare(&storage, "SELECT count(*) AS n FROM things");
	store_start(storage.store);
}

static void teardown(void)
{
	storage_remove(&storage);
}

static struct store_stats stats(void)
{
	struct store_stats now;

	store_stats(storage.store, &now);
	return now;
}

static off_t wal_bytes(void)
{
	char path[sizeof(storage.place.database) + 4];
	struct stat status;

	snprintf(path, sizeof(path), "%s-wal", storage.place.database);
	return stat(path, &status) == 0 ? status.st_size : 0;
}

START_TEST(at_first_there_is_nothing)
{
	struct store_stats now = stats();

	ck_assert_uint_eq(now.groups, 0);
	ck_assert_uint_eq(now.grouped, 0);
	ck_assert_uint_eq(now.group_most, 0);
	ck_assert_uint_eq(now.queued_writes + now.queued_reads + now.queued_longs, 0);
	ck_assert_ptr_null(now.fault);
}
END_TEST

/* What is handed over in one turn of the loop is at most as many groups as jobs. */
START_TEST(groups_and_their_jobs_are_counted)
{
	struct ask asks[JOBS] = { 0 }, one = { 0 };

	storage_expect(&storage, &one, add_thing, "");
	ck_assert_uint_eq(stats().groups, 1);
	ck_assert_uint_eq(stats().grouped, 1);
	ck_assert_uint_eq(stats().group_most, 1);
	storage_expect(&storage, &one, count_things, "{\"n\":1}");
	ck_assert_uint_eq(stats().groups, 1); /* reading is none */
	for (int i = 0; i < JOBS; i++)
		storage_ask_one(&storage, &asks[i], add_thing);
	storage_wait(&storage);
	struct store_stats now = stats();
	ck_assert_uint_eq(now.groups, 2);
	ck_assert_uint_eq(now.grouped, JOBS + 1);
	ck_assert_uint_eq(now.group_most, JOBS);
	for (int i = 0; i < JOBS; i++)
		ask_free(&asks[i]);
	ask_free(&one);
}
END_TEST

/* While another program holds the file, one group is tried and the rest waits. */
START_TEST(what_waits_is_told)
{
	struct ask asks[JOBS] = { 0 };
	sqlite3 *other = storage_other(&storage);
	unsigned first = 1;

	storage_run(other, "BEGIN IMMEDIATE");
	storage_ask_one(&storage, &asks[0], add_thing);
	while (stats().queued_writes == 0) { /* the first is taken; the second is not */
		event_base_loop(storage.base, EVLOOP_NONBLOCK);
		if (first < JOBS)
			storage_ask_one(&storage, &asks[first++], add_thing);
	}
	ck_assert_uint_eq(stats().groups, 0);
	storage_run(other, "ROLLBACK");
	storage_wait(&storage);
	ck_assert_uint_eq(stats().queued_writes, 0);
	ck_assert_uint_eq(stats().grouped, first);
	for (unsigned i = 0; i < first; i++)
		ask_free(&asks[i]);
	sqlite3_close(other);
}
END_TEST

/* The log's length is looked at with each group. */
START_TEST(the_log_is_measured)
{
	struct ask one = { 0 };

	storage_expect(&storage, &one, add_thing, "");
	storage_expect(&storage, &one, add_thing, "");
	storage_expect(&storage, &one, count_things, "{\"n\":2}");
	ck_assert_uint_gt(stats().wal_bytes, 0);
	ck_assert_int_le((off_t)stats().wal_bytes, wal_bytes());
	ask_free(&one);
}
END_TEST

/* Also that it is over. */
START_TEST(a_fault_is_told)
{
	struct ask one = { 0 };
	char away[sizeof(storage.place.database) + 8];

	snprintf(away, sizeof(away), "%s.away", storage.place.database);
	ck_assert_int_eq(rename(storage.place.database, away), 0);
	storage_ask_one(&storage, &one, add_thing);
	storage_wait(&storage);
	ck_assert_int_eq(one.job.result, STORE_FILE_REPLACED);
	ck_assert_ptr_nonnull(stats().fault);
	ck_assert_ptr_nonnull(strstr(stats().fault, "removed or replaced"));
	ck_assert_uint_eq(stats().groups, 0);
	ck_assert_int_eq(rename(away, storage.place.database), 0);
	while (stats().fault != NULL)
		event_base_loop(storage.base, EVLOOP_ONCE);
	storage_expect(&storage, &one, add_thing, "");
	ask_free(&one);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, at_first_there_is_nothing);
	tcase_add_test(test_case, groups_and_their_jobs_are_counted);
	tcase_add_test(test_case, what_waits_is_told);
	tcase_add_test(test_case, the_log_is_measured);
	tcase_add_test(test_case, a_fault_is_told);
}

int main(void)
{
	return check_main("store_stats", add);
}
