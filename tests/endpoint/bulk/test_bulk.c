/*
 * Changes that are made in slices: whoever looks sees the old state or the new one, others go on
 * meanwhile, and the whole is one group to whoever takes it back.
 */
#include "check_main.h"
#include "deadline.h"
#include "past.h"
#include "replica.h"
#include "transfer.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define TASKS 20000
#define SMALL 3	     /* tasks that are there before */
#define SHOWN 1000   /* changes in a reply of undo, at most */
#define BOBS_LEAST 5 /* of bob's tasks come back before an import of ann's does */
#define LONG 60000   /* tasks of an import that a stop falls into */

static struct past past;
static struct user ann, bob;
static struct client other; /* beside past.client */
static struct exchange ask = { .client = &past.client, .user = &ann };

static void start_with(const char *variable)
{
	const char *const environment[] = { variable, NULL };

	past_start_keeping(&past, NULL, environment);
	past.client.deadline_ms = 3 * CLIENT_DEADLINE_MS;
	ck_assert(client_open(&other, past.h.port));
	other.deadline_ms = 3 * CLIENT_DEADLINE_MS;
}

static void stop(void)
{
	client_close(&other);
	past_stop(&past);
}

static void setup(void)
{
	past_make(&past);
	past.client.deadline_ms = 3 * CLIENT_DEADLINE_MS;
	ck_assert(client_open(&other, past.h.port));
	other.deadline_ms = 3 * CLIENT_DEADLINE_MS;
	ck_assert(user_make(&past.h, &ann, "ann"));
	ck_assert(user_make(&past.h, &bob, "bob"));
	past_fill(&past, &ann, "small", SMALL);
}

static void teardown(void)
{
	client_close(&other);
	past_remove(&past);
}

/* A file of so many tasks, to be freed; with a last one that is wrong, where it is given. */
static char *make_file(int count, const char *last)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	fputs("{\"tasks\":[", out);
	for (int i = 1; i <= count; i++)
		fprintf(out, "%s{\"name\":\"task %d\"}", i > 1 ? "," : "", i);
	fprintf(out, "%s%s]}", last != NULL ? "," : "", last != NULL ? last : "");
	fclose(out);
	return text;
}

static void import_expect(const char *query, int count, const char *last, int status)
{
	char *file = make_file(count, last), path[96];

	snprintf(path, sizeof(path), "/import%s", query);
	past_expect(&past, &ann, "POST", path, file, status);
	free(file);
}

static int64_t total(void)
{
	return past_member(&past, &ann, "/tasks?limit=1&count=true", "total");
}

static int64_t revision(void)
{
	return past_number(&past, "SELECT revision FROM accounts WHERE username = 'ann'");
}

/* What is sent next falls into ann's large change, or comes behind it. */
static void await_bulk(void)
{
	long until = deadline_in(HARNESS_DEADLINE_MS);

	while (past_number(&past, "SELECT count(*) FROM accounts WHERE bulk <> 0") == 0)
		ck_assert_msg(deadline_in(0) < until, "no large change begins");
}

static void await_swept(void)
{
	past_await(&past, 0, "SELECT count(*) FROM accounts WHERE bulk <> 0");
}

static bool has_reply(const struct client *client)
{
	return poll(&(struct pollfd){ client->fd, POLLIN, 0 }, 1, 0) != 0;
}

/* ---- who looks meanwhile ---- */

START_TEST(old_or_new_is_seen)
{
	char *file = make_file(TASKS, NULL);
	struct exchange importer = { .client = &other, .user = &ann };
	int64_t seen = SMALL;
	unsigned looks = 0;

	ck_assert(transfer_send(&importer, "json", file));
	while (!has_reply(&other)) {
		int64_t now = total();
		ck_assert_msg(now == seen || (seen == SMALL && now == SMALL + TASKS),
			"%" PRId64 " tasks behind %" PRId64, now, seen);
		ck_assert_int_eq(
			past_member(&past, &ann, "/changes?since=0&limit=1", "revision"), 1);
		seen = now;
		looks++;
	}
	ck_assert_int_eq(user_read_status(&other, "POST"), 200);
	ck_assert_int_eq(total(), SMALL + TASKS);
	ck_assert_uint_gt(looks, BOBS_LEAST);
	free(file);
}
END_TEST

/* Its own account's changes come behind it, another one's do not wait for it. */
START_TEST(only_its_own_account_waits)
{
	char *file = make_file(TASKS, NULL);
	struct exchange importer = { .client = &other, .user = &ann };
	struct client waiting;
	unsigned bobs = 0;

	ck_assert(client_open(&waiting, past.h.port));
	waiting.deadline_ms = 3 * CLIENT_DEADLINE_MS;
	ck_assert(transfer_send(&importer, "json", file));
	await_bulk();
	ck_assert(user_send_task(&waiting, &ann, "behind"));
	while (!has_reply(&other)) {
		ck_assert_int_gt(user_post(&past.client, &bob, "bob's"), 0);
		bobs++;
	}
	ck_assert_uint_ge(bobs, BOBS_LEAST);
	ck_assert_int_eq(user_read_status(&other, "POST"), 200);
	ck_assert_int_eq(user_read_status(&waiting, "POST"), 201);
	ck_assert_int_eq(past_number(&past, "SELECT id FROM tasks WHERE name = 'behind'"),
		SMALL + TASKS + 1);
	ck_assert_int_eq(total(), SMALL + TASKS + 1);
	client_close(&waiting);
	free(file);
}
END_TEST

/* ---- there and back ---- */

static char *list_text(void)
{
	json_t *tasks = exchange_array(&ask, "tasks", "tasks"), *task;
	size_t index;

	json_array_foreach (tasks, index, task)
		json_object_del(task, "revision");
	char *text = json_dumps(tasks, JSON_COMPACT | JSON_SORT_KEYS);

	json_decref(tasks);
	ck_assert_ptr_nonnull(text);
	return text;
}

/* Its reply tells the first changes, and the feed goes on from there: none twice, none left out. */
static void take_back(const char *verb, const char *body, int count)
{
	int64_t before = revision(), at = before;
	json_t *reply = past_ask(&past, &ann, "POST", verb, body, 200), *change;
	const json_t *changes = json_object_get(reply, "changes");
	struct replica replica;
	size_t index;

	ck_assert_uint_gt(json_array_size(changes), 0);
	ck_assert_uint_le(json_array_size(changes), SHOWN);
	ck_assert(json_is_true(json_object_get(reply, "more")) ==
		  (json_array_size(changes) < (size_t)count));
	ck_assert_int_eq(json_number(reply, "revision"), before + count);
	json_array_foreach (changes, index, change)
		ck_assert_int_eq(json_number(change, "revision"), ++at);
	replica_begin(&replica);
	replica.revision = at;
	replica_follow(&replica, &ask, 1000);
	ck_assert_int_eq(replica.revision, before + count);
	replica_end(&replica);
	json_decref(reply);
}

static void expect_list(const char *expected)
{
	char *text = list_text();
	struct replica replica;
	json_t *tasks;

	ck_assert(strcmp(text, expected) == 0);
	tasks = exchange_array(&ask, "tasks", "tasks");
	replica_begin(&replica);
	replica_follow(&replica, &ask, 1000);
	replica_expect(&replica, &(struct observed){ .tasks = tasks });
	replica_end(&replica);
	json_decref(tasks);
	free(text);
}

START_TEST(there_and_back_and_there)
{
	char *small = list_text(), *large;

	import_expect("", TASKS, NULL, 200);
	large = list_text();
	for (int i = 0; i < 2; i++) {
		take_back("/undo", NULL, TASKS);
		expect_list(small);
		take_back("/redo", NULL, TASKS);
		expect_list(large);
	}
	past_expect(&past, &ann, "POST", "/redo", NULL, 409);
	await_swept();
	ck_assert_int_eq(past_number(&past, "SELECT tasks FROM accounts WHERE username = 'ann'"),
		SMALL + TASKS);
	free(small);
	free(large);
}
END_TEST

/* Any of its revisions names all of it. */
START_TEST(it_is_one_group)
{
	static const int64_t offsets[] = { 1, 1500, 3000 };
	char *small = list_text(), body[48];
	int64_t first;

	for (size_t i = 0; i < CHECK_COUNT(offsets); i++) {
		first = revision();
		import_expect("", 3000, NULL, 200);
		snprintf(body, sizeof(body), "{\"revision\":%" PRId64 "}", first + offsets[i]);
		take_back("/undo", body, 3000);
		expect_list(small);
		past_expect(&past, &ann, "POST", "/undo", body, 409);
	}
	free(small);
}
END_TEST

/* A group of which a task has changed since is not taken back, nor any part of it. */
START_TEST(what_was_built_on_stays)
{
	char body[48];

	import_expect("", 3000, NULL, 200);
	past_expect(&past, &ann, "PATCH", "/tasks/2000", "{\"note\":\"mine\"}", 200);
	snprintf(body, sizeof(body), "{\"revision\":%d}", SMALL + 1);
	past_expect(&past, &ann, "POST", "/undo", body, 409);
	ck_assert_int_eq(total(), SMALL + 3000);
	take_back("/undo", NULL, 1);
	take_back("/undo", NULL, 3000);
	ck_assert_int_eq(total(), SMALL);
}
END_TEST

START_TEST(large_trash_is_emptied)
{
	json_t *reply;
	char *small = list_text();

	import_expect("", 1100, "{\"name\":\"a\",\"deleted_date\":\"2199-01-01\"}", 200);
	past_set(&past, "UPDATE tasks SET deleted_date = '2199-01-01T00:00:00Z' WHERE id > %d",
		SMALL);
	past_set(&past, "UPDATE changes SET now_deleted = '2199-01-01T00:00:00Z' WHERE id > %d",
		SMALL);
	ck_assert_uint_eq(past_count(&past, &ann, "/trash", "tasks"), 1101);
	reply = past_ask(&past, &ann, "DELETE", "/trash", NULL, 200);
	ck_assert_int_eq(json_number(reply, "count"), 1101);
	json_decref(reply);
	ck_assert_uint_eq(past_count(&past, &ann, "/trash", "tasks"), 0);
	expect_list(small);
	past_expect(&past, &ann, "POST", "/undo", NULL, 409); /* for good */
	await_swept();
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM tasks"), SMALL);
	free(small);
}
END_TEST

/* ---- asked twice ---- */

/* The same request with a key, twice: the second reply is the first one's. */
static void ask_twice(const char *under, const char *body)
{
	struct reply first, second;
	char path[96], headers[64];

	snprintf(path, sizeof(path), "/api/v1/accounts/ann%s", under);
	snprintf(headers, sizeof(headers), "Idempotency-Key: %s\r\n", under + 1);
	ck_assert(client_call(&past.client, &first, "POST", path, headers, ann.token, body));
	ck_assert_int_eq(first.status, 200);
	ck_assert_ptr_null(reply_find_header(&first, "Idempotent-Replayed"));
	ck_assert(client_call(&past.client, &second, "POST", path, headers, ann.token, body));
	ck_assert_int_eq(second.status, 200);
	ck_assert_str_eq(reply_find_header(&second, "Idempotent-Replayed"), "true");
	ck_assert(strcmp(second.body, first.body) == 0); /* too long for a message */
	reply_free(&first);
	reply_free(&second);
}

START_TEST(key_does_it_once)
{
	char *file = make_file(3000, NULL);

	ask_twice("/import", file);
	ck_assert_int_eq(total(), SMALL + 3000);
	ask_twice("/undo", NULL);
	ck_assert_int_eq(total(), SMALL);
	ask_twice("/redo", NULL);
	ck_assert_int_eq(total(), SMALL + 3000);
	ck_assert_int_eq(revision(), SMALL + 9000);
	free(file);
}
END_TEST

/* ---- what is not done ---- */

static void expect_nothing_done(void)
{
	ck_assert_int_eq(total(), SMALL);
	ck_assert_int_eq(revision(), SMALL);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM tasks"), SMALL);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM accounts WHERE bulk <> 0"), 0);
	past_fill(&past, &ann, "usable", 1);
	past_expect(&past, &ann, "POST", "/undo", NULL, 200);
}

START_TEST(quota_is_kept)
{
	stop();
	start_with("TODO_MAX_TASKS=2003");
	import_expect("", 2001, NULL, 507);
	expect_nothing_done();
	import_expect("", 1500, NULL, 200);
	import_expect("", 501, NULL, 507);
	import_expect("?dry_run=true", 501, NULL, 507);
	ck_assert_int_eq(total(), SMALL + 1500);
	import_expect("", 500, NULL, 200);
	import_expect("", 1, NULL, 507);
	take_back("/undo", NULL, 500);
	take_back("/undo", NULL, 1500);
	take_back("/redo", NULL, 1500);
	take_back("/undo", NULL, 1500);
	import_expect("", 2000, NULL, 200); /* the room is there again */
	past_expect(&past, &ann, "POST", "/redo", NULL, 409);
	import_expect("", 1, NULL, 507);
	ck_assert_int_eq(total(), SMALL + 2000);
}
END_TEST

START_TEST(dry_run_does_nothing)
{
	import_expect("?dry_run=true", 3000, NULL, 200);
	expect_nothing_done();
}
END_TEST

START_TEST(wrong_file_does_nothing)
{
	char *file = make_file(2500, "{\"name\":5}");
	json_t *reply = past_ask(&past, &ann, "POST", "/import", file, 422);
	const json_t *error = json_array_get(json_object_get(reply, "errors"), 0);

	ck_assert_str_eq(json_string_value(json_object_get(error, "pointer")), "/tasks/2500/name");
	expect_nothing_done();
	json_decref(reply);
	free(file);
}
END_TEST

/* Who follows from the beginning is told nothing of what is staged, and not that it is too late. */
START_TEST(staged_changes_are_not_what_is_kept)
{
	struct user newcomer;

	ck_assert(user_make(&past.h, &newcomer, "newcomer"));
	past_set(&past,
		"INSERT INTO changes (account_id, revision, id, time, first)"
		" SELECT id, 7, 7, strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now'), 7 FROM accounts"
		" WHERE username = 'newcomer'");
	ck_assert_uint_eq(past_count(&past, &newcomer, "/changes?since=0", "changes"), 0);
	past_set(&past, "DELETE FROM changes WHERE " OF("newcomer"));
}
END_TEST

START_TEST(no_tasks_are_no_change)
{
	import_expect("", 0, NULL, 200);
	expect_nothing_done();
}
END_TEST

/* ---- the end of the server, and of the account ---- */

/* What was acknowledged is there, what was not is there or not; none of it is left behind. */
START_TEST(stop_falls_into_it)
{
	char *file = make_file(LONG, NULL);
	struct exchange importer = { .client = &other, .user = &ann };
	int status;

	ck_assert(transfer_send(&importer, "json", file));
	await_bulk();
	ck_assert_int_eq(kill(past.h.pid, SIGTERM), 0);
	status = user_read_status(&other, "POST");
	client_close(&other);
	client_close(&past.client);
	ck_assert_int_eq(harness_stop(&past.h, 0), 0);
	start_with("TODO_LOG=off");
	ck_assert_int_eq(total(), status == 200 ? SMALL + LONG : SMALL);
	await_swept();
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM tasks"), total());
	ck_assert_int_eq(past_number(&past, "SELECT max(revision) FROM changes"), total());
	past_fill(&past, &ann, "usable", 1);
	free(file);
}
END_TEST

/* What is removed behind an account that has ended holds up nobody: it goes in slices, too. */
START_TEST(end_of_an_account_holds_up_nobody)
{
	unsigned bobs = 0;

	import_expect("", TASKS, NULL, 200);
	await_swept();
	past_expect(&past, &ann, "DELETE", "", NULL, 200);
	for (; past_number(&past, "SELECT count(*) FROM deleted_accounts") > 0; bobs++)
		ck_assert_int_gt(user_post(&past.client, &bob, "bob's"), 0);
	ck_assert_uint_ge(bobs, BOBS_LEAST);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM tasks"), bobs);
}
END_TEST

/* Somebody else may take the name at once. */
START_TEST(name_is_free_at_once)
{
	int64_t gone = past_number(&past, "SELECT id FROM accounts WHERE username = 'ann'");

	import_expect("", 5000, NULL, 200);
	past_expect(&past, &ann, "DELETE", "", NULL, 200);
	ck_assert(user_make(&past.h, &ann, "ann"));
	ck_assert_int_eq(total(), 0);
	ck_assert_int_eq(past_member(&past, &ann, "/changes?since=0", "revision"), 0);
	import_expect("", 2000, NULL, 200);
	ck_assert_int_eq(total(), 2000);
	past_await(&past, 0, "SELECT count(*) FROM deleted_accounts");
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM tasks WHERE account_id = %lld",
				 (long long)gone),
		0);
	ck_assert_int_eq(total(), 2000);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_set_timeout(test_case, 300);
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, old_or_new_is_seen);
	tcase_add_test(test_case, only_its_own_account_waits);
	tcase_add_test(test_case, there_and_back_and_there);
	tcase_add_test(test_case, it_is_one_group);
	tcase_add_test(test_case, what_was_built_on_stays);
	tcase_add_test(test_case, large_trash_is_emptied);
	tcase_add_test(test_case, key_does_it_once);
	tcase_add_test(test_case, quota_is_kept);
	tcase_add_test(test_case, dry_run_does_nothing);
	tcase_add_test(test_case, wrong_file_does_nothing);
	tcase_add_test(test_case, staged_changes_are_not_what_is_kept);
	tcase_add_test(test_case, no_tasks_are_no_change);
	tcase_add_test(test_case, stop_falls_into_it);
	tcase_add_test(test_case, end_of_an_account_holds_up_nobody);
	tcase_add_test(test_case, name_is_free_at_once);
}

int main(void)
{
	return check_main("bulk", add);
}
