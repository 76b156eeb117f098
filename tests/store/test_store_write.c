/*
 * store/store.h: changes, the groups that they are committed in, and jobs that are stopped.
 */
#include "check_main.h"
#include "storage.h"

#include <stdio.h>
#include <string.h>

#define MANY 200
#define ADD "INSERT INTO things (name, value) VALUES ($a, $b)"

static struct storage storage;
static struct ask asks[MANY];
static sqlite3 *other;
static const struct statement *add;

static void setup(void)
{
	storage_make(&storage);
	memset(asks, 0, sizeof(asks));
	other = storage_other(&storage);
	storage_open(&storage);
	add = storage_prepare(&storage, ADD);
}

static void teardown(void)
{
	sqlite3_close(other);
	storage_remove(&storage);
	for (unsigned i = 0; i < MANY; i++)
		ask_free(&asks[i]);
}

static struct value text_value(const char *string)
{
	return (struct value){ VALUE_TEXT, .text = text_of(string) };
}

/* Whatever is asked from here to the release goes into one group, or into two. */
static void hold(void)
{
	storage_run(other, "BEGIN IMMEDIATE");
}

static void release(void)
{
	storage_run(other, "COMMIT");
	storage_wait(&storage);
}

static void ask_add(unsigned index, const char *name)
{
	asks[index].value[0] = text_value(name);
	storage_ask_one(&storage, &asks[index], add);
}

static uint32_t big_endian(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The transactions in the write-ahead log: its frames that name a size (fileformat2.html, 4). */
static unsigned count_commits(void)
{
	unsigned char header[32], frame[24];
	char name[sizeof(storage.place.database) + 4];
	unsigned commits = 0;
	FILE *log;

	snprintf(name, sizeof(name), "%s-wal", storage.place.database);
	log = fopen(name, "rb");
	if (log == NULL || fread(header, sizeof(header), 1, log) != 1) {
		if (log != NULL)
			fclose(log);
		return 0;
	}
	while (fread(frame, sizeof(frame), 1, log) == 1 && memcmp(frame + 8, header + 16, 8) == 0) {
		commits += big_endian(frame + 4) != 0;
		fseek(log, big_endian(header + 8), SEEK_CUR);
	}
	fclose(log);
	return commits;
}

/* Alone, each is a transaction; together, many are one. */
START_TEST(what_waits_is_committed_together)
{
	unsigned commits;

	store_start(storage.store);
	for (unsigned i = 0; i < 5; i++)
		storage_expect(&storage, &asks[i], add, "");
	commits = count_commits();
	ck_assert_uint_ge(commits, 5);
	hold();
	for (unsigned i = 0; i < MANY; i++)
		storage_ask_one(&storage, &asks[i], add);
	ck_assert_uint_eq(count_commits(), commits);
	release();
	ck_assert_uint_gt(count_commits(), commits);
	ck_assert_uint_le(count_commits(), commits + MANY / 20);
	for (unsigned i = 0; i < MANY; i++)
		ck_assert_int_eq(asks[i].job.result, STORE_DONE);
	ck_assert_int_eq(storage_number(other, "SELECT count(*) FROM things"), MANY + 5);
}
END_TEST

/* FULL, the only setting under which a commit is on the disk before it comes back. */
START_TEST(a_commit_waits_for_the_disk)
{
	asks[0].statement[0] = add;
	asks[0].statement[1] = storage_prepare(&storage, "SELECT synchronous FROM pragma_synchronous");
	store_start(storage.store);
	storage_ask(&storage, &asks[0]);
	storage_wait(&storage);
	ck_assert_str_eq(ask_rows(&asks[0]), "{\"synchronous\":2}");
}
END_TEST

START_TEST(changes_are_made_in_order)
{
	const struct statement *append = storage_prepare(
		&storage, "UPDATE things SET value = value * 10 + $a RETURNING value");

	store_start(storage.store);
	asks[0].value[1] = (struct value){ VALUE_INTEGER, .integer = 0 };
	storage_expect(&storage, &asks[0], add, "");
	hold();
	for (unsigned i = 1; i < 10; i++) {
		asks[i].value[0] = (struct value){ VALUE_INTEGER, .integer = i };
		storage_ask_one(&storage, &asks[i], append);
	}
	release();
	ck_assert_str_eq(ask_rows(&asks[4]), "{\"value\":1234}");
	ck_assert_int_eq(storage_number(other, "SELECT value FROM things"), 123456789);
}
END_TEST

static bool stop_first(struct job *job, unsigned index, bool row)
{
	(void)job;
	(void)row;
	return index != 0;
}

static bool stop_second(struct job *job, unsigned index, bool row)
{
	(void)job;
	(void)row;
	return index != 1;
}

/* Three changes in a row, so that a stop comes after one or two of them. */
static void ask_three(unsigned index, bool (*step)(struct job *job, unsigned index, bool row))
{
	static const char *const changes[] = {
		"INSERT INTO things (name) VALUES ($a || '1')",
		"INSERT INTO things (name) VALUES ($a || '2')",
		"INSERT INTO things (name) VALUES ($a || '3')",
	};

	asks[index].job.guard = step;
	for (unsigned i = 0; i < CHECK_COUNT(changes); i++)
		asks[index].statement[i] = storage_prepare(&storage, changes[i]);
}

START_TEST(a_stopped_job_changes_nothing_and_no_other)
{
	ask_three(1, stop_first);
	ask_three(3, stop_second);
	ask_three(4, NULL);
	asks[1].value[0] = asks[3].value[0] = text_value("stopped");
	asks[4].value[0] = text_value("whole");
	store_start(storage.store);
	hold();
	ask_add(0, "first");
	storage_ask(&storage, &asks[1]);
	ask_add(2, "middle");
	storage_ask(&storage, &asks[3]);
	storage_ask(&storage, &asks[4]);
	ask_add(5, "last");
	release();
	for (unsigned i = 0; i < 6; i++)
		ck_assert_int_eq(asks[i].job.result, i == 1 || i == 3 ? STORE_STOPPED : STORE_DONE);
	storage_names(other, "first last middle whole1 whole2 whole3");
}
END_TEST

/* A quiet job's last statement is followed by a step too, after its change. */
START_TEST(a_stop_behind_the_last_change_takes_it_back)
{
	asks[1].job.discard_rows = true;
	asks[1].job.guard = stop_first;
	asks[1].statement[0] = add;
	asks[1].value[0] = text_value("stopped");
	store_start(storage.store);
	hold();
	ask_add(0, "first");
	storage_ask(&storage, &asks[1]);
	ask_add(2, "last");
	release();
	ck_assert_int_eq(asks[0].job.result, STORE_DONE);
	ck_assert_int_eq(asks[1].job.result, STORE_STOPPED);
	ck_assert_int_eq(asks[2].job.result, STORE_DONE);
	storage_names(other, "first last");
}
END_TEST

/* An answer that is no, before anything was changed. */
START_TEST(a_stop_behind_a_question_changes_nothing)
{
	asks[0].statement[0] = storage_prepare(&storage, "SELECT 1 AS b");
	asks[0].statement[1] = add;
	asks[0].job.guard = stop_first;
	asks[0].job.guard_count = _i == 1;
	asks[0].value[0] = text_value("stopped");
	store_start(storage.store);
	hold();
	storage_ask(&storage, &asks[0]);
	ask_add(1, "other");
	release();
	ck_assert_int_eq(asks[0].job.result, STORE_STOPPED);
	ck_assert_int_eq(asks[1].job.result, STORE_DONE);
	storage_names(other, "other");
}
END_TEST

/* In each answer's done(): what it said is there. */
static const struct statement *count;
static struct ask counts[MANY];

static void count_things(struct ask *ask)
{
	if (ask->job.result == STORE_DONE)
		storage_ask_one(ask->storage, &counts[ask - asks], count);
}

START_TEST(a_reader_sees_what_was_answered)
{
	char expected[32];

	memset(counts, 0, sizeof(counts));
	count = storage_prepare(&storage, "SELECT count(*) AS n FROM things");
	store_start(storage.store);
	for (unsigned i = 0; i < MANY; i++) {
		asks[i].then = count_things;
		storage_ask_one(&storage, &asks[i], add);
		storage_wait(&storage);
		snprintf(expected, sizeof(expected), "{\"n\":%u}", i + 1);
		ck_assert_str_eq(ask_rows(&counts[i]), expected);
		ask_free(&counts[i]);
	}
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, what_waits_is_committed_together);
	tcase_add_test(test_case, a_commit_waits_for_the_disk);
	tcase_add_test(test_case, changes_are_made_in_order);
	tcase_add_test(test_case, a_stopped_job_changes_nothing_and_no_other);
	tcase_add_test(test_case, a_stop_behind_the_last_change_takes_it_back);
	tcase_add_loop_test(test_case, a_stop_behind_a_question_changes_nothing, 0, 2);
	tcase_add_test(test_case, a_reader_sees_what_was_answered);
}

int main(void)
{
	return check_main("store_write", add_tests);
}
