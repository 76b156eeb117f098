/*
 * A recurrence rule and its text (RFC 5545, 3.3.10, without "RRULE:"), such as
 * "FREQ=MONTHLY;BYDAY=-1FR". The smallest unit is the day: there is no FREQ below DAILY, and no
 * BYHOUR, BYMINUTE or BYSECOND. Any thread.
 */
#ifndef CALENDAR_RECURRENCE_RULE_H
#define CALENDAR_RECURRENCE_RULE_H

#include "base/buffer.h"
#include "base/text.h"
#include "calendar/number_set.h"

#include <stdint.h>

#define RECURRENCE_TEXT_MOST 4096 /* bytes of a text that is read */

enum recurrence_frequency {
	RECURRENCE_DAILY = 1,
	RECURRENCE_WEEKLY,
	RECURRENCE_MONTHLY,
	RECURRENCE_YEARLY,
};

enum recurrence_until {
	RECURRENCE_UNTIL_NONE,
	RECURRENCE_UNTIL_DAY,	  /* 20261224: a local day, as its midnight */
	RECURRENCE_UNTIL_LOCAL,	  /* 20261224T180000: a local time */
	RECURRENCE_UNTIL_INSTANT, /* 20261224T170000Z: in UTC */
};

/* In a list a negative number counts from the end. An empty list is a part that is not given. */
struct recurrence_rule {
	enum recurrence_frequency frequency;
	enum recurrence_until until_kind;
	int64_t until;			   /* seconds from 1970-01-01T00:00:00 on */
	int64_t interval;		   /* 1 and above */
	int64_t count;			   /* 0: without COUNT */
	int64_t week_start;		   /* WKST: from Monday, 0, to Sunday, 6 */
	struct number_set by_month;	   /* 1 to 12 */
	struct number_set by_week;	   /* BYWEEKNO: 1 to 53, -53 to -1 */
	struct number_set by_year_day;	   /* 1 to 366, -366 to -1 */
	struct number_set by_month_day;	   /* 1 to 31, -31 to -1 */
	struct number_set by_day;	   /* numbers that recurrence_weekday() makes */
	struct number_set by_set_position; /* BYSETPOS: 1 to 366, -366 to -1 */
};

/*
 * A value of BYDAY as one number: the n-th such weekday, from Monday, 0, to Sunday, 6, of the month
 * or year. n is -53 to 53; 0 stands for all of them.
 */
static inline int64_t recurrence_weekday(int64_t n, int64_t weekday)
{
	return 7 * n + weekday;
}

/*
 * Read a rule, in upper or lower case, with its parts in any order. NULL if it is one; else what is
 * wrong with it, such as "must not have both COUNT and UNTIL", a constant string. Whatever RFC
 * 5545, 3.3.10 forbids is wrong, and so is a unit below the day. INTERVAL and COUNT are at most
 * 2^31 - 1. The time that it takes is linear in the length of the text.
 *
 * RFC 5545 asks for an UNTIL of the same kind as the start. The caller, who knows the start, checks
 * until_kind.
 */
const char *recurrence_rule_read(struct text text, struct recurrence_rule *rule);

/*
 * Append the canonical text of a rule: in upper case, with the parts in the order of the examples
 * of RFC 5545, without INTERVAL=1 and WKST=MO, with sorted lists and nothing twice. BYDAY is sorted
 * by number, then from Monday. No text that is read as this rule is shorter.
 */
void recurrence_rule_write(const struct recurrence_rule *rule, struct buffer *to);

#endif
