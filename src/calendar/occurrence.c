/*
 * The rule is followed in local time; each occurrence becomes a day or an instant then. Any thread.
 */
#include "calendar/occurrence.h"

#include "calendar/local_date.h"
#include "calendar/recurrence.h"

#include <stddef.h>

/* A series that has been read. */
struct reading {
	struct recurrence_rule rule;
	struct local_date due;
	const struct zone *zone;
};

static const char *read_series(const struct occurrence_series *series, struct reading *reading)
{
	const char *fault = recurrence_rule_read(series->rule, &reading->rule);

	reading->zone = series->zone;
	if (fault != NULL)
		return fault;
	if (!local_date_read(series->due, series->zone, &reading->due))
		return "must have a due_date, at which it begins";
	switch (reading->rule.until_kind) {
	case RECURRENCE_UNTIL_INSTANT:
		if (reading->due.is_day)
			return "must have a day as UNTIL, such as 20261224, since the due_date is one";
		return NULL;
	case RECURRENCE_UNTIL_LOCAL:
		return "must have an UNTIL that is a day or in UTC, such as 20261224T170000Z";
	default:
		return NULL;
	}
}

/* Whether an occurrence is within the years that there are, and within UNTIL; and its text. */
static bool write_occurrence(const struct reading *reading, int64_t time, char due[DATE_SIZE])
{
	struct local_date date = { .time = time, .is_day = reading->due.is_day };

	if (!local_date_write(&date, reading->zone, due))
		return false;
	return reading->rule.until_kind != RECURRENCE_UNTIL_INSTANT ||
	       date_time(text_of(due)) <= reading->rule.until;
}

/* The first one after a time, of the series from start on. */
static enum recurrence_outcome search(const struct reading *reading, int64_t start, int64_t after,
	int64_t *time, int64_t *steps)
{
	struct recurrence recurrence;
	enum recurrence_outcome outcome;

	recurrence_begin(&recurrence, &reading->rule, start);
	recurrence_skip(&recurrence, after);
	outcome = recurrence_next(&recurrence, time);
	*steps -= recurrence_steps(&recurrence);
	return outcome;
}

const char *occurrence_fault(const struct occurrence_series *series, int64_t *steps)
{
	struct reading reading;
	const char *fault = read_series(series, &reading);
	enum recurrence_outcome outcome;
	char due[DATE_SIZE];
	int64_t time;

	if (fault != NULL)
		return fault;
	if (*steps <= 0)
		return "must be searched in fewer steps: with the other rules it takes too long";
	outcome = search(&reading, reading.due.time, INT64_MIN, &time, steps);
	if (outcome == RECURRENCE_TOO_MANY_STEPS)
		return "must not be one that never occurs, or only after centuries";
	if (outcome == RECURRENCE_ENDED || !write_occurrence(&reading, time, due))
		return "must occur at the due_date or later, until the year 9999";
	return NULL;
}

/* Search as occurrence_next() does, without regard to COUNT. Whether it is found. */
static bool search_next(const struct reading *reading, bool from_completion, int64_t today,
	struct occurrence *next, int64_t *steps)
{
	int64_t start = reading->due.time, after = start, time;
	int64_t midnight = today * DATE_DAY_SECONDS;
	struct local_date found;

	if (from_completion) {
		start += (today - date_day_of(start)) * DATE_DAY_SECONDS;
		after = midnight + DATE_DAY_SECONDS - 1;
	} else if (after < midnight) {
		after = midnight - 1;
	}
	if (search(reading, start, after, &time, steps) != RECURRENCE_FOUND ||
		!write_occurrence(reading, time, next->due))
		return false;
	/* A time that the clock skips has become a later one. */
	local_date_read(text_of(next->due), reading->zone, &found);
	next->days = date_day_of(found.time) - date_day_of(reading->due.time);
	return true;
}

enum occurrence_outcome occurrence_next(const struct occurrence_series *series,
	bool from_completion, int64_t completed, struct occurrence *next,
	struct buffer *rule_after, int64_t *steps)
{
	struct reading reading;
	int64_t today = date_day_of(zone_local(series->zone, completed));
	int64_t count;

	if (read_series(series, &reading) != NULL || reading.rule.count == 1)
		return OCCURRENCE_ENDED;
	if (*steps <= 0)
		return OCCURRENCE_TOO_COSTLY;
	count = reading.rule.count;
	reading.rule.count = 0; /* what was missed does not count */
	if (!search_next(&reading, from_completion, today, next, steps))
		return OCCURRENCE_ENDED;
	reading.rule.count = count > 0 ? count - 1 : 0;
	recurrence_rule_write(&reading.rule, rule_after);
	return OCCURRENCE_FOUND;
}
