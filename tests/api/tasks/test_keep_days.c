/*
 * How long changes are kept. Older changes count as deleted at once, and are deleted in the
 * background. Younger changes and the tasks stay.
 */
#include "check_main.h"
#include "past.h"

#define MANY 700 /* more than two steps */

static struct past past;
static struct user ann;

static void setup(void)
{
	past_make(&past);
	ck_assert(user_make(&past.h, &ann, "ann"));
}

static void teardown(void)
{
	past_remove(&past);
}

static int64_t count_changes(void)
{
	return past_number(&past, "SELECT count(*) FROM changes WHERE " OF("ann"));
}

/*
 * The server has done the maintenance of this account and will not repeat it for a while. No row
 * can be deleted while this connection is in its transaction.
 */
START_TEST(old_changes_are_unknown_at_once)
{
	past_make_changes(&past, &ann, 9);
	past_stop(&past);
	past_set(&past, "UPDATE accounts SET searched = 0");
	past_start(&past);
	past_await_words(&past);
	past_set(&past, "BEGIN IMMEDIATE");
	past_set_changed(&past, &ann, 4, "91 days");
	past_set(&past, "COMMIT; BEGIN IMMEDIATE");
	ck_assert_int_eq(count_changes(), 9);
	past_expect_kept(&past, &ann, 5, 9);
	past_expect(&past, &ann, "GET", "/changes", NULL, 410);
	ck_assert_int_eq(count_changes(), 9);
	past_set(&past, "COMMIT");
}
END_TEST

/*
 * A clock that was late for a while. The changes in the middle that it dated wrongly stay as long
 * as those before them, so the feed misses nothing. The old changes of another account show that
 * the maintenance has run.
 */
START_TEST(no_change_is_missing_in_the_middle)
{
	struct user bob;

	ck_assert(user_make(&past.h, &bob, "bob"));
	past_make_changes(&past, &ann, 6);
	past_make_changes(&past, &bob, 6);
	past_stop(&past);
	past_set(&past, "UPDATE changes SET time = " AGO("91 days") " WHERE revision IN (3, 4)");
	past_set_changed(&past, &bob, 4, "91 days");
	past_start(&past);
	past_await(&past, 2, "SELECT count(*) FROM changes WHERE " OF("bob"));
	ck_assert_uint_eq(past_count(&past, &ann, "/changes", "changes"), 6);
}
END_TEST

/* To the minute. */
START_TEST(old_changes_go)
{
	past_make_changes(&past, &ann, 9);
	past_stop(&past);
	past_set_changed(&past, &ann, 8, "90 days','+5 minutes");
	past_set_changed(&past, &ann, 4, "90 days','-1 minute");
	past_start(&past);
	past_await(&past, 5, "SELECT count(*) FROM changes");
	past_expect_kept(&past, &ann, 5, 9);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks", "tasks"), 1);
	past_make_changes(&past, &ann, 1);
	past_expect_kept(&past, &ann, 5, 10);
}
END_TEST

static const char *name_of(const json_t *event, const char *when)
{
	return json_string_value(json_object_get(json_object_get(event, when), "name"));
}

/* The first one that is kept still tells what was before it. */
START_TEST(history_is_what_is_kept)
{
	past_make_changes(&past, &ann, 4);
	past_stop(&past);
	past_set_changed(&past, &ann, 2, "91 days");
	past_start(&past);
	past_await(&past, 2, "SELECT count(*) FROM changes");

	json_t *reply = past_ask(&past, &ann, "GET", "/tasks/1/history", NULL, 200);
	const json_t *history = json_object_get(reply, "history");
	const json_t *event = json_array_get(history, 0);
	ck_assert_uint_eq(json_array_size(history), 2);
	ck_assert_int_eq(json_integer_value(json_object_get(event, "revision")), 3);
	ck_assert_str_eq(name_of(event, "before"), "word 2");
	ck_assert_str_eq(name_of(event, "after"), "word 3");
	ck_assert_str_eq(name_of(json_array_get(history, 1), "after"), "word 4");
	json_decref(reply);
}
END_TEST

START_TEST(history_may_be_empty)
{
	past_make_changes(&past, &ann, 4);
	past_stop(&past);
	past_set_changed(&past, &ann, 4, "91 days");
	past_start(&past);
	past_await(&past, 0, "SELECT count(*) FROM changes");
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks/1/history", "history"), 0);
	past_expect_kept(&past, &ann, 5, 4);
	past_expect(&past, &ann, "POST", "/undo", NULL, 409);
	past_expect(&past, &ann, "POST", "/redo", NULL, 409);
}
END_TEST

static void expect_name(const char *name)
{
	json_t *reply = past_ask(&past, &ann, "GET", "/tasks/1", NULL, 200);

	ck_assert_str_eq(name_of(reply, "task"), name);
	json_decref(reply);
}

/* Undo after undo goes as far back as changes are kept, and not a step further. */
START_TEST(undo_ends_where_changes_are_gone)
{
	past_make_changes(&past, &ann, 5);
	past_stop(&past);
	past_set_changed(&past, &ann, 3, "91 days");
	past_start(&past);
	past_await(&past, 2, "SELECT count(*) FROM changes");
	past_expect(&past, &ann, "POST", "/undo", "{\"revision\":3}", 409);
	past_expect(&past, &ann, "POST", "/undo", NULL, 200);
	past_expect(&past, &ann, "POST", "/undo", NULL, 200);
	expect_name("word 3");
	past_expect(&past, &ann, "POST", "/undo", NULL, 409);
	expect_name("word 3");
	past_expect(&past, &ann, "POST", "/redo", NULL, 200);
	past_expect(&past, &ann, "POST", "/redo", NULL, 200);
	expect_name("word 5");
}
END_TEST

/* A group is taken back as a whole, or not at all. */
START_TEST(group_without_beginning_is_not_undone)
{
	past_fill(&past, &ann, "word", MANY);
	past_stop(&past);
	past_set_changed(&past, &ann, MANY - 10, "91 days");
	past_start(&past);
	past_await(&past, 10, "SELECT count(*) FROM changes");
	past_expect(&past, &ann, "POST", "/undo", NULL, 409);
	past_expect(&past, &ann, "POST", "/undo", "{\"revision\":700}", 409);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks", "tasks"), MANY);
	ck_assert_int_eq(past_member(&past, &ann, "/changes?since=690", "revision"), MANY);
}
END_TEST

static void fill_account(const char *name, int old, int young)
{
	struct user user;

	ck_assert(user_make(&past.h, &user, name));
	if (old > 0)
		past_fill(&past, &user, "old", old);
	if (young > 0)
		past_fill(&past, &user, "young", young);
}

/* The words have seen a change before it goes: what was made by it is found. */
START_TEST(all_accounts_have_their_turn)
{
	static const struct {
		const char *name;
		int old, young;
	} accounts[] = { { "bob", MANY, 300 }, { "cat", MANY, 0 }, { "dan", 0, 0 }, { "eve", 0, 2 },
		{ "fay", 257, 1 } };

	for (size_t i = 0; i < CHECK_COUNT(accounts); i++)
		fill_account(accounts[i].name, accounts[i].old, accounts[i].young);
	past_stop(&past);
	for (size_t i = 0; i < CHECK_COUNT(accounts); i++)
		past_set(&past,
			"UPDATE changes SET time = " AGO("91 days") " WHERE revision <= %d AND " OF(
				"%s"),
			accounts[i].old, accounts[i].name);
	past_set(&past, "UPDATE accounts SET searched = 0; DELETE FROM words");
	past_start(&past);
	past_await(&past, 0, "SELECT count(*) FROM changes WHERE time < " AGO("1 day"));
	past_await_words(&past);
	for (size_t i = 0; i < CHECK_COUNT(accounts); i++)
		ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM changes WHERE " OF("%s"),
					 accounts[i].name),
			accounts[i].young);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM words"),
		past_number(&past, "SELECT count(*) FROM tasks"));
}
END_TEST

START_TEST(pruned_tasks_are_found)
{
	past_fill(&past, &ann, "word", MANY);
	past_stop(&past);
	past_set(&past, "UPDATE accounts SET searched = 0; DELETE FROM words");
	past_set_changed(&past, &ann, MANY, "91 days");
	past_start(&past);
	past_await(&past, 0, "SELECT count(*) FROM changes");
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks?q=word", "tasks"), MANY);
	past_expect(&past, &ann, "PATCH", "/tasks/1", "{\"name\":\"other\"}", 200);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks?q=word", "tasks"), MANY - 1);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks?q=other", "tasks"), 1);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, old_changes_are_unknown_at_once);
	tcase_add_test(test_case, no_change_is_missing_in_the_middle);
	tcase_add_test(test_case, old_changes_go);
	tcase_add_test(test_case, history_is_what_is_kept);
	tcase_add_test(test_case, history_may_be_empty);
	tcase_add_test(test_case, undo_ends_where_changes_are_gone);
	tcase_add_test(test_case, group_without_beginning_is_not_undone);
	tcase_add_test(test_case, all_accounts_have_their_turn);
	tcase_add_test(test_case, pruned_tasks_are_found);
}

int main(void)
{
	return check_main("keep_days", add);
}
