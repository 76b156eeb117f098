/*
 * calendar/recurrence.h: rules that other readers of RFC 5545 get wrong, the ends of a series, and
 * what a search may cost.
 */
#include "calendar/recurrence.h"

#include "base/date.h"
#include "check_main.h"
#include "series.h"

#define FIRST_TIME "00010101T000000"
#define LAST_TIME "99991231T235959"

static const char *const rows[][3] = {
	/* BYSETPOS of a week: it is a whole week, also the one that the series begins in */
	{ "20260105T120000", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
		"2026-01: 9, 16, 23, 30..." },
	{ "20260106T120000", "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1", "2026-01: 12, 19, 26..." },
	{ "20260105T120000", "FREQ=WEEKLY;WKST=SU;BYDAY=SU,WE;BYSETPOS=-1",
		"2026-01: 7, 14, 21, 28..." },
	/* and of a single day */
	{ "20260130T000000", "FREQ=DAILY;BYMONTHDAY=31;BYSETPOS=1,-1",
		"2026-01: 31; 2026-03: 31..." },
	{ "20260130T000000", "FREQ=DAILY;BYMONTHDAY=31;BYSETPOS=2", "" },
	/* days of the month, from its end or in each month */
	{ "20260101T000000", "FREQ=DAILY;BYMONTHDAY=-1",
		"2026-01: 31; 2026-02: 28; 2026-03: 31; 2026-04: 30..." },
	{ "20260101T000000", "FREQ=YEARLY;BYMONTHDAY=13;COUNT=3",
		"2026-01: 13; 2026-02: 13; 2026-03: 13" },
	{ "20260101T000000", "FREQ=YEARLY;BYMONTHDAY=-31;COUNT=3",
		"2026-01: 1; 2026-03: 1; 2026-05: 1" },
	{ "20260131T000000", "FREQ=MONTHLY;COUNT=4",
		"2026-01: 31; 2026-03: 31; 2026-05: 31; 2026-07: 31" },
	{ "20240229T000000", "FREQ=YEARLY;COUNT=3", "2024-02: 29; 2028-02: 29; 2032-02: 29" },
	{ "20260715T000000", "FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2;INTERVAL=2",
		"2028-02: 29; 2030-02: 28; 2032-02: 29..." },
	/* weeks of two years, which are in the set of the year that has the day */
	{ "20180101T000000", "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO",
		"2018-01: 1; 2018-12: 31; 2019-12: 30; 2021-01: 4; 2022-01: 3; 2023-01: 2; "
		"2024-01: 1; 2024-12: 30..." },
	{ "20200101T000000", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=TH,FR",
		"2020-12: 31; 2021-01: 1; 2026-12: 31; 2027-01: 1; 2032-12: 30-31..." },
	{ "20200101T000000", "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU",
		"2021-01: 3; 2022-01: 2; 2023-01: 1; 2023-12: 31; 2024-12: 29; 2025-12: 28; "
		"2027-01: 3..." },
	{ "20180101T000000", "FREQ=YEARLY;BYWEEKNO=-52;BYDAY=MO",
		"2018-01: 1; 2018-12: 31; 2020-01: 6; 2021-01: 4..." },
	{ "20180101T000000", "FREQ=YEARLY;BYWEEKNO=1;WKST=SU;BYDAY=SU",
		"2018-12: 30; 2019-12: 29; 2021-01: 3; 2022-01: 2; 2023-01: 1; 2023-12: 31..." },
	{ "20180101T000000", "FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1;BYDAY=MO",
		"2018-01: 1; 2018-12: 31; 2022-01: 3; 2024-01: 1; 2024-12: 30..." },
	/* the start tells the weekday of such a week */
	{ "20260107T090000", "FREQ=YEARLY;BYWEEKNO=20",
		"2026-05: 13; 2027-05: 19; 2028-05: 17..." },
	{ "20260107T090000", "FREQ=YEARLY;BYWEEKNO=18;BYMONTH=5",
		"2027-05: 5; 2028-05: 3; 2029-05: 2..." },
	/* days of the year */
	{ "20230101T000000", "FREQ=YEARLY;BYYEARDAY=60;BYMONTH=2", "2024-02: 29; 2028-02: 29..." },
	{ "20230101T000000", "FREQ=YEARLY;BYYEARDAY=1,-1;BYMONTH=12",
		"2023-12: 31; 2024-12: 31..." },
	{ "20230101T000000", "FREQ=YEARLY;BYYEARDAY=-366", "2024-01: 1; 2028-01: 1..." },
	{ "20230101T000000", "FREQ=YEARLY;BYYEARDAY=366", "2024-12: 31; 2028-12: 31..." },
	{ "20230101T000000", "FREQ=YEARLY;BYYEARDAY=1,2,3;BYMONTHDAY=2,3,4;BYDAY=TU",
		"2023-01: 3; 2024-01: 2; 2029-01: 2; 2034-01: 3..." },
	/* the n-th weekday of the month where there is BYMONTH, else of the year */
	{ "20260101T000000", "FREQ=YEARLY;BYDAY=1MO,-1MO",
		"2026-01: 5; 2026-12: 28; 2027-01: 4..." },
	{ "20260101T000000", "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
		"2026-03: 29; 2026-10: 25; 2027-03: 28; 2027-10: 31..." },
	{ "20260101T000000", "FREQ=YEARLY;BYDAY=53TH", "2026-12: 31; 2032-12: 30..." },
	{ "20260101T000000", "FREQ=YEARLY;BYDAY=-53TH", "2026-01: 1; 2032-01: 1..." },
	{ "20260101T000000", "FREQ=MONTHLY;BYDAY=5MO,-5WE",
		"2026-03: 30; 2026-04: 1; 2026-06: 29..." },
	{ "20260101T000000", "FREQ=MONTHLY;BYMONTHDAY=1,2,3,4,5,6;BYDAY=1MO,2TU",
		"2026-01: 5; 2026-02: 2; 2026-03: 2; 2026-04: 6..." },
	/* plain weekdays beside numbered ones */
	{ "20260101T000000", "FREQ=MONTHLY;BYDAY=SU,2TU",
		"2026-01: 4, 11, 13, 18, 25; 2026-02: 1, 8, 10..." },
	/* BYSETPOS of a month and of a year */
	{ "20260101T000000", "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1,-1",
		"2026-01: 3, 31; 2026-02: 1, 28..." },
	{ "20260215T000000", "FREQ=YEARLY;BYDAY=SU;BYSETPOS=6,7,-1",
		"2026-02: 15; 2026-12: 27; 2027-02: 7, 14; 2027-12: 26..." },
	{ "20260101T000000", "FREQ=YEARLY;BYMONTH=1;BYSETPOS=2", "" },
	{ "20230101T000000", "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366,-366",
		"2024-01: 1; 2024-12: 31; 2028-01: 1..." },
	/* other parts limit */
	{ "20260101T000000", "FREQ=WEEKLY;BYMONTH=2;BYDAY=FR",
		"2026-02: 6, 13, 20, 27; 2027-02: 5..." },
	{ "20260101T000000", "FREQ=WEEKLY;BYMONTH=2", "2026-02: 5, 12, 19, 26; 2027-02: 4..." },
	{ "20260101T000000", "FREQ=DAILY;INTERVAL=3;BYDAY=MO;BYMONTH=1",
		"2026-01: 19; 2027-01: 11..." },
	{ "20260115T000000", "FREQ=MONTHLY;BYMONTH=2,3",
		"2026-02: 15; 2026-03: 15; 2027-02: 15..." },
	/* a start that is not in the set does not occur, and does not count */
	{ "20260115T090000", "FREQ=MONTHLY;BYMONTHDAY=1;COUNT=2", "2026-02: 1; 2026-03: 1" },
	{ "20260107T090000", "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=4", "2026-01: 7, 9, 12, 14" },
	/* the ends */
	{ "20260101T090000", "FREQ=DAILY;UNTIL=20260103", "2026-01: 1-3" },
	{ "20260101T235959", "FREQ=DAILY;UNTIL=20260103", "2026-01: 1-3" },
	{ "20260101T090000", "FREQ=DAILY;UNTIL=20260103T090000", "2026-01: 1-3" },
	{ "20260101T090000", "FREQ=DAILY;UNTIL=20260103T085959", "2026-01: 1-2" },
	{ "20260101T090000", "FREQ=DAILY;UNTIL=20260103T140000Z", "2026-01: 1-3" },
	{ "20260101T090000", "FREQ=DAILY;UNTIL=20260103T135959Z", "2026-01: 1-2" },
	{ "20260101T090000", "FREQ=DAILY;UNTIL=20251231", "" },
	{ "99991228T090000", "FREQ=DAILY", "9999-12: 28-31" },
	{ "99991228T090000", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "9999-12: 28-31" },
	{ "99990731T090000", "FREQ=MONTHLY", "9999-07: 31; 9999-08: 31; 9999-10: 31; 9999-12: 31" },
	{ "99970101T090000", "FREQ=YEARLY", "9997-01: 1; 9998-01: 1; 9999-01: 1" },
	{ "20260101T090000", "FREQ=YEARLY;INTERVAL=2147483647", "2026-01: 1" },
	{ "20260101T090000", "FREQ=MONTHLY;INTERVAL=2147483647", "2026-01: 1" },
	{ "20260101T090000", "FREQ=WEEKLY;INTERVAL=2147483647", "2026-01: 1" },
	{ "20260101T090000", "FREQ=DAILY;INTERVAL=2147483647", "2026-01: 1" },
	/* the first of all weeks; 0001-01-01 is a Monday */
	{ FIRST_TIME, "FREQ=WEEKLY;WKST=TU;BYDAY=MO,TU;INTERVAL=2", "0001-01: 1, 9, 15..." },
	{ FIRST_TIME, "FREQ=WEEKLY;WKST=TU;BYDAY=SU,MO;BYSETPOS=2", "0001-01: 1, 8, 15..." },
	{ FIRST_TIME, "FREQ=YEARLY;BYWEEKNO=1;WKST=SU;BYDAY=SA", "0001-01: 6; 0002-01: 5..." },
	{ FIRST_TIME, "FREQ=YEARLY;BYWEEKNO=52,53;WKST=FR;BYDAY=MO,TU",
		"0001-12: 24-25, 31; 0002-01: 1; 0002-12: 30-31..." },
};

START_TEST(a_rule_occurs)
{
	series_check(rows[_i][0], rows[_i][1], rows[_i][2]);
}
END_TEST

static void check_after(
	const char *start, const char *text, const char *after, const char *expected)
{
	struct recurrence_rule rule = series_rule(text);
	int64_t time;
	enum recurrence_outcome outcome =
		recurrence_after(&rule, series_time(start), series_time(after), &time);

	if (expected == NULL) {
		CHECK_THAT(outcome == RECURRENCE_ENDED, "%s after %s: %d", text, after, outcome);
		return;
	}
	CHECK_THAT(outcome == RECURRENCE_FOUND && time == series_time(expected),
		"%s after %s is not %s", text, after, expected);
}

START_TEST(the_next_one_is_later)
{
	static const char start[] = "20260105T090000"; /* a Monday */

	check_after(start, "FREQ=WEEKLY", "20260105T085959", "20260105T090000");
	check_after(start, "FREQ=WEEKLY", "20260105T090000", "20260112T090000");
	check_after(start, "FREQ=WEEKLY", "20260112T085959", "20260112T090000");
	check_after(start, "FREQ=WEEKLY", FIRST_TIME, "20260105T090000");
	check_after(start, "FREQ=DAILY;INTERVAL=3", "20260113T235959", "20260114T090000");
	check_after(start, "FREQ=MONTHLY;INTERVAL=2", "20260405T090000", "20260505T090000");
	check_after(start, "FREQ=YEARLY;INTERVAL=4", "20260105T090000", "20300105T090000");
	check_after(start, "FREQ=DAILY;COUNT=3", "20260106T090000", "20260107T090000");
	check_after(start, "FREQ=DAILY;COUNT=3", "20260107T090000", NULL);
	check_after(start, "FREQ=DAILY;UNTIL=20260107", "20260107T085959", "20260107T090000");
	check_after(start, "FREQ=DAILY;UNTIL=20260107", "20260107T090000", NULL);
	check_after(start, "FREQ=DAILY", LAST_TIME, NULL);
	check_after(LAST_TIME, "FREQ=DAILY", LAST_TIME, NULL);
	check_after(LAST_TIME, "FREQ=DAILY", FIRST_TIME, LAST_TIME);
	check_after(FIRST_TIME, "FREQ=DAILY", FIRST_TIME, "00010102T000000");
}
END_TEST

/* To skip in the middle of a series, by little or by much, leaves out nothing else. */
START_TEST(skipping_leaves_out_what_is_before)
{
	struct recurrence_rule rule = series_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR");
	struct recurrence recurrence;
	int64_t time;
	static const struct {
		const char *skip, *next;
	} steps[] = {
		{ "20260104T000000", "20260105T090000" },
		{ "20260105T090000", "20260107T090000" },
		{ "20260109T085959", "20260109T090000" },
		{ "20260101T000000", "20260119T090000" }, /* back: nothing comes again */
		{ "20260124T000000", "20260202T090000" },
		{ "20260210T000000", "20260216T090000" },
		{ "20460210T000000", "20460219T090000" },
		{ "20460224T000000", "20460305T090000" },
	};

	recurrence_begin(&recurrence, &rule, series_time("20260105T090000"));
	for (size_t i = 0; i < CHECK_COUNT(steps); i++) {
		recurrence_skip(&recurrence, series_time(steps[i].skip));
		CHECK_THAT(recurrence_next(&recurrence, &time) == RECURRENCE_FOUND &&
				   time == series_time(steps[i].next),
			"not %s after %s", steps[i].next, steps[i].skip);
	}
}
END_TEST

START_TEST(skipping_back_takes_nothing_back)
{
	struct recurrence_rule rule = series_rule("FREQ=MONTHLY;BYDAY=MO");
	struct recurrence recurrence;
	int64_t time;

	recurrence_begin(&recurrence, &rule, series_time("20260105T090000"));
	recurrence_skip(&recurrence, series_time("20260119T090000"));
	recurrence_skip(&recurrence, series_time("20260105T090000"));
	ck_assert_int_eq(recurrence_next(&recurrence, &time), RECURRENCE_FOUND);
	ck_assert_int_eq(time, series_time("20260126T090000"));
}
END_TEST

/* All those years have more periods than a search may look at, so that it has to jump over them. */
START_TEST(what_is_far_ahead_is_found_at_once)
{
	check_after("00010101T090000", "FREQ=DAILY", "20500101T000000", "20500101T090000");
	check_after(
		"00010101T090000", "FREQ=WEEKLY;INTERVAL=3", "99990101T000000", "99990118T090000");
	check_after("00010131T090000", "FREQ=MONTHLY", "99990201T000000", "99990331T090000");
	check_after("00010101T090000", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=TU",
		"99700101T000000", "99720229T090000");
}
END_TEST

START_TEST(a_search_gives_up_and_can_go_on)
{
	static const char *const never[] = {
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
		"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
		"FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
		"FREQ=MONTHLY;BYDAY=6MO",
	};
	struct recurrence recurrence;
	struct recurrence_rule rule;
	int64_t time = 0;

	for (size_t i = 0; i < CHECK_COUNT(never); i++) {
		rule = series_rule(never[i]);
		CHECK_THAT(recurrence_after(&rule, 0, 0, &time) == RECURRENCE_TOO_MANY_STEPS, "%s",
			never[i]);
	}
	rule = series_rule("FREQ=YEARLY;INTERVAL=100;BYMONTH=2;BYMONTHDAY=30");
	ck_assert_int_eq(recurrence_after(&rule, 0, 0, &time), RECURRENCE_ENDED);

	/* The 2,000 years from the start count, and so they cannot be jumped over. */
	rule = series_rule("FREQ=DAILY;COUNT=800000");
	recurrence_begin(&recurrence, &rule, series_time("00010101T090000"));
	recurrence_skip(&recurrence, series_time("20260101T000000"));
	for (int i = 0; i < 7; i++)
		ck_assert_int_eq(recurrence_next(&recurrence, &time), RECURRENCE_TOO_MANY_STEPS);
	ck_assert_int_eq(recurrence_next(&recurrence, &time), RECURRENCE_FOUND);
	ck_assert_int_eq(time, series_time("20260101T090000"));
}
END_TEST

START_TEST(a_series_that_has_ended_stays_so)
{
	static const char *const rules[] = { "FREQ=DAILY;COUNT=2", "FREQ=DAILY;UNTIL=99991231",
		"FREQ=DAILY", "FREQ=YEARLY;BYMONTH=12;BYDAY=TH,FR" };
	struct recurrence recurrence;
	int64_t time;

	for (size_t i = 0; i < CHECK_COUNT(rules); i++) {
		struct recurrence_rule rule = series_rule(rules[i]);

		recurrence_begin(&recurrence, &rule, series_time("99991230T090000"));
		for (int found = 0; found < 2; found++)
			CHECK_THAT(recurrence_next(&recurrence, &time) == RECURRENCE_FOUND, "%s",
				rules[i]);
		for (int more = 0; more < 3; more++) {
			CHECK_THAT(recurrence_next(&recurrence, &time) == RECURRENCE_ENDED, "%s",
				rules[i]);
			recurrence_skip(&recurrence, series_time(LAST_TIME) + more);
		}
	}
}
END_TEST

START_TEST(other_years_have_no_series)
{
	struct recurrence_rule rule = series_rule("FREQ=MONTHLY;BYDAY=MO");
	int64_t starts[] = { series_time(FIRST_TIME) - 1, series_time(LAST_TIME) + 1, INT64_MIN,
		INT64_MIN + 1, INT64_MAX - 1, INT64_MAX };
	int64_t time;

	for (size_t i = 0; i < CHECK_COUNT(starts); i++) {
		ck_assert_int_eq(recurrence_after(&rule, starts[i], 0, &time), RECURRENCE_ENDED);
		ck_assert_int_eq(
			recurrence_after(&rule, INT64_MIN, starts[i], &time), RECURRENCE_ENDED);
		ck_assert_int_eq(
			recurrence_after(&rule, INT64_MAX, starts[i], &time), RECURRENCE_ENDED);
		ck_assert_int_eq(recurrence_after(&rule, 0, starts[i], &time),
			starts[i] < 0 ? RECURRENCE_FOUND : RECURRENCE_ENDED);
	}
}
END_TEST

/* As it may be where a caller has reckoned it. */
START_TEST(a_later_until_ends_no_later)
{
	struct recurrence_rule rule = series_rule("FREQ=DAILY;UNTIL=99991231T235959");
	int64_t start = series_time("99991231T090000"), time;

	rule.until += DATE_DAY_SECONDS;
	ck_assert_int_eq(recurrence_after(&rule, start, start - 1, &time), RECURRENCE_FOUND);
	ck_assert_int_eq(recurrence_after(&rule, start, start, &time), RECURRENCE_ENDED);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_loop_test(test_case, a_rule_occurs, 0, CHECK_COUNT(rows));
	tcase_add_test(test_case, the_next_one_is_later);
	tcase_add_test(test_case, skipping_leaves_out_what_is_before);
	tcase_add_test(test_case, skipping_back_takes_nothing_back);
	tcase_add_test(test_case, what_is_far_ahead_is_found_at_once);
	tcase_add_test(test_case, a_search_gives_up_and_can_go_on);
	tcase_add_test(test_case, a_series_that_has_ended_stays_so);
	tcase_add_test(test_case, a_later_until_ends_no_later);
	tcase_add_test(test_case, other_years_have_no_series);
}

int main(void)
{
	return check_main("recurrence", add_tests);
}
