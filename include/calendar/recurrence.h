/*
 * The series of times at which a recurrence rule occurs (RFC 5545, 3.3.10 and 3.8.5.3).
 *
 * Times are local: what a clock shows, in seconds since 1970-01-01T00:00:00, as if it showed UTC. A
 * day without a time is its midnight. The calendar is the proleptic Gregorian one, from the year 1
 * to 9999. There is no time zone here: the caller turns local times into instants, and decides
 * about a time that the clock skips.
 *
 * The series begins at its start. Every occurrence has the start's time of the day. Where the rule
 * names no day, the start does: a weekly rule, and a yearly one with BYWEEKNO, takes its weekday; a
 * monthly rule its day of the month; a yearly one its month, too.
 *
 * RFC 5545 leaves open what happens if the rule does not name the day of the start. Here such a
 * start does not occur and does not count for COUNT: "FREQ=MONTHLY;BYMONTHDAY=1" from the 15th
 * occurs for the first time on the 1st of the next month.
 *
 * An UNTIL that is a local day or time ends the series. An UNTIL in UTC does not, because that
 * takes a time zone: the caller stops at the first occurrence whose instant is later than
 * rule->until.
 *
 * BYSETPOS counts from the first day of a period, also if the start is later: the Tuesday on which
 * "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1" starts is the second day of its week and does not occur. A
 * week across New Year (BYWEEKNO) has some of its days in the set of one year, and some in the
 * next.
 *
 * Nothing here allocates memory. A series is for one thread at a time.
 */
#ifndef CALENDAR_RECURRENCE_H
#define CALENDAR_RECURRENCE_H

#include "calendar/recurrence_rule.h"

#include <stdint.h>

/*
 * The most days that one search looks at: 273 years, in about two milliseconds. No common rule has
 * more between two occurrences, but for one that never occurs, such as one for 30 February.
 */
#define RECURRENCE_STEPS 100000

#define RECURRENCE_DAY_WORDS 6 /* a bit for each day of a year */

enum recurrence_outcome {
	RECURRENCE_FOUND,
	RECURRENCE_ENDED, /* by COUNT, by UNTIL, or by the end of the year 9999 */
	RECURRENCE_TOO_MANY_STEPS,
};

/* A series. Its members are private. */
struct recurrence {
	struct recurrence_rule rule; /* completed by the start */
	int64_t start;
	int64_t second;			     /* of the day, which all occurrences have */
	int64_t after;			     /* what is found is later than this */
	int64_t last;			     /* and not later than this */
	int64_t left;			     /* the occurrences before COUNT is reached */
	int64_t period;			     /* the next one to look at, by its number */
	int64_t steps;			     /* the days looked at so far */
	int64_t first;			     /* the day of the first bit */
	uint64_t days[RECURRENCE_DAY_WORDS]; /* of the period before, those not yet taken */
};

/* Keeps a copy of the rule. The series is empty if the start is not in the years 1 to 9999. */
void recurrence_begin(
	struct recurrence *recurrence, const struct recurrence_rule *rule, int64_t start);

/*
 * Leave out all occurrences that are not later than this time. It jumps over whole periods, so that
 * a time far ahead costs nothing. With COUNT the next search counts them instead.
 */
void recurrence_skip(struct recurrence *recurrence, int64_t time);

/*
 * Search the next occurrence. If it is found, it is in *time. After RECURRENCE_ENDED the series
 * stays ended. After RECURRENCE_TOO_MANY_STEPS another call goes on with the search.
 */
enum recurrence_outcome recurrence_next(struct recurrence *recurrence, int64_t *time);

/* How many days all searches of the series have looked at: what they have cost. */
int64_t recurrence_steps(const struct recurrence *recurrence);

/* Search the first occurrence that is later than a time, of the rule's series from start. */
enum recurrence_outcome recurrence_after(
	const struct recurrence_rule *rule, int64_t start, int64_t after, int64_t *time);

#endif
