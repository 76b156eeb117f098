/*
 * The time zones that the program carries inside, for a machine without tzdata. The build makes
 * them from the tzdata of the machine that it runs on (carry_zones.cmake). Constant.
 */
#ifndef CALENDAR_ZONE_CARRIED_H
#define CALENDAR_ZONE_CARRIED_H

#include <stddef.h>

struct zone_carried {
	const char *name;	   /* as IANA spells it */
	const unsigned char *tzif; /* a file without times of 32 bits; names may share it */
	size_t length;		   /* in bytes */
};

extern const struct zone_carried zones_carried[]; /* by name, as strcasecmp() orders them */
extern const size_t zones_carried_count;
extern const char zones_carried_version[]; /* of tzdata: "2025b" */

#endif
