/*
 * store/store.h: the parts of a job, which go on in its transaction with values of their own.
 */
#include "check_main.h"
#include "storage.h"

#include <string.h>

#define PARTS 3
#define PART_STATEMENTS 2

static struct storage storage;
static sqlite3 *other;
static struct ask ask;
static struct job_part parts[PARTS];
static struct value values[PARTS][STORAGE_SLOTS];
static const struct statement *statements[PARTS][PART_STATEMENTS];
static const struct statement *add, *show;

static void setup(void)
{
	storage_make(&storage);
	other = storage_other(&storage);
	memset(&ask, 0, sizeof(ask));
	memset(parts, 0, sizeof(parts));
	memset(values, 0, sizeof(values));
	storage_open(&storage);
	add = storage_prepare(&storage, "INSERT INTO things (name) VALUES ($a)");
	show = storage_prepare(&storage, "SELECT $a AS a, $b AS b FROM things WHERE name = $a");
	ask.job.parts = parts;
}

static void teardown(void)
{
	sqlite3_close(other);
	storage_remove(&storage);
	ask_free(&ask);
}

static struct value text_value(const char *text)
{
	return (struct value){ VALUE_TEXT, .text = text_of(text) };
}

static struct job_part *add_part(
	const char *name, const struct statement *first, const struct statement *second)
{
	unsigned index = ask.job.part_count++;

	statements[index][0] = first;
	statements[index][1] = second;
	values[index][0] = text_value(name);
	parts[index].statements = statements[index];
	parts[index].count = second == NULL ? 1 : 2;
	parts[index].values = values[index];
	return &parts[index];
}

static void expect(enum store_result result)
{
	store_start(storage.store);
	storage_ask(&storage, &ask);
	storage_wait(&storage);
	ck_assert_int_eq(ask.job.result, result);
}

START_TEST(parts_run_in_their_order_with_values_of_their_own)
{
	ask.statement[0] = storage_prepare(&storage, "SELECT 'own' AS a");
	add_part("x", add, show);
	add_part("y", add, show);
	expect(STORE_DONE);
	ck_assert_str_eq(
		ask_rows(&ask), "{\"a\":\"own\"}{\"a\":\"x\",\"b\":null}{\"a\":\"y\",\"b\":null}");
	storage_names(other, "x y");
}
END_TEST

START_TEST(a_value_goes_out_beside_the_rows)
{
	static const struct value beside = { VALUE_TEXT, .text = TEXT_INIT(",\"e\":5") };
	static const struct value none;

	ask.statement[0] = storage_prepare(&storage, "SELECT 'own' AS a");
	add_part("x", add, show)->beside = &beside;
	parts[0].after = TEXT("}");
	add_part("y", add, show)->beside = &none;
	expect(STORE_DONE);
	ck_assert_str_eq(ask_rows(&ask), "{\"a\":\"own\"}{\"a\":\"x\",\"b\":null},\"e\":5}"
					 "{\"a\":\"y\",\"b\":null}");
}
END_TEST

START_TEST(what_stands_around_the_rows_goes_out)
{
	struct job_part *one = add_part("x", add, show);
	struct job_part *two = add_part("y", add, NULL);

	one->before = TEXT("[");
	one->after = TEXT("],");
	two->before = TEXT("null");
	two->discard_rows = true;
	expect(STORE_DONE);
	ck_assert_str_eq(ask_rows(&ask), "[{\"a\":\"x\",\"b\":null}],null");
}
END_TEST

START_TEST(values_of_the_job_are_passed_on)
{
	static const unsigned passed[] = { 1 };

	ask.job.passed = passed;
	ask.job.passed_count = 1;
	ask.job.discard_rows = true;
	ask.statement[0] = storage_prepare(&storage, "SELECT 7 AS b, 'not passed' AS c");
	add_part("x", add, show);
	expect(STORE_DONE);
	ck_assert_str_eq(ask_rows(&ask), "{\"a\":\"x\",\"b\":7}");
	ck_assert_int_eq(values[0][2].type, VALUE_NULL);
}
END_TEST

START_TEST(a_part_without_a_row_that_it_needs_takes_all_back)
{
	struct job_part *part;

	add_part("x", add, show);
	part = add_part("nothing", show, add);
	part->needed = 1;
	add_part("y", add, show);
	expect(STORE_MISSED);
	ck_assert_uint_eq(ask.job.missed.part, 1);
	ck_assert_uint_eq(ask.job.missed.statement, 0);
	storage_names(other, "");
}
END_TEST

/* The rows of this one, which go out; and not those of the part before it. */
START_TEST(rows_that_go_out_are_needed_too)
{
	add_part("x", add, show)->needed = 2;
	add_part("nothing", show, NULL)->needed = 1;
	expect(STORE_MISSED);
	ck_assert_uint_eq(ask.job.missed.part, 1);
	ck_assert_uint_eq(ask.job.missed.statement, 0);
	storage_names(other, "");
}
END_TEST

START_TEST(what_is_not_needed_may_be_missing)
{
	add_part("nothing", show, NULL);
	add_part("x", add, show)->needed = 2;
	expect(STORE_DONE);
	storage_names(other, "x");
}
END_TEST

/* {"a":"x","b":null} twice are 36 bytes. */
START_TEST(too_much_takes_all_back)
{
	bool fits = _i == 36;

	ask.job.most = (size_t)_i;
	add_part("x", add, show);
	add_part("y", add, show);
	expect(fits ? STORE_DONE : STORE_LARGE);
	if (!fits)
		ck_assert_uint_eq(ask.job.missed.part, 1);
	storage_names(other, fits ? "x y" : "");
}
END_TEST

START_TEST(what_does_not_go_out_counts_too)
{
	bool fits = _i == 36 + 8;

	ask.job.most = (size_t)_i;
	for (unsigned i = 0; i < 2; i++) {
		struct job_part *part = add_part(i == 0 ? "x" : "y", add, show);
		values[i][3] = (struct value){ VALUE_INTEGER, .integer = 4 };
		part->extra_bytes = &values[i][3];
	}
	expect(fits ? STORE_DONE : STORE_LARGE);
}
END_TEST

START_TEST(what_went_out_is_a_value_of_the_part)
{
	struct job_part *last;

	add_part("x", add, show);
	last = add_part(
		"", storage_prepare(&storage, "INSERT INTO things (name) VALUES ($f)"), NULL);
	last->output_before = &values[1][5];
	expect(STORE_DONE);
	storage_names(other, "x {\"a\":\"x\",\"b\":null}");
}
END_TEST

START_TEST(a_stopped_job_runs_none)
{
	ask.statement[0] =
		storage_prepare(&storage, "INSERT INTO things (name) VALUES ('x'), ('x')");
	add_part("y", add, show);
	expect(STORE_CONFLICT);
	storage_names(other, "");
}
END_TEST

/* A long answer in two lists, which begins again on another thread. */
START_TEST(a_long_answer_goes_on_with_its_parts)
{
	struct job_part *rest;
	const struct statement *all = storage_prepare(&storage, "SELECT name FROM things");

	storage_fill(&storage);
	ask.statement[0] = all;
	rest = add_part("", all, NULL);
	rest->before = TEXT("|");
	expect(STORE_DONE);
	const char *rows = ask_rows(&ask), *middle = strchr(rows, '|');
	ck_assert_ptr_nonnull(middle);
	ck_assert_uint_eq((size_t)(middle - rows), strlen(middle + 1));
	ck_assert_int_eq(strncmp(rows, middle + 1, strlen(middle + 1)), 0);
	ck_assert_uint_eq(ask.job.rows, (uint64_t)2 * STORAGE_ROWS);
	ck_assert_uint_gt(ask.times, 1);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_value_goes_out_beside_the_rows);
	tcase_add_test(tests, parts_run_in_their_order_with_values_of_their_own);
	tcase_add_test(tests, what_stands_around_the_rows_goes_out);
	tcase_add_test(tests, values_of_the_job_are_passed_on);
	tcase_add_test(tests, a_part_without_a_row_that_it_needs_takes_all_back);
	tcase_add_test(tests, rows_that_go_out_are_needed_too);
	tcase_add_test(tests, what_is_not_needed_may_be_missing);
	tcase_add_loop_test(tests, too_much_takes_all_back, 35, 37);
	tcase_add_loop_test(tests, what_does_not_go_out_counts_too, 43, 45);
	tcase_add_test(tests, what_went_out_is_a_value_of_the_part);
	tcase_add_test(tests, a_stopped_job_runs_none);
	tcase_add_test(tests, a_long_answer_goes_on_with_its_parts);
}

int main(void)
{
	return check_main("store_parts", add_tests);
}
