/*
 * store/store.h: jobs of several statements, the values that go from one to the next, and the
 * steps between them.
 */
#include "check_main.h"
#include "storage.h"

#include <string.h>

static struct storage storage;
static struct ask ask;

static void setup(void)
{
	storage_make(&storage);
	memset(&ask, 0, sizeof(ask));
	storage_open(&storage);
}

static void teardown(void)
{
	storage_remove(&storage);
	ask_free(&ask);
}

/* Two statements: the first gives values, the second shows them. */
static void expect_handed_on(const char *first, const char *second, const char *rows)
{
	ask.statement[0] = storage_prepare(&storage, first);
	ask.statement[1] = storage_prepare(&storage, second);
	store_start(storage.store);
	storage_ask(&storage, &ask);
	storage_wait(&storage);
	ck_assert_int_eq(ask.job.result, STORE_DONE);
	ck_assert_str_eq(ask_rows(&ask), rows);
}

START_TEST(a_first_row_becomes_values)
{
	expect_handed_on("SELECT 7 AS c, 2.5 AS b, 'text' AS a, NULL AS f, 'none' AS stranger",
		"SELECT $a AS a, $b AS b, $c AS c, $d AS d, typeof($f) AS f",
		"{\"a\":\"text\",\"b\":2.5,\"c\":7,\"d\":null,\"f\":\"null\"}");
}
END_TEST

START_TEST(only_the_first_row_becomes_values)
{
	expect_handed_on(
		"SELECT column1 AS a FROM (VALUES (1), (2), (3))", "SELECT $a AS a", "{\"a\":1}");
}
END_TEST

START_TEST(without_a_row_values_stay)
{
	ask.value[0] = (struct value){ VALUE_INTEGER, .integer = 42 };
	expect_handed_on("SELECT id AS a FROM things", "SELECT $a AS a", "{\"a\":42}");
}
END_TEST

/* A statement that changes something is run to its end, whatever rows it gives. */
START_TEST(every_row_of_a_change_is_changed)
{
	expect_handed_on("INSERT INTO things (name) VALUES ('x'), ('y'), ('z') RETURNING name AS a",
		"SELECT $a AS a, count(*) AS n FROM things", "{\"a\":\"x\",\"n\":3}");
}
END_TEST

START_TEST(a_blob_is_handed_on_as_a_blob)
{
	expect_handed_on("SELECT x'00ff80' AS a, x'' AS b",
		"SELECT typeof($a) AS a, hex($a) AS h, typeof($b) AS b, length($b) AS n",
		"{\"a\":\"blob\",\"h\":\"00FF80\",\"b\":\"blob\",\"n\":0}");
}
END_TEST

static unsigned steps[STORAGE_STATEMENTS];
static bool had_row[STORAGE_STATEMENTS];

static bool note_step(struct job *job, unsigned index, bool row)
{
	steps[index]++;
	had_row[index] = row;
	if (index == 0)
		job->values[1] = (struct value){ VALUE_INTEGER, .integer = 5 };
	buffer_add_format(&job->out, "<%u>", index);
	return true;
}

/* After each statement but the last, with its values there; what it writes precedes the rows. */
START_TEST(a_step_is_taken_between_statements)
{
	memset(steps, 0, sizeof(steps));
	ask.job.guard = note_step;
	ask.statement[0] = storage_prepare(&storage, "SELECT 3 AS a");
	ask.statement[1] = storage_prepare(&storage, "SELECT 1 AS c WHERE $a + $b = 0");
	ask.statement[2] = storage_prepare(&storage, "SELECT $a AS n UNION ALL SELECT $b");
	store_start(storage.store);
	storage_ask(&storage, &ask);
	storage_wait(&storage);
	ck_assert_str_eq(ask_rows(&ask), "<0><1>{\"n\":3},{\"n\":5}");
	ck_assert_uint_eq(steps[0], 1);
	ck_assert_uint_eq(steps[1], 1);
	ck_assert_uint_eq(steps[2], 0);
	ck_assert(had_row[0]);
	ck_assert(!had_row[1]);
}
END_TEST

START_TEST(a_first_step_is_the_only_one)
{
	memset(steps, 0, sizeof(steps));
	ask.job.guard = note_step;
	ask.job.guard_count = 1;
	ask.job.discard_rows = true;
	ask.statement[0] = storage_prepare(&storage, "SELECT 3 AS a");
	ask.statement[1] = storage_prepare(&storage, "SELECT $a + $b AS a");
	ask.statement[2] = storage_prepare(&storage, "SELECT $a + 1 AS a");
	store_start(storage.store);
	storage_ask(&storage, &ask);
	storage_wait(&storage);
	ck_assert_int_eq(ask.job.result, STORE_DONE);
	ck_assert_str_eq(ask_rows(&ask), "<0>");
	ck_assert_int_eq(ask.value[0].integer, 9);
}
END_TEST

static sqlite3 *other;

/* Another program changes what the next statement asks for. */
static bool change_things(struct job *job, unsigned index, bool row)
{
	(void)job;
	(void)index;
	(void)row;
	storage_run(other, "INSERT INTO things (value) VALUES ('new')");
	return true;
}

START_TEST(all_of_a_job_is_of_one_moment)
{
	other = storage_other(&storage);
	ask.job.guard = change_things;
	ask.statement[0] = storage_prepare(&storage, "SELECT count(*) AS a FROM things");
	ask.statement[1] = storage_prepare(&storage, "SELECT $a AS a, count(*) AS b FROM things");
	store_start(storage.store);
	storage_ask(&storage, &ask);
	storage_wait(&storage);
	ck_assert_str_eq(ask_rows(&ask), "{\"a\":0,\"b\":0}");
	storage_ask(&storage, &ask);
	storage_wait(&storage);
	ck_assert_str_eq(ask_rows(&ask), "{\"a\":1,\"b\":1}");
	sqlite3_close(other);
}
END_TEST

/* Each statement gives values, the last one too, and no rows go out. */
START_TEST(a_quiet_job_has_values_alone)
{
	memset(steps, 0, sizeof(steps));
	ask.job.discard_rows = true;
	ask.job.guard = note_step;
	ask.statement[0] = storage_prepare(&storage, "SELECT 3 AS a");
	ask.statement[1] = storage_prepare(&storage, "SELECT $a AS n");
	ask.statement[2] = storage_prepare(&storage, "SELECT 'c' AS c, $a + 1 AS a");
	store_start(storage.store);
	storage_ask(&storage, &ask);
	storage_wait(&storage);
	ck_assert_int_eq(ask.job.result, STORE_DONE);
	ck_assert_str_eq(ask_rows(&ask), "<0><1><2>");
	ck_assert_uint_eq(steps[2], 1);
	ck_assert(had_row[2]);
	ck_assert_int_eq(ask.value[0].integer, 4);
	ck_assert(text_equal(ask.value[2].text, TEXT("c")));
}
END_TEST

/* ---- functions that follow a statement ---- */

enum { A, B, C };

static bool double_it(struct job_step *step)
{
	struct value *a = step_value(step, A);

	if (!step->row)
		return step_refuse(step, 422, "a", "is not there");
	step->job->spent += a->integer;
	*step_value(step, B) = (struct value){ VALUE_INTEGER, .integer = 2 * a->integer };
	step_set_text(step, C, TEXT("text"));
	step->skip = a->integer > 5;
	if (a->integer > 10)
		step->skip = STEP_TO_LAST;
	return true;
}

static const char *const doubled[] = { "a", "b", "c", NULL };
static const struct job_step_kind doubling = { double_it, doubled };

/* With the statement that is followed by double_it() in the place of the first one. */
static void ask_with_step(const char *first, const char *second, const char *third)
{
	ask.statement[0] = storage_prepare_step(&storage, first, &doubling);
	ask.statement[1] = storage_prepare(&storage, second);
	ask.statement[2] = storage_prepare(&storage, third);
	store_start(storage.store);
	storage_ask(&storage, &ask);
	storage_wait(&storage);
}

START_TEST(a_function_sets_values_from_values)
{
	ask_with_step("SELECT 3 AS a", "INSERT INTO things (name) VALUES ($c) RETURNING id AS d",
		"SELECT $a AS a, $b AS b, $c AS c, $d AS d");
	ck_assert_int_eq(ask.job.result, STORE_DONE);
	ck_assert_str_eq(ask_rows(&ask), "{\"a\":3,\"b\":6,\"c\":\"text\",\"d\":1}");
	ck_assert_int_eq(ask.job.spent, 3);
}
END_TEST

START_TEST(a_function_leaves_statements_out)
{
	ask_with_step("SELECT 7 AS a", "INSERT INTO things (name) VALUES ($c) RETURNING id AS d",
		"SELECT $d AS d, count(*) AS n FROM things");
	ck_assert_int_eq(ask.job.result, STORE_DONE);
	ck_assert_str_eq(ask_rows(&ask), "{\"d\":null,\"n\":0}");
}
END_TEST

START_TEST(a_function_goes_to_the_last_statement)
{
	ask.statement[0] = storage_prepare_step(&storage, "SELECT 11 AS a", &doubling);
	ask.statement[1] = storage_prepare(&storage, "SELECT 12 AS d");
	ask.statement[2] = storage_prepare(&storage, "INSERT INTO things (name) VALUES ('x')");
	ask.statement[3] = storage_prepare(&storage, "SELECT $d AS d, count(*) AS n FROM things");
	store_start(storage.store);
	storage_ask(&storage, &ask);
	storage_wait(&storage);
	ck_assert_int_eq(ask.job.result, STORE_DONE);
	ck_assert_str_eq(ask_rows(&ask), "{\"d\":null,\"n\":0}");
}
END_TEST

/* What the statement has changed is not. */
START_TEST(a_function_stops_the_job)
{
	sqlite3 *file = storage_other(&storage);

	ask_with_step("INSERT INTO things (name) SELECT 'x' WHERE false RETURNING id AS a",
		"SELECT 1 AS d", "SELECT 1 AS e");
	ck_assert_int_eq(ask.job.result, STORE_REFUSED);
	ck_assert_int_eq(ask.job.refusal.status, 422);
	ck_assert_str_eq(ask.job.refusal.member, "a");
	ck_assert_str_eq(ask.job.refusal.detail, "is not there");
	ck_assert_str_eq(ask_rows(&ask), "");
	sqlite3_close(file);
}
END_TEST

START_TEST(what_a_stopped_job_has_changed_is_taken_back)
{
	sqlite3 *file = storage_other(&storage);

	ask.statement[0] = storage_prepare(&storage, "INSERT INTO things (name) VALUES ('x')");
	ask.statement[1] = storage_prepare_step(&storage, "SELECT 1 AS a WHERE false", &doubling);
	ask.statement[2] = storage_prepare(&storage, "SELECT 1 AS e");
	store_start(storage.store);
	storage_ask(&storage, &ask);
	storage_wait(&storage);
	ck_assert_int_eq(ask.job.result, STORE_REFUSED);
	storage_names(file, "");
	sqlite3_close(file);
}
END_TEST

/* An object of columns, as JSON. */
START_TEST(an_object_becomes_a_value)
{
	expect_handed_on("SELECT 5 AS \"d\", 1 AS \"a.id\", 'x\"y' AS \"a.name\", 1 AS \"a.done:bool\","
			 " '[1]' AS \"a.list:json\", NULL AS \"b.id\", 7 AS \"b.name\", 'z' AS \"c.z\"",
		"SELECT $a AS a, $b AS b, $c AS c, $d AS d, typeof($b) AS e",
		"{\"a\":\"{\\\"id\\\":1,\\\"name\\\":\\\"x\\\\\\\"y\\\",\\\"done\\\":true,"
		"\\\"list\\\":[1]}\",\"b\":\"null\",\"c\":\"{\\\"z\\\":\\\"z\\\"}\",\"d\":5,\"e\":\"text\"}");
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, a_first_row_becomes_values);
	tcase_add_test(test_case, only_the_first_row_becomes_values);
	tcase_add_test(test_case, without_a_row_values_stay);
	tcase_add_test(test_case, every_row_of_a_change_is_changed);
	tcase_add_test(test_case, a_blob_is_handed_on_as_a_blob);
	tcase_add_test(test_case, a_step_is_taken_between_statements);
	tcase_add_test(test_case, a_first_step_is_the_only_one);
	tcase_add_test(test_case, all_of_a_job_is_of_one_moment);
	tcase_add_test(test_case, a_quiet_job_has_values_alone);
	tcase_add_test(test_case, a_function_sets_values_from_values);
	tcase_add_test(test_case, a_function_leaves_statements_out);
	tcase_add_test(test_case, a_function_goes_to_the_last_statement);
	tcase_add_test(test_case, a_function_stops_the_job);
	tcase_add_test(test_case, what_a_stopped_job_has_changed_is_taken_back);
	tcase_add_test(test_case, an_object_becomes_a_value);
}

int main(void)
{
	return check_main("store_step", add_tests);
}
