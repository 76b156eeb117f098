/*
 * The rule of a zone that goes on for ever: the TZ string of POSIX with the extensions of RFC 9636,
 * 3.3.1, such as "CET-1CEST,M3.5.0,M10.5.0/3". Any thread.
 */
#ifndef CALENDAR_ZONE_RULE_H
#define CALENDAR_ZONE_RULE_H

#include "base/text.h"
#include "calendar/zone_span.h"

enum zone_day_kind {
	ZONE_DAY_OF_YEAR,      /* 0 to 365 */
	ZONE_DAY_WITHOUT_LEAP, /* 1 to 365: 29 February does not count */
	ZONE_WEEKDAY_OF_MONTH, /* the n-th; the fifth is the last */
};

/* The change of each year. */
struct zone_change {
	enum zone_day_kind kind;
	int day;      /* of the year; or of the week, from Sunday, 0 */
	int month;    /* 1 to 12 */
	int week;     /* 1 to 5 */
	int32_t time; /* in seconds from that day's midnight, by the offset before the change */
};

struct zone_rule {
	int32_t standard; /* seconds ahead of UTC */
	int32_t daylight;
	bool has_daylight;
	struct zone_change start; /* of daylight saving time */
	struct zone_change end;
};

/* False where text is no such rule. Daylight saving time without dates is refused. */
bool zone_rule_read(struct text text, struct zone_rule *rule);

/* As zone_span(), for an instant at most 2^60 s from 1970. O(1). */
struct zone_span zone_rule_span(const struct zone_rule *rule, int64_t instant);

#endif
