/*
 * store/store.h: files that are not opened, and that not a byte of them is touched.
 */
#include "check_main.h"
#include "storage.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OURS "PRAGMA application_id = 0x746f646f; "
#define TABLE "CREATE TABLE t (a); INSERT INTO t VALUES (randomblob(20000));"

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

/* One line that says why. */
static void expect_refused(const char *url, const char *word)
{
	char *why = NULL;
	struct store *store = store_open(url, storage.base, &why);

	ck_assert_ptr_null(store);
	ck_assert_ptr_nonnull(why);
	ck_assert_msg(strstr(why, word) != NULL, "'%s' is not in: %s", word, why);
	ck_assert_ptr_null(strchr(why, '\n'));
	free(why);
}

static struct buffer read_file(const char *name)
{
	struct buffer bytes = { 0 };
	FILE *from = fopen(name, "rb");
	size_t got;

	ck_assert_msg(from != NULL, "%s is not there", name);
	do {
		got = fread(buffer_reserve(&bytes, 4096), 1, 4096, from);
		bytes.length += got;
	} while (got > 0);
	fclose(from);
	return bytes;
}

/* What any reader of a log makes anew. */
static bool is_index(const char *name)
{
	size_t length = strlen(name);

	return length > 4 && strcmp(name + length - 4, "-shm") == 0;
}

/* Every file of the folder: its name, its length and its bytes. */
static struct buffer read_folder(void)
{
	struct buffer all = { 0 };
	struct dirent **entry;
	char name[512];
	int count = scandir(storage.place.folder, &entry, NULL, alphasort);

	ck_assert_int_ge(count, 2);
	for (int i = 0; i < count; i++) {
		if (entry[i]->d_name[0] != '.' && !is_index(entry[i]->d_name)) {
			snprintf(name, sizeof(name), "%s/%s", storage.place.folder,
				entry[i]->d_name);
			struct buffer bytes = read_file(name);
			buffer_add_format(&all, "%s %zu\n", name, bytes.length);
			buffer_add(&all, bytes.data, bytes.length);
			buffer_free(&bytes);
		}
		free(entry[i]);
	}
	free(entry);
	return all;
}

/* Refused, and not a byte of any file is another, nor is there one more. */
static void expect_untouched(const char *url, const char *word)
{
	struct buffer before = read_folder(), after;

	expect_refused(url, word);
	after = read_folder();
	ck_assert_uint_eq(after.length, before.length);
	ck_assert_mem_eq(after.data, before.data, before.length);
	buffer_free(&before);
	buffer_free(&after);
}

static void expect_text_untouched(const char *bytes, size_t length)
{
	storage_write(file, bytes, length);
	expect_untouched(file, "not an SQLite database");
}

START_TEST(what_is_no_database_is_left_alone)
{
	char bytes[9000];
	uint64_t state = 7;

	expect_text_untouched("hello", 5);
	expect_text_untouched("\0", 1);
	expect_text_untouched("SQLite format 3", 16);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)check_random(&state);
	expect_text_untouched(bytes, 99);
	expect_text_untouched(bytes, 100);
	expect_text_untouched(bytes, sizeof(bytes));
	memcpy(bytes, "SQLite format 2", 16);
	expect_text_untouched(bytes, sizeof(bytes));
}
END_TEST

/* Of a database the first bytes, and then nothing or nonsense. */
START_TEST(a_damaged_database_is_left_alone)
{
	struct buffer bytes;

	storage_database(file, OURS "PRAGMA user_version = 5;" TABLE, false);
	bytes = read_file(file);
	storage_write(file, bytes.data, 4096);
	expect_untouched(file, "damaged");
	storage_write(file, bytes.data, bytes.length - 1);
	expect_untouched(file, "damaged");
	storage_write(file, bytes.data, 100);
	expect_untouched(file, "damaged");
	memset(bytes.data + 100, 0xA5, bytes.length - 100);
	storage_write(file, bytes.data, bytes.length);
	expect_untouched(file, "malformed");
	buffer_free(&bytes);
}
END_TEST

/* A page of noise in a file of our own that is whole otherwise: nothing but a look at it tells. */
START_TEST(damage_in_the_middle_is_found_at_the_start)
{
	struct buffer bytes;
	char *noise;

	storage_open(&storage);
	storage_close(&storage);
	bytes = read_file(storage.place.database);
	ck_assert_uint_gt(bytes.length, 20 * 4096);
	noise = bytes.data + bytes.length / 4096 / 2 * 4096;
	memset(noise, 0xA5, 4096);
	storage_write(storage.place.database, bytes.data, bytes.length);
	expect_untouched(storage.place.database, "damaged: ");
	buffer_free(&bytes);
}
END_TEST

static const struct {
	const char *sql;
	bool leave_log; /* as a program does that was killed */
	const char *why;
} others[] = {
	{ TABLE, false, "another program" },
	{ "PRAGMA user_version = 1;" TABLE, false, "another program" },
	{ "PRAGMA application_id = 0x12345678;", false, "another program" },
	{ "PRAGMA application_id = 0x12345678;" TABLE, false, "another program" },
	{ "PRAGMA journal_mode = WAL;" TABLE, false, "another program" },
	{ "PRAGMA journal_mode = WAL;" TABLE, true, "another program" },
	{ "PRAGMA journal_mode = WAL; PRAGMA application_id = 0x12345678;" TABLE, true,
		"another program" },
	{ OURS "PRAGMA user_version = 6;" TABLE, false, "newer version" },
	{ OURS TABLE, false, "no version" },
	{ OURS "PRAGMA user_version = -1;" TABLE, false, "newer version" },
	{ OURS "PRAGMA user_version = 1;" TABLE, false, "not as todo has made it" },
	{ OURS "PRAGMA user_version = 2;" TABLE, false, "not as todo has made it" },
	{ OURS "PRAGMA user_version = 3;" TABLE, false, "not as todo has made it" },
	{ OURS "PRAGMA user_version = 4;" TABLE, false, "not as todo has made it" },
	{ OURS "PRAGMA user_version = 2147483647;" TABLE, false, "newer version" },
	{ OURS TABLE "PRAGMA journal_mode = WAL; PRAGMA user_version = 6;", false,
		"newer version" },
	{ OURS TABLE "PRAGMA journal_mode = WAL; PRAGMA user_version = 6;", true, "newer version" },
};

START_TEST(the_database_of_another_is_left_alone)
{
	storage_database(file, others[_i].sql, others[_i].leave_log);
	expect_untouched(file, others[_i].why);
}
END_TEST

START_TEST(a_folder_is_no_file)
{
	expect_untouched(storage.place.folder, "folder");
}
END_TEST

START_TEST(no_file_is_made_where_there_is_no_folder)
{
	snprintf(file, sizeof(file), "%s/none/todo.sqlite", storage.place.folder);
	expect_untouched(file, "No such file");
	snprintf(file, sizeof(file), "%s/todo.sqlite/none", storage.place.folder);
	expect_untouched(file, "Not a directory");
}
END_TEST

/* Another program holds it longer than anyone waits. */
START_TEST(a_database_that_is_locked_is_left_alone)
{
	struct buffer before, after;
	sqlite3 *other;

	before = read_file(storage.place.database);
	other = storage_other(&storage);
	storage_run(other, "BEGIN IMMEDIATE");
	expect_refused(storage.place.database, "locked");
	storage_run(other, "ROLLBACK");
	sqlite3_close(other);
	after = read_file(storage.place.database);
	ck_assert_uint_eq(after.length, before.length);
	ck_assert_mem_eq(after.data, before.data, before.length);
	buffer_free(&before);
	buffer_free(&after);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, what_is_no_database_is_left_alone);
	tcase_add_test(test_case, a_damaged_database_is_left_alone);
	tcase_add_test(test_case, damage_in_the_middle_is_found_at_the_start);
	tcase_add_loop_test(
		test_case, the_database_of_another_is_left_alone, 0, CHECK_COUNT(others));
	tcase_add_test(test_case, a_folder_is_no_file);
	tcase_add_test(test_case, no_file_is_made_where_there_is_no_folder);
	tcase_add_test(test_case, a_database_that_is_locked_is_left_alone);
}

int main(void)
{
	return check_main("store_foreign", add_tests);
}
