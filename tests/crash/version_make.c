/* Files of earlier versions. */
#include "check_main.h"
#include "storage.h"
#include "version.h"

#include <stdio.h>
#include <string.h>

#define CRASH_FOLDER TESTS_FOLDER "/crash/"

void version_make(const char *file, const char *sql_name, const char *then, bool leave_log)
{
	char name[512];
	struct buffer sql = { 0 };

	snprintf(name, sizeof(name), CRASH_FOLDER "%s", sql_name);
	struct buffer text = version_read_file(name);
	buffer_add_format(&sql, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;");
	buffer_add(&sql, text.data, text.length);
	buffer_add(&sql, then, strlen(then) + 1);
	storage_database(file, sql.data, leave_log);
	buffer_free(&text);
	buffer_free(&sql);
}

char *version_open(const char *file)
{
	struct event_base *base = event_base_new();
	char *why = NULL;
	struct store *store = store_open(file, base, &why);

	if (store != NULL)
		store_close(store);
	event_base_free(base);
	return why;
}

void version_expect_opened(const char *file)
{
	char *why = version_open(file);

	ck_assert_msg(why == NULL, "%s: %s", file, why);
}

void version_expect_refused(const char *file, const char *word)
{
	char *why = version_open(file);

	ck_assert_msg(why != NULL, "it is opened");
	ck_assert_msg(strstr(why, word) != NULL, "'%s' is not in: %s", word, why);
	ck_assert_ptr_null(strchr(why, '\n'));
	free(why);
}

static void make_usual(const char *file)
{
	version_make(file, "version_1.sql", "", false);
}

static void make_with_log(const char *file)
{
	version_make(file, "version_1.sql", "", true);
}

static void make_first(const char *file)
{
	version_make(file, "version_1_first.sql", "", false);
}

/* At last version 1 had all that version 2 has but its index of words, and version 2 is the newest. */
static void make_late(const char *file)
{
	sqlite3 *db;

	version_expect_opened(file);
	ck_assert_int_eq(sqlite3_open(file, &db), SQLITE_OK);
	storage_run(db,
		"DROP TABLE words;"
		"CREATE VIRTUAL TABLE words USING fts5 (name, note, tags,"
		" tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3');"
		"INSERT INTO accounts (id, username, password, date_joined)"
		" VALUES (4, 'ann', '', '2026-01-02T03:04:05Z');"
		"INSERT INTO tasks (account_id, id, name, creation_date, position, tags,"
		" modified_date, revision, changed) VALUES (4, 1, 'kept', '2026-01-02T03:04:05Z',"
		" 7, '[\"home\"]', '2026-01-02T03:04:05Z', 1, '2026-01-02T03:04:05Z');"
		"UPDATE tasks SET note = 'changed', revision = 2;"
		"PRAGMA user_version = 1");
	sqlite3_close(db);
}

void (*const version_1_make[VERSION_1_FILES])(const char *file) = {
	make_usual,
	make_with_log,
	[VERSION_1_FIRST] = make_first,
	[VERSION_1_LATE] = make_late,
};
