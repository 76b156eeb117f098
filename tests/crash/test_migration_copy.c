/*
 * The copy that is made of a file before it is migrated.
 */
#include "fixture.h"
#include "storage.h"
#include "version.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char copy[VERSION_NAME_SIZE];

static void setup(void)
{
	fixture_setup();
	version_copy_name(copy, h.database, 1);
}

static void make(int which)
{
	version_files[which].make(h.database);
	version_copy_name(copy, h.database, version_files[which].version);
}

START_TEST(copy_is_whole_and_private)
{
	char version[16];
	struct buffer before;
	struct stat status;

	umask(0);
	make(_i);
	before = version_dump(h.database);
	snprintf(version, sizeof(version), "version %d\n", version_files[_i].version);
	ck_assert(strncmp(before.data, version, strlen(version)) == 0);
	version_expect_opened(h.database);
	version_expect_same(version_dump(copy), &before);
	ck_assert_int_eq(stat(copy, &status), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0600);
	buffer_free(&before);
}
END_TEST

/* It is a database that a server takes, where someone goes back to it. */
START_TEST(copy_can_be_migrated_again)
{
	struct buffer migrated;

	make(_i);
	version_expect_opened(h.database);
	migrated = version_dump(h.database);
	ck_assert_int_eq(rename(copy, h.database), 0);
	version_expect_opened(h.database);
	version_expect_same(version_dump(h.database), &migrated);
	buffer_free(&migrated);
}
END_TEST

START_TEST(no_file_is_overwritten)
{
	struct buffer text, names;

	make(0);
	storage_write(copy, "mine", 4);
	version_expect_opened(h.database);
	text = version_read_file(copy);
	ck_assert_str_eq(text.data, "mine");
	names = version_folder(h.folder);
	ck_assert_str_eq(names.data, "todo.sqlite todo.sqlite.version-1 todo.sqlite.version-1.2");
	buffer_free(&text);
	buffer_free(&names);
}
END_TEST

/* Starts that fail behind the copy do not fill the disk with copies. */
START_TEST(same_copy_is_made_once)
{
	struct buffer names;

	for (int i = 0; i < 3; i++) {
		unlink(h.database);
		make(0);
		version_expect_opened(h.database);
	}
	names = version_folder(h.folder);
	ck_assert_str_eq(names.data, "todo.sqlite todo.sqlite.version-1");
	buffer_free(&names);
}
END_TEST

START_TEST(without_a_copy_nothing_is_done)
{
	char part[200];
	struct buffer before, names;

	make(0);
	before = version_read_file(h.database);
	snprintf(part, sizeof(part), "%s.part", copy);
	ck_assert_int_eq(mkdir(part, 0700), 0);
	version_expect_refused(h.database, "no copy of it can be made: File exists");
	version_expect_same(version_read_file(h.database), &before);
	names = version_folder(h.folder);
	ck_assert_str_eq(names.data, "todo.sqlite todo.sqlite.version-1.part");
	buffer_free(&before);
	buffer_free(&names);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, fixture_teardown);
	tcase_add_loop_test(test_case, copy_is_whole_and_private, 0, VERSION_FILES);
	tcase_add_loop_test(test_case, copy_can_be_migrated_again, 0, VERSION_FILES);
	tcase_add_test(test_case, no_file_is_overwritten);
	tcase_add_test(test_case, same_copy_is_made_once);
	tcase_add_test(test_case, without_a_copy_nothing_is_done);
}

int main(void)
{
	return check_main("migration_copy", add);
}
