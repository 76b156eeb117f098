/*
 * A reader of another program that keeps the write-ahead log from being emptied: it is said and
 * counted, and over when the reader is.
 */
#include "one_user.h"

#include <sqlite3.h>
#include <string.h>

#define HELD "todo: warning: The write-ahead log cannot be emptied: another program"
#define EMPTIED "todo: info: The write-ahead log can be emptied again."
#define SERIES "todo_store_wal_held_seconds"
#define NOTE_BYTES 60000
#define ITEMS 100 /* of a batch: six megabytes */

/* It has begun to read, and does not end. */
static sqlite3 *open_reader(void)
{
	sqlite3 *reader;

	ck_assert_int_eq(sqlite3_open(h.database, &reader), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM tasks", NULL, NULL, NULL),
		SQLITE_OK);
	return reader;
}

static void write_batch(void)
{
	json_t *items = json_array();
	char *note = malloc(NOTE_BYTES + 1);

	ck_assert_ptr_nonnull(note);
	memset(note, 'n', NOTE_BYTES);
	note[NOTE_BYTES] = '\0';
	for (int i = 0; i < ITEMS; i++)
		json_array_append_new(items, json_pack("{s:s, s:{s:s, s:s}}", "op", "create",
						     "task", "name", "long", "note", note));
	free(note);
	json_decref(exchange_json(
		&exchange, "POST", "tasks/batch", json_pack("{s:o}", "items", items)));
	ck_assert_int_eq(exchange.status, 200);
}

/* Each change has the server try once more. */
static void write_until_said(const char *words)
{
	long until = deadline_in(ONE_USER_WAIT_MS);

	for (; !is_said(words); deadline_pause()) {
		ck_assert_int_eq(create("small"), 201);
		ck_assert_msg(deadline_in(0) < until, "nobody said: %s", words);
	}
}

START_TEST(it_is_said_and_counted_and_over)
{
	char process[32];
	sqlite3 *reader;

	one_user_start(NULL);
	ck_assert_double_eq(scrape_value(&h, SERIES), 0);
	reader = open_reader();
	write_batch();
	write_until_said(HELD);
	ck_assert_double_ge(scrape_value(&h, SERIES), 5);
	ck_assert(!is_said(EMPTIED));
	snprintf(process, sizeof(process), "(process %d)", (int)getpid());
	wait_until_said(process);
	ck_assert_int_eq(sqlite3_close(reader), SQLITE_OK);
	write_until_said(EMPTIED);
	ck_assert_double_eq(scrape_value(&h, SERIES), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 300);
	tcase_add_checked_fixture(test_case, one_user_setup, one_user_teardown);
	tcase_add_test(test_case, it_is_said_and_counted_and_over);
}

int main(void)
{
	return check_main("wal_held", add);
}
