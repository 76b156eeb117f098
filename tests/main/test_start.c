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
	{ .arguments = { "--metrics-token", "" } },
	{ .arguments = { "--metrics-token=" }, .environment = { "TODO_METRICS_TOKEN=word" } },
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

/*
 * The line that says what is wrong. A name counts whole alone, an option takes the next word whatever
 * it looks like, and of an option that comes twice the last one counts.
 */
static const struct told {
	const char *arguments[4];
	const char *line;
} told_words[] = {
	{ { "-" }, "-: no such option" },
	{ { "--" }, "--: no such option" },
	{ { "--", "--help" }, "--: no such option" },
	{ { "--=" }, "--=: no such option" },
	{ { "-x" }, "-x: no such option" },
	{ { "-port", "80" }, "-port: no such option" },
	{ { "--nonsense=1" }, "--nonsense=1: no such option" },
	{ { "--por" }, "--por: no such option" },
	{ { "--por", "80" }, "--por: no such option" },
	{ { "--por=80" }, "--por=80: no such option" },
	{ { "--max", "80" }, "--max: no such option" },
	{ { "--hel" }, "--hel: no such option" },
	{ { "--hel=1" }, "--hel=1: no such option" },
	{ { "--port" }, "--port: wants a value" },
	{ { "--port", "80", "-" }, "-: no such option" },
	{ { "--help=" }, "--help=: takes no value" },
	{ { "--help", "--nonsense" }, "--nonsense: no such option" },
	{ { "", "--help" }, ": no such command" },
	{ { "nonsense", "-x" }, "nonsense: no such command" },
	{ { "--port=" }, "--port : not a port" },
	{ { "--port", "--help" }, "--port --help: not a port" },
	{ { "--port", "--" }, "--port --: not a port" },
	{ { "--port", "8888", "--port=x" }, "--port x: not a port" },
	{ { "--port=0", "--keep-days", "x" }, "--keep-days x: not a number of days" },
	{ { "--idle-seconds=3601" },
		"--idle-seconds 3601: not a number of seconds from 1 to 3600" },
	{ { "--max-tasks=0" }, "--max-tasks 0: not a number of 1 or more" },
	{ { "--max-per-address=0" }, "--max-per-address 0: not a number of connections" },
	{ { "--registration=all" }, "--registration all: not one of open, closed, first" },
	{ { "--trusted-proxy=x" }, "--trusted-proxy x: not a list of networks" },
	{ { "--log=xml" }, "--log xml: not one of text, json, off" },
	{ { "--metrics-token=" }, "--metrics-token : not a token of 1 to 1024 bytes" },
};

static void expect_told(
	const char *const *arguments, const char *const *environment, const char *told)
{
	struct harness_result result = harness_run(&h, arguments, environment);
	char line[160];

	snprintf(line, sizeof(line), "todo: error: %s; see todo --help\n", told);
	ck_assert_int_eq(result.status, REFUSED_WORDS);
	ck_assert_str_eq(result.out, "");
	ck_assert_str_eq(result.err, line);
	harness_result_free(&result);
}

START_TEST(what_is_wrong_is_told)
{
	expect_told(told_words[_i].arguments, NULL, told_words[_i].line);
}
END_TEST

/* The line names what has the value. */
START_TEST(a_wrong_variable_is_told)
{
	expect_told(NO_WORDS, WORDS("TODO_PORT=abc"), "TODO_PORT=abc: not a port");
	expect_told(WORDS("--port=x"), WORDS("TODO_PORT=abc"), "--port x: not a port");
	expect_told(NO_WORDS, WORDS("TODO_DB=", "DATABASE_URL=mysql:x"),
		"DATABASE_URL=mysql:x: only sqlite:FILE or a file's name is known");
}
END_TEST

/* Values and commands are not looked at where nothing is served. */
static const char *const helped_words[][4] = {
	{ "--help" },
	{ "--port", "x", "--help" },
	{ "--version", "--help" },
	{ "--help", "--port=x" },
	{ "--help", "nonsense" },
};

START_TEST(help_comes_before_values)
{
	struct harness_result result = harness_run(&h, helped_words[_i], WORDS("TODO_LOG=xml"));

	ck_assert_int_eq(result.status, 0);
	ck_assert_str_eq(result.err, "");
	ck_assert_ptr_nonnull(strstr(result.out, "usage: todo"));
	harness_result_free(&result);
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
	{ { "--db=option.db" }, { NULL }, "option.db" },
	{ { "--db=first.db", "--db=option.db" }, { NULL }, "option.db" },
	{ { NULL }, { "TODO_DB=", "DATABASE_URL=url.db" }, "url.db" },
	{ { NULL }, { "TODO_DB=", "DATABASE_URL=" }, "todo.sqlite" },
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

/* libevent is kept from all that it waits with; what it says of that is in the log as ours is. */
START_TEST(a_loop_that_cannot_be_made_is_said)
{
	struct harness_result result = harness_run(&h, WORDS("--port", "0", "--db", h.database),
		WORDS("EVENT_NOEPOLL=1", "EVENT_NOPOLL=1", "EVENT_NOSELECT=1"));

	ck_assert_int_eq(result.status, REFUSED_WORLD);
	ck_assert_str_eq(result.out, "");
	ck_assert_int_eq(strncmp(result.err, "todo: warning: libevent: ", 25), 0);
	ck_assert_ptr_nonnull(strstr(result.err, "\ntodo: error: the event loop cannot be made"));
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
	tcase_add_loop_test(test_case, what_is_wrong_is_told, 0, CHECK_COUNT(told_words));
	tcase_add_test(test_case, a_wrong_variable_is_told);
	tcase_add_loop_test(test_case, help_comes_before_values, 0, CHECK_COUNT(helped_words));
	tcase_add_loop_test(test_case, file_is_chosen, 0, CHECK_COUNT(choices));
	tcase_add_test(test_case, long_name_is_told_in_part);
	tcase_add_test(test_case, a_loop_that_cannot_be_made_is_said);
	tcase_add_test(test_case, output_is_one_line);
}

int main(void)
{
	return check_main("start", add);
}
