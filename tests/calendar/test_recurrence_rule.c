/*
 * calendar/recurrence_rule.h: what is read, its canonical text, and what is refused.
 */
#include "calendar/recurrence_rule.h"

#include "check_main.h"
#include "series.h"

#include <string.h>

static void check_text(const struct recurrence_rule *rule, const char *expected)
{
	struct buffer text = { 0 };

	recurrence_rule_write(rule, &text);
	buffer_add(&text, "", 1);
	ck_assert_str_eq(text.data, expected);
	buffer_free(&text);
}

/* The text, and the canonical one; NULL: it is canonical. */
static const char *const rules[][2] = {
	{ "FREQ=DAILY", NULL },
	{ "FREQ=WEEKLY;BYDAY=MO,TH", NULL },
	{ "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=-1SU,1SU", NULL },
	{ "FREQ=YEARLY;INTERVAL=4;UNTIL=20301231;WKST=SU;BYMONTH=1,2;BYYEARDAY=-1,1;BYDAY=MO;"
	  "BYMONTHDAY=-31,31;BYSETPOS=-366,366",
		NULL },
	{ "FREQ=YEARLY;BYWEEKNO=-53,-1,1,53", NULL },
	/* case and order */
	{ "freq=weekly;byday=th,mo", "FREQ=WEEKLY;BYDAY=MO,TH" },
	{ "Until=20261224t170000z;freQ=Daily", "FREQ=DAILY;UNTIL=20261224T170000Z" },
	{ "BYSETPOS=1;BYMONTHDAY=2;BYDAY=MO;BYYEARDAY=3;BYMONTH=5;WKST=TU;COUNT=6;INTERVAL=7;"
	  "FREQ=YEARLY",
		"FREQ=YEARLY;INTERVAL=7;COUNT=6;WKST=TU;BYMONTH=5;BYYEARDAY=3;BYDAY=MO;"
		"BYMONTHDAY=2;BYSETPOS=1" },
	/* what is left out */
	{ "FREQ=DAILY;INTERVAL=1;WKST=MO", "FREQ=DAILY" },
	{ "FREQ=DAILY;COUNT=1", NULL },
	/* lists: sorted, without doubles, zeros and plus signs */
	{ "FREQ=MONTHLY;BYMONTHDAY=31,-1,1,+2,02,-31,1", "FREQ=MONTHLY;BYMONTHDAY=-31,-1,1,2,31" },
	{ "FREQ=DAILY;BYMONTH=12,01,1", "FREQ=DAILY;BYMONTH=1,12" },
	{ "FREQ=YEARLY;BYYEARDAY=+001,366,-366,10", "FREQ=YEARLY;BYYEARDAY=-366,1,10,366" },
	{ "FREQ=WEEKLY;BYDAY=SU,SA,FR,TH,WE,TU,MO,SU", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU" },
	{ "FREQ=MONTHLY;BYDAY=SU,1SU,+1MO,-1TU,-2SU,05WE,MO",
		"FREQ=MONTHLY;BYDAY=-2SU,-1TU,MO,SU,1MO,1SU,5WE" },
	{ "FREQ=YEARLY;BYDAY=53SU,-53MO,-53SU,53MO", "FREQ=YEARLY;BYDAY=-53MO,-53SU,53MO,53SU" },
	/* numbers of any length */
	{ "FREQ=DAILY;INTERVAL=0000000000000000000002", "FREQ=DAILY;INTERVAL=2" },
	{ "FREQ=DAILY;COUNT=2147483647;INTERVAL=2147483647",
		"FREQ=DAILY;INTERVAL=2147483647;COUNT=2147483647" },
	/* ends */
	{ "FREQ=DAILY;UNTIL=20260103T085959", NULL },
	{ "FREQ=DAILY;UNTIL=00010101", NULL },
	{ "FREQ=DAILY;UNTIL=00010101T000000Z", NULL },
	{ "FREQ=DAILY;UNTIL=99991231T235959Z", NULL },
	{ "FREQ=DAILY;UNTIL=19691231T235959", NULL },
	{ "FREQ=DAILY;UNTIL=20240229", NULL },
	{ "FREQ=DAILY;UNTIL=20161231T235960Z", "FREQ=DAILY;UNTIL=20161231T235959Z" },
};

START_TEST(a_rule_is_written_canonically)
{
	struct recurrence_rule rule = series_rule(rules[_i][0]);
	const char *canonical = rules[_i][1] != NULL ? rules[_i][1] : rules[_i][0];
	struct recurrence_rule again = series_rule(canonical);

	check_text(&rule, canonical);
	ck_assert_mem_eq(&again, &rule, sizeof(rule));
}
END_TEST

START_TEST(what_is_read)
{
	struct recurrence_rule rule = series_rule(
		"FREQ=YEARLY;INTERVAL=2;UNTIL=20261224T170000Z;WKST=SU;BYMONTH=2,12;BYDAY=MO,-1FR");

	ck_assert_int_eq(rule.frequency, RECURRENCE_YEARLY);
	ck_assert_int_eq(rule.interval, 2);
	ck_assert_int_eq(rule.count, 0);
	ck_assert_int_eq(rule.until_kind, RECURRENCE_UNTIL_INSTANT);
	ck_assert_int_eq(rule.until, 1798131600);
	ck_assert_int_eq(rule.week_start, 6);
	ck_assert_int_eq(rule.by_month.count, 2);
	ck_assert(number_set_has(&rule.by_month, 2) && number_set_has(&rule.by_month, 12));
	ck_assert_int_eq(rule.by_day.count, 2);
	ck_assert(number_set_has(&rule.by_day, recurrence_weekday(0, 0)));
	ck_assert(number_set_has(&rule.by_day, recurrence_weekday(-1, 4)));
	rule = series_rule("FREQ=DAILY;COUNT=3");
	ck_assert_int_eq(rule.interval, 1);
	ck_assert_int_eq(rule.count, 3);
	ck_assert_int_eq(rule.until_kind, RECURRENCE_UNTIL_NONE);
	ck_assert_int_eq(series_rule("FREQ=DAILY;UNTIL=20261224").until_kind, RECURRENCE_UNTIL_DAY);
	ck_assert_int_eq(
		series_rule("FREQ=DAILY;UNTIL=19691231T235959").until_kind, RECURRENCE_UNTIL_LOCAL);
	ck_assert_int_eq(series_rule("FREQ=DAILY;UNTIL=19691231T235959").until, -1);
}
END_TEST

/* What is wrong, and the texts of which that is said. */
static const struct {
	const char *fault;
	const char *texts[30];
} faults[] = {
	{ "must have a FREQ that is",
		{ "INTERVAL=2", "FREQ=DAILY\n;COUNT=1", "FREQ=", "FREQ=SECONDLY", "FREQ=MINUTELY",
			"FREQ=HOURLY", "FREQ=DAILY,WEEKLY", "FREQ= DAILY", "FREQ=DAILY ",
			"FREQ=DAIL", "FREQ=DAILYY", "FREQ=DAILY=", "FREQ==DAILY" } },
	{ "must have parts such as", { "", ";", "FREQ=DAILY;", ";FREQ=DAILY", "FREQ=DAILY;;COUNT=1",
					     "FREQ", "FREQ=DAILY;COUNT", "every day" } },
	{ "must have no other parts than",
		{ "=", "=DAILY", "FREQ =DAILY", " FREQ=DAILY", "RRULE:FREQ=DAILY",
			"FREQ=DAILY; COUNT=1", "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;BYMINUTE=0",
			"FREQ=DAILY;BYSECOND=0", "FREQ=YEARLY;BYEASTER=0",
			"RSCALE=GREGORIAN;FREQ=DAILY", "FREQ=DAILY;SKIP=OMIT", "FREQ=DAILY;X-A=1",
			"FREQ=DAILY;BYDAYS=MO" } },
	{ "must not have a part twice",
		{ "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;COUNT=1;count=1",
			"FREQ=DAILY;INTERVAL=1;INTERVAL=2", "FREQ=DAILY;BYDAY=MO;BYDAY=TU",
			"FREQ=DAILY;WKST=MO;WKST=MO",
			"FREQ=DAILY;UNTIL=20260101;UNTIL=20260102" } },
	{ "must have an INTERVAL",
		{ "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=+1",
			"FREQ=DAILY;INTERVAL=", "FREQ=DAILY;INTERVAL=1.5",
			"FREQ=DAILY;INTERVAL=1,2", "FREQ=DAILY;INTERVAL= 1",
			"FREQ=DAILY;INTERVAL=0x1", "FREQ=DAILY;INTERVAL=2147483648",
			"FREQ=DAILY;INTERVAL=18446744073709551617" } },
	{ "must have a COUNT", { "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=", "FREQ=DAILY;COUNT=-1",
				       "FREQ=DAILY;COUNT=2147483648" } },
	{ "must have an UNTIL",
		{ "FREQ=DAILY;UNTIL=", "FREQ=DAILY;UNTIL=2026", "FREQ=DAILY;UNTIL=2026122",
			"FREQ=DAILY;UNTIL=20260230", "FREQ=DAILY;UNTIL=20250229",
			"FREQ=DAILY;UNTIL=20261301", "FREQ=DAILY;UNTIL=20260001",
			"FREQ=DAILY;UNTIL=20260100", "FREQ=DAILY;UNTIL=00000101",
			"FREQ=DAILY;UNTIL=20261224T", "FREQ=DAILY;UNTIL=20261224T17000",
			"FREQ=DAILY;UNTIL=20261224T240000", "FREQ=DAILY;UNTIL=20261224T236000",
			"FREQ=DAILY;UNTIL=20261224T235961", "FREQ=DAILY;UNTIL=20261224Z",
			"FREQ=DAILY;UNTIL=20261224T170000ZZ",
			"FREQ=DAILY;UNTIL=20261224T170000+0100", "FREQ=DAILY;UNTIL=2026-12-24",
			"FREQ=DAILY;UNTIL=20261224 170000", "FREQ=DAILY;UNTIL=202612241",
			"FREQ=DAILY;UNTIL=-0261224" } },
	{ "must have a WKST",
		{ "FREQ=DAILY;WKST=", "FREQ=DAILY;WKST=M", "FREQ=DAILY;WKST=MON",
			"FREQ=DAILY;WKST=1MO", "FREQ=DAILY;WKST=MO,TU", "FREQ=DAILY;WKST=1" } },
	{ "must have numbers from 1 to 12 in BYMONTH",
		{ "FREQ=DAILY;BYMONTH=", "FREQ=DAILY;BYMONTH=0", "FREQ=DAILY;BYMONTH=13",
			"FREQ=DAILY;BYMONTH=-1", "FREQ=DAILY;BYMONTH=+1", "FREQ=DAILY;BYMONTH=001",
			"FREQ=DAILY;BYMONTH=1,", "FREQ=DAILY;BYMONTH=,1", "FREQ=DAILY;BYMONTH=1,,2",
			"FREQ=DAILY;BYMONTH=1, 2", "FREQ=DAILY;BYMONTH=JAN",
			"FREQ=DAILY;BYMONTH=5L" } },
	{ "must have numbers from 1 to 53",
		{ "FREQ=YEARLY;BYWEEKNO=0", "FREQ=YEARLY;BYWEEKNO=54", "FREQ=YEARLY;BYWEEKNO=-54",
			"FREQ=YEARLY;BYWEEKNO=", "FREQ=YEARLY;BYWEEKNO=-",
			"FREQ=YEARLY;BYWEEKNO=+-1", "FREQ=YEARLY;BYWEEKNO=-+1",
			"FREQ=YEARLY;BYWEEKNO=--1", "FREQ=YEARLY;BYWEEKNO=-0",
			"FREQ=YEARLY;BYWEEKNO=001" } },
	{ "must have numbers from 1 to 366 or -366 to -1 in BYYEARDAY",
		{ "FREQ=YEARLY;BYYEARDAY=0", "FREQ=YEARLY;BYYEARDAY=367",
			"FREQ=YEARLY;BYYEARDAY=-367", "FREQ=YEARLY;BYYEARDAY=0001" } },
	{ "must have numbers from 1 to 31",
		{ "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYMONTHDAY=32",
			"FREQ=MONTHLY;BYMONTHDAY=-32",
			"FREQ=MONTHLY;BYMONTHDAY=", "FREQ=MONTHLY;BYMONTHDAY=1-2" } },
	{ "must have numbers from 1 to 366 or -366 to -1 in BYSETPOS",
		{ "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367",
			"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=" } },
	{ "must have weekdays such as",
		{ "FREQ=MONTHLY;BYDAY=", "FREQ=MONTHLY;BYDAY=M", "FREQ=MONTHLY;BYDAY=XX",
			"FREQ=MONTHLY;BYDAY=MO,", "FREQ=MONTHLY;BYDAY=MO TU",
			"FREQ=MONTHLY;BYDAY=0MO", "FREQ=MONTHLY;BYDAY=54MO",
			"FREQ=MONTHLY;BYDAY=-54MO", "FREQ=MONTHLY;BYDAY=+MO",
			"FREQ=MONTHLY;BYDAY=-MO", "FREQ=MONTHLY;BYDAY=1", "FREQ=MONTHLY;BYDAY=1M",
			"FREQ=MONTHLY;BYDAY=001MO", "FREQ=MONTHLY;BYDAY=MO1",
			"FREQ=MONTHLY;BYDAY=1 MO" } },
	{ "must not have both COUNT and UNTIL", { "FREQ=DAILY;COUNT=1;UNTIL=20260101" } },
	{ "must not have BYWEEKNO without",
		{ "FREQ=DAILY;BYWEEKNO=1", "FREQ=WEEKLY;BYWEEKNO=1", "BYWEEKNO=1;FREQ=MONTHLY" } },
	{ "must not have BYYEARDAY without", { "FREQ=DAILY;BYYEARDAY=1", "FREQ=WEEKLY;BYYEARDAY=1",
						     "FREQ=MONTHLY;BYYEARDAY=1" } },
	{ "must not have BYMONTHDAY with", { "FREQ=WEEKLY;BYMONTHDAY=1" } },
	{ "must not have numbers in BYDAY without",
		{ "FREQ=DAILY;BYDAY=1MO", "FREQ=WEEKLY;BYDAY=MO,-1TU", "BYDAY=2FR;FREQ=WEEKLY" } },
	{ "must not have numbers in BYDAY with BYWEEKNO", { "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO" } },
	{ "must not have BYSETPOS without",
		{ "FREQ=MONTHLY;BYSETPOS=1", "FREQ=YEARLY;INTERVAL=2;BYSETPOS=-1" } },
};

START_TEST(anything_else_is_refused)
{
	for (size_t i = 0; i < CHECK_COUNT(faults[_i].texts); i++) {
		const char *text = faults[_i].texts[i];
		struct recurrence_rule rule;
		const char *fault;

		if (text == NULL)
			continue;
		fault = recurrence_rule_read(text_of(text), &rule);
		CHECK_THAT(fault != NULL && strstr(fault, faults[_i].fault) == fault,
			"\"%s\": \"%s\", not \"%s\"", text, fault != NULL ? fault : "a rule",
			faults[_i].fault);
	}
}
END_TEST

/* A NUL ends no text, and no byte after the text is read. */
START_TEST(length_counts)
{
	struct recurrence_rule rule;

	ck_assert_ptr_null(recurrence_rule_read((struct text){ "FREQ=DAILY1", 10 }, &rule));
	ck_assert_ptr_nonnull(recurrence_rule_read((struct text){ "FREQ=DAILY\0", 11 }, &rule));
	ck_assert_ptr_nonnull(
		recurrence_rule_read((struct text){ "FREQ=DAILY;BYDAY=MO", 18 }, &rule));
	ck_assert_ptr_nonnull(recurrence_rule_read((struct text){ NULL, 0 }, &rule));
}
END_TEST

START_TEST(a_long_text_is_refused)
{
	char text[RECURRENCE_TEXT_MOST + 1] = "FREQ=DAILY;COUNT=";
	struct recurrence_rule rule;

	memset(text + strlen(text), '0', sizeof(text) - strlen(text));
	text[RECURRENCE_TEXT_MOST - 1] = '7';
	text[RECURRENCE_TEXT_MOST] = '0';
	ck_assert_ptr_null(recurrence_rule_read((struct text){ text, sizeof(text) - 1 }, &rule));
	check_text(&rule, "FREQ=DAILY;COUNT=7");
	ck_assert_str_eq(recurrence_rule_read((struct text){ text, sizeof(text) }, &rule),
		"must have at most 4096 bytes");
}
END_TEST

/* All that lists may hold, more than is ever read. */
START_TEST(full_lists_are_written)
{
	struct recurrence_rule rule = series_rule("FREQ=YEARLY");
	struct buffer text = { 0 };

	for (int64_t n = -53; n <= 53; n++)
		for (int64_t weekday = 0; weekday < 7; weekday++)
			number_set_add(&rule.by_day, recurrence_weekday(n, weekday));
	for (int64_t n = -366; n <= 366; n++)
		if (n != 0)
			number_set_add(&rule.by_year_day, n);
	ck_assert_int_eq(rule.by_day.count, 107 * 7);
	ck_assert_int_eq(rule.by_year_day.count, 2 * 366);
	recurrence_rule_write(&rule, &text);
	buffer_add(&text, "", 1);
	ck_assert(strstr(text.data, "FREQ=YEARLY;BYYEARDAY=-366,-365,") == text.data);
	ck_assert_ptr_nonnull(strstr(text.data, ",-1,1,2,"));
	ck_assert_ptr_nonnull(strstr(text.data, ",366;BYDAY=-53MO,"));
	ck_assert_ptr_nonnull(strstr(text.data, ",-1SU,MO,TU,WE,TH,FR,SA,SU,1MO,"));
	ck_assert_str_eq(text.data + text.length - 5, "53SU");
	buffer_free(&text);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_loop_test(test_case, a_rule_is_written_canonically, 0, CHECK_COUNT(rules));
	tcase_add_test(test_case, what_is_read);
	tcase_add_loop_test(test_case, anything_else_is_refused, 0, CHECK_COUNT(faults));
	tcase_add_test(test_case, length_counts);
	tcase_add_test(test_case, a_long_text_is_refused);
	tcase_add_test(test_case, full_lists_are_written);
}

int main(void)
{
	return check_main("recurrence_rule", add_tests);
}
