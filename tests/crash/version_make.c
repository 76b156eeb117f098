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

/* At last version 1 had all that version 2 has but its index of words. */
static void make_late(const char *file)
{
	version_make(file, "version_2.sql",
		"DROP TABLE words;"
		"CREATE VIRTUAL TABLE words USING fts5 (name, note, tags,"
		" tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3');"
		"PRAGMA user_version = 1",
		false);
}

static void make_2(const char *file)
{
	version_make(file, "version_2.sql", "", false);
}

static void make_2_with_log(const char *file)
{
	version_make(file, "version_2.sql", "", true);
}

static void make_3(const char *file)
{
	version_make(file, "version_3.sql", "", false);
}

static void make_3_with_log(const char *file)
{
	version_make(file, "version_3.sql", "", true);
}

static void make_4(const char *file)
{
	version_make(file, "version_4.sql", "", false);
}

static void make_4_with_log(const char *file)
{
	version_make(file, "version_4.sql", "", true);
}

const struct version_file version_files[VERSION_FILES] = {
	{ 1, make_usual },
	{ 1, make_with_log },
	[VERSION_1_FIRST] = { 1, make_first },
	[VERSION_1_LATE] = { 1, make_late },
	[VERSION_2] = { 2, make_2 },
	[VERSION_2_WITH_LOG] = { 2, make_2_with_log },
	[VERSION_3] = { 3, make_3 },
	[VERSION_3_WITH_LOG] = { 3, make_3_with_log },
	[VERSION_4] = { 4, make_4 },
	[VERSION_4_WITH_LOG] = { 4, make_4_with_log },
};

void version_copy_name(char name[VERSION_NAME_SIZE], const char *file, int version)
{
	snprintf(name, VERSION_NAME_SIZE, "%s.version-%d", file, version);
}
