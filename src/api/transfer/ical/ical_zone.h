/*
 * The time zones that a calendar names: those of tzdata by their name, and others as the calendar
 * defines them (RFC 5545, VTIMEZONE). Any thread, one file each.
 */
#ifndef API_ICAL_ZONE_H
#define API_ICAL_ZONE_H

#include "calendar/zone.h"
#include "transfer/ical/ical_line.h"
#include "transfer/ical/ical_observance.h"

#include <time.h>

#define ZONES_MOST 64 /* of one calendar; others count as unknown */

struct ical_zone {
	struct buffer name;
	struct buffer location;	    /* X-LIC-LOCATION */
	const struct zone *located; /* what that is, where the definition cannot be followed */
	struct ical_onsets onsets;
	bool is_unsupported; /* it has a line that cannot be followed */
};

struct ical_zones {
	struct ical_zone list[ZONES_MOST];
	size_t count;
	struct ical_zone zone;	     /* the one that is being read */
	struct ical_observance part; /* of it, the part that is being read */
	size_t rules;		     /* of the file, that were expanded */
	bool is_complete;	     /* those in the rest of the calendar were read, too */
	struct buffer last_name;     /* that was looked up in tzdata */
	const struct zone *last;     /* what it named; NULL: nothing there */
};

/* Forget the zones of the calendar before. */
void ical_zones_clear(struct ical_zones *zones);

/* Read the lines of a VTIMEZONE between its BEGIN and END. ical_zones_end() adds it to the list. */
void ical_zones_begin(struct ical_zones *zones);
void ical_zones_add(struct ical_zones *zones, const struct ical_line *line);
void ical_zones_end(struct ical_zones *zones);

/*
 * When a clock in that zone shows the local time, in seconds (RFC 5545, 3.3.5); false if the zone is
 * not known. What tzdata has by that name counts, also if the calendar defines it: definitions in files
 * are often cut off or out of date. Then the definition counts, before or in the rest of the calendar;
 * and where it cannot be followed, its X-LIC-LOCATION.
 */
bool ical_zones_instant(struct ical_zones *zones, struct text rest, struct text name, time_t local,
	time_t *instant);

void ical_zones_free(struct ical_zones *zones);

#endif
