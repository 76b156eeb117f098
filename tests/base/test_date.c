/*
 * base/date.h: the forms, and their edges.
 */
#include "base/date.h"

#include "check_main.h"

#include <string.h>

#define LAST_INSTANT 253402300799 /* 9999-12-31T23:59:59Z */

static void check_parse(const char *from, const char *to)
{
	char date[DATE_SIZE] = "untouched";
	bool valid = date_parse(text_of(from), date);

	CHECK_THAT(valid == (to != NULL), "%s", from);
	if (to != NULL)
		ck_assert_str_eq(date, to);
}

START_TEST(forms_are_read)
{
	static const char *const rows[][2] = {
		{ "2026-11-22T16:55:00Z", "2026-11-22T16:55:00Z" },
		{ "2026-11-22t16:55:00z", "2026-11-22T16:55:00Z" },
		{ "2026-11-22 16:55:00Z", "2026-11-22T16:55:00Z" },
		{ "2026-11-22T16:55:00.9Z", "2026-11-22T16:55:00Z" },
		{ "2026-11-22T16:55:00.123456789012345678901234567890+00:00",
			"2026-11-22T16:55:00Z" },
		{ "2026-11-22T16:55:00-00:00", "2026-11-22T16:55:00Z" },
		{ "2026-11-22T16:55:00+02:00", "2026-11-22T14:55:00Z" },
		{ "2026-11-22T16:55:00-02:30", "2026-11-22T19:25:00Z" },
		{ "2026-12-31T23:30:00-23:59", "2027-01-01T23:29:00Z" },
		{ "2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00Z" },
		{ "2023-03-01T00:30:00+01:00", "2023-02-28T23:30:00Z" },
		{ "22/11/2026 16:55:00", "2026-11-22T16:55:00Z" },
		{ "29/02/2024 23:59:59", "2024-02-29T23:59:59Z" },
		{ "2026-11-25", "2026-11-25" },
		{ "1970-01-01", "1970-01-01" },
		{ "9999-12-31", "9999-12-31" },
		{ "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z" },
		{ "1969-12-31T23:30:00-00:30", "1970-01-01T00:00:00Z" },
		{ "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59Z" },
		{ "01/01/1970 00:00:00", "1970-01-01T00:00:00Z" },
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		check_parse(rows[i][0], rows[i][1]);
}
END_TEST

START_TEST(anything_else_is_refused)
{
	static const char *const rows[] = {
		"",
		" ",
		"2026",
		"2026-11",
		"today",
		"now",
		"1700000000",
		/* a day and a time that do not go together */
		"2026-11-22T16:55:00",
		"2026-11-22 16:55:00",
		"2026-11-22_16:55:00Z",
		"2026-11-22T16:55Z",
		"2026-11-22T16Z",
		"2026-11-22TZ",
		"2026-11-22T",
		"2026-11-22Z",
		"2026-11-22  16:55:00Z",
		"20261122T165500Z",
		"2026-W47-7",
		"2026-326",
		"22/11/2026",
		"22/11/2026T16:55:00",
		"22/11/2026 16:55:00Z",
		"22/11/2026 16:55:00+01:00",
		"22/11/2026 16:55:00.5",
		"22/11/2026 16:55",
		"22-11-2026 16:55:00",
		"2026/11/22 16:55:00",
		"11/22/2026 16:55:00",
		/* digits that are too few, too many or none */
		"026-11-22",
		"02026-11-22",
		"2026-1-22",
		"2026-11-2",
		"2026-11-022",
		"+2026-11-22",
		"-2026-11-22",
		"2026-11--2",
		"2026-11-+2",
		"2026-11- 2",
		"2026-11-2a",
		"2o26-11-22",
		"2026-11-22T1:55:00Z",
		"2026-11-22T16:5:00Z",
		"2026-11-22T16:55:0Z",
		"1/2/2026 00:00:00",
		/* white space around */
		" 2026-11-22",
		"2026-11-22 ",
		"2026-11-22\n",
		"2026-11-22T16:55:00Z ",
		" 22/11/2026 16:55:00",
		"22/11/2026 16:55:00 ",
		"22/11/2026  16:55:00",
		/* fractions and offsets */
		"2026-11-22T16:55:00.Z",
		"2026-11-22T16:55:00,5Z",
		"2026-11-22T16:55:00.5",
		"2026-11-22T16:55:00.5.5Z",
		"2026-11-22T16:55:00.-5Z",
		"2026-11-22T16:55.5Z",
		"2026-11-22T16:55:00ZZ",
		"2026-11-22T16:55:00Z+01:00",
		"2026-11-22T16:55:00+01",
		"2026-11-22T16:55:00+0100",
		"2026-11-22T16:55:00+1:00",
		"2026-11-22T16:55:00+01:0",
		"2026-11-22T16:55:00+01:000",
		"2026-11-22T16:55:00+24:00",
		"2026-11-22T16:55:00-24:00",
		"2026-11-22T16:55:00+01:60",
		"2026-11-22T16:55:00 +01:00",
		"2026-11-22T16:55:00+-1:00",
		"2026-11-22T16:55:00+",
		"2026-11-22T16:55:00UTC",
		"2026-11-22T16:55:00\u221201:00",
		/* times that do not exist */
		"2026-11-22T24:00:00Z",
		"2026-11-22T16:60:00Z",
		"2026-11-22T16:55:60Z",
		"2016-12-31T23:59:60Z",
		"22/11/2026 24:00:00",
		"22/11/2026 16:60:00",
		"22/11/2026 16:55:60",
		/* years out of range, once in UTC */
		"1969-12-31",
		"0000-01-01",
		"0001-01-01",
		"1969-12-31T23:59:59Z",
		"1970-01-01T00:00:00+00:01",
		"1970-01-01T00:59:59+01:00",
		"9999-12-31T23:59:59-00:01",
		"0000-01-01T00:00:00Z",
		"0000-12-31T00:00:00-23:59",
		"31/12/1969 23:59:59",
		"00/00/0000 00:00:00",
		"0000-00-00",
		"10000-01-01",
	};

	for (size_t i = 0; i < CHECK_COUNT(rows); i++)
		check_parse(rows[i], NULL);
}
END_TEST

/* Neither a NUL nor a missing terminator ends or lengthens a date. */
START_TEST(length_is_what_counts)
{
	static const char text[] = "2026-11-22T16:55:00Z0";
	char date[DATE_SIZE];

	ck_assert(!date_parse((struct text){ NULL, 0 }, date));
	ck_assert(!date_parse(TEXT("2026-11-22\0"), date));
	ck_assert(!date_parse(TEXT("2026-11-22T16:55:00Z\0"), date));
	ck_assert(!date_parse(TEXT("2026-11-22T16:55:00\0"), date));
	ck_assert(!date_parse(TEXT("2026-11-22\00016:55:00Z"), date));
	for (size_t length = 0; length < sizeof(text); length++) {
		bool valid = date_parse((struct text){ text, length }, date);

		CHECK_THAT(valid == (length == 10 || length == 20), "%zu", length);
	}
}
END_TEST

/* Any one byte changed to any other: only another digit, or another spelling, may still be read. */
START_TEST(every_byte_is_looked_at)
{
	static const char *const dates[] = { "2026-11-22T16:55:00+01:00", "2026-11-22",
		"22/11/2026 16:55:00" };
	char text[32], date[DATE_SIZE];

	for (size_t i = 0; i < CHECK_COUNT(dates); i++) {
		for (size_t at = 0; at < strlen(dates[i]); at++) {
			bool digit = dates[i][at] >= '0' && dates[i][at] <= '9';
			const char *others = digit		  ? "0123456789"
					     : i == 0 && at == 10 ? "Tt "
					     : i == 0 && at == 19 ? "+-."
								  : (char[]){ dates[i][at], '\0' };

			for (int byte = 1; byte < 256; byte++) {
				strcpy(text, dates[i]);
				text[at] = (char)byte;
				if (date_parse(text_of(text), date))
					CHECK_THAT(strchr(others, byte) != NULL, "%s", text);
			}
		}
	}
}
END_TEST

START_TEST(format_stays_in_range)
{
	static const struct {
		time_t time;
		const char *date;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 4107542399, "2100-02-28T23:59:59Z" },
		{ 4107542400, "2100-03-01T00:00:00Z" },
		{ LAST_INSTANT, "9999-12-31T23:59:59Z" },
		{ LAST_INSTANT + 1, "9999-12-31T23:59:59Z" },
		{ -1, "1970-01-01T00:00:00Z" },
	};
	char date[DATE_SIZE];

	for (size_t i = 0; i < CHECK_COUNT(rows); i++) {
		date_format(rows[i].time, date);
		ck_assert_str_eq(date, rows[i].date);
	}
}
END_TEST

START_TEST(a_time_is_read_back)
{
	static const char *const others[] = { "", "2026-11-22", "2026-11-22T16:55:00",
		"2026-11-22T16:55:00+00:00", "2026-02-30T00:00:00Z", "2026-11-22T16:55:0xZ" };
	char date[DATE_SIZE];

	for (time_t time = 0; time <= LAST_INSTANT; time += 86400 * 25 + 12345) {
		date_format(time, date);
		ck_assert_int_eq(date_time(text_of(date)), time);
	}
	ck_assert_int_eq(date_time(TEXT("9999-12-31T23:59:59Z")), LAST_INSTANT);
	for (size_t i = 0; i < CHECK_COUNT(others); i++)
		ck_assert_int_eq(date_time(text_of(others[i])), 0);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, forms_are_read);
	tcase_add_test(test_case, anything_else_is_refused);
	tcase_add_test(test_case, length_is_what_counts);
	tcase_add_test(test_case, every_byte_is_looked_at);
	tcase_add_test(test_case, format_stays_in_range);
	tcase_add_test(test_case, a_time_is_read_back);
}

int main(void)
{
	return check_main("date", add_tests);
}
