#include "plain_reading.h"

#include "check_main.h"

#include <string.h>

/* By the C library, which is asked once for each day, and for those of some years around. */
static const struct tm *fields_of(time_t day)
{
	enum { AROUND = 800, DAYS = (PLAIN_LAST - PLAIN_FIRST) / PLAIN_DAY + 2 * AROUND };
	static struct tm table[DAYS];
	struct tm *fields = &table[(day - PLAIN_FIRST) / PLAIN_DAY + AROUND];

	if (fields->tm_mday == 0)
		gmtime_r(&day, fields);
	return fields;
}

/* From Monday, 0. */
static int weekday_of(time_t day)
{
	return (fields_of(day)->tm_wday + 6) % 7;
}

static time_t day_of(int year, int month, int month_day)
{
	struct tm fields = { .tm_year = year, .tm_mon = month, .tm_mday = month_day };

	return timegm(&fields);
}

/* The first day of the period that a day is in, and the first of the next one. */
static time_t period_begin(const struct plain_rule *rule, time_t day)
{
	const struct tm *at = fields_of(day);

	switch (rule->frequency) {
	case PLAIN_DAILY:
		return day;
	case PLAIN_WEEKLY:
		while (weekday_of(day) != rule->week_start)
			day -= PLAIN_DAY;
		return day;
	case PLAIN_MONTHLY:
		return day_of(at->tm_year, at->tm_mon, 1);
	default:
		return day_of(at->tm_year, 0, 1);
	}
}

static time_t period_end(const struct plain_rule *rule, time_t day)
{
	const struct tm *at = fields_of(day);

	switch (rule->frequency) {
	case PLAIN_DAILY:
		return day + PLAIN_DAY;
	case PLAIN_WEEKLY:
		return period_begin(rule, day) + 7 * PLAIN_DAY;
	case PLAIN_MONTHLY:
		return day_of(at->tm_year, at->tm_mon + 1, 1);
	default:
		return day_of(at->tm_year + 1, 0, 1);
	}
}

/* Whether INTERVAL lets the period of this day count. */
static bool counts(const struct plain_rule *rule, time_t start, time_t day)
{
	const struct tm *from = fields_of(start), *to = fields_of(day);
	int64_t days = (period_begin(rule, day) - period_begin(rule, start)) / PLAIN_DAY;
	int64_t years = to->tm_year - from->tm_year;

	switch (rule->frequency) {
	case PLAIN_DAILY:
		return days % rule->interval == 0;
	case PLAIN_WEEKLY:
		return days / 7 % rule->interval == 0;
	case PLAIN_MONTHLY:
		return (years * 12 + to->tm_mon - from->tm_mon) % rule->interval == 0;
	default:
		return years % rule->interval == 0;
	}
}

static bool lists(const struct plain_list *list, int number)
{
	for (int i = 0; i < list->count; i++) {
		if (list->numbers[i] == number)
			return true;
	}
	return false;
}

/* "Week number one is the first week that contains at least four days in that calendar year." */
static time_t week_one(const struct plain_rule *rule, int year)
{
	time_t first = day_of(year, 0, 1), week = first;

	while (weekday_of(week) != rule->week_start)
		week -= PLAIN_DAY;
	return (week + 7 * PLAIN_DAY - first) / PLAIN_DAY >= 4 ? week : week + 7 * PLAIN_DAY;
}

static bool week_fits(const struct plain_rule *rule, time_t day)
{
	int around = fields_of(day)->tm_year;

	if (rule->by_week.count == 0)
		return true;
	for (int year = around - 1; year <= around + 1; year++) {
		time_t first = week_one(rule, year), next = week_one(rule, year + 1);
		int weeks = (int)((next - first) / PLAIN_DAY / 7);
		int week = (int)((day - first) / PLAIN_DAY / 7) + 1;

		if (day >= first && day < next)
			return lists(&rule->by_week, week) ||
			       lists(&rule->by_week, week - weeks - 1);
	}
	return false;
}

/* How many same weekdays there are from a day on, in steps of a week, in its month or year. */
static int weekdays_from(time_t day, int step, bool of_month)
{
	const struct tm *first = fields_of(day), *at = first;
	int count = 0;

	while (at->tm_year == first->tm_year && (!of_month || at->tm_mon == first->tm_mon)) {
		count++;
		at = fields_of(day + count * step * 7 * PLAIN_DAY);
	}
	return count;
}

static bool weekday_fits(const struct plain_rule *rule, time_t day)
{
	const struct plain_list *list = &rule->by_day;
	bool of_month = rule->frequency == PLAIN_MONTHLY || rule->by_month.count > 0;

	for (int i = 0; i < list->count; i++) {
		int number = list->numbers[i];

		if (list->weekdays[i] != weekday_of(day))
			continue;
		if (number == 0 || number == weekdays_from(day, -1, of_month) ||
			number == -weekdays_from(day, 1, of_month))
			return true;
	}
	return list->count == 0;
}

/* Where the rule names no day, the day is the start's. */
static bool start_fits(const struct plain_rule *rule, time_t start, time_t day)
{
	const struct tm *from = fields_of(start), *at = fields_of(day);

	if (rule->by_year_day.count > 0 || rule->by_month_day.count > 0 || rule->by_day.count > 0)
		return true;
	if (rule->frequency == PLAIN_DAILY)
		return true;
	if (rule->frequency == PLAIN_WEEKLY || rule->by_week.count > 0)
		return at->tm_wday == from->tm_wday;
	if (at->tm_mday != from->tm_mday)
		return false;
	return rule->frequency == PLAIN_MONTHLY || rule->by_month.count > 0 ||
	       at->tm_mon == from->tm_mon;
}

static bool month_day_fits(const struct plain_rule *rule, time_t day)
{
	const struct tm *at = fields_of(day);
	time_t last;

	if (rule->by_month_day.count == 0 || lists(&rule->by_month_day, at->tm_mday))
		return true;
	last = day_of(at->tm_year, at->tm_mon + 1, 0);
	return lists(&rule->by_month_day, at->tm_mday - fields_of(last)->tm_mday - 1);
}

static bool year_day_fits(const struct plain_rule *rule, time_t day)
{
	const struct tm *at = fields_of(day);
	time_t last;

	if (rule->by_year_day.count == 0 || lists(&rule->by_year_day, at->tm_yday + 1))
		return true;
	last = day_of(at->tm_year, 12, 0);
	return lists(&rule->by_year_day, at->tm_yday - fields_of(last)->tm_yday - 1);
}

static bool month_fits(const struct plain_rule *rule, time_t day)
{
	return rule->by_month.count == 0 || lists(&rule->by_month, fields_of(day)->tm_mon + 1);
}

/* Keep those that BYSETPOS names, from the first or from the last. */
static void choose_positions(const struct plain_list *positions, struct plain_period *set)
{
	int count = 0, nth = 0;

	for (int i = 0; i < PLAIN_PERIOD; i++)
		count += set->has[i];
	for (int i = 0; i < PLAIN_PERIOD; i++) {
		if (!set->has[i])
			continue;
		nth++;
		set->has[i] = lists(positions, nth) || lists(positions, nth - count - 1);
	}
}

void plain_read(const struct plain_rule *rule, time_t start, time_t day, struct plain_period *set)
{
	*set = (struct plain_period){ period_begin(rule, day), period_end(rule, day), { false } };
	if (!counts(rule, start, day))
		return;
	for (day = set->begin; day < set->end; day += PLAIN_DAY)
		set->has[(day - set->begin) / PLAIN_DAY] =
			month_fits(rule, day) && start_fits(rule, start, day) &&
			weekday_fits(rule, day) && month_day_fits(rule, day) &&
			year_day_fits(rule, day) && week_fits(rule, day);
	if (rule->by_set_position.count > 0)
		choose_positions(&rule->by_set_position, set);
}
