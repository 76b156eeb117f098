/*
 * What a day is depends on the account's time zone: a task is overdue after the end of its day there,
 * and has started when its day begins. The server's clock is set to moments around that.
 */
#include "fixture.h"
#include "user.h"
#include "wall.h"

#include "base/date.h"

#include <stdio.h>
#include <time.h>

static struct client client;
static struct wall wall;

static void setup(void)
{
	fixture_setup();
	wall_make(&wall, h.folder);
}

static void teardown(void)
{
	client_close(&client);
	fixture_teardown();
	wall_remove(&wall);
}

/* The dates of the tasks a, b, c, ...; each is when it is due, and when it starts. */
#define DATES 8

static const struct moment {
	const char *zone, *now;
	const char *date[DATES];
	const char *overdue, *started; /* the names of those tasks */
} moments[] = {
	/* Before midnight and after it: 23:00 in UTC. */
	{ "Europe/Berlin", "2027-01-01T22:58:00Z",
		{ "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-01T22:57:00Z", "2027-01-01T23:30:00Z" },
		"a d", "a b d" },
	{ "Europe/Berlin", "2027-01-01T23:02:00Z",
		{ "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-01T23:01:00Z", "2027-01-02T00:00:00Z" },
		"a b d", "a b c d" },
	{ "UTC", "2027-01-01T23:02:00Z", { "2026-12-31", "2027-01-01", "2027-01-02" }, "a", "a b" },
	{ "America/New_York", "2027-01-02T04:58:00Z", { "2026-12-31", "2027-01-01", "2027-01-02" }, "a", "a b" },
	{ "America/New_York", "2027-01-02T05:02:00Z", { "2026-12-31", "2027-01-01", "2027-01-02" }, "a b",
		"a b c" },

	/* The clock was put forward in the night, so the day ends earlier in UTC; and back. */
	{ "Europe/Berlin", "2027-03-28T21:58:00Z", { "2027-03-27", "2027-03-28", "2027-03-29" }, "a", "a b" },
	{ "Europe/Berlin", "2027-03-28T22:02:00Z", { "2027-03-27", "2027-03-28", "2027-03-29" }, "a b", "a b c" },
	{ "Europe/Berlin", "2027-10-31T22:58:00Z", { "2027-10-30", "2027-10-31", "2027-11-01" }, "a", "a b" },
	{ "Europe/Berlin", "2027-10-31T23:02:00Z", { "2027-10-30", "2027-10-31", "2027-11-01" }, "a b", "a b c" },

	/* There was no 30 December: it ended as it began. */
	{ "Pacific/Apia", "2011-12-30T09:58:00Z", { "2011-12-29", "2011-12-30", "2011-12-31" }, "", "a" },
	{ "Pacific/Apia", "2011-12-30T10:02:00Z", { "2011-12-29", "2011-12-30", "2011-12-31", "2012-01-01" },
		"a b", "a b c" },

	/* The day began at 01:00; and one ended twice. */
	{ "America/Sao_Paulo", "2018-11-04T02:58:00Z", { "2018-11-02", "2018-11-03", "2018-11-04" }, "a", "a b" },
	{ "America/Sao_Paulo", "2018-11-04T03:02:00Z", { "2018-11-02", "2018-11-03", "2018-11-04" }, "a b",
		"a b c" },
	{ "America/Sao_Paulo", "2018-02-18T02:02:00Z", { "2018-02-16", "2018-02-17", "2018-02-18" }, "a", "a b" },
	{ "America/Sao_Paulo", "2018-02-18T02:58:00Z", { "2018-02-16", "2018-02-17", "2018-02-18" }, "a", "a b" },
	{ "America/Sao_Paulo", "2018-02-18T03:02:00Z", { "2018-02-16", "2018-02-17", "2018-02-18" }, "a b",
		"a b c" },
};

/* The clock shows this time, or a moment later. */
static void set_time(const char *now)
{
	wall_set(&wall, date_time(text_of(now)) - time(NULL));
}

static void expect(const char *method, const struct user *user, const char *path, const char *body, int status)
{
	struct reply reply;

	ck_assert(client_call(&client, &reply, method, path, NULL, user->token, body));
	ck_assert_msg(reply.status == status, "%s %s: %d, %s", method, path, reply.status, reply.body);
	reply_free(&reply);
}

static void make_tasks(const struct user *user, const struct moment *moment)
{
	char body[128];

	for (int i = 0; i < DATES && moment->date[i]; i++) {
		snprintf(body, sizeof(body), "{\"name\":\"%c\",\"due_date\":\"%s\",\"start_date\":\"%s\"}", 'a' + i,
			moment->date[i], moment->date[i]);
		expect("POST", user, user->tasks, body, 201);
	}
	expect("POST", user, user->tasks, "{\"name\":\"z\"}", 201); /* without any date */
}

/* The names of a list, with spaces between them, are these. */
static void expect_names(const struct user *user, const char *query, const char *expected)
{
	char path[128], names[128] = "";
	struct reply reply;
	json_t *list, *task;
	size_t n;

	snprintf(path, sizeof(path), "%s?%s", user->tasks, query);
	ck_assert(client_call(&client, &reply, "GET", path, NULL, user->token, NULL));
	ck_assert_int_eq(reply.status, 200);
	ck_assert_ptr_null(reply_find_header(&reply, "ETag"));
	list = json_loads(reply.body, 0, NULL);
	json_array_foreach (json_object_get(list, "tasks"), n, task) {
		strcat(names, n > 0 ? " " : "");
		strcat(names, json_string_value(json_object_get(task, "name")));
	}
	ck_assert_msg(strcmp(names, expected) == 0, "%s of %s: '%s' instead of '%s'", query, user->name, names,
		expected);
	json_decref(list);
	reply_free(&reply);
}

/* Those that the other names are not, and z, which has no date. */
static void name_others(const struct moment *moment, const char *names, const char *z, char others[64])
{
	*others = '\0';
	for (int i = 0; i < DATES && moment->date[i]; i++)
		if (!strchr(names, 'a' + i))
			snprintf(others + strlen(others), 64 - strlen(others), "%s%c", *others ? " " : "", 'a' + i);
	snprintf(others + strlen(others), 64 - strlen(others), "%s%s", *others && *z ? " " : "", z);
}

static void expect_moment(const struct user *user, const struct moment *moment)
{
	char others[64], started[64];

	expect_names(user, "overdue=true", moment->overdue);
	name_others(moment, moment->overdue, "z", others);
	expect_names(user, "overdue=false", others);
	snprintf(started, sizeof(started), "%s z", moment->started);
	expect_names(user, "started=true", started);
	name_others(moment, moment->started, "", others);
	expect_names(user, "started=false", others);
}

/* An account for each, since a session does not last that long. */
START_TEST(days_are_those_of_the_zone)
{
	const struct moment *moment = &moments[_i];
	struct user user;
	char path[96], body[96];

	set_time(moment->now);
	ck_assert(harness_start(&h, NULL, wall.environment));
	ck_assert(client_open(&client, h.port));
	ck_assert(user_make(&h, &user, "ann"));
	snprintf(path, sizeof(path), "/api/v1/accounts/%s", user.name);
	snprintf(body, sizeof(body), "{\"time_zone\":\"%s\"}", moment->zone);
	expect("PATCH", &user, path, body, 200);
	make_tasks(&user, moment);
	set_time(moment->now);
	expect_moment(&user, moment);
}
END_TEST

/* The clock alone, and the zone alone, make another list of it. */
START_TEST(days_change_by_themselves)
{
	struct user user;

	set_time("2027-01-01T22:30:00Z");
	ck_assert(harness_start(&h, NULL, wall.environment));
	ck_assert(client_open(&client, h.port));
	ck_assert(user_make(&h, &user, "ann"));
	expect("POST", &user, user.tasks, "{\"name\":\"a\",\"due_date\":\"2027-01-01\",\"start_date\":\"2027-01-02\"}",
		201);
	expect_names(&user, "overdue=true", "");
	expect_names(&user, "started=true", "");
	expect("PATCH", &user, "/api/v1/accounts/ann", "{\"time_zone\":\"Europe/Helsinki\"}", 200);
	expect_names(&user, "overdue=true", "a");
	expect_names(&user, "started=true", "a");
	expect("PATCH", &user, "/api/v1/accounts/ann", "{\"time_zone\":\"Europe/Berlin\"}", 200);
	expect_names(&user, "overdue=true", "");
	set_time("2027-01-01T23:30:00Z");
	expect_names(&user, "overdue=true", "a");
	expect_names(&user, "started=true", "a");
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_loop_test(test_case, days_are_those_of_the_zone, 0, CHECK_COUNT(moments));
	tcase_add_test(test_case, days_change_by_themselves);
}

int main(void)
{
	return check_main("days", add);
}
