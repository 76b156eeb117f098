/*
 * The filters and orders of the list by what only some tasks have: lists, headings, parents, repeats
 * and start dates; names in many scripts; and that the pages of any list are the list. What other
 * rows these members would need is not looked at here, so they are written into the file.
 */
#include "fixture.h"
#include "storage.h"
#include "user.h"

#include "random_task.h"

#include <stdio.h>

static struct user ann, bob;
static struct client client;
static sqlite3 *database;

static void setup(void)
{
	fixture_setup();
	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert(user_make(&h, &ann, "ann"));
	ck_assert(user_make(&h, &bob, "bob"));
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

/* A reply of 200 to GET, to be freed; its Link goes to `link` where that is not NULL. */
static json_t *get(const char *path, char *link, size_t size)
{
	struct reply reply;
	const char *found;
	json_t *value;

	ck_assert(client_call(&client, &reply, "GET", path, NULL, ann.token, NULL));
	ck_assert_msg(reply.status == 200, "GET %s: %d, %s", path, reply.status, reply.body);
	value = json_loads(reply.body, 0, NULL);
	found = reply_find_header(&reply, "Link");
	if (link != NULL)
		snprintf(link, size, "%s", found != NULL ? found : "");
	reply_free(&reply);
	return value;
}

/* The names of the tasks, with a space after each, are added to `names`. */
static size_t add_names(const json_t *reply, char *names, size_t size)
{
	size_t n, length = strlen(names);
	json_t *task;

	json_array_foreach (json_object_get(reply, "tasks"), n, task) {
		length += (size_t)snprintf(names + length, size - length, "%s ",
			json_string_value(json_object_get(task, "name")));
		ck_assert_uint_lt(length, size);
	}
	return n;
}

static void expect_list(const char *query, const char *expected)
{
	char path[256], names[1024] = "";
	json_t *reply;

	snprintf(path, sizeof(path), "%s?%s", ann.tasks, query);
	reply = get(path, NULL, 0);
	add_names(reply, names, sizeof(names));
	json_decref(reply);
	ck_assert_msg(strcmp(names, expected) == 0, "%s: '%s' instead of '%s'", query, names, expected);
}

/* Change a task in the file: that is a change of its own. */
static void set(const struct user *user, int64_t id, const char *assignments)
{
	char *sql = sqlite3_mprintf(
		"UPDATE tasks SET %s, is_plain = 0, revision = (SELECT revision + 1 FROM accounts"
		" WHERE username = %Q) WHERE id = %lld AND account_id ="
		" (SELECT id FROM accounts WHERE username = %Q)",
		assignments, user->name, (long long)id, user->name);

	storage_run(database, sql);
	sqlite3_free(sql);
}

/* ---- what is found ---- */

/* Those with the ids from 1 on, and what they have; the lists are 100 and 200. */
static const char *const tasks[][2] = {
	{ "a", NULL },
	{ "b", "list = 100, position = 9" },
	{ "c", "list = 100, heading = 'Later', parent = 2" },
	{ "d", "list = 200, heading = 'Later', completed = 1, completed_date = '2026-01-02T00:00:00Z'" },
	{ "e", "parent = 1, start_date = '2999-01-01'" },
	{ "f", "repeat = 'FREQ=DAILY', due_date = '2027-01-01', due_order = '2027-01-01'" },
	{ "g", "list = 100, completed = 1, completed_date = '2026-01-01T00:00:00Z',"
	       " start_date = '2020-05-05'" },
	{ "h", "list = 100, repeat = 'FREQ=WEEKLY', start_date = '2999-01-01T00:00:00Z', parent = 2,"
	       " heading = 'Now'" },
	{ "i", "completed = 1, completed_date = '2026-01-01T00:00:00Z', start_date = '2020-05-05T00:00:00Z'" },
};

static void make_tasks(void)
{
	for (size_t i = 0; i < CHECK_COUNT(tasks); i++)
		ck_assert_int_eq(user_post(&client, &ann, tasks[i][0]), (int64_t)i + 1);
	for (size_t i = 0; i < CHECK_COUNT(tasks); i++)
		if (tasks[i][1] != NULL)
			set(&ann, (int64_t)i + 1, tasks[i][1]);
	/* Another account has all of it, too. */
	for (int64_t id = 1; id <= 4; id++) {
		ck_assert_int_eq(user_post(&client, &bob, "bob's"), id);
	}
	for (int64_t id = 2; id <= 4; id++)
		set(&bob, id, "list = 100, parent = 1, repeat = 'FREQ=DAILY', heading = 'Later',"
			      " start_date = '2999-01-01'");
}

static const char *const found[][2] = {
	{ "", "a b c d e f g h i " },
	{ "list=100", "b c g h " },
	{ "list=200", "d " },
	{ "list=300", "" },
	{ "list=1", "" },
	{ "list=9223372036854775807", "" },
	{ "list=none", "a e f i " },
	{ "list=none&completed=true", "i " },
	{ "list=none&completed=false", "a e f " },
	{ "list=100&completed=true", "g " },
	{ "list=100&completed=false", "b c h " },
	{ "completed=true", "d g i " },
	{ "completed=false", "a b c e f h " },
	{ "heading=Later", "c d " },
	{ "heading=later", "" },
	{ "heading=Later&list=100", "c " },
	{ "heading=+Later%20&list=none", "" },
	{ "parent=2", "c h " },
	{ "parent=1", "e " },
	{ "parent=3", "" },
	{ "parent=none", "a b d f g i " },
	{ "parent=none&list=100", "b g " },
	{ "parent=2&list=100&heading=Now", "h " },
	{ "repeats=true", "f h " },
	{ "repeats=false", "a b c d e g i " },
	{ "repeats=true&list=none", "f " },
	{ "started=false", "e h " },
	{ "started=true", "a b c d f g i " },
	{ "started=false&parent=2", "h " },
	{ "started=true&list=100&completed=false", "b c " },
	{ "due_on=2027-01-01", "f " },
	{ "due_on=2027-01-01&list=100", "" },
	{ "due_on=", "a b c d e f g h i " },
	{ "assignee=none", "a b c d e f g h i " },
	{ "assignee=ann", "" },
	{ "assignee=nobody", "" },
	{ "assignee=none&list=200", "d " },
	{ "assignee=ann&list=200", "" },
	{ "list=100&sort=position", "c g h b " },
	{ "list=100&sort=-position", "b h g c " },
	{ "list=none&sort=-position", "i f e a " },
	{ "list=100&sort=name", "b c g h " },
	{ "list=100&sort=-name", "h g c b " },
	{ "parent=2&sort=-name", "h c " },
	{ "sort=completed_date", "g i d a b c e f h " },
	{ "sort=-completed_date", "d g i a b c e f h " },
	{ "completed=true&sort=-completed_date", "d g i " },
	{ "sort=start_date", "g i e h a b c d f " },
	{ "sort=-start_date", "e h g i a b c d f " },
	{ "sort=start_date,-name", "i g h e f d c b a " },
	{ "list=100&sort=start_date", "g h b c " },
	{ "repeats=true&sort=-name", "h f " },
	{ "started=false&sort=-name", "h e " },
	{ "due_on=2027-01-01&sort=position", "f " },
};

START_TEST(filters_find)
{
	make_tasks();
	for (size_t i = 0; i < CHECK_COUNT(found); i++)
		expect_list(found[i][0], found[i][1]);
}
END_TEST

static const char *const wrong[] = { "list=", "list=0", "list=-1", "list=None", "list=1.0", "list=x", "list=null",
	"list=9223372036854775808", "list=1&list=2", "parent=", "parent=0", "parent=NONE", "parent=none&parent=1",
	"heading=", "heading=%20", "heading=%01", "heading=%ff", "repeats=maybe", "repeats=none", "started=2",
	"started=none", "assignee=", "assignee=a%20b", "assignee=login", "due_on=soon", "due_on=2027-02-30",
	"due_on=2027-01-01T00:00:00Z", "due_on=01/01/2027%2000:00:00", "due_on=none", "due_on=2027-01-01&due_on=2027-01-01",
	"sort=name,-name", "sort=start_date,start_date", "sort=heading" };

START_TEST(wrong_values_are_refused)
{
	char path[256];
	struct reply reply;

	for (size_t i = 0; i < CHECK_COUNT(wrong); i++) {
		snprintf(path, sizeof(path), "%s?%s", ann.tasks, wrong[i]);
		ck_assert(client_call(&client, &reply, "GET", path, NULL, ann.token, NULL));
		ck_assert_msg(reply.status == 400, "%s: %d, %s", wrong[i], reply.status, reply.body);
		reply_free(&reply);
	}
}
END_TEST

/* ---- names ---- */

/* In their order; those in one text are the same but for accents and case, and come by their ids. */
static const char *const names[] = { "1", "a", "Apfel", "\xc3\xa4pfel", "APFEL", "Apfelsaft", "\xc3\x89"
	"clair", "eclair", "e\xcc\x81" "clair", "Eclair2", "z", "Zebra", "\xce\xb1\xce\xb2", "\xce\x91\xce\x93",
	"\xd0\xb1", "\xd0\x92", "\xe6\x97\xa5\xe6\x9c\xac" };
/* The order in which they are made. */
static const size_t made[] = { 16, 4, 3, 2, 7, 8, 6, 0, 11, 10, 15, 14, 13, 12, 9, 5, 1 };

START_TEST(names_are_folded)
{
	static const char in_order[] =
		"1 a APFEL \xc3\xa4pfel Apfel Apfelsaft eclair e\xcc\x81" "clair \xc3\x89" "clair Eclair2 z Zebra"
		" \xce\xb1\xce\xb2 \xce\x91\xce\x93 \xd0\xb1 \xd0\x92 \xe6\x97\xa5\xe6\x9c\xac ";
	static const char in_reverse[] =
		"\xe6\x97\xa5\xe6\x9c\xac \xd0\x92 \xd0\xb1 \xce\x91\xce\x93 \xce\xb1\xce\xb2 Zebra z Eclair2 eclair"
		" e\xcc\x81" "clair \xc3\x89" "clair Apfelsaft APFEL \xc3\xa4pfel Apfel a 1 ";

	ck_assert_uint_eq(CHECK_COUNT(made), CHECK_COUNT(names));
	for (size_t i = 0; i < CHECK_COUNT(made); i++)
		ck_assert_int_gt(user_post(&client, &ann, names[made[i]]), 0);
	expect_list("sort=name", in_order);
	expect_list("sort=-name", in_reverse);
}
END_TEST

/* ---- pages ---- */

/* Rows in the file, with members and dates of few values, so that many are equal. */
static void fill(int count, uint64_t *state)
{
	storage_run(database, "BEGIN");
	for (int i = 0; i < count; i++) {
		bool completed = random_below(state, 3) == 0, listed = random_below(state, 3) > 0;
		int day = 1 + (int)random_below(state, 4);
		char *sql = sqlite3_mprintf(
			"INSERT INTO tasks (account_id, id, name, creation_date, due_date, due_order, completed,"
			" priority, position, completed_date, modified_date, revision, changed, is_plain, list,"
			" heading, parent, start_date, repeat)"
			" SELECT id, revision + 1, '%c%q%d', '2026-01-0%dT00:00:00Z', %s, %s, %d, %d, %d, %s,"
			" '2026-01-0%dT00:00:00Z', revision + 1, '', 0, %s, %s, %s, %s, %s"
			" FROM accounts WHERE username = 'ann'",
			random_below(state, 2) ? 'A' : 'a', random_below(state, 2) ? "\xc3\xa9" : "E",
			(int)random_below(state, 9), day,
			day > 3 ? "NULL" : day > 2 ? "'2027-01-01'" : "'2027-01-01T12:00:00Z'",
			day > 3 ? "'~'" : day > 2 ? "'2027-01-01'" : "'2027-01-01T12:00:00Z'", completed,
			(int)random_below(state, 4), (int)random_below(state, 5),
			completed ? "'2026-02-02T00:00:00Z'" : "NULL", 1 + (int)random_below(state, 3),
			listed ? random_below(state, 2) ? "7001" : "7002" : "NULL",
			listed && random_below(state, 2) ? "'x'" : "NULL",
			random_below(state, 3) ? "NULL" : "1",
			random_below(state, 2)	 ? "NULL"
			: random_below(state, 2) ? "'2999-01-01'"
						 : "'2001-01-01T00:00:00Z'",
			random_below(state, 3) ? "NULL" : "'FREQ=DAILY'");

		storage_run(database, sql);
		sqlite3_free(sql);
	}
	storage_run(database, "COMMIT");
}

static const char *const filters[] = { "list=7001", "list=none", "list=7003", "heading=x", "parent=1",
	"parent=none", "repeats=true", "repeats=false", "started=true", "started=false", "due_on=2027-01-01",
	"due_before=2027-01-02", "due_after=2027-01-01", "overdue=false", "completed=true", "completed=false",
	"priority=2", "assignee=none", "assignee=ann" };
static const char *const sorts[] = { "name", "-name", "completed_date", "-completed_date", "start_date",
	"-start_date", "position", "-position", "due_date", "-due_date", "priority", "-priority",
	"creation_date", "-modified_date" };

/* Some filters, each of another input, and at times an order. */
static void make_query(char *query, size_t size, uint64_t *state)
{
	size_t length = (size_t)snprintf(query, size, "count=true"), name;
	unsigned wanted = random_below(state, 4);

	for (unsigned i = 0; i < wanted; i++) {
		const char *filter = filters[random_below(state, CHECK_COUNT(filters))];
		char key[32];

		name = strcspn(filter, "=");
		snprintf(key, sizeof(key), "&%.*s=", (int)name, filter);
		if (!strstr(query, key))
			length += (size_t)snprintf(query + length, size - length, "&%s", filter);
	}
	if (random_below(state, 3) == 0)
		return;
	const char *first = sorts[random_below(state, CHECK_COUNT(sorts))];
	const char *second = sorts[random_below(state, CHECK_COUNT(sorts))];
	length += (size_t)snprintf(query + length, size - length, "&sort=%s", first);
	if (strcmp(first + (*first == '-'), second + (*second == '-')) != 0 && random_below(state, 2))
		snprintf(query + length, size - length, ",%s", second);
}

/* The path that a Link leads to; false where there is none. */
static bool read_link(const char *link, char *path, size_t size)
{
	if (*link != '<')
		return false;
	snprintf(path, size, "%.*s", (int)strcspn(link + 1, ">"), link + 1);
	return true;
}

static void compare_pages(const char *query, unsigned limit)
{
	static char whole[1 << 14], paged[1 << 14];
	char path[2048], link[2048];
	json_t *reply;
	size_t count, total = 0;

	*whole = *paged = '\0';
	snprintf(path, sizeof(path), "%s?%s", ann.tasks, query);
	reply = get(path, NULL, 0);
	count = add_names(reply, whole, sizeof(whole));
	ck_assert_msg(json_integer_value(json_object_get(reply, "total")) == (json_int_t)count,
		"%s: another total than %zu", query, count);
	json_decref(reply);
	snprintf(path, sizeof(path), "%s?%s&limit=%u", ann.tasks, query, limit);
	do {
		reply = get(path, link, sizeof(link));
		total += add_names(reply, paged, sizeof(paged));
		ck_assert_msg(json_integer_value(json_object_get(reply, "total")) == (json_int_t)count,
			"%s: another total than %zu", path, count);
		json_decref(reply);
		ck_assert_msg(total <= count, "%s: more on its pages than %zu", query, count);
	} while (read_link(link, path, sizeof(path)));
	ck_assert_msg(strcmp(whole, paged) == 0, "%s:\n%s\nby pages of %u:\n%s", query, whole, limit, paged);
}

START_TEST(pages_are_the_list)
{
	uint64_t state = 88172645463325252;
	char query[256];

	fill(120, &state);
	for (int i = 0; i < 300; i++) {
		make_query(query, sizeof(query), &state);
		compare_pages(query, 1 + random_below(&state, 40));
	}
}
END_TEST

/* What a filter finds and what its opposite finds is all there is, each task once. */
START_TEST(opposites_make_the_whole)
{
	static const char *const halves[][2] = { { "list=none", NULL }, { "repeats=true", "repeats=false" },
		{ "started=true", "started=false" }, { "completed=true", "completed=false" },
		{ "parent=none", "parent=1" }, { "overdue=true", "overdue=false" } };
	uint64_t state = 362436069;
	char path[128];

	fill(120, &state);
	for (size_t i = 0; i < CHECK_COUNT(halves); i++) {
		size_t total = 0;
		const char *const parts[] = { halves[i][0], halves[i][1] ? halves[i][1] : "list=7001",
			halves[i][1] ? NULL : "list=7002" };

		for (size_t n = 0; n < CHECK_COUNT(parts) && parts[n]; n++) {
			snprintf(path, sizeof(path), "%s?%s", ann.tasks, parts[n]);
			json_t *reply = get(path, NULL, 0);
			total += json_array_size(json_object_get(reply, "tasks"));
			json_decref(reply);
		}
		ck_assert_msg(total == 120, "%s: %zu in all", halves[i][0], total);
	}
}
END_TEST

/* A name as long as a name can be is a key of the next page. */
START_TEST(long_names_have_pages)
{
	static char body[4096] = "{\"name\":\"";
	char path[8192], link[8192];
	struct reply posted;
	json_t *reply;

	for (int i = 0; i < 1000; i++)
		strcat(body, "\xf0\x9f\x98\x80");
	strcat(body, "\"}");
	for (int i = 0; i < 3; i++) {
		ck_assert(client_call(&client, &posted, "POST", ann.tasks, NULL, ann.token, body));
		ck_assert_int_eq(posted.status, 201);
		reply_free(&posted);
	}
	snprintf(path, sizeof(path), "%s?sort=name&limit=1", ann.tasks);
	for (int64_t id = 1; id <= 3; id++) {
		reply = get(path, link, sizeof(link));
		json_t *task = json_array_get(json_object_get(reply, "tasks"), 0);
		ck_assert_int_eq(json_integer_value(json_object_get(task, "id")), id);
		json_decref(reply);
		ck_assert(read_link(link, path, sizeof(path)) == (id < 3));
	}
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, filters_find);
	tcase_add_test(test_case, wrong_values_are_refused);
	tcase_add_test(test_case, names_are_folded);
	tcase_add_test(test_case, pages_are_the_list);
	tcase_add_test(test_case, opposites_make_the_whole);
	tcase_add_test(test_case, long_names_have_pages);
}

int main(void)
{
	return check_main("list_filters", add);
}
