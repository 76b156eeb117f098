/*
 * store/store.h: answers that grow long, in pieces, and how they end before their end.
 */
#include "check_main.h"
#include "loop.h"
#include "storage.h"

#include <semaphore.h>
#include <stdio.h>
#include <string.h>

#define ASKS 8
#define ROWS 20000
#define ROW_LENGTH 100 /* of the text in it */
#define PIECE_MOST (128 << 10)
#define LIST "SELECT value AS i, name FROM things ORDER BY value"

static struct storage storage;
static struct ask asks[ASKS];
static const struct statement *list, *one, *add, *empty;

/* Rows that are long enough for a few megabytes. */
static void fill_things(void)
{
	sqlite3 *other = storage_other(&storage);

	storage_run(other, "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n"
			   " WHERE i < 20000)"
			   " INSERT INTO things (name, value) SELECT printf('%0100d', i), i FROM n");
	ck_assert_int_eq(storage_number(other, "SELECT count(*) FROM things"), ROWS);
	sqlite3_close(other);
}

static void setup(void)
{
	storage_make(&storage);
	fill_things();
	memset(asks, 0, sizeof(asks));
	storage_open(&storage);
	list = storage_prepare(&storage, LIST);
	one = storage_prepare(&storage, "SELECT 1 AS one");
	add = storage_prepare(&storage, "INSERT INTO things (name) VALUES ($a)");
	empty = storage_prepare(&storage, "DELETE FROM things");
}

static void teardown(void)
{
	for (unsigned i = 0; i < ASKS; i++)
		ask_free(&asks[i]);
	storage_remove(&storage);
}

/* Stay at the piece that has come. */
static void stay(struct ask *ask)
{
	(void)ask;
}

static void wait_for_piece(struct ask *ask)
{
	ck_assert(loop_until(storage.base, &ask->times, 1));
	ck_assert_int_eq(ask->job.result, STORE_MORE);
}

/* All the rows, once each and in order, as one text. */
static void check_rows(struct ask *ask, const char *head)
{
	const char *at = ask_rows(ask);
	char row[ROW_LENGTH + 64];

	ck_assert_int_eq(ask->job.result, STORE_DONE);
	ck_assert_uint_eq(ask->job.rows, ROWS);
	ck_assert_int_eq(strncmp(at, head, strlen(head)), 0);
	at += strlen(head);
	for (int i = 1; i <= ROWS; i++) {
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

/* That an answer is long changes nothing of what the job says and sees before it. */
START_TEST(a_long_answer_has_the_steps_of_a_short_one)
{
	asks[0].job.step = write_head;
	asks[0].statement[0] = storage_prepare(&storage, "SELECT 12 AS b");
	asks[0].statement[1] = list;
	store_start(storage.store);
	storage_ask(&storage, &asks[0]);
	storage_wait(&storage);
	check_rows(&asks[0], "head 12:");
	ck_assert_uint_gt(asks[0].times, 10);
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
			ck_assert_int_eq(asks[0].job.result, STORE_MORE);
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

/* The owner has a piece, and has not said what to do. */
START_TEST(closing_ends_what_waits)
{
	asks[0].then = asks[1].then = stay;
	store_start(storage.store);
	storage_ask_one(&storage, &asks[0], list);
	storage_ask_one(&storage, &asks[1], list);
	wait_for_piece(&asks[0]);
	wait_for_piece(&asks[1]);
	storage_close(&storage);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_uint_eq(asks[i].times, 2);
		ck_assert_int_eq(asks[i].job.result, STORE_STOPPED);
	}
}
END_TEST

/* Stopped, once; the owner may have had a piece of it before. */
static void check_stopped(struct ask *ask)
{
	ck_assert(ask->ended);
	ck_assert_uint_le(ask->times, 2);
	ck_assert_int_eq(ask->job.result, STORE_STOPPED);
}

/* The owner has nothing of them yet. */
START_TEST(closing_ends_what_has_just_begun)
{
	store_start(storage.store);
	for (unsigned i = 0; i < ASKS; i++) {
		asks[i].then = stay;
		storage_ask_one(&storage, &asks[i], list);
	}
	storage_close(&storage);
	for (unsigned i = 0; i < ASKS; i++)
		check_stopped(&asks[i]);
}
END_TEST

static sem_t reached;

static bool tell(struct job *job, unsigned index, bool row)
{
	(void)job;
	(void)index;
	(void)row;
	sem_post(&reached);
	return true;
}

/*
 * Pieces are on their way to the loop, which does not run any more: while the short reader counts,
 * the others have more than enough time to fill one.
 */
START_TEST(closing_ends_what_is_on_its_way)
{
	sem_init(&reached, 0, 0);
	asks[0].then = asks[1].then = stay;
	asks[2].job.step = tell;
	asks[2].statement[0] = storage_prepare(&storage,
		"WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n"
		" WHERE i < 300000) SELECT count(*) FROM n");
	asks[2].statement[1] = one;
	store_start(storage.store);
	storage_ask_one(&storage, &asks[0], list);
	storage_ask_one(&storage, &asks[1], list);
	storage_ask(&storage, &asks[2]);
	while (sem_wait(&reached) != 0)
		continue;
	storage_close(&storage);
	sem_destroy(&reached);
	check_stopped(&asks[0]);
	check_stopped(&asks[1]);
	ck_assert(asks[2].ended);
	ck_assert_int_eq(asks[2].job.result, STORE_DONE);
}
END_TEST

/* What was handed over is finished first. */
START_TEST(closing_finishes_what_is_short)
{
	struct ask many[300] = { 0 };

	store_start(storage.store);
	for (unsigned i = 0; i < CHECK_COUNT(many); i++)
		storage_ask_one(&storage, &many[i], i % 2 == 0 ? add : one);
	storage_close(&storage);
	for (unsigned i = 0; i < CHECK_COUNT(many); i++) {
		ck_assert_uint_eq(many[i].times, 1);
		ck_assert_int_eq(many[i].job.result, STORE_DONE);
		ask_free(&many[i]);
	}
	sqlite3 *other = storage_other(&storage);
	ck_assert_int_eq(storage_number(other, "SELECT count(*) FROM things"), ROWS + 150);
	sqlite3_close(other);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, a_long_answer_comes_in_pieces);
	tcase_add_test(test_case, long_answers_go_side_by_side);
	tcase_add_test(test_case, a_long_answer_has_the_steps_of_a_short_one);
	tcase_add_test(test_case, a_long_answer_is_of_one_moment);
	tcase_add_test(test_case, long_answers_hold_up_nobody);
	tcase_add_test(test_case, a_cancel_ends_it);
	tcase_add_test(test_case, closing_ends_what_waits);
	tcase_add_test(test_case, closing_ends_what_has_just_begun);
	tcase_add_test(test_case, closing_ends_what_is_on_its_way);
	tcase_add_test(test_case, closing_finishes_what_is_short);
}

int main(void)
{
	return check_main("store_long", add_tests);
}
