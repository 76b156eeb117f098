/*
 * An account goes out as a file and comes in elsewhere: what it keeps is compared member by member.
 * Only JSON keeps the trash, and of lists more than their names and headings.
 */
#include "fixture.h"
#include "random_task.h"
#include "transfer.h"

#include <signal.h>
#include <stdio.h>

#define TASKS 2500
#define TRASHED 250
#define LISTS 12
#define TRASHED_LISTS 3
#define DEEPEST 8
#define LONG_NOTE 60000

/* What means something to one format or another, or is easily lost. */
static const char *const pieces[] = { "a", "word", "x", "(A)", "+tag", "@home", "due:2026-01-01",
	"2026-01-01", "pri:A", "note:x", "name:x", "id:5", "http://a.b/c?d=e&f", ",", "\"", "\"\"",
	";", ":", "\\", "\\n", "\\,", "'", "%20", "=1+1", "-", "+", "\u00e9", "e\u0301", "\u20ac",
	"\U0001f600", "\u05d0\u05d1", "\u200d", ".\u2028.", ".\u00a0.", "\ufeff.", "BEGIN:VTODO",
	"END:VCALENDAR", "[", "]", "{}", "null", "0", "<b>", "&amp;", "\U0010fffd" };

static uint64_t dice = 20261123;

static const char *any_piece(void)
{
	return pieces[random_below(&dice, CHECK_COUNT(pieces))];
}

/* Of as many pieces; between them stands one of the separators, and none at the ends. */
static json_t *any_text(unsigned count, const char *const *separators, unsigned of)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *string;

	ck_assert_ptr_nonnull(out);
	for (unsigned n = 0; n < count; n++)
		fprintf(out, "%s%s", n > 0 ? separators[random_below(&dice, of)] : "", any_piece());
	fclose(out);
	string = json_stringn(text, size);
	ck_assert_ptr_nonnull(string);
	free(text);
	return string;
}

static json_t *any_name(void)
{
	static const char *const between[] = { " ", "", "  " };

	return any_text(1 + random_below(&dice, random_below(&dice, 50) == 0 ? 60 : 8), between, 3);
}

static json_t *any_note(void)
{
	static const char *const between[] = { " ", "\n", "\n\n", "\t", "\n ", "" };
	static char note[LONG_NOTE + 1];

	if (random_below(&dice, 500) == 0)
		return json_string(memset(note, 'n', LONG_NOTE));
	return any_text(random_below(&dice, 30), between, CHECK_COUNT(between));
}

/* No two alike, and neither white space nor a comma in them. */
static json_t *any_tags(void)
{
	static const char *const tags[] = { "home", "Home", "a:b", "\"q\"", "\u00e9t\u00e9",
		"\U0001f600", "x;y", "a\\b", "+", "due:2026-01-01", "=1", "50%", "%20", "-" };
	json_t *array = json_array();

	for (size_t n = 0; n < CHECK_COUNT(tags); n++)
		if (random_below(&dice, 6) == 0)
			json_array_append_new(array, json_string(tags[n]));
	return array;
}

static json_t *any_time(void)
{
	return json_sprintf("%04u-%02u-%02uT%02u:%02u:%02uZ", 1970 + random_below(&dice, 8030),
		1 + random_below(&dice, 12), 1 + random_below(&dice, 28), random_below(&dice, 24),
		random_below(&dice, 60), random_below(&dice, 60));
}

static json_t *any_due_date(void)
{
	json_t *time = any_time(), *day;

	if (random_below(&dice, 2) == 0)
		return time;
	day = random_below(&dice, 2) == 0 ? json_null() : json_stringn(json_string_value(time), 10);
	json_decref(time);
	return day;
}

static json_t *any_position(void)
{
	double position = (double)random_below(&dice, 2000001) - 1000000;

	return json_real(random_below(&dice, 2) == 0 ? position : position / 3072);
}

static json_t *any_of(const char *const *strings, size_t count)
{
	return json_string(strings[random_below(&dice, (unsigned)count)]);
}

/* A line that is different for each number, with what means something to a format in it. */
static json_t *any_line(const char *kind, int number)
{
	return json_sprintf("%s %d %s", kind, number, any_piece());
}

/* The headings of a list. */
static json_t *any_headings(void)
{
	json_t *headings = json_array();

	for (int n = (int)random_below(&dice, 4); n > 0; n--)
		json_array_append_new(headings, any_line("heading", n));
	return headings;
}

static json_t *any_list(int number)
{
	static const char *const colors[] = { "", "#aabbcc", "#00ff00" };

	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:b, s:o, s:o}", "id", 7000 - 7 * number, "name",
		any_line("list", number), "color", any_of(colors, CHECK_COUNT(colors)), "headings",
		any_headings(), "position", json_real(number / 3.0), "archived",
		random_below(&dice, 3) == 0, "creation_date", any_time(), "modified_date",
		any_time());
}

/* The trash is in the order of its dates, of which none is so old that it is emptied. */
static void throw_away(json_t *thing, int number)
{
	json_object_set_new(
		thing, "deleted_date", json_sprintf("%d-01-01T00:00:00Z", 9000 + number));
}

static json_t *any_lists(int count, int from, bool trashed)
{
	json_t *lists = json_array();

	for (int n = 0; n < count; n++) {
		json_t *list = any_list(from + n);

		if (trashed)
			throw_away(list, n);
		ck_assert_int_eq(json_array_append_new(lists, list), 0);
	}
	return lists;
}

static json_t *any_reminders(void)
{
	static const char *const reminders[] = { "-PT15M", "-P1D", "PT0S", "P2W", "PT1H30M",
		"2026-01-02T03:04:05Z" };
	json_t *array = json_array();

	for (size_t n = 0; n < CHECK_COUNT(reminders); n++)
		if (random_below(&dice, 6) == 0)
			json_array_append_new(array, json_string(reminders[n]));
	return array;
}

/* What repeats is due, not at the very end of all time. */
static json_t *any_repeat(const json_t *task)
{
	static const char *const rules[] = { "FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2",
		"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=MONTHLY", "FREQ=YEARLY;COUNT=3",
		"FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;INTERVAL=10;COUNT=5" };
	const char *due = json_string_value(json_object_get(task, "due_date"));

	if (due == NULL || strcmp(due, "9900") > 0 || random_below(&dice, 2) == 0)
		return json_null();
	return any_of(rules, CHECK_COUNT(rules));
}

/* A task with all of its members, but those that are of its place. */
static json_t *any_task(int number)
{
	bool completed = random_below(&dice, 2) == 0;
	json_t *task = json_pack("{s:o, s:o, s:o, s:o, s:b, s:i, s:o, s:o, s:o, s:o}", "name",
		any_name(), "note", any_note(), "creation_date", any_time(), "due_date",
		any_due_date(), "completed", completed, "priority", (int)random_below(&dice, 4),
		"tags", any_tags(), "position", any_position(), "completed_date",
		completed ? any_time() : json_null(), "modified_date", any_time());
	json_t *more = json_pack("{s:i, s:n, s:n, s:n, s:o, s:o, s:s, s:o, s:n, s:o}", "id",
		90000 - number, "list", "heading", "parent", "start_date", any_due_date(), "repeat",
		any_repeat(task), "repeat_from",
		random_below(&dice, 4) == 0 ? "completion" : "due", "reminders", any_reminders(),
		"assignee", "uid", any_line("uid", number));

	ck_assert_int_eq(json_object_update(task, more), 0);
	json_decref(more);
	return task;
}

/* In a list, or in none; under one of its headings, or under none. */
static void put_in_list(json_t *task, const json_t *lists)
{
	size_t at = random_below(&dice, LISTS + 4);
	json_t *list = json_array_get(lists, at);
	json_t *headings = json_object_get(list, "headings");
	size_t heading = random_below(&dice, 4);

	if (list == NULL)
		return;
	json_object_set(task, "list", json_object_get(list, "id"));
	if (heading < json_array_size(headings))
		json_object_set(task, "heading", json_array_get(headings, heading));
}

static int depth_of(const json_t *task)
{
	return (int)json_integer_value(json_object_get(task, "depth"));
}

/* Below another task, in the same list. */
static void put_below(json_t *task, const json_t *parent)
{
	json_object_set(task, "parent", json_object_get(parent, "id"));
	json_object_set(task, "list", json_object_get(parent, "list"));
	json_object_set_new(task, "depth", json_integer(depth_of(parent) + 1));
}

/* A child comes before or behind its parent, as it happens. */
static void shuffle(json_t *tasks)
{
	for (size_t n = json_array_size(tasks); n > 1; n--) {
		size_t at = random_below(&dice, (unsigned)n);
		json_t *task = json_incref(json_array_get(tasks, at));

		json_array_set(tasks, at, json_array_get(tasks, n - 1));
		json_array_set_new(tasks, n - 1, task);
	}
}

static json_t *any_tree(const json_t *lists)
{
	json_t *tasks = json_array();

	for (int n = 0; n < TASKS; n++) {
		json_t *task = any_task(n);
		json_t *other = json_array_get(tasks, random_below(&dice, (unsigned)n + 1));

		json_object_set_new(task, "depth", json_integer(1));
		if (other != NULL && random_below(&dice, 2) == 0 && depth_of(other) < DEEPEST)
			put_below(task, other);
		else
			put_in_list(task, lists);
		ck_assert_int_eq(json_array_append_new(tasks, task), 0);
	}
	shuffle(tasks);
	return tasks;
}

/* What is in the trash is below something there, or in a list of the trash, or of what is not. */
static json_t *any_trash(const json_t *tasks, const json_t *lists, const json_t *trashed_lists)
{
	json_t *trash = json_array();

	for (int n = 0; n < TRASHED; n++) {
		json_t *task = any_task(TASKS + n);
		unsigned place = random_below(&dice, 4);
		json_t *above = json_array_get(place < 2 ? tasks : trash, random_below(&dice, 50));

		json_object_set_new(task, "depth", json_integer(1));
		if (above != NULL && depth_of(above) < DEEPEST)
			put_below(task, above);
		else
			put_in_list(task, place == 3 ? trashed_lists : lists);
		throw_away(task, n);
		ck_assert_int_eq(json_array_append_new(trash, task), 0);
	}
	return trash;
}

static json_t *any_account(void)
{
	json_t *lists = any_lists(LISTS, 0, false);
	json_t *trashed_lists = any_lists(TRASHED_LISTS, LISTS, true);
	json_t *tasks = any_tree(lists), *trash = any_trash(tasks, lists, trashed_lists), *task;
	size_t i;

	json_array_foreach (tasks, i, task)
		json_object_del(task, "depth");
	json_array_foreach (trash, i, task)
		json_object_del(task, "depth");
	return json_pack("{s:s, s:o, s:o, s:o, s:o}", "time_zone", "Europe/Berlin", "tasks", tasks,
		"trash", trash, "trashed_lists", trashed_lists, "lists", lists);
}

/* ---- what is compared ---- */

static void member_real(json_t *thing, const char *name)
{
	json_t *number = json_object_get(thing, name);

	ck_assert(json_is_number(number));
	json_object_set_new(thing, name, json_real(json_number_value(number)));
}

/* The member of what has this id in one of two arrays. */
static json_t *member_by_id(
	const json_t *one, const json_t *other, const json_t *id, const char *member)
{
	const json_t *arrays[] = { one, other };
	json_t *thing;
	size_t i;

	for (int n = 0; n < 2; n++)
		json_array_foreach (arrays[n], i, thing)
			if (json_equal(json_object_get(thing, "id"), id))
				return json_incref(json_object_get(thing, member));
	ck_abort_msg("nothing has the id %s", json_dumps(id, JSON_ENCODE_ANY));
}

/* Uids by ids: there are too many tasks to look through them for each. */
static json_t *uids_of(const json_t *whole)
{
	static const char *const names[] = { "tasks", "trash" };
	json_t *uids = json_object(), *task;
	char id[32];
	size_t i;

	for (int n = 0; n < 2; n++)
		json_array_foreach (json_object_get(whole, names[n]), i, task) {
			snprintf(id, sizeof(id), "%" JSON_INTEGER_FORMAT,
				json_integer_value(json_object_get(task, "id")));
			json_object_set(uids, id, json_object_get(task, "uid"));
		}
	return uids;
}

/* In place of the ids of another account: the parent's uid, and the list's name. */
static void task_strip(json_t *task, const json_t *whole, const json_t *uids)
{
	const json_t *parent = json_object_get(task, "parent"), *list = json_object_get(task, "list");
	char id[32];

	member_real(task, "position");
	if (!json_is_null(list))
		json_object_set_new(task, "list", member_by_id(json_object_get(whole, "lists"),
			json_object_get(whole, "trashed_lists"), list, "name"));
	if (!json_is_null(parent)) {
		snprintf(id, sizeof(id), "%" JSON_INTEGER_FORMAT, json_integer_value(parent));
		ck_assert_ptr_nonnull(json_object_get(uids, id));
		json_object_set(task, "parent", json_object_get(uids, id));
	}
	json_object_del(task, "revision");
}

/* Without what is an account's own; a whole number is the same with and without a fraction. */
static void whole_strip(json_t *whole)
{
	static const char *const arrays[] = { "tasks", "trash", "lists", "trashed_lists" };
	json_t *uids = uids_of(whole), *thing;
	size_t i;

	for (size_t n = 0; n < CHECK_COUNT(arrays); n++)
		json_array_foreach (json_object_get(whole, arrays[n]), i, thing) {
			if (n < 2) {
				task_strip(thing, whole, uids);
				continue;
			}
			member_real(thing, "position");
			json_object_del(thing, "open");
			json_object_del(thing, "revision");
		}
	for (size_t n = 0; n < CHECK_COUNT(arrays); n++)
		json_array_foreach (json_object_get(whole, arrays[n]), i, thing)
			json_object_del(thing, "id");
	json_decref(uids);
}

static void tasks_expect(const json_t *expected, const json_t *got, const char *where)
{
	size_t count = json_array_size(expected);

	ck_assert_msg(json_array_size(got) == count, "%s: %zu tasks are expected, %zu came", where,
		count, json_array_size(got));
	for (size_t n = 0; n < count; n++) {
		json_t *wanted = json_array_get(expected, n), *came = json_array_get(got, n);

		CHECK_THAT(json_equal(wanted, came), "%s: %s\nbecame %s", where,
			json_dumps(wanted, JSON_SORT_KEYS), json_dumps(came, JSON_SORT_KEYS));
	}
}

/* An account of the running server, without anything in it. */
struct place {
	struct user user;
	struct client client;
	struct exchange exchange;
};

static void place_open(struct place *place, const char *name)
{
	ck_assert(user_make(&h, &place->user, name));
	ck_assert(client_open(&place->client, h.port));
	place->exchange = (struct exchange){ .client = &place->client, .user = &place->user };
}

static void place_import(struct place *place, const char *format, const char *file, size_t tasks)
{
	json_t *reply = transfer_import(&place->exchange, format, file), *expected;

	expected = json_pack("{s:s, s:I, s:i, s:[]}", "msg", "imported", "created",
		(json_int_t)tasks, "skipped", 0, "errors");
	ck_assert_msg(json_equal(reply, expected), "%s: %.2000s", format,
		json_dumps(reply, JSON_ENCODE_ANY));
	json_decref(expected);
	json_decref(reply);
}

static char *place_export(struct place *place, const char *format)
{
	char *file = transfer_export(&place->exchange, format);

	ck_assert_msg(file != NULL, "no export as %s", format);
	return file;
}

static json_t *place_whole(struct place *place)
{
	char *file = place_export(place, "json");
	json_t *whole = json_loads(file, JSON_REJECT_DUPLICATES, NULL);

	ck_assert_ptr_nonnull(whole);
	free(file);
	ck_assert_str_eq(json_string_value(json_object_get(whole, "username")), place->user.name);
	whole_strip(whole);
	return whole;
}

/* A list is there for each that a task is in, with the headings of its tasks. */
static void names_expect(const json_t *whole)
{
	json_t *list, *task;
	size_t i, n;

	json_array_foreach (json_object_get(whole, "lists"), i, list) {
		bool used = false;

		json_array_foreach (json_object_get(whole, "tasks"), n, task)
			used |= json_equal(json_object_get(task, "list"), json_object_get(list, "name"));
		CHECK_THAT(used, "a list of nothing: %s", json_dumps(list, 0));
	}
}

/* The account has all of it, or what a format has of it that is not JSON. */
static void place_expect(struct place *place, const json_t *account, bool all, const char *where)
{
	static const char *const arrays[] = { "trash", "lists", "trashed_lists" };
	json_t *whole = place_whole(place);

	tasks_expect(json_object_get(account, "tasks"), json_object_get(whole, "tasks"), where);
	for (size_t n = 0; n < CHECK_COUNT(arrays) && all; n++)
		tasks_expect(json_object_get(account, arrays[n]), json_object_get(whole, arrays[n]),
			where);
	if (all)
		ck_assert(json_equal(json_object_get(account, "time_zone"),
			json_object_get(whole, "time_zone")));
	else
		names_expect(whole);
	json_decref(whole);
}

static const struct {
	const char *format;
	size_t trashed; /* that go along */
} formats[] = { { "json", TRASHED }, { "csv", 0 }, { "todo.txt", 0 }, { "ics", 0 } };

/* Everything that was in one account is in the other, and the first is as it was. */
START_TEST(what_goes_out_comes_in)
{
	const char *format = formats[_i].format;
	json_t *account = any_account();
	char *first = json_dumps(account, 0), *file, *again;
	struct place from, to;

	whole_strip(account);
	ck_assert(harness_start(&h, NULL, NULL));
	place_open(&from, "from");
	place_open(&to, "to");
	place_import(&from, "json", first, TASKS + TRASHED);
	place_expect(&from, account, true, "what came in as JSON");
	file = place_export(&from, format);
	place_import(&to, format, file, TASKS + formats[_i].trashed);
	place_expect(&to, account, formats[_i].trashed > 0, format);
	again = place_export(&from, format);
	ck_assert_msg(strcmp(file, again) == 0, "%s: another file of the same", format);
	free(again);
	free(file);
	free(first);
	json_decref(account);
	client_close(&from.client);
	client_close(&to.client);
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_loop_test(test_case, what_goes_out_comes_in, 0, CHECK_COUNT(formats));
}

int main(void)
{
	return check_main("transfer", add);
}
