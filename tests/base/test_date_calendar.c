/*
 * base/date.h, with the C library's calendar as the second opinion.
 */
#include "base/date.h"

#include "check_main.h"

#include <stdio.h>
#include <string.h>

#define DAY DATE_DAY_SECONDS
#define DAYS_TO_2400 157054
#define LAST_INSTANT 253402300799 /* 9999-12-31T23:59:59Z */

static void library_format(char *to, size_t size, const char *format, time_t time)
{
	struct tm fields;

	CHECK_THAT(gmtime_r(&time, &fields) != NULL, "%jd", (intmax_t)time);
	CHECK_THAT(strftime(to, size, format, &fields) > 0, "%s", format);
}

static void check_parse(const char *from, const char *to)
{
	char date[DATE_SIZE] = "untouched";
	bool valid = date_parse(text_of(from), date);

	CHECK_THAT(valid && strcmp(date, to) == 0, "%s is not %s but %s", from, to, date);
}

START_TEST(every_day_to_2400_agrees_with_the_library)
{
	static const char *const forms[] = { "%Y-%m-%dT%H:%M:%SZ", "%d/%m/%Y %H:%M:%S" };
	char expected[32], text[32], date[DATE_SIZE];

	for (time_t day = 0; day < DAYS_TO_2400; day++) {
		time_t time = day * DAY + (day * 7919) % DAY;

		library_format(expected, sizeof(expected), forms[0], time);
		date_format(time, date);
		CHECK_THAT(strcmp(date, expected) == 0, "%s is not %s", date, expected);
		for (size_t i = 0; i < CHECK_COUNT(forms); i++) {
			library_format(text, sizeof(text), forms[i], time);
			check_parse(text, expected);
		}
		library_format(text, sizeof(text), "%Y-%m-%d", time);
		check_parse(text, text);
	}
	ck_assert_str_eq(text, "2399-12-31");
}
END_TEST

/* A day is refused where the library's normalisation makes another day of it. */
START_TEST(days_that_do_not_exist_are_refused)
{
	static const int years[] = { 1970, 1972, 1999, 2000, 2023, 2024, 2100, 2400, 9996, 9999 };
	char day[32], instant[64], seed[64], date[DATE_SIZE];

	for (int i = 0; i < (int)CHECK_COUNT(years) * 100 * 100; i++) {
		int year = years[i / 10000], month = i / 100 % 100, mday = i % 100;
		struct tm fields = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = mday };
		bool exists;

		timegm(&fields);
		exists = fields.tm_year == year - 1900 && fields.tm_mon == month - 1 &&
			 fields.tm_mday == mday;
		snprintf(day, sizeof(day), "%04d-%02d-%02d", year, month, mday);
		snprintf(instant, sizeof(instant), "%sT12:00:00Z", day);
		snprintf(seed, sizeof(seed), "%02d/%02d/%04d 12:00:00", mday, month, year);
		CHECK_THAT(date_parse(text_of(day), date) == exists, "%s", day);
		CHECK_THAT(date_parse(text_of(instant), date) == exists, "%s", instant);
		CHECK_THAT(date_parse(text_of(seed), date) == exists, "%s", seed);
	}
}
END_TEST

/* What the clocks of an offset show at an instant reads as that instant. */
START_TEST(offsets_are_taken_off)
{
	uint64_t state = 42;

	for (int i = 0; i < 50000; i++) {
		time_t time = (time_t)(check_random(&state) % (LAST_INSTANT + 1));
		int minutes = (int)(check_random(&state) % (2 * 1440 - 1)) - 1439;
		char text[48], offset[16], expected[DATE_SIZE];

		if (time + minutes * 60 > LAST_INSTANT)
			continue;
		library_format(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", time + minutes * 60);
		snprintf(offset, sizeof(offset), "%c%02d:%02d", minutes < 0 ? '-' : '+',
			abs(minutes) / 60, abs(minutes) % 60);
		strcat(text, offset);
		library_format(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%SZ", time);
		check_parse(text, expected);
	}
}
END_TEST

/* Each day from the year -800 to 9999: its number, its month's length, and its last second. */
START_TEST(days_are_numbered_as_the_library_has_them)
{
	int64_t year, month, mday;

	ck_assert_int_eq(date_days(0, 1, 1), -719528);
	for (int64_t days = date_days(-800, 1, 1); days * DAY <= LAST_INSTANT; days++) {
		time_t time = days * DAY;
		struct tm fields, end;

		gmtime_r(&time, &fields);
		date_from_days(days, &year, &month, &mday);
		CHECK_THAT(year == fields.tm_year + 1900 && month == fields.tm_mon + 1 &&
				   mday == fields.tm_mday,
			"day %jd", (intmax_t)days);
		CHECK_THAT(date_days(year, month, mday) == days, "day %jd", (intmax_t)days);
		CHECK_THAT(date_day_of(time) == days && date_day_of(time + DAY - 1) == days,
			"day %jd", (intmax_t)days);
		if (mday > 1)
			continue;
		end = (struct tm){ .tm_year = fields.tm_year, .tm_mon = fields.tm_mon + 1 };
		timegm(&end);
		CHECK_THAT(
			date_month_length(year, month) == end.tm_mday, "day %jd", (intmax_t)days);
	}
	ck_assert_int_eq(date_month_length(2026, 0), 0);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_test(test_case, days_are_numbered_as_the_library_has_them);
	tcase_add_test(test_case, every_day_to_2400_agrees_with_the_library);
	tcase_add_test(test_case, days_that_do_not_exist_are_refused);
	tcase_add_test(test_case, offsets_are_taken_off);
}

int main(void)
{
	return check_main("date_calendar", add_tests);
}
