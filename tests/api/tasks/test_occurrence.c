/*
 * calendar/occurrence.h: when tasks are due again, by rules that people use. The dates were found in a
 * calendar by hand; tests/api/tasks/dateutil compares random rules.
 */
#include "calendar/occurrence.h"

#include "check_main.h"

#include <string.h>

/* An instant as the store has it; a day is its first second in UTC. */
static int64_t instant_of(const char *text)
{
	char date[DATE_SIZE];

	ck_assert_msg(date_parse(text_of(text), date), "%s", text);
	if (strlen(date) == 10)
		strcat(date, "T00:00:00Z");
	return date_time(text_of(date));
}

static struct occurrence_series series_of(const char *rule, const char *due, const char *zone)
{
	struct occurrence_series series = { text_of(rule), text_of(due), zone_find(text_of(zone)) };

	ck_assert_msg(series.zone != NULL, "%s", zone);
	return series;
}

static const struct row {
	const char *rule, *from, *due, *zone;
	const char *completed;	/* when */
	const char *next;	/* NULL: the series has ended */
	const char *after;	/* the rule from then on; NULL: the same */
	int64_t days;
} rows[] = {
	/* a day, completed before, on and after it; 25 November 2026 is a Wednesday */
	{ "FREQ=DAILY", "due", "2026-11-25", "UTC", "2026-11-24T10:00:00Z", "2026-11-26", NULL, 1 },
	{ "FREQ=DAILY", "due", "2026-11-25", "UTC", "2026-11-25T10:00:00Z", "2026-11-26", NULL, 1 },
	{ "FREQ=DAILY", "due", "2026-11-25", "UTC", "2026-11-30T10:00:00Z", "2026-11-30", NULL, 5 },
	{ "FREQ=DAILY;INTERVAL=2", "due", "2026-11-25", "UTC", "2026-11-30T10:00:00Z", "2026-12-01",
		NULL, 6 },
	{ "FREQ=WEEKLY", "due", "2026-11-25", "UTC", "2026-11-25T10:00:00Z", "2026-12-02", NULL, 7 },
	{ "FREQ=WEEKLY", "due", "2026-11-25", "UTC", "2026-12-09T00:00:00Z", "2026-12-09", NULL, 14 },
	{ "FREQ=WEEKLY;BYDAY=MO,TH", "due", "2026-11-26", "UTC", "2026-11-26T10:00:00Z",
		"2026-11-30", NULL, 4 },
	{ "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "due", "2026-11-26", "UTC", "2026-11-26T10:00:00Z",
		"2026-12-07", NULL, 11 },
	{ "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "due", "2026-11-27", "UTC", "2026-11-27T10:00:00Z",
		"2026-11-30", NULL, 3 },
	{ "FREQ=MONTHLY", "due", "2026-11-25", "UTC", "2026-11-25T10:00:00Z", "2026-12-25", NULL, 30 },
	{ "FREQ=MONTHLY", "due", "2026-01-31", "UTC", "2026-01-31T10:00:00Z", "2026-03-31", NULL, 59 },
	{ "FREQ=MONTHLY;BYMONTHDAY=-1", "due", "2026-01-31", "UTC", "2026-01-31T10:00:00Z",
		"2026-02-28", NULL, 28 },
	{ "FREQ=MONTHLY;BYDAY=-1FR", "due", "2026-11-27", "UTC", "2026-11-28T10:00:00Z",
		"2026-12-25", NULL, 28 },
	{ "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "due", "2026-11-30", "UTC",
		"2026-11-30T10:00:00Z", "2026-12-31", NULL, 31 },
	{ "FREQ=MONTHLY;INTERVAL=3", "due", "2026-11-25", "UTC", "2026-11-25T10:00:00Z",
		"2027-02-25", NULL, 92 },
	{ "FREQ=YEARLY", "due", "2026-11-25", "UTC", "2026-11-25T10:00:00Z", "2027-11-25", NULL, 365 },
	{ "FREQ=YEARLY", "due", "2028-02-29", "UTC", "2028-02-29T10:00:00Z", "2032-02-29", NULL, 1461 },
	{ "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", "due", "2026-05-10", "UTC", "2026-05-10T10:00:00Z",
		"2027-05-09", NULL, 364 },
	{ "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "due", "2026-12-28", "UTC", "2026-12-28T10:00:00Z",
		"2027-01-04", NULL, 7 },
	/* a due date that is none of the rule's days: the next one is */
	{ "FREQ=MONTHLY;BYMONTHDAY=1", "due", "2026-11-15", "UTC", "2026-11-15T10:00:00Z",
		"2026-12-01", NULL, 16 },
	/* what counts as today is said by the zone: this is the 26th in Tokyo, the 24th in Honolulu */
	{ "FREQ=DAILY", "due", "2026-11-20", "Asia/Tokyo", "2026-11-25T20:00:00Z", "2026-11-26", NULL, 6 },
	{ "FREQ=DAILY", "due", "2026-11-20", "Pacific/Honolulu", "2026-11-25T09:00:00Z", "2026-11-24",
		NULL, 4 },
	/* from the day of completion */
	{ "FREQ=DAILY;INTERVAL=3", "completion", "2026-11-25", "UTC", "2026-11-27T10:00:00Z",
		"2026-11-30", NULL, 5 },
	{ "FREQ=DAILY;INTERVAL=3", "completion", "2026-11-25", "UTC", "2026-11-20T10:00:00Z",
		"2026-11-23", NULL, -2 },
	{ "FREQ=WEEKLY", "completion", "2026-11-25", "UTC", "2026-11-27T10:00:00Z", "2026-12-04", NULL,
		9 },
	{ "FREQ=WEEKLY;BYDAY=SA", "completion", "2026-11-28", "UTC", "2026-11-27T10:00:00Z",
		"2026-11-28", NULL, 0 },
	{ "FREQ=MONTHLY", "completion", "2026-11-25", "UTC", "2026-12-31T10:00:00Z", "2027-01-31", NULL,
		67 },
	{ "FREQ=DAILY", "completion", "2026-11-25T08:00:00Z", "UTC", "2026-11-27T23:59:59Z",
		"2026-11-28T08:00:00Z", NULL, 3 },
	{ "FREQ=DAILY;INTERVAL=10", "completion", "2026-10-20T07:00:00Z", "Europe/Berlin",
		"2026-10-22T22:30:00Z", "2026-11-02T08:00:00Z", NULL, 13 },
	/* 09:00 in Berlin stays 09:00: the clocks change on 29 March and 25 October 2026 */
	{ "FREQ=DAILY", "due", "2026-03-28T08:00:00Z", "Europe/Berlin", "2026-03-28T09:00:00Z",
		"2026-03-29T07:00:00Z", NULL, 1 },
	{ "FREQ=DAILY", "due", "2026-10-24T07:00:00Z", "Europe/Berlin", "2026-10-24T09:00:00Z",
		"2026-10-25T08:00:00Z", NULL, 1 },
	{ "FREQ=WEEKLY", "due", "2026-03-23T08:00:00Z", "Europe/Berlin", "2026-03-23T09:00:00Z",
		"2026-03-30T07:00:00Z", NULL, 7 },
	/* 02:30, which is skipped on 29 March, and is 03:30 then; from then on so it stays */
	{ "FREQ=DAILY", "due", "2026-03-28T01:30:00Z", "Europe/Berlin", "2026-03-28T09:00:00Z",
		"2026-03-29T01:30:00Z", NULL, 1 },
	{ "FREQ=DAILY", "due", "2026-03-29T01:30:00Z", "Europe/Berlin", "2026-03-29T09:00:00Z",
		"2026-03-30T01:30:00Z", NULL, 1 },
	/* 02:30 twice on 25 October: the first of them; and on from the second */
	{ "FREQ=DAILY", "due", "2026-10-24T00:30:00Z", "Europe/Berlin", "2026-10-24T09:00:00Z",
		"2026-10-25T00:30:00Z", NULL, 1 },
	{ "FREQ=DAILY", "due", "2026-10-25T01:30:00Z", "Europe/Berlin", "2026-10-25T09:00:00Z",
		"2026-10-26T01:30:00Z", NULL, 1 },
	/* Samoa had no 30 December 2011; its midnights were ten hours behind, and are 14 ahead */
	{ "FREQ=DAILY", "due", "2011-12-29T19:00:00Z", "Pacific/Apia", "2011-12-29T20:00:00Z",
		"2011-12-30T19:00:00Z", NULL, 2 },
	/* the day of the due date is that of the zone: 23:00 on Tuesday in New York */
	{ "FREQ=WEEKLY;BYDAY=TU", "due", "2026-11-25T04:00:00Z", "America/New_York",
		"2026-11-25T05:30:00Z", "2026-12-02T04:00:00Z", NULL, 7 },
	{ "FREQ=WEEKLY;BYDAY=TU", "due", "2026-11-25T04:00:00Z", "UTC", "2026-11-25T05:30:00Z",
		"2026-12-01T04:00:00Z", NULL, 6 },
	/* not before today, also where its time is over */
	{ "FREQ=DAILY", "due", "2026-11-20T08:00:00Z", "UTC", "2026-11-25T20:00:00Z",
		"2026-11-25T08:00:00Z", NULL, 5 },
	/* COUNT goes down by one, however many were missed */
	{ "FREQ=DAILY;COUNT=3", "due", "2026-11-25", "UTC", "2026-11-25T10:00:00Z", "2026-11-26",
		"FREQ=DAILY;COUNT=2", 1 },
	{ "FREQ=DAILY;COUNT=2", "due", "2026-11-25", "UTC", "2026-12-25T10:00:00Z", "2026-12-25",
		"FREQ=DAILY;COUNT=1", 30 },
	{ "FREQ=DAILY;COUNT=1", "due", "2026-11-25", "UTC", "2026-11-25T10:00:00Z", NULL, NULL, 0 },
	{ "FREQ=WEEKLY;COUNT=5", "completion", "2026-11-25", "UTC", "2026-11-27T10:00:00Z",
		"2026-12-04", "FREQ=WEEKLY;COUNT=4", 9 },
	/* UNTIL */
	{ "FREQ=DAILY;UNTIL=20261126", "due", "2026-11-25", "UTC", "2026-11-25T10:00:00Z",
		"2026-11-26", NULL, 1 },
	{ "FREQ=DAILY;UNTIL=20261126", "due", "2026-11-26", "UTC", "2026-11-26T10:00:00Z", NULL, NULL, 0 },
	{ "FREQ=DAILY;UNTIL=20261130", "due", "2026-11-26", "UTC", "2026-12-01T10:00:00Z", NULL, NULL, 0 },
	/* as a day it includes that day in the zone: 23:00 on the 26th in New York */
	{ "FREQ=DAILY;UNTIL=20261126", "due", "2026-11-26T04:00:00Z", "America/New_York",
		"2026-11-26T04:30:00Z", "2026-11-27T04:00:00Z", NULL, 1 },
	{ "FREQ=DAILY;UNTIL=20261126", "due", "2026-11-27T04:00:00Z", "America/New_York",
		"2026-11-27T04:30:00Z", NULL, NULL, 0 },
	{ "FREQ=DAILY;UNTIL=20261126T080000Z", "due", "2026-11-25T08:00:00Z", "UTC",
		"2026-11-25T10:00:00Z", "2026-11-26T08:00:00Z", NULL, 1 },
	{ "FREQ=DAILY;UNTIL=20261126T075959Z", "due", "2026-11-25T08:00:00Z", "UTC",
		"2026-11-25T10:00:00Z", NULL, NULL, 0 },
	{ "FREQ=DAILY;UNTIL=20261126", "completion", "2026-11-20", "UTC", "2026-11-26T10:00:00Z", NULL,
		NULL, 0 },
	/* the last year */
	{ "FREQ=DAILY", "due", "9999-12-30", "UTC", "2026-11-25T10:00:00Z", "9999-12-31", NULL, 1 },
	{ "FREQ=DAILY", "due", "9999-12-31", "UTC", "2026-11-25T10:00:00Z", NULL, NULL, 0 },
	{ "FREQ=DAILY", "due", "9999-12-31T04:00:00Z", "America/New_York", "2026-11-25T10:00:00Z", NULL,
		NULL, 0 },
	{ "FREQ=YEARLY", "due", "9999-01-01", "UTC", "2026-11-25T10:00:00Z", NULL, NULL, 0 },
	/* begun in an odd year it never occurs */
	{ "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", "completion", "2024-02-29", "UTC",
		"2027-11-25T10:00:00Z", NULL, NULL, 0 },
	/* shown in its canonical form */
	{ "freq=weekly;interval=1;byday=th,mo", "due", "2026-11-26", "UTC", "2026-11-26T10:00:00Z",
		"2026-11-30", "FREQ=WEEKLY;BYDAY=MO,TH", 4 },
};

START_TEST(a_task_is_due_again)
{
	const struct row *row = &rows[_i];
	struct occurrence_series series = series_of(row->rule, row->due, row->zone);
	const char *after = row->after != NULL ? row->after : row->rule;
	struct occurrence next;
	struct buffer rule = { 0 };
	int64_t steps = OCCURRENCE_STEPS;
	enum occurrence_outcome outcome = occurrence_next(&series,
		strcmp(row->from, "completion") == 0, instant_of(row->completed), &next, &rule,
		&steps);

	if (row->next == NULL) {
		ck_assert_int_eq(outcome, OCCURRENCE_ENDED);
	} else {
		ck_assert_int_eq(outcome, OCCURRENCE_FOUND);
		ck_assert_str_eq(next.due, row->next);
		ck_assert_int_eq(next.days, row->days);
		ck_assert_msg(text_equal((struct text){ rule.data, rule.length }, text_of(after)),
			"%.*s, not %s", (int)rule.length, rule.data, after);
	}
	buffer_free(&rule);
}
END_TEST

/* A rule, a due date and a zone; and the beginning of what is wrong, or NULL. */
static const char *const faults[][4] = {
	{ "FREQ=DAILY", "2026-11-25", "UTC", NULL },
	{ "FREQ=DAILY;COUNT=1", "2026-11-25", "UTC", NULL },
	{ "FREQ=MONTHLY;BYMONTHDAY=1", "2026-11-25", "UTC", NULL },
	{ "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2096-03-01", "UTC", NULL },
	{ "FREQ=DAILY;UNTIL=20261125", "2026-11-25", "UTC", NULL },
	{ "FREQ=DAILY;UNTIL=20261125", "2026-11-25T23:59:59Z", "UTC", NULL },
	{ "FREQ=DAILY;UNTIL=20261125", "2026-11-26T04:59:59Z", "America/New_York", NULL },
	{ "FREQ=DAILY;UNTIL=20261125T080000Z", "2026-11-25T08:00:00Z", "UTC", NULL },
	{ "FREQ=DAILY", "", "UTC", "must have a due_date" },
	{ "FREQ=HOURLY", "2026-11-25", "UTC", "must have a FREQ" },
	{ "FREQ=DAILY;UNTIL=20261125T080000Z", "2026-11-25", "UTC", "must have a day as UNTIL" },
	{ "FREQ=DAILY;UNTIL=20261125T080000", "2026-11-25", "UTC", "must have an UNTIL that is a day" },
	{ "FREQ=DAILY;UNTIL=20261125T080000", "2026-11-25T08:00:00Z", "UTC",
		"must have an UNTIL that is a day or in UTC" },
	{ "FREQ=DAILY;UNTIL=20261124", "2026-11-25", "UTC", "must occur at the due_date or later" },
	{ "FREQ=DAILY;UNTIL=20261125", "2026-11-26T05:00:00Z", "America/New_York",
		"must occur at the due_date or later" },
	{ "FREQ=DAILY;UNTIL=20261125T075959Z", "2026-11-25T08:00:00Z", "UTC",
		"must occur at the due_date or later" },
	{ "FREQ=MONTHLY;BYMONTHDAY=1", "9999-12-25", "UTC", "must occur at the due_date or later" },
	{ "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-11-25", "UTC", "must not be one that never" },
	{ "FREQ=DAILY;BYMONTHDAY=31;BYSETPOS=2", "2026-11-25", "UTC", "must not be one that never" },
	{ "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29", "2026-11-25", "UTC",
		"must not be one that never" },
};

START_TEST(what_is_wrong_with_a_rule_is_a_sentence)
{
	struct occurrence_series series = series_of(faults[_i][0], faults[_i][1], faults[_i][2]);
	int64_t steps = OCCURRENCE_STEPS;
	const char *fault = occurrence_fault(&series, &steps);

	if (faults[_i][3] == NULL)
		ck_assert_pstr_eq(fault, NULL);
	else
		ck_assert_msg(fault != NULL && strncmp(fault, faults[_i][3], strlen(faults[_i][3])) == 0,
			"%s", fault);
	ck_assert_int_ge(steps, OCCURRENCE_STEPS - 100000);
}
END_TEST

/* A thousand rules that never occur cost as much as ten. */
START_TEST(the_steps_of_a_request_are_limited)
{
	struct occurrence_series series =
		series_of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-11-25", "UTC");
	struct occurrence next;
	struct buffer rule = { 0 };
	int64_t steps = OCCURRENCE_STEPS;
	const char *fault = NULL;

	for (int i = 0; i < 1000; i++)
		fault = occurrence_fault(&series, &steps);
	ck_assert_msg(fault != NULL && strncmp(fault, "must be searched in fewer steps", 31) == 0,
		"%s", fault);
	ck_assert_int_ge(steps, -100000);
	series = series_of("FREQ=DAILY", "2026-11-25", "UTC");
	ck_assert_int_eq(occurrence_next(&series, false, instant_of("2026-11-25"), &next, &rule, &steps),
		OCCURRENCE_TOO_COSTLY);
	buffer_free(&rule);
}
END_TEST

static void add_tests(TCase *test_case)
{
	tcase_add_loop_test(test_case, a_task_is_due_again, 0, CHECK_COUNT(rows));
	tcase_add_loop_test(
		test_case, what_is_wrong_with_a_rule_is_a_sentence, 0, CHECK_COUNT(faults));
	tcase_add_test(test_case, the_steps_of_a_request_are_limited);
}

int main(void)
{
	return check_main("occurrence", add_tests);
}
