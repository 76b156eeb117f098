/*
 * store/store.h: closing while jobs are under way.
 */
#include "check_main.h"
#include "loop.h"
#include "storage.h"

#include <semaphore.h>
#include <string.h>

#define ASKS 8
#define SHORT_ASKS 300

static struct storage storage;
static struct ask asks[ASKS];
static const struct statement *list, *one, *add;

static void setup(void)
{
	storage_make(&storage);
	storage_fill(&storage);
	memset(asks, 0, sizeof(asks));
	storage_open(&storage);
	list = storage_prepare(&storage, "SELECT value AS i, name FROM things ORDER BY value");
	one = storage_prepare(&storage, "SELECT 1 AS one");
	add = storage_prepare(&storage, "INSERT INTO things (name) VALUES ($a)");
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
	asks[2].job.guard = tell;
	asks[2].statement[0] = storage_prepare(&storage,
		"WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n"
		" WHERE i < 300000) SELECT count(*) AS n FROM n");
	asks[2].statement[1] = one;
	store_start(storage.store);
	storage_ask_one(&storage, &asks[0], list);
	storage_ask_one(&storage, &asks[1], list);
	storage_ask(&storage, &asks[2]);
	event_base_loop(storage.base, EVLOOP_NONBLOCK); /* jobs may go with its turn */
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
	struct ask many[SHORT_ASKS] = { 0 };

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
	ck_assert_int_eq(storage_number(other, "SELECT count(*) FROM things"),
		STORAGE_ROWS + SHORT_ASKS / 2);
	sqlite3_close(other);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, closing_ends_what_waits);
	tcase_add_test(test_case, closing_ends_what_has_just_begun);
	tcase_add_test(test_case, closing_ends_what_is_on_its_way);
	tcase_add_test(test_case, closing_finishes_what_is_short);
}

int main(void)
{
	return check_main("store_close", add_tests);
}
