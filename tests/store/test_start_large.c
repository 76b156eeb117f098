/*
 * A start with a large file: it reads no more before it serves than with a small one, and damage in
 * it is found before anything is changed.
 */
#include "bulk.h"
#include "one_user.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#define MORE_MOST ((unsigned long)1 << 20) /* bytes: bulk.h's file has 12 times that */
#define UNUSED "answers"		   /* a table that no request here needs */

/* Bytes that the loop's thread, which opens the file, has read so far. */
static unsigned long loop_read(void)
{
	char path[64];
	unsigned long bytes;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/io", (int)h.pid, (int)h.pid);
	FILE *file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "rchar: %lu", &bytes), 1);
	fclose(file);
	return bytes;
}

START_TEST(start_reads_no_more_of_a_large_file)
{
	one_user_start(NULL);
	one_user_restart(SIGTERM, NULL);
	unsigned long small = loop_read();
	bulk_fill(&h, &user);
	one_user_restart(SIGTERM, NULL);
	unsigned long large = loop_read();
	ck_assert_msg(large < small + MORE_MOST, "it read %lu bytes, and %lu of a small file",
		large, small);
	ck_assert_int_gt(user_post(&client, &user, "One more"), 0);
}
END_TEST

/* Where the table begins in the file. */
static off_t table_offset(void)
{
	sqlite3 *db;
	sqlite3_stmt *statement;

	ck_assert_int_eq(sqlite3_open(h.database, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db,
				 "SELECT (rootpage - 1) * page_size FROM sqlite_schema,"
				 " pragma_page_size WHERE name = '" UNUSED "'",
				 -1, &statement, NULL),
		SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	off_t offset = (off_t)sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	return offset;
}

static void damage(void)
{
	off_t offset = table_offset();
	int fd = open(h.database, O_WRONLY | O_CLOEXEC);
	char page[4096];

	memset(page, 0xA5, sizeof(page));
	ck_assert_int_eq(pwrite(fd, page, sizeof(page), offset), sizeof(page));
	close(fd);
}

START_TEST(damage_is_found_before_the_first_change)
{
	struct stat before, after;

	one_user_start(NULL);
	bulk_fill(&h, &user);
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	damage();
	ck_assert_int_eq(stat(h.database, &before), 0);
	ck_assert(harness_start(&h, NULL, NULL));
	one_user_connect();
	json_decref(exchange_json(&exchange, "POST", "tasks", json_pack("{s:s}", "name", "Late")));
	ck_assert_int_eq(exchange.status, 503);
	ck_assert_int_eq(user_list_status(&client, &user), 200);
	client_close(&client);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	char *log = harness_log(&h);
	ck_assert_msg(strstr(log, "damaged: ") != NULL, "the log: %s", log);
	free(log);
	ck_assert_int_eq(stat(h.database, &after), 0);
	ck_assert_int_eq(before.st_mtim.tv_sec, after.st_mtim.tv_sec);
	ck_assert_int_eq(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, one_user_setup, fixture_teardown);
	tcase_add_test(test_case, start_reads_no_more_of_a_large_file);
	tcase_add_test(test_case, damage_is_found_before_the_first_change);
}

int main(void)
{
	return check_main("start large", add);
}
