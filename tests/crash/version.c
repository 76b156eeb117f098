/* What a file holds, as text. */
#include "version.h"

#include "check_main.h"
#include "storage.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void terminate(struct buffer *text)
{
	*buffer_reserve(text, 1) = '\0';
}

struct buffer version_read_file(const char *file)
{
	struct buffer text = { 0 };
	FILE *from = fopen(file, "rb");
	size_t got;

	ck_assert_msg(from != NULL, "%s is not there", file);
	do {
		got = fread(buffer_reserve(&text, 4096), 1, 4096, from);
		text.length += got;
	} while (got > 0);
	fclose(from);
	terminate(&text);
	return text;
}

/* A look at it does not fold its log into it, nor leave one where there was none. */
static sqlite3 *open_file(const char *file)
{
	char log[512];
	sqlite3 *db;

	snprintf(log, sizeof(log), "%s-wal", file);
	ck_assert_int_eq(sqlite3_open(file, &db), SQLITE_OK);
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, access(log, F_OK) == 0, NULL);
	return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;

	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s: %s", sql,
		sqlite3_errmsg(db));
	return stmt;
}

/* Without comments, and with one space for all white space. */
static void add_sql(struct buffer *text, const char *sql)
{
	while (*sql != '\0') {
		if (strncmp(sql, "--", 2) == 0) {
			sql += strcspn(sql, "\n");
		} else if (strchr(" \t\n", *sql) != NULL) {
			sql += strspn(sql, " \t\n");
			if (text->length > 0 && text->data[text->length - 1] != ' ')
				buffer_add(text, " ", 1);
		} else {
			if (strchr(",)", *sql) != NULL && text->data[text->length - 1] == ' ')
				text->length--;
			buffer_add(text, sql++, 1);
		}
	}
}

static void add_schema(struct buffer *text, sqlite3 *db)
{
	sqlite3_stmt *stmt = prepare(db, "SELECT name, sql FROM sqlite_schema"
					 " WHERE sql IS NOT NULL ORDER BY type, name");

	while (sqlite3_step(stmt) == SQLITE_ROW) {
		buffer_add_format(text, "%s: ", sqlite3_column_text(stmt, 0));
		add_sql(text, (const char *)sqlite3_column_text(stmt, 1));
		buffer_add(text, "\n", 1);
	}
	ck_assert_int_eq(sqlite3_finalize(stmt), SQLITE_OK);
}

struct buffer version_schema(const char *file)
{
	struct buffer text = { 0 };
	sqlite3 *db = open_file(file);

	add_schema(&text, db);
	sqlite3_close(db);
	terminate(&text);
	return text;
}

/* Of a random number it is told whether there is one. */
static void add_value(struct buffer *text, sqlite3_stmt *stmt, int column)
{
	int length = sqlite3_column_bytes(stmt, column);

	if (strcmp(sqlite3_column_name(stmt, column), "uid_base") == 0) {
		buffer_add_format(text, "random %d|", sqlite3_column_bytes(stmt, column) > 0);
		return;
	}
	buffer_add_format(text, "%d:", sqlite3_column_type(stmt, column));
	buffer_add(text, sqlite3_column_blob(stmt, column), (size_t)length);
	buffer_add(text, "|", 1);
}

/* The tables of an index of words are its own business: its rows are looked at by their ids. */
static void add_rows(struct buffer *text, sqlite3 *db, const char *table)
{
	static const char *const orders[] = { "1", "1, 2", "1, 2, 3" };
	bool words = strcmp(table, "words") == 0;
	char *count = sqlite3_mprintf("SELECT min(count(*), 3) FROM pragma_table_info(%Q)", table);
	char *sql = sqlite3_mprintf("SELECT %s* FROM %w ORDER BY %s", words ? "rowid, " : "", table,
		orders[storage_number(db, count) - 1]);
	sqlite3_stmt *stmt = prepare(db, sql);

	sqlite3_free(count);
	sqlite3_free(sql);
	buffer_add_format(text, "%s:\n", table);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			add_value(text, stmt, i);
		buffer_add(text, "\n", 1);
	}
	ck_assert_int_eq(sqlite3_finalize(stmt), SQLITE_OK);
}

static void expect_integrity(sqlite3 *db, const char *file)
{
	sqlite3_stmt *stmt = prepare(db, "SELECT integrity_check FROM pragma_integrity_check");

	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	ck_assert_msg(strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0, "%s: %s", file,
		sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	stmt = prepare(db, "PRAGMA foreign_key_check");
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_DONE);
	sqlite3_finalize(stmt);
}

struct buffer version_dump(const char *file)
{
	struct buffer text = { 0 };
	sqlite3 *db = open_file(file);
	sqlite3_stmt *stmt = prepare(db, "SELECT name FROM sqlite_schema WHERE type = 'table'"
					 " AND name NOT GLOB 'words_*' ORDER BY name");

	expect_integrity(db, file);
	buffer_add_format(
		&text, "version %lld\n", (long long)storage_number(db, "PRAGMA user_version"));
	add_schema(&text, db);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		add_rows(&text, db, (const char *)sqlite3_column_text(stmt, 0));
	ck_assert_int_eq(sqlite3_finalize(stmt), SQLITE_OK);
	sqlite3_close(db);
	terminate(&text);
	return text;
}

void version_expect_same(struct buffer text, const struct buffer *expected)
{
	size_t at = 0;

	while (at < text.length && at < expected->length && text.data[at] == expected->data[at])
		at++;
	size_t from = at < 100 ? 0 : at - 100;
	ck_assert_msg(at == text.length && at == expected->length,
		"at byte %zu it is\n%.300s\nand not\n%.300s", at, text.data + from,
		expected->data + from);
	buffer_free(&text);
}

struct buffer version_folder(const char *folder)
{
	struct buffer names = { 0 };
	struct dirent **entry;
	int count = scandir(folder, &entry, NULL, alphasort);

	ck_assert_int_ge(count, 2);
	for (int i = 0; i < count; i++) {
		if (entry[i]->d_name[0] != '.')
			buffer_add_format(
				&names, "%s%s", names.length > 0 ? " " : "", entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
	terminate(&names);
	return names;
}
