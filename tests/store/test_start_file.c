/*
 * The database at the start: what is refused, and left as it was; what is made, and how.
 */
#include "deadline.h"
#include "refusal.h"
#include "user.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Runs SQL on the database: the first column of the last row, or "" without one. */
static const char *sql_run(const char *sql)
{
	static char value[64];
	sqlite3 *db;
	sqlite3_stmt *statement;

	*value = '\0';
	ck_assert_int_eq(sqlite3_open(h.database, &db), SQLITE_OK);
	while (*sql) {
		ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &statement, &sql) == SQLITE_OK,
			"%s: %s", sql, sqlite3_errmsg(db));
		while (sqlite3_step(statement) == SQLITE_ROW)
			snprintf(value, sizeof(value), "%s", sqlite3_column_text(statement, 0));
		ck_assert_int_eq(sqlite3_finalize(statement), SQLITE_OK);
	}
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	return value;
}

/* What a server that runs does when there is time. */
static void expect_soon(const char *sql, const char *expected)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);

	while (strcmp(sql_run(sql), expected) != 0) {
		ck_assert_msg(deadline_in(0) < until, "%s: %s", sql, sql_run(sql));
		deadline_pause();
	}
}

static void bytes_write(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
	ck_assert_int_eq(fclose(file), 0);
}

/* The whole database file, to be freed. */
static char *bytes_read(size_t *size)
{
	FILE *file = fopen(h.database, "rb");
	struct stat about;
	char *bytes;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fstat(fileno(file), &about), 0);
	*size = (size_t)about.st_size;
	bytes = malloc(*size + 1);
	ck_assert_uint_eq(fread(bytes, 1, *size, file), *size);
	fclose(file);
	return bytes;
}

/* A database of the server's own, with something in it, at rest. */
static void database_make(void)
{
	struct user user;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "alice"));
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}

static void make_text(void)
{
	char text[8192];

	memset(text, '\n', sizeof(text));
	memcpy(text, "Dear diary,", 11);
	bytes_write(h.database, text, sizeof(text));
}

static void make_noise(void)
{
	unsigned char noise[16384];

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (unsigned char)(i * i * 2654435761U >> 13);
	bytes_write(h.database, noise, sizeof(noise));
}

static void make_five_bytes(void)
{
	bytes_write(h.database, "SQLite format 3", 5);
}

static void make_head(void)
{
	bytes_write(h.database, "SQLite format 3", 16);
}

static void make_half(void)
{
	size_t size;

	database_make();
	free(bytes_read(&size));
	ck_assert_int_eq(truncate(h.database, (off_t)size / 2), 0);
}

static void make_first_page(void)
{
	database_make();
	ck_assert_int_eq(truncate(h.database, atoi(sql_run("PRAGMA page_size"))), 0);
}

static void make_all_but_a_byte(void)
{
	size_t size;

	database_make();
	free(bytes_read(&size));
	ck_assert_int_eq(truncate(h.database, (off_t)size - 1), 0);
}

#define FOREIGN "CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine');"

static void make_foreign(void)
{
	sql_run(FOREIGN);
}

static void make_foreign_version(void)
{
	sql_run(FOREIGN "PRAGMA user_version = 1");
}

static void make_foreign_wal(void)
{
	sql_run("PRAGMA journal_mode = wal;" FOREIGN "PRAGMA application_id = 252006675");
}

static void make_foreign_tables(void)
{
	sql_run("CREATE TABLE accounts (id, name); CREATE TABLE tasks (id, title);"
		"INSERT INTO tasks VALUES (1, 'mine'); PRAGMA user_version = 1");
}

static void make_newer(void)
{
	database_make();
	sql_run("PRAGMA user_version = 1000000");
}

static void (*const refused_files[])(void) = {
	make_text,
	make_noise,
	make_five_bytes,
	make_head,
	make_half,
	make_first_page,
	make_all_but_a_byte,
	make_foreign,
	make_foreign_version,
	make_foreign_wal,
	make_foreign_tables,
	make_newer,
};

START_TEST(file_is_refused_and_untouched)
{
	char *before, *after;
	size_t size_before, size_after;

	refused_files[_i]();
	before = bytes_read(&size_before);
	refusal_expect(WORDS("--port", "0", "--db", h.database), NULL, REFUSED_WORLD, h.database);
	after = bytes_read(&size_after);
	ck_assert_uint_eq(size_before, size_after);
	ck_assert_mem_eq(before, after, size_before);
	ck_assert_int_eq(folder_count(), 1); /* no log or journal beside it */
	free(before);
	free(after);
}
END_TEST

/* Where no database can be made, for root neither. */
static const char *const refused_places[] = {
	"none/todo.sqlite", /* the folder is missing */
	"none/",	    /* it would be a folder */
	"file/todo.sqlite", /* a file where a folder should be */
	"/proc/self/todo.sqlite",
	"folder",
	".",
};

START_TEST(place_is_refused)
{
	const char *place = refused_places[_i];
	char path[128];

	snprintf(path, sizeof(path), "%s/file", h.folder);
	bytes_write(path, "", 0);
	snprintf(path, sizeof(path), "%s/folder", h.folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	refusal_expect(WORDS("--port", "0", "--db", place), NULL, REFUSED_WORLD, place);
	ck_assert_int_eq(folder_count(), 2);
	ck_assert_int_eq(rmdir(path), 0); /* and nothing in the folder either */
}
END_TEST

START_TEST(empty_file_is_new)
{
	bytes_write(h.database, "", 0);
	database_make();
	ck_assert_str_eq(sql_run("PRAGMA integrity_check"), "ok");
	ck_assert_int_ge(atoi(sql_run("PRAGMA user_version")), 1);
}
END_TEST

static bool entry_is_private(const char *name)
{
	char path[512];
	struct stat about;

	snprintf(path, sizeof(path), "%s/%s", h.folder, name);
	ck_assert_int_eq(stat(path, &about), 0);
	return (about.st_mode & 077) == 0;
}

/* Others of the machine can read none of the files, whatever the user's umask is. */
START_TEST(files_are_private)
{
	static const char *const names[] = { "todo.sqlite", "todo.sqlite-wal", "todo.sqlite-shm" };
	struct user user;

	umask(0);
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "alice"));
	ck_assert_int_eq(folder_count(), CHECK_COUNT(names));
	for (size_t i = 0; i < CHECK_COUNT(names); i++)
		ck_assert_msg(entry_is_private(names[i]), "%s is not", names[i]);
}
END_TEST

START_TEST(schema_is_as_promised)
{
	struct user alice, bob;
	struct client client;
	struct reply reply;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &alice, "alice") && user_make(&h, &bob, "bob"));
	ck_assert(client_open(&client, h.port));
	ck_assert(user_post(&client, &alice, "hers") && user_post(&client, &bob, "his"));
	ck_assert_str_eq(sql_run("PRAGMA journal_mode"), "wal");
	ck_assert_int_ge(atoi(sql_run("PRAGMA user_version")), 1);
	ck_assert_int_gt(atoi(sql_run("SELECT count(*) FROM sqlite_schema AS s,"
				      " pragma_foreign_key_list(s.name)")),
		0);
	ck_assert(client_call(
		&client, &reply, "DELETE", "/api/v1/accounts/bob", NULL, bob.token, NULL));
	ck_assert_int_eq(reply.status, 200);
	expect_soon("SELECT count(*) FROM tasks", "1");
	expect_soon("SELECT count(*) FROM deleted_accounts", "0");
	ck_assert_str_eq(sql_run("PRAGMA foreign_key_check"), "");
	ck_assert_str_eq(sql_run("PRAGMA integrity_check"), "ok");
	reply_free(&reply);
	client_close(&client);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(
		test_case, file_is_refused_and_untouched, 0, CHECK_COUNT(refused_files));
	tcase_add_loop_test(test_case, place_is_refused, 0, CHECK_COUNT(refused_places));
	tcase_add_test(test_case, empty_file_is_new);
	tcase_add_test(test_case, files_are_private);
	tcase_add_test(test_case, schema_is_as_promised);
}

int main(void)
{
	return check_main("start_file", add);
}
