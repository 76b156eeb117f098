/*
 * A change of the offset of a time zone, once or once a year. Local times are in seconds, computed
 * as if they were UTC. Any thread.
 */
#ifndef API_ICAL_RULE_H
#define API_ICAL_RULE_H

#include "base/text.h"

#include <time.h>

struct ical_rule {
	struct tm start; /* local, by the offset before the change */
	time_t first;	 /* the same, in seconds */
	time_t until;	 /* the last time at which it holds */
	long from;	 /* seconds ahead of UTC before the change */
	long to;
	bool yearly;
	int month; /* from 0; -1: the month of the start */
	int nth; /* of the weekday in the month; negative: from the end; 0: the day of the start */
	int weekday; /* from Sunday, 0 */
};

/*
 * Read "19701025T030000", "+0100", and "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU". False if the value is
 * not valid, or a kind of rule that is not supported.
 */
bool ical_rule_take_start(struct ical_rule *rule, struct text value);
bool ical_rule_take_from(struct ical_rule *rule, struct text value);
bool ical_rule_take_to(struct ical_rule *rule, struct text value);
bool ical_rule_take_recurrence(struct ical_rule *rule, struct text value);

/* The last change up to this local time, in *onset; false if there was none. */
bool ical_rule_onset(const struct ical_rule *rule, time_t local, time_t *onset);

#endif
