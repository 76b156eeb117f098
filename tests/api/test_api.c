/*
 * The API as its clients see it: starts the server once and runs every file of cases/ against it.
 * With arguments, only the files whose names contain one of them. Where CASES_ON is set, it names SQL
 * in crash/, and the server's file is first made by that, of an earlier version.
 *
 * A case file is a sequence of exchanges, on one connection for as long as the server keeps it:
 *
 *	=== a task gets a date
 *	# a comment
 *	each: given | shown
 *	| 2026-11-22T18:55:00+02:00 | 2026-11-22T16:55:00Z
 *	| 2026-11-25 | 2026-11-25
 *	PUT /api/v1/accounts/ann/tasks/{{id}}
 *	Authorization: Bearer {{token}}
 *
 *	{"due_date": "{{given}}"}
 *	--- 200
 *	Content-Length: *
 *
 *	{"msg": "updated", "task": {"id": {{id}}, "due_date": "{{shown}}", "...": 0}}
 *
 * Between the title and the request line:
 *	each: NAMES	runs the exchange for each of the rows below it, which set these variables;
 *			two tables: for each pair of rows
 *	times: N	runs the exchange as often as that
 *
 * The request: Host and Content-Length are added where they are left out. The body ends before the
 * newline in front of "---". A request line `RAW METHOD` sends the lines below it as they are, with
 * \r\n for the end of each that does not end with a backslash.
 *
 * Anywhere: {{name}}, a variable ({{port}} is the server's); {{repeat:TEXT:TIMES}}; {{hex:00FF}},
 * bytes.
 *
 * The status: several as 401|429; with the word `closed`, the server has to end the connection
 * after this reply. Further "---" parts expect further replies (to a RAW request with several).
 *
 * Expected headers:
 *	Name: value	there once, with this value; <<name>> in it sets a variable
 *	Name: ~ part	one of them has the part
 *	Name: {A, B}	a list of these, in whatever order
 *	Name: *		there once
 *	Name: -		not there
 *	@keep: name	keeps the reply, all but its Date
 *	@same: name	the reply is the same as the one kept
 *
 * The expected body: none, where nothing is said of it; JSON as case_json.h tells; or
 * `pointers /name /note`, the members that a 422 finds fault with, in whatever order.
 *
 * What case_always.c and case_described.c hold every reply to need not be said. At the end, every
 * operation that the server describes has to have had a reply of success.
 */
#include "case_file.h"
#include "case_run.h"
#include "harness.h"
#include "version.h"

#include <check.h>
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SECONDS 120

static glob_t files;
static struct harness server;
static struct description description;

/* The accounts that are there leave their names to those of the cases. */
static void file_make(const char *sql_name)
{
	ck_assert(harness_folder(&server));
	version_make(server.database, sql_name,
		"UPDATE accounts SET username = 'earlier-' || id, email = NULL", true);
}

/* After a failure server_stop() is not called; no server may go on running. */
static void server_start(void)
{
	const char *sql_name = getenv("CASES_ON");

	if (sql_name)
		file_make(sql_name);
	ck_assert_msg(harness_start(&server, NULL, NULL), "the server does not start");
	if (description_fetch(&description, server.port))
		return;
	harness_remove(&server);
	ck_abort_msg("the server does not describe its API");
}

/* A server that leaks, or that a sanitizer finds fault with, does not end with 0. */
static void server_stop(void)
{
	int status = harness_stop(&server, SIGTERM);
	char *log = harness_log(&server);

	if (status)
		fprintf(stderr, "the server ended with %d and logged:\n%s\n", status, log);
	free(log);
	harness_remove(&server);
	description_free(&description);
	ck_assert_int_eq(status, 0);
}

START_TEST(case_file)
{
	const char *path = files.gl_pathv[_i];
	struct case_run run = {
		.name = strrchr(path, '/') + 1,
		.port = server.port,
		.description = &description,
	};
	struct case_file file;
	char *text = NULL;
	size_t size;
	int line = case_file_read(&file, path);

	ck_assert_msg(!line, "%s:%d: cannot read this line", run.name, line);
	run.source = 1 + _i % 254;
	run.report = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(run.report);
	case_run(&run, &file);
	fclose(run.report);
	case_file_free(&file);
	/* All of it: Check's own messages have an end. */
	fputs(text, stderr);
	free(text);
	ck_assert_msg(!run.failures, "%s: %d failures, told above", run.name, run.failures);
}
END_TEST

/* An operation of which no case ever had a reply of success was not looked at. */
START_TEST(every_operation_is_seen)
{
	struct operation operation;
	int unseen = 0;

	for (size_t n = 0; description_at(description.document, n, &operation); n++)
		if (!description.seen[n]) {
			fprintf(stderr, "no case has a good reply of: %s %s\n", operation.method,
				operation.path);
			unseen++;
		}
	ck_assert_uint_gt(description.count, 0);
	ck_assert_msg(!unseen, "%d operations without a case, told above", unseen);
}
END_TEST

/* Whether the file's name contains one of the words; without words every file is chosen. */
static bool file_chosen(const char *path, char *const *words)
{
	if (!*words)
		return true;
	for (; *words; words++)
		if (strstr(strrchr(path, '/'), *words))
			return true;
	return false;
}

static int files_choose(char *const *words)
{
	int chosen = 0;

	if (glob(TESTS_FOLDER "/cases/*.http", 0, NULL, &files))
		return 0;
	for (size_t n = 0; n < files.gl_pathc; n++)
		if (file_chosen(files.gl_pathv[n], words)) {
			char *path = files.gl_pathv[chosen];

			files.gl_pathv[chosen++] = files.gl_pathv[n];
			files.gl_pathv[n] = path;
		}
	return chosen;
}

int main(int argc, char **argv)
{
	Suite *suite = suite_create("api");
	TCase *cases = tcase_create("cases");
	SRunner *runner = srunner_create(suite);
	int count = files_choose(argv + (argc > 0)), failed;

	tcase_add_unchecked_fixture(cases, server_start, server_stop);
	tcase_set_timeout(cases, FILE_SECONDS);
	tcase_add_loop_test(cases, case_file, 0, count);
	if (argc <= 1)
		tcase_add_test(cases, every_operation_is_seen);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	if (!count)
		fprintf(stderr, "no case files in %s/cases\n", TESTS_FOLDER);
	srunner_free(runner);
	globfree(&files);
	return failed || !count ? EXIT_FAILURE : EXIT_SUCCESS;
}
