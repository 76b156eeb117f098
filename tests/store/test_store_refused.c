/*
 * store/store.h: changes that cannot be made, and that they leave the others alone.
 */
#include "check_main.h"
#include "loop.h"
#include "storage.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define ASKS 6
#define LONG_NAME "a_column_whose_name_is_longer_than_any"

static struct storage storage;
static struct ask asks[ASKS];
static sqlite3 *other;
static const struct statement *add;

static void setup(void)
{
	storage_make(&storage);
	memset(asks, 0, sizeof(asks));
	other = storage_other(&storage);
	storage_run(other, "CREATE TABLE few (n INTEGER CHECK (n < 3), m INTEGER NOT NULL);"
			   "CREATE TABLE wide (" LONG_NAME " INTEGER UNIQUE);"
			   "CREATE TABLE parts (thing INTEGER REFERENCES things);"
			   "INSERT INTO things (id, name) VALUES (7, 'kept');");
	storage_open(&storage);
	add = storage_prepare(&storage, "INSERT INTO things (name, value) VALUES ($a, $b)");
}

static void teardown(void)
{
	sqlite3_close(other);
	storage_remove(&storage);
	for (unsigned i = 0; i < ASKS; i++)
		ask_free(&asks[i]);
}

static void ask_add(unsigned index, const char *name)
{
	asks[index].value[0] = (struct value){ VALUE_TEXT, .text = text_of(name) };
	storage_ask_one(&storage, &asks[index], add);
}

static const struct {
	const char *sql;
	enum store_result result;
	const char *taken;
} refused[] = {
	{ "INSERT INTO things (name) VALUES ('new'), ('kept')", STORE_CONFLICT, "name" },
	{ "INSERT INTO things (id) VALUES (7)", STORE_CONFLICT, "id" },
	{ "INSERT INTO things (id) VALUES (7) RETURNING id", STORE_CONFLICT, "id" },
	{ "INSERT INTO wide VALUES (1), (2), (1)", STORE_CONFLICT, "a_column_whose_name_is_longer_t" },
	{ "INSERT INTO few VALUES (1, 1), (3, 3)", STORE_FAILED, "" },
	{ "INSERT INTO few VALUES (1, NULL)", STORE_FAILED, "" },
	{ "INSERT INTO things (id) VALUES ('text')", STORE_FAILED, "" },
	{ "INSERT INTO parts VALUES (77)", STORE_FAILED, "" },
};

/* Alone in its job, and after one or two changes of its own job, which are rolled back. */
START_TEST(what_cannot_be_changed_leaves_the_others)
{
	const struct statement *bad = storage_prepare(&storage, refused[_i].sql);

	asks[2].statement[0] = add;
	asks[2].statement[1] = storage_prepare(&storage, "DELETE FROM things WHERE id <> 7");
	asks[2].statement[2] = bad;
	asks[2].value[0] = (struct value){ VALUE_TEXT, .text = TEXT("undone") };
	asks[3].statement[0] = add;
	asks[3].statement[1] = bad;
	asks[3].value[0] = (struct value){ VALUE_TEXT, .text = TEXT("undone too") };
	store_start(storage.store);
	storage_run(other, "BEGIN IMMEDIATE");
	ask_add(0, "first");
	storage_ask_one(&storage, &asks[1], bad);
	storage_ask(&storage, &asks[2]);
	storage_ask(&storage, &asks[3]);
	ask_add(4, "last");
	storage_run(other, "COMMIT");
	storage_wait(&storage);
	for (unsigned i = 1; i < 4; i++) {
		ck_assert_int_eq(asks[i].job.result, refused[_i].result);
		ck_assert_str_eq(asks[i].job.conflict_column, refused[_i].taken);
	}
	ck_assert_int_eq(asks[0].job.result, STORE_DONE);
	ck_assert_int_eq(asks[4].job.result, STORE_DONE);
	storage_names(other, "first kept last");
}
END_TEST

/* Its own later statements are not run either, nor is its step taken. */
static bool never_taken(struct job *job, unsigned index, bool row)
{
	(void)job;
	(void)row;
	ck_abort_msg("a step behind statement %u", index);
}

START_TEST(a_job_ends_where_it_fails)
{
	const struct statement *bad =
		storage_prepare(&storage, "INSERT INTO things (name) VALUES ('kept')");

	asks[0].job.guard = never_taken;
	asks[0].statement[0] = bad;
	asks[0].statement[1] = add;
	asks[0].value[0] = (struct value){ VALUE_TEXT, .text = TEXT("more") };
	store_start(storage.store);
	storage_ask(&storage, &asks[0]);
	storage_wait(&storage);
	ck_assert_int_eq(asks[0].job.result, STORE_CONFLICT);
	storage_names(other, "kept");
}
END_TEST

/* Readers go on; a writer is told after a while, and can when it asks again. */
START_TEST(a_file_that_another_holds_is_busy)
{
	const struct statement *read = storage_prepare(&storage, "SELECT name FROM things");

	store_start(storage.store);
	storage_run(other, "BEGIN IMMEDIATE");
	ask_add(0, "late");
	storage_ask_one(&storage, &asks[1], read);
	ck_assert(loop_until(storage.base, &asks[1].times, 1));
	ck_assert_str_eq(ask_rows(&asks[1]), "{\"name\":\"kept\"}");
	ck_assert_uint_eq(asks[0].times, 0);
	storage_wait(&storage);
	ck_assert_int_eq(asks[0].job.result, STORE_BUSY);
	storage_run(other, "COMMIT");
	storage_names(other, "kept");
	storage_expect(&storage, &asks[0], add, "");
	storage_names(other, "kept late");
}
END_TEST

/* How long the write-ahead log is. */
static rlim_t log_size(void)
{
	char name[sizeof(storage.place.database) + 4];
	struct stat status;

	snprintf(name, sizeof(name), "%s-wal", storage.place.database);
	ck_assert_int_eq(stat(name, &status), 0);
	return (rlim_t)status.st_size;
}

/*
 * No file may grow: what was not written to the log is not acknowledged to anybody, and nobody is
 * told that a name is taken which in the end is not.
 */
START_TEST(a_commit_that_fails_fails_all_of_its_group)
{
	struct rlimit before, limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	store_start(storage.store);
	ask_add(0, "before");
	storage_wait(&storage);
	ck_assert_int_eq(asks[0].job.result, STORE_DONE);
	storage_run(other, "BEGIN IMMEDIATE");
	limit = (struct rlimit){ log_size(), before.rlim_max };
	setrlimit(RLIMIT_FSIZE, &limit);
	ask_add(1, "one");
	ask_add(2, "two");
	ask_add(3, "one");
	storage_run(other, "COMMIT");
	storage_wait(&storage);
	setrlimit(RLIMIT_FSIZE, &before);
	for (unsigned i = 1; i < 4; i++)
		ck_assert_int_eq(asks[i].job.result, STORE_FULL);
	ask_add(4, "behind");
	storage_wait(&storage);
	ck_assert_int_eq(asks[4].job.result, STORE_DONE);
	storage_names(other, "before behind kept");
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(
		test_case, what_cannot_be_changed_leaves_the_others, 0, CHECK_COUNT(refused));
	tcase_add_test(test_case, a_job_ends_where_it_fails);
	tcase_add_test(test_case, a_file_that_another_holds_is_busy);
	tcase_add_test(test_case, a_commit_that_fails_fails_all_of_its_group);
}

int main(void)
{
	return check_main("store_refused", add_tests);
}
