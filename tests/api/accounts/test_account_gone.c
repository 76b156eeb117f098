/*
 * A deleted account leaves no row in any table a moment later. An account that gets its name next
 * never sees its rows.
 */
#include "check_main.h"
#include "past.h"

#include <stdio.h>
#include <string.h>

#define REFUSED 12
#define ROUNDS 10
#define MANY 700 /* tasks: more than a step of what the server does by itself */

/* What a row belongs to, by table; one that is not named here has nothing of an account. */
static const struct {
	const char *table, *account;
} owned[] = {
	{ "accounts", "id" },
	{ "sessions", "account_id" },
	{ "tasks", "account_id" },
	{ "lists", "account_id" },
	{ "task_tags", "account_id" },
	{ "changes", "account_id" },
	{ "answers", "account_id" },
	{ "words", "rowid >> 40" },
};

static struct past past;
static struct user ann, bob;

static int64_t account_of(const struct user *user)
{
	return past_number(&past, "SELECT id FROM accounts WHERE username = '%q'", user->name);
}

static int64_t count_rows(size_t table, int64_t account)
{
	return past_number(&past, "SELECT count(*) FROM %s WHERE %s = %lld", owned[table].table,
		owned[table].account, (long long)account);
}

/* Something of it in each of the tables. */
static void fill(struct user *user, const char *name)
{
	struct reply reply;

	ck_assert(user_make(&past.h, user, name));
	past_fill(&past, user, "word", MANY);
	ck_assert(
		client_call(&past.client, &reply, "POST", user->tasks, "Idempotency-Key: once\r\n",
			user->token, "{\"name\":\"tagged\",\"tags\":[\"home\"]}"));
	ck_assert_int_eq(reply.status, 201);
	reply_free(&reply);
	past_trash(&past, user, 1, MANY / 2);
	past_expect(&past, user, "POST", "/lists", "{\"name\":\"list\"}", 201);
	past_expect(&past, user, "POST", "/tokens",
		"{\"name\":\"program\",\"scope\":\"read\",\"expires\":null}", 201);
	past_expect(&past, user, "GET", "/tasks?q=word", NULL, 200);
}

static void setup(void)
{
	past_make(&past);
	fill(&ann, "ann");
	fill(&bob, "bob");
}

static void teardown(void)
{
	past_remove(&past);
}

/* The other account keeps what it has. */
START_TEST(account_leaves_no_row)
{
	int64_t gone = account_of(&ann), stays = account_of(&bob), before[CHECK_COUNT(owned)];

	for (size_t i = 0; i < CHECK_COUNT(owned); i++) {
		before[i] = count_rows(i, stays);
		ck_assert_msg(before[i] > 0 && count_rows(i, gone) == before[i], "%s: %lld",
			owned[i].table, (long long)before[i]);
	}
	past_expect(&past, &ann, "DELETE", "", NULL, 200);
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM accounts WHERE id = %lld",
				 (long long)gone),
		0);
	past_await(&past, 0, "SELECT count(*) FROM deleted_accounts");
	for (size_t i = 0; i < CHECK_COUNT(owned); i++) {
		ck_assert_msg(count_rows(i, gone) == 0, "%s has rows of it", owned[i].table);
		ck_assert_int_eq(count_rows(i, stays), before[i]);
	}
}
END_TEST

/* No table has been forgotten above: those of the index of words are its own. */
START_TEST(tables_are_all_named)
{
	for (size_t i = 0; i < CHECK_COUNT(owned); i++)
		ck_assert_int_eq(
			past_number(&past, "SELECT count(*) FROM sqlite_schema WHERE name = '%s'",
				owned[i].table),
			1);
	ck_assert_int_eq(
		past_number(&past, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
				   " AND name NOT GLOB 'words_*'"
				   " AND name NOT GLOB 'sqlite_*'"
				   " AND name NOT IN ('throttle', 'deleted_accounts')"),
		CHECK_COUNT(owned));
}
END_TEST

/* A task without a name, and with a key. */
static void send_refused(struct client *client, const struct user *user, int key)
{
	static const char body[] = "{\"nam\":\"x\"}";
	char request[512];
	int size = snprintf(request, sizeof(request),
		"POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
		"Idempotency-Key: k%d\r\nContent-Length: %zu\r\n\r\n%s",
		user->tasks, user->token, key, sizeof(body) - 1, body);

	ck_assert(client_send(client, request, (size_t)size));
}

/* The name is free at once, whatever is still to be removed, and its next owner has nothing of it. */
START_TEST(next_owner_of_the_name_inherits_nothing)
{
	int64_t gone = account_of(&bob);
	struct user old = bob;

	past_expect(&past, &bob, "DELETE", "", NULL, 200);
	ck_assert(user_make(&past.h, &bob, "bob"));
	ck_assert_int_gt(account_of(&bob), gone);
	ck_assert_uint_eq(past_count(&past, &bob, "/tasks", "tasks"), 0);
	ck_assert_uint_eq(past_count(&past, &bob, "/trash", "tasks"), 0);
	ck_assert_uint_eq(past_count(&past, &bob, "/changes", "changes"), 0);
	past_expect(&past, &bob, "POST", "/undo", NULL, 409);
	past_fill(&past, &bob, "mine", MANY);
	ck_assert_uint_eq(past_count(&past, &bob, "/tasks?q=word", "tasks"), 0);
	ck_assert_uint_eq(past_count(&past, &bob, "/tasks?q=mine", "tasks"), MANY);
	ck_assert_uint_eq(past_count(&past, &bob, "/sessions", "sessions"), 1);
	past_expect(&past, &old, "GET", "/tasks", NULL, 401);
	past_await(&past, 0, "SELECT count(*) FROM deleted_accounts");
	ck_assert_uint_eq(past_count(&past, &bob, "/tasks", "tasks"), MANY);
}
END_TEST

/* Its number is not used again, also not after a restart. */
START_TEST(number_never_comes_twice)
{
	int64_t gone = account_of(&bob);
	struct user cat;

	past_expect(&past, &bob, "DELETE", "", NULL, 200);
	past_stop(&past);
	past_start(&past);
	past_await(&past, 0, "SELECT count(*) FROM deleted_accounts");
	ck_assert(user_make(&past.h, &cat, "cat"));
	ck_assert_int_gt(account_of(&cat), gone);
	for (size_t i = 0; i < CHECK_COUNT(owned); i++)
		ck_assert_int_eq(count_rows(i, gone), 0);
}
END_TEST

/* Notes each answer that is kept for an account which is gone by then; what is swept stays noted. */
#define NOTE_LATE                                                                                  \
	"CREATE TABLE late (account_id INTEGER);"                                                  \
	"CREATE TRIGGER late_answer AFTER INSERT ON answers"                                       \
	" WHEN NEW.account_id NOT IN (SELECT id FROM accounts)"                                    \
	" BEGIN INSERT INTO late VALUES (NEW.account_id); END"

/*
 * The stored reply of a refused request is written in a job of its own. The account may be deleted
 * before that job: this many requests at once, before and after the deletion.
 */
START_TEST(refusals_on_their_way_leave_no_answer)
{
	struct client clients[REFUSED];
	struct user dan;

	past_set(&past, NOTE_LATE);
	for (int round = 0; round < ROUNDS; round++) {
		ck_assert(user_make(&past.h, &dan, "dan"));
		for (int i = 0; i < REFUSED; i++)
			ck_assert(client_open(&clients[i], past.h.port));
		for (int i = 0; i < REFUSED; i++)
			send_refused(&clients[i], &dan, i);
		past_expect(&past, &dan, "DELETE", "", NULL, 200);
		for (int i = 0; i < REFUSED; i++) {
			int status = user_read_status(&clients[i], "POST");
			ck_assert_msg(status == 422 || status == 401, "%d", status);
			client_close(&clients[i]);
		}
	}
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM late"), 0);
	past_await(&past, 0, "SELECT count(*) FROM deleted_accounts");
	ck_assert_int_eq(past_number(&past, "SELECT count(*) FROM answers"
					    " WHERE account_id NOT IN (SELECT id FROM accounts)"),
		0);
}
END_TEST

/* What is under way at the account goes on with the next one: the server lives, the rest is done. */
START_TEST(maintenance_goes_on_without_it)
{
	past_stop(&past);
	past_set(&past, "UPDATE accounts SET searched = 0; DELETE FROM words");
	past_set_deleted(&past, &ann, 1, MANY, "31 days");
	past_set_deleted(&past, &bob, 1, MANY, "31 days");
	past_start(&past);
	past_expect(&past, &ann, "DELETE", "", NULL, 200);
	past_await(&past, 0, "SELECT count(*) FROM deleted_accounts");
	past_await(&past, 0, "SELECT count(*) FROM tasks WHERE deleted_date > ''");
	past_await_words(&past);
	past_await(&past, MANY - MANY / 2 + 1, "SELECT count(*) FROM words");
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, account_leaves_no_row);
	tcase_add_test(test_case, tables_are_all_named);
	tcase_add_test(test_case, next_owner_of_the_name_inherits_nothing);
	tcase_add_test(test_case, number_never_comes_twice);
	tcase_add_test(test_case, refusals_on_their_way_leave_no_answer);
	tcase_add_test(test_case, maintenance_goes_on_without_it);
}

int main(void)
{
	return check_main("account_gone", add);
}
