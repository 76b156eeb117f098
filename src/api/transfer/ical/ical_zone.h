/*
 * The time zones that a calendar defines (RFC 5545, VTIMEZONE). Any thread, one calendar each.
 */
#ifndef API_ICAL_ZONE_H
#define API_ICAL_ZONE_H

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
	struct ical_zone zone; /* the one that is being read */
	struct ical_rule part; /* of it, the part that is being read */
	bool unsupported;      /* it has a line that is not supported */
};

/* Read the lines of a VTIMEZONE between its BEGIN and END. ical_zones_end() adds it to the list. */
void ical_zones_begin(struct ical_zones *zones);
void ical_zones_add(struct ical_zones *zones, const struct ical_line *line);
void ical_zones_end(struct ical_zones *zones);

/* The seconds that a local time is ahead of UTC; false if the zone is not known. */
bool ical_zones_offset(
	const struct ical_zones *zones, struct text name, time_t local, long *offset);

void ical_zones_free(struct ical_zones *zones);

#endif
