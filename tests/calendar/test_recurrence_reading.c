/*
 * calendar/recurrence.h beside a plain reading of the RFC, for ten thousand random rules.
 * RECURRENCE_SEED sets the dice.
 */
#include "calendar/recurrence.h"

#include "base/date.h"
#include "check_main.h"
#include "plain_reading.h"
#include "random_task.h"
#include "series.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define RULES 10000
#define ROUNDS 10 /* so that each is short enough for the slowest build */
#define SEED 20261130
#define YEAR_DAYS 365

static const char *const weekday_names[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };

static bool dice(uint64_t *state, unsigned of)
{
	return random_below(state, of) == 0;
}

/* A few numbers up to `most`; with of_end also those that count from the end. */
static void random_list(struct plain_list *list, int most, bool of_end, uint64_t *state)
{
	list->count = 1 + (int)random_below(state, dice(state, 4) ? PLAIN_LIST : 4);
	for (int i = 0; i < list->count; i++) {
		int number = 1 + (int)random_below(state, (unsigned)most);

		if (dice(state, 3)) /* near the ends there is more to get wrong */
			number = dice(state, 2) ? 1 : most;
		list->numbers[i] = of_end && dice(state, 2) ? -number : number;
	}
}

static void random_days(struct plain_rule *rule, uint64_t *state)
{
	bool numbered = rule->frequency >= PLAIN_MONTHLY && rule->by_week.count == 0;
	bool of_year = rule->frequency == PLAIN_YEARLY && rule->by_month.count == 0;

	random_list(&rule->by_day, of_year ? 53 : 5, true, state);
	for (int i = 0; i < rule->by_day.count; i++) {
		rule->by_day.weekdays[i] = (int)random_below(state, 7);
		if (!numbered || dice(state, 3))
			rule->by_day.numbers[i] = 0;
	}
}

/* Any rule that RFC 5545 allows. */
static void random_rule(struct plain_rule *rule, time_t start, uint64_t *state)
{
	static const int intervals[] = { 1, 1, 2, 3, 4, 5, 12, 18 };

	*rule = (struct plain_rule){ .frequency = random_below(state, 4) };
	rule->interval = intervals[random_below(state, CHECK_COUNT(intervals))];
	rule->week_start = dice(state, 2) ? 0 : (int)random_below(state, 7);
	if (dice(state, 4))
		rule->count = 1 + (int)random_below(state, 60);
	else if (dice(state, 4))
		rule->until = start + PLAIN_DAY * (time_t)random_below(state, 4000);
	if (dice(state, 3))
		random_list(&rule->by_month, 12, false, state);
	if (rule->frequency == PLAIN_YEARLY && dice(state, 3))
		random_list(&rule->by_week, 53, true, state);
	if (rule->frequency == PLAIN_YEARLY && dice(state, 4))
		random_list(&rule->by_year_day, 366, true, state);
	if (rule->frequency != PLAIN_WEEKLY && dice(state, 3))
		random_list(&rule->by_month_day, 31, true, state);
	if (dice(state, 2))
		random_days(rule, state);
	if (dice(state, 3) && rule->by_month.count + rule->by_week.count + rule->by_year_day.count +
					      rule->by_month_day.count + rule->by_day.count >
				      0)
		random_list(&rule->by_set_position, 6, true, state);
}

static void write_list(struct buffer *text, const char *name, const struct plain_list *list)
{
	for (int i = 0; i < list->count; i++)
		buffer_add_format(text, "%s%d", i == 0 ? name : ",", list->numbers[i]);
}

static void write_days(struct buffer *text, const struct plain_list *list)
{
	for (int i = 0; i < list->count; i++) {
		buffer_add_text(text, text_of(i == 0 ? ";BYDAY=" : ","));
		if (list->numbers[i] != 0)
			buffer_add_format(text, "%+d", list->numbers[i]);
		buffer_add_text(text, text_of(weekday_names[list->weekdays[i]]));
	}
}

/* Terminated. */
static void write_rule(struct buffer *text, const struct plain_rule *rule)
{
	static const char *const frequencies[] = { "DAILY", "WEEKLY", "MONTHLY", "YEARLY" };
	char until[32];
	struct tm fields;

	write_days(text, &rule->by_day);
	write_list(text, ";BYMONTHDAY=", &rule->by_month_day);
	write_list(text, ";BYMONTH=", &rule->by_month);
	write_list(text, ";BYSETPOS=", &rule->by_set_position);
	write_list(text, ";BYWEEKNO=", &rule->by_week);
	write_list(text, ";BYYEARDAY=", &rule->by_year_day);
	buffer_add_format(
		text, ";WKST=%s;INTERVAL=%d", weekday_names[rule->week_start], rule->interval);
	if (rule->count > 0)
		buffer_add_format(text, ";COUNT=%d", rule->count);
	gmtime_r(&rule->until, &fields);
	strftime(until, sizeof(until), ";UNTIL=%Y%m%d", &fields);
	buffer_add_format(
		text, "%s;FREQ=%s", rule->until != 0 ? until : "", frequencies[rule->frequency]);
	buffer_add(text, "", 1);
}

/* A start, and the days from which on and up to which both are asked. */
struct span {
	time_t start, from, to;
	int64_t second; /* of the day */
};

static void random_span(struct span *span, const struct plain_rule *rule, uint64_t *state)
{
	span->from = span->start;
	if (dice(state, 2))
		span->from += PLAIN_DAY * (time_t)random_below(state, 30 * YEAR_DAYS);
	span->to = span->from + PLAIN_DAY * (time_t)random_below(state, 5 * YEAR_DAYS);
	if (rule->interval > 5 && rule->frequency == PLAIN_YEARLY)
		span->to += PLAIN_DAY * (time_t)(rule->interval * YEAR_DAYS);
	span->second = random_below(state, PLAIN_DAY);
}

/* Go on to the next day of the plain reading, which may be *day. False after the last one. */
static bool next_day(const struct plain_rule *rule, const struct span *span,
	struct plain_period *set, time_t *day)
{
	for (; *day <= span->to; *day += PLAIN_DAY) {
		if (*day >= set->end)
			plain_read(rule, span->start, *day, set);
		if (set->has[(*day - set->begin) / PLAIN_DAY])
			return true;
	}
	return false;
}

/* How many occurrences there are; all are the engine's, and it has no others. */
static int check_span(const struct plain_rule *rule, const struct span *span, const char *text)
{
	struct recurrence_rule read = series_rule(text);
	struct plain_period set = { .end = PLAIN_FIRST };
	time_t day = rule->count > 0 ? span->start : span->from;
	int left = rule->count > 0 ? rule->count : INT_MAX, found = 0;
	struct recurrence recurrence;
	enum recurrence_outcome outcome;
	int64_t time = 0;
	bool has;

	recurrence_begin(&recurrence, &read, span->start + span->second);
	recurrence_skip(&recurrence, span->from + span->second - 1);
	while ((has = next_day(rule, span, &set, &day)) && left > 0 &&
		(rule->until == 0 || day <= rule->until)) {
		if (day >= span->from) {
			outcome = recurrence_next(&recurrence, &time);
			CHECK_THAT(outcome == RECURRENCE_FOUND && time == day + span->second,
				"%s from %" PRId64 ", after %" PRId64 ": outcome %d, %" PRId64
				", not %" PRId64,
				text, recurrence.start, recurrence.after, outcome, time,
				day + span->second);
			found++;
		}
		left--;
		day += PLAIN_DAY;
	}
	outcome = recurrence_next(&recurrence, &time);
	CHECK_THAT(has ? outcome == RECURRENCE_ENDED
		       : outcome != RECURRENCE_FOUND || time > span->to + span->second,
		"%s from %" PRId64 ": outcome %d, %" PRId64 " is too much", text, recurrence.start,
		outcome, time);
	return found;
}

static uint64_t seed(void)
{
	const char *text = getenv("RECURRENCE_SEED");

	return text != NULL ? strtoull(text, NULL, 10) : SEED;
}

START_TEST(the_engine_reads_as_plainly)
{
	uint64_t state = (seed() + (uint64_t)_i) * UINT64_C(0x9E3779B97F4A7C15) | 1;
	int found = 0;

	for (int i = 0; i < RULES / ROUNDS; i++) {
		struct span span = { .start = PLAIN_DAY *
					      (time_t)random_below(&state, 130 * YEAR_DAYS) };
		struct plain_rule rule;
		struct buffer text = { 0 };

		span.start += PLAIN_FIRST;
		random_rule(&rule, span.start, &state);
		random_span(&span, &rule, &state);
		write_rule(&text, &rule);
		found += check_span(&rule, &span, text.data + 1);
		buffer_free(&text);
	}
	ck_assert_int_gt(found, 10 * RULES / ROUNDS);
}
END_TEST

static void add_tests(TCase *test_case)
{
	printf("RECURRENCE_SEED=%" PRIu64 "\n", seed());
	tcase_add_loop_test(test_case, the_engine_reads_as_plainly, 0, ROUNDS);
}

int main(void)
{
	return check_main("recurrence_reading", add_tests);
}
