/*
 * What of a task has to do with the time: its dates of changing and completing, the orders by
 * dates, and what is overdue. Years pass by setting the rows back, from a connection beside the
 * server's.
 */
#include "fixture.h"
#include "storage.h"
#include "user.h"

#include "base/date.h"

#include <poll.h>
#include <stdio.h>
#include <time.h>

#define LONG_AGO "2001-01-01T00:00:00Z"
#define DAY 86400

static struct user ann;
static struct client client;
static sqlite3 *database;

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(client_open(&client, h.port));
	ck_assert_int_eq(sqlite3_open(h.database, &database), SQLITE_OK);
	sqlite3_busy_timeout(database, HARNESS_DEADLINE_MS);
}

static void teardown(void)
{
	sqlite3_close(database);
	client_close(&client);
	fixture_teardown();
}

/* The reply's JSON, to be freed; `under` follows the path of the tasks. */
static json_t *ask(const char *method, const char *under, const char *body)
{
	struct reply reply;
	char path[256];
	json_t *value;

	snprintf(path, sizeof(path), "%s%s", ann.tasks, under);
	ck_assert(client_call(&client, &reply, method, path, NULL, ann.token, body));
	ck_assert_msg(reply.status == 200 || reply.status == 201, "%s %s: %d, %s", method, path,
		reply.status, reply.body);
	value = json_loads(reply.body, 0, NULL);
	reply_free(&reply);
	return value;
}

static int64_t make(const char *body)
{
	json_t *posted = ask("POST", "", body);
	int64_t id = json_integer_value(json_object_get(json_object_get(posted, "task"), "id"));

	ck_assert_int_gt(id, 0);
	json_decref(posted);
	return id;
}

static json_t *change(const char *method, int64_t id, const char *body)
{
	char under[32];
	json_t *updated, *task;

	snprintf(under, sizeof(under), "/%lld", (long long)id);
	updated = ask(method, under, body);
	task = json_incref(json_object_get(updated, "task"));
	json_decref(updated);
	return task;
}

/* Sets members of a task as if it had been so all along; that is a change of its own. */
static void set_back(int64_t id, const char *assignments)
{
	char *sql = sqlite3_mprintf("UPDATE tasks SET %s, revision ="
				    " (SELECT revision + 1 FROM accounts) WHERE id = %lld",
		assignments, (long long)id);

	storage_run(database, sql);
	sqlite3_free(sql);
}

static void expect_text(json_t *task, const char *member, const char *expected)
{
	const char *text = json_string_value(json_object_get(task, member));

	ck_assert_msg(text && strcmp(text, expected) == 0, "%s: %s instead of %s", member,
		text ? text : "(no text)", expected);
}

/* The date lies between the moment before the request and now. */
static void expect_since(json_t *task, const char *member, time_t before)
{
	const char *text = json_string_value(json_object_get(task, member));
	char first[DATE_SIZE], last[DATE_SIZE];

	date_format(before - 1, first);
	date_format(time(NULL) + 1, last);
	ck_assert_msg(text && strcmp(text, first) >= 0 && strcmp(text, last) <= 0,
		"%s: %s is not now", member, text ? text : "(no text)");
}

/* The names of the tasks that the query finds, with a space between them, are these. */
static void expect_list(const char *query, const char *expected)
{
	json_t *reply = ask("GET", query, NULL), *task;
	char names[256] = "";
	size_t n, length = 0;

	json_array_foreach (json_object_get(reply, "tasks"), n, task) {
		length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s",
			n > 0 ? " " : "", json_string_value(json_object_get(task, "name")));
		ck_assert_uint_lt(length, sizeof(names));
	}
	json_decref(reply);
	ck_assert_msg(
		strcmp(names, expected) == 0, "%s: '%s' instead of '%s'", query, names, expected);
}

/* A task that was completed long ago, and not changed since. */
static int64_t make_old(void)
{
	int64_t id = make("{\"name\":\"old\",\"completed\":true}");

	set_back(id, "completed_date = '" LONG_AGO "', modified_date = '" LONG_AGO "'");
	return id;
}

START_TEST(changing_is_dated)
{
	static const char *const methods[] = { "PUT", "PATCH" };
	int64_t id = make_old();
	time_t before = time(NULL);
	json_t *task = change(methods[_i], id, "{\"note\":\"new\"}");

	expect_since(task, "modified_date", before);
	expect_text(task, "completed_date", LONG_AGO);
	json_decref(task);
}
END_TEST

START_TEST(nothing_changed_leaves_dates)
{
	static const char *const bodies[] = { "{}", "{\"name\":\"old\"}", "{\"completed\":true}",
		"{\"name\":\" old \",\"completed\":true,\"note\":null,\"modified_date\":null}" };
	int64_t id = make_old();
	json_t *task = change("PUT", id, bodies[_i]);

	expect_text(task, "modified_date", LONG_AGO);
	expect_text(task, "completed_date", LONG_AGO);
	json_decref(task);
}
END_TEST

/* What is completed and is said to be so again, keeps the date that it had. */
START_TEST(completed_again_keeps_date)
{
	int64_t id = make_old();
	time_t before = time(NULL);
	json_t *task = change("PATCH", id, "{\"name\":\"again\",\"completed\":true}");

	expect_text(task, "completed_date", LONG_AGO);
	expect_since(task, "modified_date", before);
	json_decref(task);
}
END_TEST

START_TEST(completed_anew_is_dated_anew)
{
	int64_t id = make_old();
	time_t before = time(NULL);
	json_t *task = change("PATCH", id, "{\"completed\":false}");

	ck_assert(json_is_null(json_object_get(task, "completed_date")));
	json_decref(task);
	task = change("PATCH", id, "{\"completed\":true}");
	expect_since(task, "completed_date", before);
	json_decref(task);
}
END_TEST

START_TEST(sorted_by_dates)
{
	int64_t a = make("{\"name\":\"a\"}");

	set_back(a,
		"creation_date = '2001-01-02T00:00:00Z', modified_date = '2003-01-01T00:00:00Z'");
	set_back(make("{\"name\":\"b\"}"), "creation_date = '2001-01-01T00:00:00Z',"
					   " modified_date = '2003-01-02T00:00:00Z'");
	set_back(make("{\"name\":\"c\"}"), "creation_date = '2001-01-02T00:00:00Z',"
					   " modified_date = '2003-01-01T00:00:00Z'");
	set_back(make("{\"name\":\"d\"}"), "creation_date = '2001-01-01T00:00:01Z',"
					   " modified_date = '2002-01-01T00:00:00Z'");
	expect_list("?sort=creation_date", "b d a c");
	expect_list("?sort=-creation_date", "a c d b");
	expect_list("?sort=modified_date", "d a c b");
	expect_list("?sort=-modified_date", "b a c d");
	expect_list("?sort=-creation_date,modified_date", "a c d b");
	json_decref(change("PATCH", a, "{\"note\":\"changed now\"}"));
	expect_list("?sort=-modified_date", "a b c d");
}
END_TEST

static void make_due(const char *name, const char *due)
{
	char body[96];

	snprintf(body, sizeof(body), "{\"name\":\"%s\",\"due_date\":\"%s\"}", name, due);
	make(body);
}

/* Due then; with `size` 10 on that day. */
static void make_due_at(const char *name, time_t when, int size)
{
	char date[DATE_SIZE], due[DATE_SIZE];

	date_format(when, date);
	snprintf(due, sizeof(due), "%.*s", size, date);
	make_due(name, due);
}

/* A day is over when it has ended, an instant when it has come. */
START_TEST(overdue_is_what_is_past)
{
	time_t now = time(NULL);

	/* Not on two sides of midnight. */
	while (now % DAY > DAY - 10) {
		poll(NULL, 0, 100);
		now = time(NULL);
	}
	make_due_at("today", now, 10);
	make_due_at("yesterday", now - DAY, 10);
	make_due_at("tomorrow", now + DAY, 10);
	make_due_at("just", now - 2, 20);
	make_due_at("soon", now + 3600, 20);
	expect_list("?overdue=true", "yesterday just");
	expect_list("?overdue=false", "today tomorrow soon");
}
END_TEST

/* Time alone makes a task overdue: what a client was shown before is not what it is now. */
START_TEST(overdue_comes_unasked)
{
	char path[128], header[128], date[DATE_SIZE];
	time_t due = time(NULL) + 4;
	struct reply reply;
	const char *tag;

	date_format(due, date);
	make_due("ripe", date);
	snprintf(path, sizeof(path), "%s?overdue=true", ann.tasks);
	ck_assert(client_call(&client, &reply, "GET", path, NULL, ann.token, NULL));
	ck_assert_int_eq(reply.status, 200);
	ck_assert_ptr_null(strstr(reply.body, "ripe"));
	tag = reply_find_header(&reply, "ETag");
	snprintf(header, sizeof(header), "If-None-Match: %s\r\n", tag ? tag : "\"none\"");
	reply_free(&reply);
	while (time(NULL) <= due + 1)
		poll(NULL, 0, 20);
	ck_assert(client_call(&client, &reply, "GET", path, header, ann.token, NULL));
	ck_assert_int_eq(reply.status, 200);
	ck_assert_ptr_nonnull(strstr(reply.body, "ripe"));
	reply_free(&reply);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, changing_is_dated, 0, 2);
	tcase_add_loop_test(test_case, nothing_changed_leaves_dates, 0, 4);
	tcase_add_test(test_case, completed_again_keeps_date);
	tcase_add_test(test_case, completed_anew_is_dated_anew);
	tcase_add_test(test_case, sorted_by_dates);
	tcase_add_test(test_case, overdue_is_what_is_past);
	tcase_add_test(test_case, overdue_comes_unasked);
}

int main(void)
{
	return check_main("task_time", add);
}
