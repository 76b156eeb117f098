/*
 * The time zones that a calendar brings along (RFC 5545, VTIMEZONE). Any thread, one calendar each.
 */
#ifndef API_FORMAT_ZONE_H
#define API_FORMAT_ZONE_H

#include "transfer/ical/format_content.h"
#include "transfer/ical/format_rule.h"

#define ZONES_MOST 64 /* of one calendar; what more there are count as unknown */

struct zone {
	char *name;
	struct rule *rules;
	size_t count;
	size_t yearly; /* of them */
	size_t first;  /* rule of the part that is read now */
};

struct zones {
	struct zone list[ZONES_MOST];
	size_t count;
	struct zone zone; /* the one that is read now */
	struct rule part; /* of it, what was read */
	bool strange;	  /* there is something in it that is not taken */
};

/* The lines of a VTIMEZONE between its BEGIN and END; then zones_end() adds it to the others. */
void zones_begin(struct zones *zones);
void zones_add(struct zones *zones, const struct content *content);
void zones_end(struct zones *zones);

/* How far a local time is ahead of UTC, in seconds; false where no such zone is known. */
bool zones_offset(const struct zones *zones, struct text name, time_t local, long *offset);

void zones_free(struct zones *zones);

#endif
