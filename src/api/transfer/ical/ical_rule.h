/*
 * When a zone's clocks are set, and to what: once, or once a year. Local times are the seconds that
 * they would be in UTC. Any thread.
 */
#ifndef API_ICAL_RULE_H
#define API_ICAL_RULE_H

#include "base/text.h"

#include <time.h>

struct ical_rule {
	struct tm start; /* local; by the clock as it is before */
	time_t first;	 /* the same */
	time_t until;	 /* the last time at which it holds */
	long from;	 /* seconds ahead of UTC before, and then */
	long to;
	bool yearly;
	int month;   /* from 0; -1: that of the start */
	int nth;     /* of the weekday in the month, from the end below 0; 0: the start's day */
	int weekday; /* from Sunday, 0 */
};

/*
 * Read "19701025T030000", "+0100", and "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"; false where the value
 * is nothing of the kind. Rules of any other sort are refused, too.
 */
bool ical_rule_take_start(struct ical_rule *rule, struct text value);
bool ical_rule_take_from(struct ical_rule *rule, struct text value);
bool ical_rule_take_to(struct ical_rule *rule, struct text value);
bool ical_rule_take_recurrence(struct ical_rule *rule, struct text value);

/* When it began to hold last, up to this local time; false where it has not. */
bool ical_rule_onset(const struct ical_rule *rule, time_t local, time_t *onset);

#endif
