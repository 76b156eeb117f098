/*
 * store/rows.h: what is put into rows comes out of them, in slices of so many rows and bytes.
 */
#include "check_main.h"
#include "store/rows.h"

#include <math.h>
#include <string.h>

#define COLUMNS 3
#define NUMBER 9 /* the slot of the row's number */

static struct rows rows;
static struct value values[NUMBER + 1];

/* Out of order on both sides, so that none is taken for the other. */
static const int from[COLUMNS] = { 2, 0, 1 };
static const int to[COLUMNS] = { 7, 5, 6 };

static void setup(void)
{
	rows = (struct rows){ .columns = COLUMNS, .number_slot = NUMBER };
	memcpy(rows.slot, to, sizeof(to));
	memset(values, 0, sizeof(values));
	values[NUMBER] = (struct value){ VALUE_INTEGER, .integer = 41 };
}

static void teardown(void)
{
	rows_free(&rows);
}

static struct value text_value(enum value_type type, const char *at, size_t length)
{
	return (struct value){ .type = type, .text = { at, length } };
}

static void add_row(struct value a, struct value b, struct value c)
{
	const struct value row[COLUMNS] = { b, c, a }; /* from[] is where a, b and c are */

	rows_add(&rows, row, from);
}

static bool is_same(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case VALUE_NULL:
		return true;
	case VALUE_INTEGER:
		return a->integer == b->integer;
	case VALUE_REAL:
		return memcmp(&a->real, &b->real, sizeof(a->real)) == 0;
	default:
		return a->text.length == b->text.length &&
		       (a->text.length == 0 ||
			       memcmp(a->text.data, b->text.data, a->text.length) == 0);
	}
}

static void expect_row(struct value a, struct value b, struct value c)
{
	int64_t number = values[NUMBER].integer;
	const struct value *expected[COLUMNS] = { &a, &b, &c };

	rows_next(&rows, values);
	ck_assert_int_eq(values[NUMBER].integer, number + 1);
	for (int i = 0; i < COLUMNS; i++)
		ck_assert_msg(is_same(&values[to[i]], expected[i]), "column %d", i);
}

static const struct value null = { .type = VALUE_NULL };

#define INTEGER(n) ((struct value){ .type = VALUE_INTEGER, .integer = (n) })
#define REAL(x) ((struct value){ .type = VALUE_REAL, .real = (x) })
#define STRING(s) text_value(VALUE_TEXT, s, sizeof(s) - 1)
#define BYTES(s) text_value(VALUE_BLOB, s, sizeof(s) - 1)

/* Each type, and the ends of each, in each of the columns. */
START_TEST(values_come_out_as_they_went_in)
{
	const struct value all[] = { null, INTEGER(0), INTEGER(-1), INTEGER(INT64_MAX),
		INTEGER(INT64_MIN), REAL(0.0), REAL(-0.0), REAL(1.5e300), REAL(INFINITY),
		STRING(""), STRING("a"), STRING("é 漢字 🍎"), STRING("with\0a NUL"), BYTES(""),
		BYTES("\0\xff\0") };
	const size_t count = CHECK_COUNT(all);

	for (size_t i = 0; i < count; i++)
		add_row(all[i], all[(i + 5) % count], all[(i + 9) % count]);
	ck_assert_uint_eq(rows.count, count);
	for (size_t i = 0; i < count; i++) {
		ck_assert_uint_eq(rows.run, i);
		expect_row(all[i], all[(i + 5) % count], all[(i + 9) % count]);
	}
	ck_assert_uint_eq(rows.run, count);
	ck_assert_uint_eq(rows_slice(&rows, 1, 1), 0);
}
END_TEST

/* What was added is copied: where it came from may be used again. */
START_TEST(texts_are_copied)
{
	char text[] = "first";

	add_row(text_value(VALUE_TEXT, text, 5), null, null);
	memcpy(text, "other", 5);
	add_row(text_value(VALUE_TEXT, text, 5), null, null);
	expect_row(STRING("first"), null, null);
	expect_row(STRING("other"), null, null);
}
END_TEST

/* A value that is longer than any buffer grows at once. */
START_TEST(long_texts_fit)
{
	size_t length = 3000000;
	char *text = malloc(length);

	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < length; i++)
		text[i] = (char)i;
	add_row(INTEGER(1), text_value(VALUE_BLOB, text, length), STRING("end"));
	add_row(INTEGER(2), null, null);
	expect_row(INTEGER(1), text_value(VALUE_BLOB, text, length), STRING("end"));
	expect_row(INTEGER(2), null, null);
	free(text);
}
END_TEST

static void run(unsigned count)
{
	while (count-- > 0)
		rows_next(&rows, values);
}

START_TEST(slices_have_so_many_rows)
{
	for (int i = 0; i < 10; i++)
		add_row(INTEGER(i), null, null);
	ck_assert_uint_eq(rows_slice(&rows, 4, SIZE_MAX), 4);
	ck_assert_uint_eq(rows_slice(&rows, 4, SIZE_MAX), 4); /* nothing moves */
	run(4);
	ck_assert_uint_eq(rows_slice(&rows, 4, SIZE_MAX), 4);
	run(4);
	ck_assert_uint_eq(rows_slice(&rows, 4, SIZE_MAX), 2);
	ck_assert_uint_eq(rows_slice(&rows, 2, SIZE_MAX), 2);
	run(2);
	ck_assert_uint_eq(rows_slice(&rows, 4, SIZE_MAX), 0);
	ck_assert_int_eq(values[NUMBER].integer, 41 + 10);
}
END_TEST

/* A slice ends before the row that would be too much; one that is too much by itself is a slice. */
START_TEST(slices_have_so_many_bytes)
{
	char text[1000];
	size_t lengths[] = { 10, 10, 10, 900, 10, 1000, 1000, 10 };

	memset(text, 't', sizeof(text));
	for (size_t i = 0; i < CHECK_COUNT(lengths); i++)
		add_row(text_value(VALUE_TEXT, text, lengths[i]), null, null);
	ck_assert_uint_eq(rows_slice(&rows, 100, 500), 3);
	run(3);
	ck_assert_uint_eq(rows_slice(&rows, 100, 500), 1);
	run(1);
	ck_assert_uint_eq(rows_slice(&rows, 100, 500), 1);
	run(1);
	ck_assert_uint_eq(rows_slice(&rows, 100, 500), 1);
	ck_assert_uint_eq(rows_slice(&rows, 100, 1), 1);
	ck_assert_uint_eq(rows_slice(&rows, 100, SIZE_MAX), 3);
	ck_assert_uint_eq(rows_slice(&rows, 0, SIZE_MAX), 0);
	run(2);
	ck_assert_uint_eq(rows_slice(&rows, 100, 500), 1);
}
END_TEST

/* All that was added lies in slices that are within both bounds, whatever the rows are like. */
START_TEST(slices_are_all_of_it)
{
	static char text[3000];
	uint64_t dice = 20261129;
	unsigned slice, all = 0;

	memset(text, 't', sizeof(text));
	for (int i = 0; i < 2000; i++)
		add_row(INTEGER(i), text_value(VALUE_TEXT, text, check_random(&dice) % 3000), null);
	while ((slice = rows_slice(&rows, 50, 20000)) > 0) {
		size_t bytes = 0;
		ck_assert_uint_le(slice, 50);
		for (unsigned i = 0; i < slice; i++, all++) {
			rows_next(&rows, values);
			ck_assert_int_eq(values[to[0]].integer, all);
			bytes += values[to[1]].text.length;
		}
		ck_assert_uint_le(bytes, 20000);
	}
	ck_assert_uint_eq(all, 2000);
	ck_assert_uint_eq(rows.run, rows.count);
}
END_TEST

START_TEST(no_rows_are_no_slice)
{
	ck_assert_uint_eq(rows_slice(&rows, 100, 100), 0);
	rows_free(&rows);
	add_row(null, null, null); /* freed rows serve again */
	ck_assert_uint_eq(rows_slice(&rows, 100, 100), 1);
}
END_TEST

/* Who takes them leaves out every third, and changes a value. */
static bool take_some(void *owner, size_t row)
{
	unsigned *asked = owner;

	ck_assert_uint_eq(row, (*asked)++);
	values[to[0]] = INTEGER((int64_t)row * 10);
	return row % 3 != 2;
}

START_TEST(rows_can_be_left_out)
{
	unsigned asked = 0;

	values[NUMBER] = INTEGER(100);
	for (int64_t i = 0; i < 9; i++)
		add_row(INTEGER(i), null, null);
	rows.take = take_some;
	rows.owner = &asked;
	for (size_t row = 0, run = 0; row < 9; row++) {
		ck_assert_int_eq(rows_next(&rows, values), row % 3 != 2);
		run += row % 3 != 2;
		ck_assert_int_eq(values[NUMBER].integer, 100 + (int64_t)run);
		ck_assert_int_eq(values[to[0]].integer, (int64_t)row * 10);
	}
	ck_assert_uint_eq(rows.run, rows.count);
	ck_assert_uint_eq(rows_slice(&rows, 100, 100000), 0);
}
END_TEST

static void add(TCase *test_case)
{
	tcase_add_checked_fixture(test_case, setup, teardown);
	tcase_add_test(test_case, rows_can_be_left_out);
	tcase_add_test(test_case, values_come_out_as_they_went_in);
	tcase_add_test(test_case, texts_are_copied);
	tcase_add_test(test_case, long_texts_fit);
	tcase_add_test(test_case, slices_have_so_many_rows);
	tcase_add_test(test_case, slices_have_so_many_bytes);
	tcase_add_test(test_case, slices_are_all_of_it);
	tcase_add_test(test_case, no_rows_are_no_slice);
}

int main(void)
{
	return check_main("rows", add);
}
