/*
 * A file of an earlier version, and what it becomes.
 */
#include "fixture.h"
#include "storage.h"
#include "version.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char copy[VERSION_NAME_SIZE];

static void make(int which)
{
	version_files[which].make(h.database);
	version_copy_name(copy, h.database, version_files[which].version);
}

static sqlite3 *open_both(void)
{
	sqlite3 *db;
	char *sql = sqlite3_mprintf("ATTACH %Q AS old", copy);

	ck_assert_int_eq(sqlite3_open(h.database, &db), SQLITE_OK);
	storage_run(db, sql);
	sqlite3_free(sql);
	return db;
}

START_TEST(schema_becomes_that_of_a_new_file)
{
	char other[160], files[80];
	struct buffer expected, names;

	make(_i);
	version_expect_opened(h.database);
	snprintf(other, sizeof(other), "%s/new.sqlite", h.folder);
	version_expect_opened(other);
	expected = version_schema(other);
	ck_assert_uint_gt(expected.length, 1000);
	version_expect_same(version_schema(h.database), &expected);
	names = version_folder(h.folder);
	snprintf(files, sizeof(files), "new.sqlite todo.sqlite %s", strrchr(copy, '/') + 1);
	ck_assert_str_eq(names.data, files);
	buffer_free(&expected);
	buffer_free(&names);
}
END_TEST

/* Neither side has a row that the other lacks. */
static void expect_rows(sqlite3 *db, const char *new, const char *old)
{
	char *sql = sqlite3_mprintf("SELECT (SELECT count(*) FROM (%s EXCEPT %s))"
				    " + (SELECT count(*) FROM (%s EXCEPT %s))"
				    " + 1000000 * ((SELECT count(*) FROM (%s)) = 0)",
		new, old, old, new, old);

	ck_assert_msg(storage_number(db, sql) == 0, "%s", sql);
	sqlite3_free(sql);
}

START_TEST(no_row_is_lost)
{
	static const char *const rows[][2] = {
		{ "accounts", "id, username, email, password, date_joined" },
		{ "throttle", "key, failures, until" },
		{ "tasks", "account_id, id, name, note, creation_date, due_date, completed" },
		{ "sessions", "token, account_id, id, name, scope, user_agent, created, last_used,"
			      " expires" },
	};
	size_t count = CHECK_COUNT(rows) - (_i != 0); /* the first sessions had fewer columns */
	sqlite3 *db;

	make(_i == 0 ? 0 : VERSION_1_FIRST);
	version_expect_opened(h.database);
	db = open_both();
	for (size_t i = 0; i < count; i++) {
		char *new = sqlite3_mprintf("SELECT %s FROM main.%s", rows[i][1], rows[i][0]);
		char *old = sqlite3_mprintf("SELECT %s FROM old.%s", rows[i][1], rows[i][0]);
		expect_rows(db, new, old);
		sqlite3_free(new);
		sqlite3_free(old);
	}
	expect_rows(db, "SELECT token, account_id, id FROM main.sessions",
		"SELECT token, account_id, id FROM old.sessions");
	sqlite3_close(db);
}
END_TEST

/* What version 1 did not know is as if its tasks had been made today, one after the other. */
START_TEST(new_columns_are_filled)
{
	static const char *const wrong[] = {
		"SELECT count(*) FROM tasks WHERE revision <> id OR modified_date <> creation_date"
		" OR changed <> creation_date OR deleted_date <> '' OR tags <> '[]' OR priority <> "
		"0",
		"SELECT count(*) FROM tasks WHERE completed_date IS NOT iif(completed, "
		"creation_date, NULL)",
		"SELECT count(*) FROM tasks t WHERE position <> (SELECT count(*) FROM tasks"
		" WHERE account_id = t.account_id AND id <= t.id)",
		"SELECT count(*) FROM accounts a JOIN old.accounts o USING (id) WHERE a.revision "
		"<> max("
		" o.last_task, ifnull((SELECT max(id) FROM tasks WHERE account_id = a.id), 0))",
		"SELECT count(*) FROM accounts a WHERE last_session < (SELECT max(id) FROM sessions"
		" WHERE account_id = a.id)",
		"SELECT count(*) FROM accounts WHERE searched <> revision",
		"SELECT count(*) FROM changes",
		"SELECT (SELECT count(*) FROM words) <> (SELECT count(*) FROM tasks)",
		"SELECT count(*) FROM tasks t LEFT JOIN words w ON w.rowid = (t.account_id << 40) "
		"+ t.id"
		" WHERE w.name IS NOT t.name OR w.note IS NOT t.note",
	};
	sqlite3 *db;

	make(_i == 0 ? 0 : VERSION_1_FIRST);
	version_expect_opened(h.database);
	db = open_both();
	for (size_t i = 0; i < CHECK_COUNT(wrong); i++)
		ck_assert_msg(storage_number(db, wrong[i]) == 0, "%s", wrong[i]);
	sqlite3_close(db);
}
END_TEST

/* Tables, and what of a row stays: that a group was taken back is written with its first change alone. */
static const struct {
	const char *table, *now, *then;
} kept[] = {
	{ "accounts",
		"id, username, email, password, date_joined, last_session, revision, searched",
		NULL },
	{ "sessions", "*", NULL },
	{ "throttle", "*", NULL },
	{ "tasks",
		"account_id, deleted_date, id, name, note, creation_date, due_date, completed,"
		" priority, tags, position, completed_date, modified_date, revision, changed,"
		" urgency, due_order",
		NULL },
	{ "task_tags", "*", NULL },
	{ "changes",
		"account_id, revision, id, time, first, kind, undone, now_deleted, deleted_date,"
		" name, note, creation_date, due_date, completed, priority, tags, position,"
		" completed_date, modified_date, was_revision",
		"account_id, revision, id, time, first, kind, iif(revision = first, undone, NULL),"
		" now_deleted, deleted_date, name, note, creation_date, due_date, completed,"
		" priority, tags, position, completed_date, modified_date, was_revision" },
	{ "answers", "account_id, key, request, time, status, body, id, revision, last", NULL },
	{ "words", "rowid, name, note, tags", NULL },
};

static void expect_kept(sqlite3 *db, size_t at)
{
	const char *columns = kept[at].then != NULL ? kept[at].then : kept[at].now;
	char *new = sqlite3_mprintf("SELECT %s FROM main.%s", kept[at].now, kept[at].table);
	char *old = sqlite3_mprintf("SELECT %s FROM old.%s", columns, kept[at].table);

	expect_rows(db, new, old);
	sqlite3_free(new);
	sqlite3_free(old);
}

/* What version 2 or 3 has written is there, as it was. */
START_TEST(no_row_of_a_later_version_is_lost)
{
	sqlite3 *db;

	make(_i);
	version_expect_opened(h.database);
	db = open_both();
	for (size_t i = 0; i < CHECK_COUNT(kept); i++)
		expect_kept(db, i);
	ck_assert_int_eq(storage_number(db, "SELECT count(*) FROM changes"), 24);
	sqlite3_close(db);
}
END_TEST

/* Where version 1 had the log of changes already, it stays; the words are made anew. */
START_TEST(log_of_changes_is_kept)
{
	sqlite3 *db;

	make(VERSION_1_LATE);
	version_expect_opened(h.database);
	db = open_both();
	for (size_t i = 1; i < CHECK_COUNT(kept) - 1; i++)
		expect_kept(db, i);
	ck_assert_int_eq(storage_number(db, "SELECT count(*) FROM changes"), 24);
	ck_assert_int_eq(
		storage_number(db, "SELECT rowid FROM words('\"don\"*')"), (1LL << 40) + 1);
	sqlite3_close(db);
}
END_TEST

/* Each account knows how many tasks it has, nothing is hidden, and no id comes twice. */
START_TEST(what_is_computed_is_right)
{
	static const char *const wrong[] = {
		"SELECT count(*) FROM accounts a WHERE tasks <>"
		" (SELECT count(*) FROM tasks WHERE account_id = a.id)",
		"SELECT count(*) FROM accounts WHERE bulk <> 0 OR hidden_from <> 0"
		" OR hidden_to <> 0 OR emptied <> 0",
		"SELECT count(*) FROM deleted_accounts",
		"SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'accounts'), 0)"
		" < (SELECT max(id) FROM accounts)",
		"SELECT count(*) FROM sqlite_sequence WHERE name <> 'accounts'",
		"SELECT sum(tasks) = 0 FROM accounts",
		"SELECT count(*) FROM tasks WHERE due_order"
		" IS NOT coalesce(replace(due_date, 'T00:00:00Z', ''), '~')",
	};
	sqlite3 *db;

	make(_i);
	version_expect_opened(h.database);
	db = open_both();
	for (size_t i = 0; i < CHECK_COUNT(wrong); i++)
		ck_assert_msg(storage_number(db, wrong[i]) == 0, "%s", wrong[i]);
	sqlite3_close(db);
}
END_TEST

/* What the new tables do not take: the step fails, and everything is as it was. */
START_TEST(step_that_fails_is_taken_back)
{
	static const struct {
		const char *sql, *why;
	} rows[] = {
		{ "DELETE FROM accounts WHERE id = 1", "of no account" },
		{ "CREATE TABLE changes_undone (a)", "already" },
		{ "ALTER TABLE tasks DROP COLUMN due_date", "due_date" },
	};
	struct buffer before;
	sqlite3 *db;

	make(0);
	ck_assert_int_eq(sqlite3_open(h.database, &db), SQLITE_OK);
	storage_run(db, rows[_i].sql);
	sqlite3_close(db);
	db = NULL;
	before = version_read_file(h.database);
	version_expect_refused(h.database, "version 1 does not become version 2");
	version_expect_refused(h.database, rows[_i].why);
	version_expect_same(version_read_file(h.database), &before);
	buffer_free(&before);
}
END_TEST

/* A later step fails: those before it are taken back, too. */
START_TEST(all_steps_are_taken_back)
{
	struct buffer before;
	sqlite3 *db;

	make(0);
	ck_assert_int_eq(sqlite3_open(h.database, &db), SQLITE_OK);
	storage_run(db, "CREATE TABLE deleted_accounts (a)");
	sqlite3_close(db);
	before = version_read_file(h.database);
	version_expect_refused(h.database, "version 2 does not become version 3");
	version_expect_same(version_read_file(h.database), &before);
	buffer_free(&before);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, schema_becomes_that_of_a_new_file, 0, VERSION_FILES);
	tcase_add_loop_test(test_case, no_row_is_lost, 0, 2);
	tcase_add_loop_test(test_case, new_columns_are_filled, 0, 2);
	tcase_add_loop_test(test_case, no_row_of_a_later_version_is_lost, VERSION_2, VERSION_FILES);
	tcase_add_test(test_case, log_of_changes_is_kept);
	tcase_add_loop_test(test_case, what_is_computed_is_right, 0, VERSION_FILES);
	tcase_add_loop_test(test_case, step_that_fails_is_taken_back, 0, 3);
	tcase_add_test(test_case, all_steps_are_taken_back);
}

int main(void)
{
	return check_main("migration", add);
}
