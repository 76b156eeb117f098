/*
 * Filters of a list by days in the account's time zone: a day begins at its 00:00 there. A task's
 * date is such a day, or an instant. The SQL compares it with values that are made of the zone, the
 * time and the inputs, since SQL knows no time zones. Loop thread.
 */
#ifndef API_DAY_LIMITS_H
#define API_DAY_LIMITS_H

#include "endpoint/endpoint.h"

/*
 * The values. today: the day that it is. before, before_day: an instant, and the first day that
 * begins then or later; what is due before due_before is due before them, an instant or a day. The
 * same of due_after. day_begin, day_last: the first and the last second of due_on.
 */
/* clang-format off */
#define DAY_LIMITS \
	TEXT_SLOT("time_zone"), TEXT_SLOT("today"), TEXT_SLOT("before"), TEXT_SLOT("before_day"), \
	TEXT_SLOT("after"), TEXT_SLOT("after_day"), TEXT_SLOT("day_begin"), TEXT_SLOT("day_last")
/* clang-format on */

/* What a date is compared with: a value for a day, or one for an instant. */
#define DAY_OR_INSTANT(date, day, instant)                                                         \
	"CASE WHEN length(" date ") = 10 THEN " day " ELSE " instant " END"

/* The lesser of two values, and the greater one, in the order of due_order. */
#define DUE_ORDER_OF(instant) "replace(" instant ", 'T00:00:00Z', '')"
#define EARLIER(day, instant)                                                                      \
	"CASE WHEN " day " < " instant " THEN " day " ELSE " DUE_ORDER_OF(instant) " END"
#define LATER(day, instant)                                                                        \
	"CASE WHEN " day " > " instant " THEN " day " ELSE " DUE_ORDER_OF(instant) " END"

/* Conditions on a task t. due_order narrows down what is found; the date decides. */
#define OVERDUE                                                                                    \
	"t.completed = 0 AND t.due_order < $now AND t.due_date < " DAY_OR_INSTANT(                 \
		"t.due_date", "$today", "$now")
#define DUE_BEFORE                                                                                 \
	SQL_NOT_BY_INDEX("t.due_order")                                                            \
	" < " LATER("$before_day", "$before") " AND t.due_date < " DAY_OR_INSTANT(                 \
		"t.due_date", "$before_day", "$before")
#define DUE_AFTER_START "t.due_order >= " EARLIER("$after_day", "$after")
#define DUE_AFTER                                                                                  \
	"t.due_order < '~' AND t.due_date >= " DAY_OR_INSTANT(                                     \
		"t.due_date", "$after_day", "$after")
#define DUE_ON                                                                                     \
	"t.due_order >= " EARLIER("$due_on", "$day_begin") " AND t.due_order <= " LATER(           \
		"$due_on", "$day_last") " AND t.due_date BETWEEN " DAY_OR_INSTANT("t.due_date",    \
		"$due_on", "$day_begin") " AND " DAY_OR_INSTANT("t.due_date", "$due_on", "$day_last")

/* A task without a start date has started. */
#define STARTED                                                                                    \
	"coalesce(t.start_date, '') <= " DAY_OR_INSTANT("t.start_date", "$today", "$now")
#define NOT_STARTED                                                                                \
	"t.start_date > " EARLIER("$today", "$now") " AND t.start_date > " DAY_OR_INSTANT(         \
		"t.start_date", "$today", "$now")

/* Whether the request has such a filter. Then day_limits_set() is to be called. */
bool day_limits_are_asked(struct request *request);

/*
 * Set the values from $time_zone, $now and the inputs. A list in another zone than UTC has no ETag
 * (see request_set_etag()), since it changes with the account's zone.
 */
void day_limits_set(struct request *request);

#endif
