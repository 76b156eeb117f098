/* The command line: what is refused and how, and where an option's value comes from. */
#include "refusal.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

START_TEST(help)
{
	static const char *const words[] = { "--db", "--port", "--host", "--help", "--version" };
	struct harness_result result = harness_run(&h, WORDS("--help"), NULL);

	ck_assert_int_eq(result.status, 0);
	ck_assert_str_eq(result.err, "");
	for (size_t i = 0; i < CHECK_COUNT(words); i++)
		ck_assert_msg(
			strstr(result.out, words[i]), "%s is not in: %s", words[i], result.out);
	ck_assert_int_eq(folder_count(), 0);
	harness_result_free(&result);
}
END_TEST

START_TEST(version)
{
	struct harness_result result = harness_run(&h, WORDS("--version"), NULL);

	ck_assert_int_eq(result.status, 0);
	ck_assert_str_eq(result.err, "");
	ck_assert_ptr_nonnull(strpbrk(result.out, "0123456789"));
	ck_assert_ptr_eq(strchr(result.out, '\n'), result.out + strlen(result.out) - 1);
	ck_assert_int_eq(folder_count(), 0);
	harness_result_free(&result);
}
END_TEST

static const struct words {
	const char *arguments[4];
	const char *environment[3];
} wrong_words[] = {
	{ .arguments = { "--nonsense" } },
	{ .arguments = { "-x" } },
	{ .arguments = { "-" } },
	{ .arguments = { "--" } },
	{ .arguments = { "--=" } },
	{ .arguments = { "--help=yes" } },
	{ .arguments = { "nonsense" } },
	{ .arguments = { "--port", "0", "nonsense" } },
	{ .arguments = { "--port" } },
	{ .arguments = { "--port", "" } },
	{ .arguments = { "--port", "many" } },
	{ .arguments = { "--port", "-1" } },
	{ .arguments = { "--port", "+80" } },
	{ .arguments = { "--port", " 80" } },
	{ .arguments = { "--port", "80x" } },
	{ .arguments = { "--port", "0x50" } },
	{ .arguments = { "--port", "65536" } },
	{ .arguments = { "--port", "18446744073709551616" } },
	{ .arguments = { "--host" } },
	{ .arguments = { "--host", "" } },
	{ .arguments = { "--host", "300.1.1.1" } },
	{ .arguments = { "--host", "no such address" } },
	{ .arguments = { "--db" } },
	{ .arguments = { "--db", "" } },
	{ .arguments = { "--db", "sqlite:" } },
	{ .arguments = { "--db", "postgres://localhost/todo" } },
	{ .arguments = { "--db", "mysql:todo" } },
	{ .environment = { "TODO_PORT=many" } },
	{ .environment = { "TODO_PORT=65536" } },
	{ .environment = { "TODO_HOST=300.1.1.1" } },
	{ .environment = { "TODO_DB=mysql://localhost/todo" } },
	{ .environment = { "TODO_DB=mysql://localhost/todo", "DATABASE_URL=sqlite:todo.sqlite" } },
	{ .environment = { "DATABASE_URL=postgres://localhost/todo" } },
};

START_TEST(wrong_words_are_refused)
{
	const struct words *words = &wrong_words[_i];

	refusal_expect(words->arguments, words->environment, REFUSED_WORDS, "--help");
	ck_assert_int_eq(folder_count(), 0);
}
END_TEST

/* Which file is made. */
static const struct choice {
	const char *arguments[3];
	const char *environment[3];
	const char *file;
} choices[] = {
	{ { NULL }, { NULL }, "todo.sqlite" },
	{ { NULL }, { "DATABASE_URL=url.db" }, "url.db" },
	{ { NULL }, { "DATABASE_URL=sqlite:url.db" }, "url.db" },
	{ { NULL }, { "TODO_DB=own.db", "DATABASE_URL=url.db" }, "own.db" },
	{ { NULL }, { "TODO_DB=sqlite:own.db", "DATABASE_URL=postgres://localhost/x" }, "own.db" },
	{ { "--db", "option.db" }, { "TODO_DB=own.db", "DATABASE_URL=url.db" }, "option.db" },
	{ { "--db", "sqlite:option.db" }, { "TODO_DB=mysql:x" }, "option.db" },
	{ { "--db", "a b%20c?mode=memory&d#e" }, { NULL }, "a b%20c?mode=memory&d#e" },
};

START_TEST(file_is_chosen)
{
	const struct choice *choice = &choices[_i];
	const char *environment[] = { "TODO_PORT=0", choice->environment[0], choice->environment[1],
		NULL };
	char path[256];

	ck_assert(harness_start(
		&h, choice->arguments[0] ? choice->arguments : NO_WORDS, environment));
	ck_assert_int_eq(harness_stop(&h, SIGTERM), 0);
	snprintf(path, sizeof(path), "%s/%s", h.folder, choice->file);
	ck_assert_msg(access(path, F_OK) == 0, "%s was not made", path);
	ck_assert_int_eq(folder_count(), 1);
}
END_TEST

/* A name that is longer than a line of the log is cut, the reason is not, and the line is still JSON. */
START_TEST(long_name_is_told_in_part)
{
	char name[2 * 3000 + 1] = "", *newline;

	for (size_t i = 0; i < sizeof(name) - 1; i += 2)
		memcpy(name + i, "\u00E9", 3);
	struct harness_result result =
		harness_run(&h, WORDS("--port", "0", "--log", "json", "--db", name), NULL);
	ck_assert_int_eq(result.status, 1);
	newline = strchr(result.err, '\n');
	ck_assert_ptr_eq(newline, result.err + strlen(result.err) - 1);
	json_t *line = json_loads(result.err, 0, NULL);
	const char *told = json_string_value(json_object_get(line, "msg"));
	ck_assert_msg(told != NULL && strlen(told) > 1000, "it said: %s", result.err);
	ck_assert_int_eq(strncmp(told, name, 300), 0);
	ck_assert_ptr_nonnull(strstr(told, "the path is too long"));
	ck_assert_str_eq(json_string_value(json_object_get(line, "level")), "error");
	json_decref(line);
	harness_result_free(&result);
}
END_TEST

/* libevent is kept from all that it waits with, and has a word of its own before ours. */
START_TEST(a_loop_that_cannot_be_made_is_said)
{
	struct harness_result result = harness_run(&h, WORDS("--port", "0", "--db", h.database),
		WORDS("EVENT_NOEPOLL=1", "EVENT_NOPOLL=1", "EVENT_NOSELECT=1"));

	ck_assert_int_eq(result.status, REFUSED_WORLD);
	ck_assert_str_eq(result.out, "");
	ck_assert_ptr_nonnull(strstr(result.err, "todo: the event loop cannot be made"));
	ck_assert_int_eq(folder_count(), 0);
	harness_result_free(&result);
}
END_TEST

/* Scripts wait for the end of standard output, or read one line of it: there is no second one. */
START_TEST(output_is_one_line)
{
	char more;

	ck_assert(harness_start(&h, NULL, NULL));
	ck_assert_int_eq(kill(h.pid, SIGTERM), 0);
	ck_assert_int_eq(read(h.out, &more, 1), 0);
	ck_assert_int_eq(harness_stop(&h, 0), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, fixture_setup, fixture_teardown);
	tcase_add_test(test_case, help);
	tcase_add_test(test_case, version);
	tcase_add_loop_test(test_case, wrong_words_are_refused, 0, CHECK_COUNT(wrong_words));
	tcase_add_loop_test(test_case, file_is_chosen, 0, CHECK_COUNT(choices));
	tcase_add_test(test_case, long_name_is_told_in_part);
	tcase_add_test(test_case, a_loop_that_cannot_be_made_is_said);
	tcase_add_test(test_case, output_is_one_line);
}

int main(void)
{
	return check_main("start", add);
}
