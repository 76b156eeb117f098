/*
 * What the server does by itself, when there is time: what has been in the trash for thirty days
 * goes for good, and the words catch up with the tasks.
 */
#include "check_main.h"
#include "past.h"

#include <stdio.h>
#include <string.h>

#define MANY 700 /* of each kind: more than two steps */

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

static json_t *ask_id(const char *method, const char *format, int64_t id, int expected)
{
	char under[64];

	snprintf(under, sizeof(under), format, (long long)id);
	return past_ask(&past, &ann, method, under, NULL, expected);
}

static void expect_id(const char *method, const char *format, int64_t id, int expected)
{
	json_decref(ask_id(method, format, id, expected));
}

static int64_t number_of(const json_t *object, const char *member)
{
	return json_integer_value(json_object_get(object, member));
}

/* A task, or several: the last one's id. */
static int64_t make(const char *word, int count)
{
	past_fill(&past, &ann, word, count);
	return past_number(&past, "SELECT max(id) FROM tasks WHERE " OF("ann"));
}

#define AGED_MOST 8

/* How long what is in the trash has been there, once the server has been stopped: it would look. */
static struct {
	const char *username, *ago;
	int64_t first, last;
} aged[AGED_MOST];
static unsigned aged_count;

static void age(const char *username, int64_t first, int64_t last, const char *ago)
{
	ck_assert_uint_lt(aged_count, AGED_MOST);
	aged[aged_count].username = username;
	aged[aged_count].ago = ago;
	aged[aged_count].first = first;
	aged[aged_count++].last = last;
}

static void stop(void)
{
	struct user user;

	past_stop(&past);
	for (unsigned i = 0; i < aged_count; i++) {
		snprintf(user.name, sizeof(user.name), "%s", aged[i].username);
		past_set_deleted(&past, &user, aged[i].first, aged[i].last, aged[i].ago);
	}
	aged_count = 0;
}

/* A task that will have been in the trash so long. */
static int64_t make_deleted(const char *word, const char *ago)
{
	int64_t id = make(word, 1);

	past_trash(&past, &ann, id, id);
	age("ann", id, id, ago);
	return id;
}

static void await_gone(int64_t id)
{
	past_await(&past, 0, "SELECT count(*) FROM tasks WHERE id = %lld", (long long)id);
}

static void restart(void)
{
	stop();
	past_start(&past);
}

/* To the minute: what is not yet old enough is looked at in the same step. */
START_TEST(expired_tasks_go)
{
	int64_t live = make("live", 1);
	int64_t old = make_deleted("old", "30 days','-1 minute");
	int64_t young = make_deleted("young", "30 days','+5 minutes");
	int64_t now = make_deleted("now", "0 days");

	restart();
	await_gone(old);
	ck_assert_uint_eq(past_count(&past, &ann, "/trash", "tasks"), 2);
	expect_id("GET", "/tasks/%lld", live, 200);
	expect_id("POST", "/tasks/%lld/restore", old, 404);
	expect_id("DELETE", "/trash/%lld", old, 404);
	expect_id("GET", "/tasks/%lld/history", old, 404);
	expect_id("POST", "/tasks/%lld/restore", young, 200);
	expect_id("POST", "/tasks/%lld/restore", now, 200);
}
END_TEST

/* A list goes with the tasks that went with it, and who follows the changes is told. */
START_TEST(expired_lists_go)
{
	json_decref(past_ask(&past, &ann, "POST", "/lists", "{\"name\":\"young\"}", 201));
	json_decref(past_ask(&past, &ann, "POST", "/lists", "{\"name\":\"old\"}", 201));
	json_decref(past_ask(&past, &ann, "POST", "/tasks", "{\"name\":\"of it\",\"list\":2}", 201));
	expect_id("DELETE", "/lists/%lld", 1, 200);
	expect_id("DELETE", "/lists/%lld", 2, 200);
	age("ann", 1, 1, "30 days','+5 minutes");
	age("ann", 2, 3, "30 days','-1 minute");
	int64_t newest = past_member(&past, &ann, "/changes", "revision");

	restart();
	past_await(&past, 1, "SELECT count(*) FROM lists");
	past_await(&past, 0, "SELECT count(*) FROM tasks");
	ck_assert_uint_eq(past_count(&past, &ann, "/trash", "lists"), 1);
	expect_id("POST", "/lists/%lld/restore", 2, 404);
	expect_id("GET", "/lists/%lld/history", 2, 404);
	expect_id("POST", "/lists/%lld/restore", 1, 200);

	json_t *feed = ask_id("GET", "/changes?since=%lld&limit=2", newest, 200);
	json_t *change, *changes = json_object_get(feed, "changes");
	size_t index;
	ck_assert_uint_eq(json_array_size(changes), 2);
	json_array_foreach (changes, index, change) {
		bool of_list = number_of(change, "id") == 2;
		ck_assert(json_is_null(json_object_get(change, of_list ? "list" : "task")));
	}
	json_decref(feed);
}
END_TEST

/* Who follows the changes is told, as of any other deletion for good. */
START_TEST(expiry_is_in_feed)
{
	int64_t old = make_deleted("old", "31 days");
	int64_t newest = past_member(&past, &ann, "/changes", "revision");

	restart();
	await_gone(old);

	json_t *feed = ask_id("GET", "/changes?since=%lld", newest, 200);
	const json_t *changes = json_object_get(feed, "changes");
	const json_t *change = json_array_get(changes, 0);
	ck_assert_uint_eq(json_array_size(changes), 1);
	ck_assert_int_eq(number_of(change, "id"), old);
	ck_assert_int_eq(number_of(change, "revision"), newest + 1);
	ck_assert(json_is_null(json_object_get(change, "task")));
	ck_assert_int_eq(number_of(feed, "revision"), newest + 1);
	json_decref(feed);
	ck_assert_int_eq(make("next", 1), newest + 2);
}
END_TEST

/* The name of the task after the undo or redo. */
static void expect_taken(const char *what, int64_t id, const char *name)
{
	json_t *reply = past_ask(&past, &ann, "POST", what, NULL, 200), *task;
	const char *named;

	json_decref(reply);
	task = ask_id("GET", "/tasks/%lld", id, 200);
	named = json_string_value(json_object_get(json_object_get(task, "task"), "name"));
	ck_assert_str_eq(named, name);
	json_decref(task);
}

static int64_t make_renamed(void)
{
	int64_t id = make("task", 1);
	char under[64];

	snprintf(under, sizeof(under), "/tasks/%lld", (long long)id);
	past_expect(&past, &ann, "PATCH", under, "{\"name\":\"renamed\"}", 200);
	return id;
}

/* The server made this change, so undo does not undo it, and redo is still possible. */
START_TEST(expiry_leaves_undo_and_redo)
{
	int64_t old = make_deleted("old", "31 days"), id = make_renamed();

	restart();
	await_gone(old);
	expect_taken("/undo", id, "task 1");
	expect_taken("/redo", id, "renamed");
}
END_TEST

START_TEST(expiry_after_undo_leaves_redo)
{
	int64_t old = make_deleted("old", "0 days"), id = make_renamed();

	expect_taken("/undo", id, "task 1");
	age("ann", old, old, "31 days");
	restart();
	await_gone(old);
	expect_taken("/redo", id, "renamed");
	expect_taken("/undo", id, "task 1");
}
END_TEST

/* What has gone for good does not come back by undo. */
START_TEST(expiry_is_not_undone)
{
	int64_t old = make_deleted("old", "31 days");

	restart();
	await_gone(old);
	past_expect(&past, &ann, "POST", "/undo", NULL, 409);
	past_expect(&past, &ann, "POST", "/undo", "{\"revision\":3}", 409);
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks", "tasks"), 0);
	ck_assert_uint_eq(past_count(&past, &ann, "/trash", "tasks"), 0);
}
END_TEST

/* In the words, too, is what is not in the trash, once each. */
static void expect_words(void)
{
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM words"),
		past_number(&past, "SELECT count(*) FROM tasks WHERE deleted_date = ''"));
}

START_TEST(words_catch_up)
{
	int64_t last;

	for (int n = 0; n < 3; n++)
		last = make("word", MANY);
	past_trash(&past, &ann, last, last);
	past_stop(&past);
	past_set(&past, "UPDATE accounts SET searched = 0; DELETE FROM words");
	past_start(&past);
	past_await_words(&past);
	ck_assert_int_eq(past_number(&past, "SELECT searched FROM accounts"), 3 * MANY + 1);
	expect_words();
}
END_TEST

/* A task that expired before it was indexed is not found later; the others are. */
START_TEST(words_follow_expiry)
{
	int64_t last = make("word", MANY);

	past_trash(&past, &ann, last - MANY + 2, last);
	past_stop(&past);
	past_set(&past, "UPDATE accounts SET searched = 0; DELETE FROM words");
	past_set_deleted(&past, &ann, 1, last, "31 days");
	past_start(&past);
	past_await(&past, 1, "SELECT count(*) FROM tasks");
	past_await_words(&past);
	expect_words();
	ck_assert_uint_eq(past_count(&past, &ann, "/tasks?q=word", "tasks"), 1);
}
END_TEST

static void fill_trash(const char *name, int count, int left)
{
	struct user user;

	ck_assert(user_make(&past.h, &user, name));
	past_fill(&past, &user, "word", count);
	past_trash(&past, &user, 1, count);
	age(name, 1, count - left, "31 days");
}

static void expect_expired(const char *name, int count, int left)
{
	past_await(&past, left, "SELECT count(*) FROM tasks WHERE " OF("%s"), name);
	ck_assert_int_eq(
		past_number(&past,
			"SELECT count(*) FROM changes WHERE " OF("%s") " AND now_deleted IS NULL",
			name),
		count - left);
}

/* Each account has its turn as often as it needs, also after an account that has nothing to do. */
START_TEST(all_accounts_have_their_turn)
{
	static const struct {
		const char *name;
		int count, left;
	} accounts[] = { { "bob", MANY, 300 }, { "cat", MANY, 0 }, { "dan", 1, 0 }, { "eve", 1, 1 },
		{ "fay", 600, 1 } };

	for (size_t i = 0; i < CHECK_COUNT(accounts); i++)
		fill_trash(accounts[i].name, accounts[i].count, accounts[i].left);
	stop();
	past_set(&past, "UPDATE accounts SET searched = revision"); /* nothing else is left to do */
	past_start(&past);
	for (size_t i = 0; i < CHECK_COUNT(accounts); i++)
		expect_expired(accounts[i].name, accounts[i].count, accounts[i].left);
	past_await_words(&past);
}
END_TEST

/*
 * One account's tasks cannot be deleted: its tags are not JSON. The accounts after it have their
 * turn.
 */
START_TEST(failure_leaves_the_others)
{
	fill_trash("bob", 3, 0);
	fill_trash("cat", 3, 0);
	fill_trash("dan", 3, 1);
	stop();
	past_set(&past, "UPDATE tasks SET tags = '{' WHERE id = 2 AND " OF("bob"));
	past_start(&past);
	expect_expired("cat", 3, 0);
	expect_expired("dan", 3, 1);
	expect_expired("bob", 3, 3);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, expired_tasks_go);
	tcase_add_test(test_case, expired_lists_go);
	tcase_add_test(test_case, expiry_is_in_feed);
	tcase_add_test(test_case, expiry_leaves_undo_and_redo);
	tcase_add_test(test_case, expiry_after_undo_leaves_redo);
	tcase_add_test(test_case, expiry_is_not_undone);
	tcase_add_test(test_case, words_catch_up);
	tcase_add_test(test_case, words_follow_expiry);
	tcase_add_test(test_case, all_accounts_have_their_turn);
	tcase_add_test(test_case, failure_leaves_the_others);
}

int main(void)
{
	return check_main("maintenance", add);
}
