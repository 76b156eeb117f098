/*
 * The time zones that a calendar brings along (RFC 5545, VTIMEZONE). Any thread, one calendar each.
 */
#ifndef API_ICAL_ZONE_H
#define API_ICAL_ZONE_H

#include "transfer/ical/ical_line.h"
#include "transfer/ical/ical_rule.h"

#define ZONES_MOST 64 /* of one calendar; what more there are count as unknown */

struct ical_zone {
	char *name;
	struct ical_rule *rules;
	size_t count;
	size_t yearly; /* of them */
	size_t first;  /* rule of the part that is read now */
};

struct ical_zones {
	struct ical_zone list[ZONES_MOST];
	size_t count;
	struct ical_zone zone; /* the one that is read now */
	struct ical_rule part; /* of it, what was read */
	bool unsupported;      /* there is something in it that is not taken */
};

/* The lines of a VTIMEZONE between its BEGIN and END; then ical_zones_end() adds it to the others. */
void ical_zones_begin(struct ical_zones *zones);
void ical_zones_add(struct ical_zones *zones, const struct ical_line *line);
void ical_zones_end(struct ical_zones *zones);

/* How far a local time is ahead of UTC, in seconds; false where no such zone is known. */
bool ical_zones_offset(
	const struct ical_zones *zones, struct text name, time_t local, long *offset);

void ical_zones_free(struct ical_zones *zones);

#endif
