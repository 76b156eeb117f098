/* A server whose file gets a past. */
#include "past.h"

#include "check_main.h"
#include "deadline.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

void past_make(struct past *past)
{
	*past = (struct past){ .h = { .out = -1 }, .client = { .fd = -1 } };
	past_start(past);
	ck_assert_int_eq(sqlite3_open(past->h.database, &past->file), SQLITE_OK);
	sqlite3_busy_timeout(past->file, HARNESS_DEADLINE_MS);
	sqlite3_db_config(past->file, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
}

void past_make_two(struct past *past, struct user *ann, struct user *bob)
{
	past_make(past);
	ck_assert(user_make(&past->h, ann, "ann"));
	ck_assert(user_make(&past->h, bob, "bob"));
}

void past_remove(struct past *past)
{
	if (past->h.pid != 0)
		past_stop(past);
	sqlite3_close(past->file);
	harness_remove(&past->h);
}

void past_stop(struct past *past)
{
	client_close(&past->client);
	ck_assert_int_eq(harness_stop(&past->h, SIGTERM), 0);
}

void past_start(struct past *past)
{
	past_start_keeping(past, NULL, NULL);
}

void past_start_keeping(struct past *past, const char *days, const char *const *environment)
{
	ck_assert(harness_folder(&past->h));
	const char *const arguments[] = { "--port", "0", "--db", past->h.database,
		days ? "--keep-days" : NULL, days, NULL };
	ck_assert(harness_start(&past->h, arguments, environment));
	ck_assert(client_open(&past->client, past->h.port));
}

json_t *past_ask(struct past *past, const struct user *user, const char *method, const char *under,
	const char *body, int expected)
{
	struct reply reply;
	char path[256];
	json_t *value;

	snprintf(path, sizeof(path), "/api/v1/accounts/%s%s", user->name, under);
	ck_assert(client_call(&past->client, &reply, method, path, NULL, user->token, body));
	ck_assert_msg(reply.status == expected, "%s %s: %d instead of %d, %.500s", method, path,
		reply.status, expected, reply.body);
	value = json_loadb(reply.body, reply.body_size, 0, NULL);
	reply_free(&reply);
	return value;
}

void past_expect(struct past *past, const struct user *user, const char *method, const char *under,
	const char *body, int expected)
{
	json_decref(past_ask(past, user, method, under, body, expected));
}

int64_t past_member(
	struct past *past, const struct user *user, const char *under, const char *member)
{
	json_t *reply = past_ask(past, user, "GET", under, NULL, 200);
	const json_t *value = json_object_get(reply, member);
	int64_t number = json_integer_value(value);

	ck_assert_msg(json_is_integer(value), "%s: no %s", under, member);
	json_decref(reply);
	return number;
}

size_t past_count(struct past *past, const struct user *user, const char *under, const char *array)
{
	json_t *reply = past_ask(past, user, "GET", under, NULL, 200);
	const json_t *value = json_object_get(reply, array);
	size_t count = json_array_size(value);

	ck_assert_msg(json_is_array(value), "%s: no %s", under, array);
	json_decref(reply);
	return count;
}

static sqlite3_stmt *prepare(struct past *past, const char *sql, va_list values)
{
	char *text = sqlite3_vmprintf(sql, values);
	sqlite3_stmt *stmt;
	int code = sqlite3_prepare_v2(past->file, text, -1, &stmt, NULL);

	ck_assert_msg(code == SQLITE_OK, "%s: %s", text, sqlite3_errmsg(past->file));
	sqlite3_free(text);
	return stmt;
}

static int64_t read_number(struct past *past, const char *sql, va_list values)
{
	sqlite3_stmt *stmt = prepare(past, sql, values);
	int64_t number;

	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return number;
}

int64_t past_number(struct past *past, const char *sql, ...)
{
	va_list values;
	int64_t number;

	va_start(values, sql);
	number = read_number(past, sql, values);
	va_end(values);
	return number;
}

void past_set(struct past *past, const char *sql, ...)
{
	va_list values;
	char *text;
	int code;

	va_start(values, sql);
	text = sqlite3_vmprintf(sql, values);
	va_end(values);
	code = sqlite3_exec(past->file, text, NULL, NULL, NULL);
	ck_assert_msg(code == SQLITE_OK, "%s: %s", text, sqlite3_errmsg(past->file));
	sqlite3_free(text);
}

void past_await(struct past *past, int64_t expected, const char *sql, ...)
{
	/* The server's maintenance begins a round a minute after the last one has ended. */
	long until = deadline_in(3 * HARNESS_DEADLINE_MS);
	int64_t number;

	for (;;) {
		va_list values;
		va_start(values, sql);
		number = read_number(past, sql, values);
		va_end(values);
		if (number == expected)
			return;
		ck_assert_msg(deadline_in(0) < until, "%s: %lld, not %lld", sql, (long long)number,
			(long long)expected);
		poll(NULL, 0, 5);
	}
}

void past_await_words(struct past *past)
{
	past_await(past, 0, "SELECT count(*) FROM accounts WHERE searched < revision");
}

#define COUNT_FROM                                                                                 \
	"WITH RECURSIVE n (i) AS (VALUES (%lld) UNION ALL SELECT i + 1 FROM n WHERE i < %lld)"

/* A batch whose items are the rows of the query. */
static void ask_batch(struct past *past, const struct user *user, const char *sql, ...)
{
	va_list values;
	sqlite3_stmt *stmt;

	va_start(values, sql);
	stmt = prepare(past, sql, values);
	va_end(values);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	past_expect(past, user, "POST", "/tasks/batch", (const char *)sqlite3_column_text(stmt, 0),
		200);
	sqlite3_finalize(stmt);
}

void past_fill(struct past *past, const struct user *user, const char *word, int count)
{
	ask_batch(past, user,
		COUNT_FROM " SELECT json_object('items', json_group_array(json_object("
			   " 'op', 'create', 'task', json_object('name', '%q ' || i)))) FROM n",
		1LL, (long long)count, word);
}

void past_trash(struct past *past, const struct user *user, int64_t first, int64_t last)
{
	ask_batch(past, user,
		COUNT_FROM " SELECT json_object('items', json_group_array(json_object("
			   " 'op', 'delete', 'id', i))) FROM n",
		(long long)first, (long long)last);
}

void past_set_deleted(
	struct past *past, const struct user *user, int64_t first, int64_t last, const char *ago)
{
	static const char *const tables[][2] = { { "tasks", "deleted_date" },
		{ "lists", "deleted_date" }, { "changes", "now_deleted" } };

	for (size_t i = 0; i < CHECK_COUNT(tables); i++)
		past_set(past,
			"UPDATE %s SET %s = " AGO(
				"%s") " WHERE %s > '' AND id BETWEEN %lld AND %lld"
				      " AND " OF("%s"),
			tables[i][0], tables[i][1], ago, tables[i][1], (long long)first,
			(long long)last, user->name);
}

void past_set_changed(struct past *past, const struct user *user, int64_t revision, const char *ago)
{
	past_set(past,
		"UPDATE changes SET time = " AGO("%s") " WHERE revision <= %lld AND " OF("%s"), ago,
		(long long)revision, user->name);
}

void past_make_changes(struct past *past, const struct user *user, int count)
{
	int64_t id;
	char under[64], body[64];

	past_fill(past, user, "word", 1);
	id = past_number(past, "SELECT max(id) FROM tasks WHERE " OF("%s"), user->name);
	snprintf(under, sizeof(under), "/tasks/%lld", (long long)id);
	for (int n = 2; n <= count; n++) {
		snprintf(body, sizeof(body), "{\"name\":\"word %d\"}", n);
		past_expect(past, user, "PATCH", under, body, 200);
	}
}

static void expect_unknown(struct past *past, const struct user *user, int64_t since)
{
	char under[64];

	snprintf(under, sizeof(under), "/changes?since=%lld", (long long)since);
	past_expect(past, user, "GET", under, NULL, 410);
}

void past_expect_kept(struct past *past, const struct user *user, int64_t oldest, int64_t newest)
{
	char under[64];

	for (int64_t since = 0; since < oldest - 1; since++)
		expect_unknown(past, user, since);
	for (int64_t since = oldest - 1; since <= newest; since++) {
		snprintf(under, sizeof(under), "/changes?since=%lld", (long long)since);
		ck_assert_int_eq((int64_t)past_count(past, user, under, "changes"), newest - since);
		ck_assert_int_eq(past_member(past, user, under, "revision"), newest);
	}
	expect_unknown(past, user, newest + 1);
}
