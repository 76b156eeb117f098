/*
 * store/store.h: a change that is rejected leaves nothing in the file, even where SQLite cannot take
 * it back: then the whole group is told that it failed.
 */
#include "check_main.h"
#include "storage.h"

#include <string.h>

#define ASKS 3

static struct storage storage;
static struct ask asks[ASKS];
static const struct statement *add;

/* What SQLite does not let the writer do: an operation on a savepoint. */
static const char *volatile denied;

static int authorize(void *unused, int action, const char *operation, const char *name,
	const char *database, const char *trigger)
{
	(void)unused;
	(void)name;
	(void)database;
	(void)trigger;
	return action == SQLITE_SAVEPOINT && denied != NULL && strcmp(operation, denied) == 0
		       ? SQLITE_DENY
		       : SQLITE_OK;
}

static int opened(sqlite3 *db, const char **error, const struct sqlite3_api_routines *routines)
{
	(void)error;
	(void)routines;
	return sqlite3_set_authorizer(db, authorize, NULL);
}

static void setup(void)
{
	storage_make(&storage);
	memset(asks, 0, sizeof(asks));
	ck_assert_int_eq(sqlite3_auto_extension((void (*)(void))opened), SQLITE_OK);
	storage_open(&storage);
	add = storage_prepare(&storage, "INSERT INTO things (name) VALUES ($a)");
}

static void teardown(void)
{
	sqlite3_reset_auto_extension();
	storage_remove(&storage);
	for (unsigned i = 0; i < ASKS; i++)
		ask_free(&asks[i]);
}

static struct value text_value(const char *string)
{
	return (struct value){ VALUE_TEXT, .text = text_of(string) };
}

static const char *const operations[] = { "BEGIN", "ROLLBACK", "RELEASE" };

/* A plain change, one of two statements whose second is turned down, and a plain one. */
START_TEST(what_cannot_be_taken_back_is_not_committed)
{
	const struct statement *other =
		storage_prepare(&storage, "INSERT INTO things (name) VALUES ('taken')");
	sqlite3 *outside = storage_other(&storage);

	storage_run(outside, "INSERT INTO things (name) VALUES ('taken')");
	store_start(storage.store);
	denied = operations[_i];
	storage_run(outside, "BEGIN IMMEDIATE"); /* until all of them wait */
	asks[0].statement[0] = add;
	asks[0].statement[1] = other;
	asks[0].value[0] = text_value("half");
	storage_ask(&storage, &asks[0]);
	for (unsigned i = 1; i < ASKS; i++) {
		asks[i].value[0] = text_value(i == 1 ? "one" : "two");
		storage_ask_one(&storage, &asks[i], add);
	}
	storage_run(outside, "COMMIT");
	storage_wait(&storage);
	ck_assert_int_eq(asks[0].job.result, STORE_FAILED);
	ck_assert_int_eq(
		storage_number(outside, "SELECT count(*) FROM things WHERE name = 'half'"), 0);
	denied = NULL;
	asks[0].statement[1] = NULL;
	storage_ask_one(&storage, &asks[0], add);
	storage_wait(&storage);
	ck_assert_int_eq(asks[0].job.result, STORE_DONE);
	sqlite3_close(outside);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(
		test_case, what_cannot_be_taken_back_is_not_committed, 0, CHECK_COUNT(operations));
}

int main(void)
{
	return check_main("store_savepoint", add_tests);
}
