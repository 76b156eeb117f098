/*
 * FREQ cuts time into periods: days, weeks, months or years. INTERVAL tells which of them count.
 * The set of a period has the days that every BY part allows, and BYSETPOS chooses from it. RFC
 * 5545 tells parts that expand a set from parts that limit it. The result is the same: where a part
 * expands, it puts those days into the set that it would leave there if it limited all days.
 *
 * Days are numbered from 1970-01-01. Any thread.
 */
#include "calendar/recurrence.h"

#include "base/date.h"

#define FIRST_MONDAY INT64_C(-719169)	 /* before the year 1, so that no day is before it */
#define FIRST_TIME INT64_C(-62135596800) /* 0001-01-01T00:00:00 */
#define LAST_TIME INT64_C(253402300799)	 /* 9999-12-31T23:59:59 */
#define YEAR_DAYS_MOST 366

/* The place of a thing among those of its kind, from 1; and how many there are. */
struct place {
	int64_t number;
	int64_t of;
};

/* Whether a list names a place, from the start or from the end. */
static bool has_place(const struct number_set *list, struct place place)
{
	return number_set_has(list, place.number) ||
	       number_set_has(list, place.number - place.of - 1);
}

static bool list_allows(const struct number_set *list, struct place place)
{
	return list->count == 0 || has_place(list, place);
}

static int64_t weekday_of(int64_t day)
{
	return (day - FIRST_MONDAY) % 7;
}

/* A day, by its number and by the calendar. */
struct day {
	int64_t number;
	int64_t year, month;
	struct place in_month, in_year;
};

static struct day day_of_number(int64_t number)
{
	struct day day = { .number = number };
	int64_t first;

	date_from_days(number, &day.year, &day.month, &day.in_month.number);
	first = date_days(day.year, 1, 1);
	day.in_month.of = date_month_length(day.year, day.month);
	day.in_year = (struct place){ number - first + 1, date_days(day.year + 1, 1, 1) - first };
	return day;
}

/* Within a month this is much cheaper than day_of_number(). */
static void go_to_next_day(struct day *day)
{
	if (day->in_month.number == day->in_month.of) {
		*day = day_of_number(day->number + 1);
		return;
	}
	day->number++;
	day->in_month.number++;
	day->in_year.number++;
}

/* The place of a day among the same weekdays of its month or year. */
static struct place place_of_weekday(struct place day)
{
	int64_t number = (day.number + 6) / 7;

	return (struct place){ number, number + (day.of - day.number) / 7 };
}

/*
 * A week belongs to the year that has four or more of its days. That is the year of its fourth day,
 * and the number of the week is that day's place among the same weekdays of the year.
 */
static struct place place_of_week(int64_t day, int64_t week_start)
{
	int64_t first = day - (weekday_of(day) - week_start + 7) % 7;

	return place_of_weekday(day_of_number(first + 3).in_year);
}

/* BYDAY names all Mondays ("MO"), one from the start ("1MO"), or one from the end ("-1MO"). */
static bool by_day_allows(const struct number_set *by_day, int64_t weekday, struct place day)
{
	struct place place = place_of_weekday(day);

	return by_day->count == 0 || number_set_has(by_day, recurrence_weekday(0, weekday)) ||
	       number_set_has(by_day, recurrence_weekday(place.number, weekday)) ||
	       number_set_has(by_day, recurrence_weekday(place.number - place.of - 1, weekday));
}

static bool rule_allows(const struct recurrence_rule *rule, const struct day *day)
{
	bool is_monthly = rule->frequency == RECURRENCE_MONTHLY || rule->by_month.count > 0;

	if (rule->by_month.count > 0 && !number_set_has(&rule->by_month, day->month))
		return false;
	return list_allows(&rule->by_month_day, day->in_month) &&
	       list_allows(&rule->by_year_day, day->in_year) &&
	       by_day_allows(&rule->by_day, weekday_of(day->number),
		       is_monthly ? day->in_month : day->in_year) &&
	       (rule->by_week.count == 0 ||
		       has_place(&rule->by_week, place_of_week(day->number, rule->week_start)));
}

/* The number of the period that a day is in. */
static int64_t period_of(const struct recurrence_rule *rule, int64_t number)
{
	struct day day = day_of_number(number);

	switch (rule->frequency) {
	case RECURRENCE_DAILY:
		return number;
	case RECURRENCE_WEEKLY:
		return (number - FIRST_MONDAY - rule->week_start) / 7;
	case RECURRENCE_MONTHLY:
		return day.year * 12 + day.month - 1;
	default:
		return day.year;
	}
}

static int64_t period_first_day(const struct recurrence_rule *rule, int64_t period)
{
	switch (rule->frequency) {
	case RECURRENCE_DAILY:
		return period;
	case RECURRENCE_WEEKLY:
		return period * 7 + FIRST_MONDAY + rule->week_start;
	case RECURRENCE_MONTHLY:
		return date_days(period / 12, period % 12 + 1, 1);
	default:
		return date_days(period, 1, 1);
	}
}

/* The set has so many days: keep those that BYSETPOS names. */
static void choose_positions(struct recurrence *recurrence, int64_t length, int64_t count)
{
	struct place place = { .number = 0, .of = count };

	for (int64_t i = 0; i < length; i++) {
		uint64_t bit = UINT64_C(1) << i % 64;

		if (!(recurrence->days[i / 64] & bit))
			continue;
		place.number++;
		if (!has_place(&recurrence->rule.by_set_position, place))
			recurrence->days[i / 64] &= ~bit;
	}
}

/* Find the set of the next period. How many days were looked at. */
static int64_t look_at_period(struct recurrence *recurrence)
{
	const struct recurrence_rule *rule = &recurrence->rule;
	int64_t first = period_first_day(rule, recurrence->period);
	int64_t length = period_first_day(rule, recurrence->period + 1) - first;
	int64_t count = 0;
	struct day day = day_of_number(first);

	for (int64_t i = 0; i < length; i++, go_to_next_day(&day)) {
		if (!rule_allows(rule, &day))
			continue;
		recurrence->days[i / 64] |= UINT64_C(1) << i % 64;
		count++;
	}
	if (rule->by_set_position.count > 0)
		choose_positions(recurrence, length, count);
	recurrence->first = first;
	recurrence->period += rule->interval;
	return length;
}

/* Take the first day of the set. False where it is empty. */
static bool take_day(struct recurrence *recurrence, int64_t *day)
{
	for (int i = 0; i < RECURRENCE_DAY_WORDS; i++) {
		uint64_t *word = &recurrence->days[i];

		if (*word == 0)
			continue;
		*day = recurrence->first + 64 * i + __builtin_ctzll(*word);
		*word &= *word - 1;
		return true;
	}
	return false;
}

/* Let the start say what the rule leaves open. */
static void complete_rule(struct recurrence_rule *rule, struct day start)
{
	if (rule->frequency == RECURRENCE_DAILY)
		return;
	if (rule->by_year_day.count + rule->by_month_day.count + rule->by_day.count > 0)
		return;
	if (rule->frequency == RECURRENCE_WEEKLY || rule->by_week.count > 0) {
		number_set_add(&rule->by_day, recurrence_weekday(0, weekday_of(start.number)));
		return;
	}
	number_set_add(&rule->by_month_day, start.in_month.number);
	if (rule->frequency == RECURRENCE_YEARLY && rule->by_month.count == 0)
		number_set_add(&rule->by_month, start.month);
}

/* The last time at which a rule may occur. */
static int64_t last_time(const struct recurrence_rule *rule)
{
	int64_t last = LAST_TIME;

	if (rule->until_kind == RECURRENCE_UNTIL_LOCAL)
		last = rule->until;
	if (rule->until_kind == RECURRENCE_UNTIL_DAY)
		last = rule->until + DATE_DAY_SECONDS - 1;
	return last < LAST_TIME ? last : LAST_TIME;
}

void recurrence_begin(
	struct recurrence *recurrence, const struct recurrence_rule *rule, int64_t start)
{
	int64_t day = date_day_of(start);

	*recurrence = (struct recurrence){ .rule = *rule, .start = start, .after = INT64_MIN };
	if (start < FIRST_TIME)
		return;
	complete_rule(&recurrence->rule, day_of_number(day));
	recurrence->second = start - day * DATE_DAY_SECONDS;
	recurrence->last = last_time(rule);
	recurrence->left = rule->count > 0 ? rule->count : INT64_MAX;
	recurrence->period = period_of(rule, day);
}

void recurrence_skip(struct recurrence *recurrence, int64_t time)
{
	const struct recurrence_rule *rule = &recurrence->rule;
	int64_t ahead;

	if (time <= recurrence->after)
		return;
	recurrence->after = time;
	if (recurrence->left == 0 || rule->count > 0 || time < recurrence->start)
		return;
	ahead = period_of(rule, date_day_of(time)) - recurrence->period;
	if (ahead > 0)
		recurrence->period += ahead - ahead % rule->interval;
}

/* Take the next time of the set that is one of the series. */
static bool take_time(struct recurrence *recurrence, int64_t *time)
{
	int64_t day;

	while (recurrence->left > 0 && take_day(recurrence, &day)) {
		*time = day * DATE_DAY_SECONDS + recurrence->second;
		if (*time > recurrence->last) {
			recurrence->left = 0;
		} else if (*time >= recurrence->start) {
			recurrence->left--;
			return true;
		}
	}
	return false;
}

enum recurrence_outcome recurrence_next(struct recurrence *recurrence, int64_t *time)
{
	int64_t last_day = date_day_of(recurrence->last);
	int64_t before = recurrence->steps;

	for (;;) {
		while (take_time(recurrence, time)) {
			if (*time > recurrence->after)
				return RECURRENCE_FOUND;
		}
		if (period_first_day(&recurrence->rule, recurrence->period) > last_day)
			recurrence->left = 0;
		if (recurrence->left == 0)
			return RECURRENCE_ENDED;
		if (recurrence->steps - before > RECURRENCE_STEPS - YEAR_DAYS_MOST)
			return RECURRENCE_TOO_MANY_STEPS;
		recurrence->steps += look_at_period(recurrence);
	}
}

int64_t recurrence_steps(const struct recurrence *recurrence)
{
	return recurrence->steps;
}

enum recurrence_outcome recurrence_after(
	const struct recurrence_rule *rule, int64_t start, int64_t after, int64_t *time)
{
	struct recurrence recurrence;

	recurrence_begin(&recurrence, rule, start);
	recurrence_skip(&recurrence, after);
	return recurrence_next(&recurrence, time);
}
