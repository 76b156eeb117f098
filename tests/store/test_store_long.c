/*
 * store/store.h: answers that grow long, in pieces, and what goes on beside them.
 */
#include "sqlite/job.h"

#include "check_main.h"
#include "loop.h"
#include "storage.h"

#include <stdio.h>
#include <string.h>

#define ASKS 8
#define PIECE_MOST (160 << 10)
#define LIST "SELECT value AS i, name FROM things ORDER BY value"

static struct storage storage;
static struct ask asks[ASKS];
static const struct statement *list, *one, *add, *empty;

static void setup(void)
{
	storage_make(&storage);
	storage_fill(&storage);
	memset(asks, 0, sizeof(asks));
	storage_open(&storage);
	list = storage_prepare(&storage, LIST);
	one = storage_prepare(&storage, "SELECT 1 AS one");
	add = storage_prepare(&storage, "INSERT INTO things (name) VALUES ($a)");
	empty = storage_prepare(&storage, "DELETE FROM things");
}

static void teardown(void)
{
	storage_remove(&storage);
	for (unsigned i = 0; i < ASKS; i++)
		ask_free(&asks[i]);
}

/* Stay at the piece that has come. */
static void stay(struct ask *ask)
{
	(void)ask;
}

static void wait_for_piece(struct ask *ask)
{
	ck_assert(loop_until(storage.base, &ask->times, 1));
	ck_assert_int_eq(ask->job.result, STORE_PARTIAL);
}

/* All the rows, once each and in order, as one text. */
static void check_rows(struct ask *ask, const char *head)
{
	const char *at = ask_rows(ask);
	char row[256];

	ck_assert_int_eq(ask->job.result, STORE_DONE);
	ck_assert_uint_eq(ask->job.rows, STORAGE_ROWS);
	ck_assert_int_eq(strncmp(at, head, strlen(head)), 0);
	at += strlen(head);
	for (int i = 1; i <= STORAGE_ROWS; i++) {
		int length = snprintf(row, sizeof(row), "%s{\"i\":%d,\"name\":\"%0100d\"}",
			i > 1 ? "," : "", i, i);
		CHECK_THAT(strncmp(at, row, (size_t)length) == 0, "row %d is %.200s", i, at);
		at += length;
	}
	ck_assert_str_eq(at, "");
}

static size_t seen; /* of the answer's bytes, in the pieces before */

static void check_piece(struct ask *ask)
{
	size_t length = ask->out.length - seen;

	seen = ask->out.length;
	CHECK_THAT(length < PIECE_MOST, "a piece of %zu bytes", length);
	if (ask->ended)
		return;
	CHECK_THAT(length > 0, "a piece without a byte");
	store_continue(storage.store, &ask->job, false);
}

START_TEST(a_long_answer_comes_in_pieces)
{
	seen = 0;
	asks[0].then = check_piece;
	store_start(storage.store);
	storage_ask_one(&storage, &asks[0], list);
	storage_wait(&storage);
	check_rows(&asks[0], "");
	ck_assert_uint_gt(asks[0].times, 10);
}
END_TEST

/* Of several at once each gets its own. */
START_TEST(long_answers_go_side_by_side)
{
	store_start(storage.store);
	for (unsigned i = 0; i < ASKS; i++)
		storage_ask_one(&storage, &asks[i], list);
	storage_wait(&storage);
	for (unsigned i = 0; i < ASKS; i++)
		check_rows(&asks[i], "");
}
END_TEST

static bool write_head(struct job *job, unsigned index, bool row)
{
	(void)index;
	(void)row;
	buffer_add_format(&job->out, "head %d:", (int)job->values[1].integer);
	return true;
}

static int calls;
static sqlite3 *other;

/* Another program empties the table between the statements of a run. */
static bool meanwhile(struct job *job, unsigned index, bool row)
{
	if (++calls == 2)
		storage_run(other, "DELETE FROM things");
	return write_head(job, index, row);
}

/* That an answer is long changes nothing of what the job says and sees before it. */
START_TEST(a_long_answer_has_the_steps_of_a_short_one)
{
	asks[0].job.guard = write_head;
	asks[0].statement[0] = storage_prepare(&storage, "SELECT 12 AS b");
	asks[0].statement[1] = list;
	store_start(storage.store);
	storage_ask(&storage, &asks[0]);
	storage_wait(&storage);
	check_rows(&asks[0], "head 12:");
	ck_assert_uint_gt(asks[0].times, 10);
}
END_TEST

/* The second run of its statements is the one that counts, and both see the same. */
START_TEST(a_long_job_is_of_one_moment)
{
	calls = 0;
	other = storage_other(&storage);
	asks[0].job.guard = meanwhile;
	asks[0].statement[0] = storage_prepare(&storage, "SELECT count(*) AS b FROM things");
	asks[0].statement[1] = list;
	store_start(storage.store);
	storage_ask(&storage, &asks[0]);
	storage_wait(&storage);
	ck_assert_int_eq(calls, 2);
	check_rows(&asks[0], "head 20000:");
	storage_expect(&storage, &asks[1], list, "");
	sqlite3_close(other);
}
END_TEST

static int64_t version; /* at the second run */

/* Before the second run another program changes the first rows. */
static bool rename_meanwhile(struct job *job, unsigned index, bool row)
{
	(void)index;
	(void)row;
	if (++calls == 2) {
		storage_run(other, "UPDATE things SET name = 'other ' || value WHERE value <= 10");
		job->values[1].integer = version;
	}
	return true;
}

static void ask_for_rest(void)
{
	calls = 0;
	other = storage_other(&storage);
	asks[0].job.guard = rename_meanwhile;
	asks[0].job.resume.behind = &asks[0].value[0];
	asks[0].job.resume.version = &asks[0].value[1];
	asks[0].then = check_piece;
	asks[0].statement[0] = storage_prepare(&storage, "SELECT 12 AS b");
	asks[0].statement[1] = storage_prepare(&storage,
		"SELECT value AS i, name FROM things WHERE rowid > coalesce($a, 0) ORDER BY rowid");
	seen = 0;
	store_start(storage.store);
	storage_ask(&storage, &asks[0]);
	storage_wait(&storage);
	ck_assert_int_eq(calls, 2);
	sqlite3_close(other);
}

/* What was read by the first thread is not read again. */
START_TEST(a_long_answer_goes_on_behind_its_last_row)
{
	version = 12;
	ask_for_rest();
	check_rows(&asks[0], "");
}
END_TEST

START_TEST(of_another_version_all_rows_are_read_again)
{
	version = 13;
	ask_for_rest();
	ck_assert_uint_eq(asks[0].job.rows, STORAGE_ROWS);
	CHECK_THAT(strstr(ask_rows(&asks[0]), "{\"i\":10,\"name\":\"other 10\"}"), "%.300s",
		ask_rows(&asks[0]));
}
END_TEST

/* The state that it is read in then may have no row behind the page. */
START_TEST(what_is_put_off_does_not_know_the_next_page)
{
	struct ask *ask = &asks[0];
	const struct statement *statements[] = { storage_prepare(&storage, "SELECT 12 AS b"), list };

	ask->job.statements = statements;
	ask->job.values = ask->value;
	ask->job.page.rows = 10;
	ask->value[0] = ask->value[1] = (struct value){ VALUE_INTEGER, .integer = 12 };
	sqlite_put_off_job(&ask->job);
	ck_assert_int_eq(ask->value[0].type, VALUE_INTEGER);
	ck_assert_int_eq(ask->value[1].type, VALUE_NULL);
}
END_TEST

/* The job may also be stopped before it is taken up. */
static bool stop_meanwhile(struct job *job, unsigned index, bool row)
{
	(void)job;
	(void)index;
	(void)row;
	return ++calls < 2;
}

START_TEST(what_is_stopped_then_has_no_rows)
{
	calls = 0;
	asks[0].job.guard = stop_meanwhile;
	asks[0].job.resume.behind = &asks[0].value[0];
	asks[0].job.resume.version = &asks[0].value[1];
	asks[0].statement[0] = storage_prepare(&storage, "SELECT 12 AS b");
	asks[0].statement[1] = list;
	store_start(storage.store);
	storage_ask(&storage, &asks[0]);
	storage_wait(&storage);
	ck_assert_int_eq(asks[0].job.result, STORE_STOPPED);
	ck_assert_str_eq(ask_rows(&asks[0]), "");
}
END_TEST

/* Changes that are made meanwhile are not in it. */
START_TEST(a_long_answer_is_of_one_moment)
{
	asks[0].then = stay;
	store_start(storage.store);
	storage_ask_one(&storage, &asks[0], list);
	wait_for_piece(&asks[0]);
	storage_ask_one(&storage, &asks[1], empty);
	ck_assert(loop_until(storage.base, &asks[1].times, 1));
	ck_assert_int_eq(asks[1].job.result, STORE_DONE);
	asks[0].then = NULL;
	store_continue(storage.store, &asks[0].job, false);
	storage_wait(&storage);
	check_rows(&asks[0], "");
	storage_expect(&storage, &asks[2], list, "");
}
END_TEST

/* However many clients do not take their pieces: reading and writing goes on. */
START_TEST(long_answers_hold_up_nobody)
{
	store_start(storage.store);
	for (unsigned i = 0; i < ASKS - 2; i++) {
		asks[i].then = stay;
		storage_ask_one(&storage, &asks[i], list);
	}
	wait_for_piece(&asks[0]);
	for (int round = 0; round < 50; round++) {
		storage_ask_one(&storage, &asks[ASKS - 2], one);
		ck_assert(loop_until(storage.base, &asks[ASKS - 2].times, 1));
		ck_assert_str_eq(ask_rows(&asks[ASKS - 2]), "{\"one\":1}");
		storage_ask_one(&storage, &asks[ASKS - 1], add);
		ck_assert(loop_until(storage.base, &asks[ASKS - 1].times, 1));
		ck_assert_int_eq(asks[ASKS - 1].job.result, STORE_DONE);
	}
	for (unsigned i = 0; i < ASKS - 2; i++) { /* those that waited for a thread come too */
		wait_for_piece(&asks[i]);
		store_continue(storage.store, &asks[i].job, true);
	}
	storage_wait(&storage);
}
END_TEST

/* At the first piece, or at a later one; and the thread serves again, more often than there are. */
START_TEST(a_cancel_ends_it)
{
	store_start(storage.store);
	for (unsigned round = 0; round < 12; round++) {
		asks[0].then = stay;
		storage_ask_one(&storage, &asks[0], list);
		wait_for_piece(&asks[0]);
		for (unsigned i = 0; i < round % 3; i++) {
			store_continue(storage.store, &asks[0].job, false);
			ck_assert(loop_until(storage.base, &asks[0].times, i + 2));
			ck_assert_int_eq(asks[0].job.result, STORE_PARTIAL);
		}
		store_continue(storage.store, &asks[0].job, true);
		storage_wait(&storage);
		ck_assert_int_eq(asks[0].job.result, STORE_STOPPED);
		ck_assert_uint_eq(asks[0].times, round % 3 + 2);
	}
	asks[0].then = NULL;
	storage_ask_one(&storage, &asks[0], list);
	storage_wait(&storage);
	check_rows(&asks[0], "");
}
END_TEST

/*
 * Queries of one share that take long, more than there are threads, and a short one of another
 * share after them: it comes back before even the first of them.
 */
START_TEST(what_takes_long_holds_up_no_short_answer)
{
	const struct statement *pairs =
		storage_prepare(&storage, "SELECT count(*) AS n FROM things a, things b WHERE"
					  " a.value < 300 AND a.value + b.value = -1");

	store_start(storage.store);
	for (unsigned i = 0; i < ASKS - 1; i++) {
		asks[i].job.work.share = 1;
		storage_ask_one(&storage, &asks[i], pairs);
	}
	asks[ASKS - 1].job.work.share = 2;
	storage_ask_one(&storage, &asks[ASKS - 1], one);
	ck_assert(loop_until(storage.base, &asks[ASKS - 1].times, 1));
	ck_assert_str_eq(ask_rows(&asks[ASKS - 1]), "{\"one\":1}");
	for (unsigned i = 0; i < ASKS - 1; i++)
		ck_assert_uint_eq(asks[i].times, 0);
	storage_wait(&storage);
	for (unsigned i = 0; i < ASKS - 1; i++) {
		ck_assert_int_eq(asks[i].job.result, STORE_DONE);
		ck_assert_str_eq(ask_rows(&asks[i]), "{\"n\":0}");
	}
}
END_TEST

/*
 * Steps of SQLite's machine, and then much of the processor's time without any: such a job ends, and
 * is not taken for what comes after it. The COMMIT after it has steps too, if few, and they add up.
 */
START_TEST(a_commit_is_not_interrupted)
{
	const struct statement *heavy = storage_prepare(&storage,
		"SELECT count(*) + 0 * length(hex(zeroblob(1000000))) AS n FROM things WHERE id < 600");

	store_start(storage.store);
	for (int i = 0; i < 1500; i++) {
		storage_ask_one(&storage, &asks[0], heavy);
		storage_wait(&storage);
		ck_assert_int_eq(asks[0].job.result, STORE_DONE);
		ck_assert_str_eq(ask_rows(&asks[0]), "{\"n\":599}");
	}
}
END_TEST

/* Of one share no more are read at once than it may: another's finds a thread. */
START_TEST(a_share_leaves_threads_to_the_others)
{
	store_start(storage.store);
	for (unsigned i = 0; i < ASKS - 1; i++) {
		asks[i].then = stay;
		asks[i].job.work.share = 1;
		storage_ask_one(&storage, &asks[i], list);
	}
	for (unsigned i = 0; i < STORE_LONG_SHARE; i++)
		wait_for_piece(&asks[i]);
	asks[ASKS - 1].job.work.share = 2;
	storage_ask_one(&storage, &asks[ASKS - 1], list);
	ck_assert(loop_until(storage.base, &asks[ASKS - 1].times, 1));
	for (unsigned i = STORE_LONG_SHARE; i < ASKS - 1; i++)
		ck_assert_uint_eq(asks[i].times, 0);
	for (unsigned i = 0; i < ASKS - 1; i++) {
		wait_for_piece(&asks[i]);
		store_continue(storage.store, &asks[i].job, true);
	}
	storage_wait(&storage);
	check_rows(&asks[ASKS - 1], "");
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, a_long_answer_comes_in_pieces);
	tcase_add_test(test_case, long_answers_go_side_by_side);
	tcase_add_test(test_case, a_long_answer_has_the_steps_of_a_short_one);
	tcase_add_test(test_case, a_long_job_is_of_one_moment);
	tcase_add_test(test_case, a_long_answer_goes_on_behind_its_last_row);
	tcase_add_test(test_case, of_another_version_all_rows_are_read_again);
	tcase_add_test(test_case, what_is_stopped_then_has_no_rows);
	tcase_add_test(test_case, what_is_put_off_does_not_know_the_next_page);
	tcase_add_test(test_case, a_long_answer_is_of_one_moment);
	tcase_add_test(test_case, long_answers_hold_up_nobody);
	tcase_add_test(test_case, a_cancel_ends_it);
	tcase_add_test(test_case, what_takes_long_holds_up_no_short_answer);
	tcase_add_test(test_case, a_commit_is_not_interrupted);
	tcase_add_test(test_case, a_share_leaves_threads_to_the_others);
}

int main(void)
{
	return check_main("store_long", add_tests);
}
