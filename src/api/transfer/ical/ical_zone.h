/*
 * The time zones that a calendar names: those of tzdata by their name, and others as the calendar
 * defines them (RFC 5545, VTIMEZONE). Any thread, one calendar each.
 */
#ifndef API_ICAL_ZONE_H
#define API_ICAL_ZONE_H

#include "base/buffer.h"
#include "calendar/zone.h"
#include "transfer/ical/ical_line.h"
#include "transfer/ical/ical_rule.h"

#define ZONES_MOST 64 /* of one calendar; others count as unknown */

struct ical_zone {
	char *name;
	struct ical_rule *rules;
	size_t count;
	size_t yearly; /* of the rules */
	size_t first;  /* the first rule of the part that is being read */
};

struct ical_zones {
	struct ical_zone list[ZONES_MOST];
	size_t count;
	struct ical_zone zone;	 /* the one that is being read */
	struct ical_rule part;	 /* of it, the part that is being read */
	bool unsupported;	 /* it has a line that is not supported */
	struct buffer last_name; /* that was looked up in tzdata */
	const struct zone *last; /* what it named; NULL: nothing there */
};

/* Read the lines of a VTIMEZONE between its BEGIN and END. ical_zones_end() adds it to the list. */
void ical_zones_begin(struct ical_zones *zones);
void ical_zones_add(struct ical_zones *zones, const struct ical_line *line);
void ical_zones_end(struct ical_zones *zones);

/*
 * When a clock in that zone shows the local time, in seconds; false if the zone is not known. What
 * tzdata has by that name counts, also if the calendar defines it: definitions in files are often
 * cut off or out of date.
 */
bool ical_zones_instant(struct ical_zones *zones, struct text name, time_t local, time_t *instant);

void ical_zones_free(struct ical_zones *zones);

#endif
