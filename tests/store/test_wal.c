/*
 * The write-ahead log: it is short however much is written and however slow a reader is, and empty
 * when there are no changes, so that the one file is a whole copy.
 */
#include "deadline.h"
#include "exchange.h"
#include "fixture.h"
#include "transfer.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define WAL_MOST ((off_t)64 << 20)
#define WAL_LONG ((off_t)32 << 20) /* above this it is shortened as soon as may be */
#define SOON_MS 20000
#define IDLE_MS 60000
#define NOTE_BYTES 60000
#define ITEMS 100
#define LISTED 700  /* tasks of a list that no socket takes at once */
#define READERS 7
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SMALL 4000
#else
#define SMALL 100000 /* tasks: what one transaction writes of them is longer than WAL_LONG */
#endif

/* MB that are written beside its readers. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WRITTEN 100
#else
#define WRITTEN 200
#endif

static struct user user;
static struct client client;
static struct exchange exchange;

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &user, "ann"));
	ck_assert(client_open(&client, h.port));
	client.deadline_ms = 120000;
	exchange = (struct exchange){ .client = &client, .user = &user };
}

static void teardown(void)
{
	client_close(&client);
	fixture_teardown();
}

static off_t wal_bytes(void)
{
	char path[160];
	struct stat status;

	snprintf(path, sizeof(path), "%s-wal", h.database);
	return stat(path, &status) == 0 ? status.st_size : 0;
}

static json_t *task_with_note(unsigned number)
{
	char *note = malloc(NOTE_BYTES + 1);

	ck_assert_ptr_nonnull(note);
	for (int i = 0; i < NOTE_BYTES; i++)
		note[i] = (char)('a' + (i * 7 + (int)number) % 26);
	note[NOTE_BYTES] = '\0';
	json_t *task = json_pack("{s:s, s:s}", "name", "task", "note", note);
	free(note);
	return task;
}

/* A batch of some megabytes: new tasks, or other notes for those that are there. */
static void write_batch(unsigned number, bool fresh)
{
	json_t *items = json_array();

	for (unsigned i = 0; i < ITEMS; i++) {
		json_t *item = json_pack("{s:s, s:o}", "op", fresh ? "create" : "patch", "task",
			task_with_note(number + i));
		if (!fresh)
			json_object_set_new(item, "id", json_integer(i + 1));
		json_array_append_new(items, item);
	}
	json_decref(exchange_json(
		&exchange, "POST", "tasks/batch", json_pack("{s:o}", "items", items)));
	ck_assert_int_eq(exchange.status, 200);
}

static int number(const char *file, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;

	ck_assert_int_eq(sqlite3_open(file, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	int value = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

static void wait_for_wal(off_t most, long milliseconds)
{
	long until = deadline_in(milliseconds);

	for (; wal_bytes() > most; deadline_pause())
		ck_assert_msg(deadline_in(0) < until, "the log still has %lld bytes",
			(long long)wal_bytes());
}

START_TEST(where_nobody_writes_the_one_file_is_all)
{
	char command[512], copy[160];

	for (int i = 0; i < 5; i++)
		ck_assert_int_ne(user_post(&client, &user, "kept"), 0);
	ck_assert_int_gt(wal_bytes(), 0);
	wait_for_wal(0, IDLE_MS);
	snprintf(copy, sizeof(copy), "%s/copy.sqlite", h.folder);
	snprintf(command, sizeof(command), "cp %s %s", h.database, copy);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(number(copy, "SELECT count(*) FROM tasks WHERE name = 'kept'"), 5);
	ck_assert_int_ne(user_post(&client, &user, "more"), 0);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	ck_assert_int_eq(folder_count(), 2); /* the file and the copy */
}
END_TEST

START_TEST(slow_readers_do_not_keep_it_long)
{
	struct client readers[READERS];
	off_t longest = 0;

	for (unsigned i = 0; i < LISTED / ITEMS; i++)
		write_batch(i, true);
	for (int i = 0; i < READERS; i++) {
		ck_assert(client_open(&readers[i], h.port));
		ck_assert(user_send(&readers[i], &user, "GET", user.tasks, NULL));
		ck_assert_int_ne(deadline_poll(readers[i].fd, POLLIN, deadline_in(SOON_MS)), 0);
	}
	for (unsigned i = 0; i < WRITTEN * 1000000 / (ITEMS * NOTE_BYTES); i++) {
		write_batch(i, false);
		longest = wal_bytes() > longest ? wal_bytes() : longest;
	}
	ck_assert_msg(longest < WAL_MOST, "it had %lld bytes", (long long)longest);
	ck_assert_int_gt(longest, 0);
	for (int i = 0; i < READERS; i++)
		client_close(&readers[i]);
}
END_TEST

START_TEST(behind_a_huge_change_it_is_short_again)
{
	json_t *tasks = json_array();

	for (unsigned i = 0; i < 800; i++)
		json_array_append_new(tasks, task_with_note(i));
	json_t *file = json_pack("{s:o}", "tasks", tasks);
	json_decref(exchange_json(&exchange, "POST", "import", file));
	ck_assert_int_eq(exchange.status, 200);
	wait_for_wal(WAL_LONG, SOON_MS);
	ck_assert_int_ne(user_post(&client, &user, "on"), 0);
}
END_TEST

static atomic_bool watched;

/* The longest that the log is meanwhile. */
static void *watch(void *longest)
{
	for (off_t *most = longest; !watched; deadline_pause()) {
		off_t bytes = wal_bytes();
		*most = bytes > *most ? bytes : *most;
	}
	return NULL;
}

static void import_small(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	for (int i = 0; i < SMALL; i++)
		fprintf(out, "%d\n", i);
	fclose(out);
	json_decref(transfer_import(&exchange, "todo.txt", text));
	ck_assert_int_eq(exchange.status, 200);
	free(text);
}

static void wait_until_none(const char *table)
{
	long until = deadline_in(IDLE_MS);
	char sql[64];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
	for (; number(h.database, sql) > 0; deadline_pause())
		ck_assert_msg(deadline_in(0) < until, "%s are left", table);
}

/* Made, taken back, done again, and gone with their account. */
START_TEST(many_small_tasks_keep_it_short)
{
	static const char *const asked[][2] = { { "POST", "undo" }, { "POST", "redo" },
		{ "DELETE", "" } };
	off_t longest = 0;
	pthread_t watcher;

	watched = false;
	ck_assert_int_eq(pthread_create(&watcher, NULL, watch, &longest), 0);
	import_small();
	for (size_t i = 0; i < CHECK_COUNT(asked); i++) {
		json_decref(exchange_json(&exchange, asked[i][0], asked[i][1], NULL));
		ck_assert_int_eq(exchange.status, 200);
	}
	wait_until_none("deleted_accounts");
	watched = true;
	pthread_join(watcher, NULL);
	ck_assert_int_eq(number(h.database, "SELECT count(*) FROM tasks"), 0);
	ck_assert_msg(longest < WAL_LONG, "it had %lld bytes", (long long)longest);
	ck_assert_int_gt(longest, 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 300);
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, where_nobody_writes_the_one_file_is_all);
	tcase_add_test(test_case, slow_readers_do_not_keep_it_long);
	tcase_add_test(test_case, behind_a_huge_change_it_is_short_again);
	tcase_add_test(test_case, many_small_tasks_keep_it_short);
}

int main(void)
{
	return check_main("wal", add);
}
