/*
 * An account goes out as a file and comes in elsewhere: what it keeps is compared member by member.
 * Only JSON keeps the trash.
 */
#include "fixture.h"
#include "random_task.h"
#include "transfer.h"

#include <signal.h>
#include <stdio.h>

#define TASKS 2500
#define TRASHED 250
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

/* A task with all of its members. */
static json_t *any_task(void)
{
	bool completed = random_below(&dice, 2) == 0;

	return json_pack("{s:o, s:o, s:o, s:o, s:b, s:i, s:o, s:o, s:o, s:o}", "name", any_name(),
		"note", any_note(), "creation_date", any_time(), "due_date", any_due_date(),
		"completed", completed, "priority", (int)random_below(&dice, 4), "tags", any_tags(),
		"position", any_position(), "completed_date", completed ? any_time() : json_null(),
		"modified_date", any_time());
}

/* The trash is in the order of its dates, of which none is so old that it is emptied. */
static json_t *any_account(void)
{
	json_t *tasks = json_array(), *trash = json_array(), *task;

	for (int n = 0; n < TASKS; n++)
		ck_assert_int_eq(json_array_append_new(tasks, any_task()), 0);
	for (int n = 0; n < TRASHED; n++) {
		task = any_task();
		json_object_set_new(
			task, "deleted_date", json_sprintf("%d-01-01T00:00:00Z", 9000 + n));
		ck_assert_int_eq(json_array_append_new(trash, task), 0);
	}
	return json_pack("{s:o, s:o}", "tasks", tasks, "trash", trash);
}

/* Without what is an account's own; a whole number is the same with and without a fraction. */
static void tasks_strip(json_t *tasks)
{
	static const char *const own[] = { "list", "heading", "parent", "start_date", "repeat",
		"repeat_from", "reminders", "assignee", "uid" };
	size_t index;
	json_t *task;

	json_array_foreach (tasks, index, task) {
		double position = json_number_value(json_object_get(task, "position"));

		ck_assert(json_is_number(json_object_get(task, "position")));
		json_object_set_new(task, "position", json_real(position));
		json_object_del(task, "id");
		json_object_del(task, "revision");
		for (size_t i = 0; i < CHECK_COUNT(own); i++)
			json_object_del(task, own[i]);
	}
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
	tasks_strip(json_object_get(whole, "tasks"));
	tasks_strip(json_object_get(whole, "trash"));
	return whole;
}

/* The account has these tasks, and these in the trash. */
static void place_expect(
	struct place *place, const json_t *tasks, const json_t *trash, const char *where)
{
	json_t *whole = place_whole(place);

	tasks_expect(tasks, json_object_get(whole, "tasks"), where);
	tasks_expect(trash, json_object_get(whole, "trash"), where);
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
	json_t *account = any_account(), *none = json_array();
	json_t *tasks = json_object_get(account, "tasks");
	json_t *trash = json_object_get(account, "trash");
	char *first = json_dumps(account, 0), *file, *again;
	struct place from, to;

	ck_assert(harness_start(&h, NULL, NULL));
	place_open(&from, "from");
	place_open(&to, "to");
	place_import(&from, "json", first, TASKS + TRASHED);
	place_expect(&from, tasks, trash, "what came in as JSON");
	file = place_export(&from, format);
	place_import(&to, format, file, TASKS + formats[_i].trashed);
	place_expect(&to, tasks, formats[_i].trashed ? trash : none, format);
	again = place_export(&from, format);
	ck_assert_msg(strcmp(file, again) == 0, "%s: another file of the same", format);
	free(again);
	free(file);
	free(first);
	json_decref(account);
	json_decref(none);
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
