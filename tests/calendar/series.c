#include "series.h"

#include "base/date.h"
#include "calendar/recurrence.h"
#include "check_main.h"

#include <stdio.h>
#include <string.h>

#define BEHIND_UTC (5 * 3600)
#define FORM "%4d%2d%2dT%2d%2d%2d"

struct recurrence_rule series_rule(const char *text)
{
	struct recurrence_rule rule;
	const char *fault = recurrence_rule_read(text_of(text), &rule);

	CHECK_THAT(fault == NULL, "%s: %s", text, fault);
	return rule;
}

int64_t series_time(const char *text)
{
	int year, month, day, hour, minute, second;

	CHECK_THAT(
		sscanf(text, FORM, &year, &month, &day, &hour, &minute, &second) == 6, "%s", text);
	return date_days(year, month, day) * DATE_DAY_SECONDS + hour * 3600 + minute * 60 + second;
}

/* Days in a row, which are written as one. */
struct run {
	struct buffer *text;
	int64_t begin, end; /* no day where the end is before the begin */
	int64_t month;	    /* the last one that was written, counted from the year 0 */
};

static void write_run(struct run *run)
{
	struct buffer *text = run->text;
	int64_t year, month, day;

	if (run->end < run->begin)
		return;
	date_from_days(run->begin, &year, &month, &day);
	if (run->month == year * 12 + month)
		buffer_add_format(text, ", %d", (int)day);
	else
		buffer_add_format(text, "%s%04d-%02d: %d", text->length > 0 ? "; " : "", (int)year,
			(int)month, (int)day);
	if (run->end > run->begin)
		buffer_add_format(text, "-%d", (int)(day + run->end - run->begin));
	run->month = year * 12 + month;
}

static void add_day(struct run *run, int64_t day)
{
	int64_t year, month, of_month;

	date_from_days(day, &year, &month, &of_month);
	if (day != run->end + 1 || of_month == 1) {
		write_run(run);
		run->begin = day;
	}
	run->end = day;
}

/* The days of the series, terminated; of many, those in a little more than `most` characters. */
static void write_days(struct recurrence *recurrence, size_t most, struct buffer *text)
{
	const struct recurrence_rule *rule = &recurrence->rule;
	int64_t start_day = date_day_of(recurrence->start);
	struct run run = { .text = text, .begin = 0, .end = -1 };
	int64_t time;

	while (text->length <= most && recurrence_next(recurrence, &time) == RECURRENCE_FOUND) {
		int64_t day = date_day_of(time);

		if (rule->until_kind == RECURRENCE_UNTIL_INSTANT && time + BEHIND_UTC > rule->until)
			break;
		CHECK_THAT(time - recurrence->start == (day - start_day) * DATE_DAY_SECONDS,
			"an occurrence at another time of the day");
		add_day(&run, day);
	}
	write_run(&run);
	buffer_add(text, "", 1);
}

void series_check(const char *start, const char *text, const char *days)
{
	const char *dots = strstr(days, "...");
	size_t length = dots != NULL ? (size_t)(dots - days) : strlen(days) + 1;
	struct recurrence_rule rule = series_rule(text);
	struct recurrence recurrence;
	struct buffer found = { 0 };

	recurrence_begin(&recurrence, &rule, series_time(start));
	write_days(&recurrence, length, &found);
	CHECK_THAT(found.length >= length && memcmp(found.data, days, length) == 0,
		"%s from %s is %s, not %s", text, start, found.data, days);
	buffer_free(&found);
}
