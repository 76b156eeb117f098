/*
 * store/store.h: files that are opened, files that are made, and what stays in them.
 */
#include "check_main.h"
#include "storage.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct storage storage;
static char file[160]; /* the one that is opened; not there at first */

static void setup(void)
{
	storage_make(&storage);
	snprintf(file, sizeof(file), "%s/other.sqlite", storage.place.folder);
}

static void teardown(void)
{
	storage_remove(&storage);
}

static void expect_opened(const char *url)
{
	char *why = NULL;
	struct store *store = store_open(url, storage.base, &why);

	ck_assert_msg(store != NULL, "%s: %s", url, why);
	ck_assert_ptr_null(why);
	store_close(store);
}

START_TEST(a_name_of_a_file_is_valid)
{
	static const struct {
		const char *url;
		const char *why; /* NULL: it is valid */
	} rows[] = {
		{ "todo.sqlite", NULL },
		{ "/a/b:c/d", NULL },
		{ "./x:y", NULL },
		{ "sqlite:todo.sqlite", NULL },
		{ "SQLite:/a/b", NULL },
		{ "sqlite:x:y", NULL },
		{ ":x", NULL },
		{ "", "missing" },
		{ "sqlite:", "missing" },
		{ ":memory:", "a file is needed" },
		{ "sqlite::memory:", "a file is needed" },
		{ "postgres://a/b", "only sqlite:FILE" },
		{ "file:todo.sqlite", "only sqlite:FILE" },
		{ "sqlite3:x", "only sqlite:FILE" },
		{ "x-y+z.1:a", "only sqlite:FILE" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		const char *why = NULL;
		bool valid = store_url_is_valid(rows[i].url, &why);

		ck_assert_msg(valid == (rows[i].why == NULL), "%s: %d", rows[i].url, valid);
		if (rows[i].why != NULL)
			ck_assert_ptr_nonnull(strstr(why, rows[i].why));
	}
}
END_TEST

/* What a new file has. */
static void check_new(void)
{
	sqlite3 *other;

	ck_assert_int_eq(sqlite3_open_v2(file, &other, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	ck_assert_int_eq(storage_number(other, "PRAGMA application_id"), 0x746f646f);
	ck_assert_int_ge(storage_number(other, "PRAGMA user_version"), 1);
	ck_assert_int_eq(storage_number(other, "SELECT count(*) FROM accounts"), 0);
	ck_assert_int_eq(storage_number(other, "SELECT count(*) FROM tasks"), 0);
	ck_assert_int_eq(
		storage_number(other, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	ck_assert_int_eq(
		storage_number(other, "SELECT quick_check = 'ok' FROM pragma_quick_check"), 1);
	sqlite3_close(other);
}

START_TEST(a_file_that_is_not_there_is_made)
{
	expect_opened(file);
	check_new();
	expect_opened(file);
	check_new();
}
END_TEST

START_TEST(a_scheme_may_stand_before_the_name)
{
	char url[sizeof(file) + 8];

	snprintf(url, sizeof(url), "sqlite:%s", file);
	expect_opened(url);
	check_new();
}
END_TEST

START_TEST(an_empty_file_is_a_new_database)
{
	storage_write(file, "", 0);
	expect_opened(file);
	check_new();
	unlink(file);
	storage_database(file, "VACUUM", false); /* pages, and nothing in them */
	expect_opened(file);
	check_new();
}
END_TEST

/* Although another program has the file open. */
START_TEST(closing_folds_the_log_into_the_file)
{
	char log[sizeof(storage.place.database) + 4];
	sqlite3 *other = storage_other(&storage);
	struct ask ask = { 0 };
	struct stat status;

	snprintf(log, sizeof(log), "%s-wal", storage.place.database);
	storage_open(&storage);
	const struct statement *add =
		storage_prepare(&storage, "INSERT INTO things (value) VALUES ('saved')");
	store_start(storage.store);
	storage_expect(&storage, &ask, add, "");
	ck_assert_int_eq(stat(log, &status), 0);
	ck_assert_int_gt(status.st_size, 0);
	ck_assert_int_eq(storage_number(other, "SELECT count(*) FROM things"), 1);
	storage_close(&storage);
	ck_assert_int_eq(stat(log, &status), 0);
	ck_assert_int_eq(status.st_size, 0);
	sqlite3_close(other);
	ask_free(&ask);
}
END_TEST

START_TEST(what_was_saved_is_there_again)
{
	struct ask ask = { 0 };

	for (int i = 0; i < 3; i++) {
		char rows[32];

		storage_open(&storage);
		const struct statement *add =
			storage_prepare(&storage, "INSERT INTO things (value) VALUES ('saved')");
		const struct statement *count =
			storage_prepare(&storage, "SELECT count(*) AS n FROM things");
		store_start(storage.store);
		storage_expect(&storage, &ask, add, "");
		snprintf(rows, sizeof(rows), "{\"n\":%d}", i + 1);
		storage_expect(&storage, &ask, count, rows);
		storage_close(&storage);
	}
	ask_free(&ask);
}
END_TEST

static void expect_number(const char *sql, int64_t expected)
{
	sqlite3 *other;

	ck_assert_int_eq(sqlite3_open_v2(file, &other, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	ck_assert_int_eq(storage_number(other, sql), expected);
	sqlite3_close(other);
}

/* Its last change was not folded into the file when the program that made it was killed. */
START_TEST(a_log_that_was_left_is_read)
{
	expect_opened(file);
	storage_database(file, "CREATE TABLE extra (a); INSERT INTO extra VALUES (7);", true);
	expect_opened(file);
	expect_number("SELECT a FROM extra", 7);
}
END_TEST

/* It was killed while it folded them: the file says that it is longer than it is. */
START_TEST(a_log_that_was_half_folded_is_read)
{
	struct stat before, after;

	expect_opened(file);
	ck_assert_int_eq(stat(file, &before), 0);
	storage_database(file,
		"CREATE TABLE extra (a); INSERT INTO extra VALUES (zeroblob(100000));"
		"PRAGMA wal_checkpoint(PASSIVE);",
		true);
	ck_assert_int_eq(stat(file, &after), 0);
	ck_assert_int_gt(after.st_size, before.st_size);
	ck_assert_int_eq(truncate(file, before.st_size), 0);
	expect_opened(file);
	expect_number("SELECT length(a) FROM extra", 100000);
	expect_number("SELECT integrity_check = 'ok' FROM pragma_integrity_check", 1);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, a_name_of_a_file_is_valid);
	tcase_add_test(test_case, a_file_that_is_not_there_is_made);
	tcase_add_test(test_case, a_scheme_may_stand_before_the_name);
	tcase_add_test(test_case, an_empty_file_is_a_new_database);
	tcase_add_test(test_case, closing_folds_the_log_into_the_file);
	tcase_add_test(test_case, what_was_saved_is_there_again);
	tcase_add_test(test_case, a_log_that_was_left_is_read);
	tcase_add_test(test_case, a_log_that_was_half_folded_is_read);
}

int main(void)
{
	return check_main("store_open", add_tests);
}
