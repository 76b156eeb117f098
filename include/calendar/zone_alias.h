/*
 * The names that programs other than this one give to time zones. Any thread.
 */
#ifndef CALENDAR_ZONE_ALIAS_H
#define CALENDAR_ZONE_ALIAS_H

#include "calendar/zone.h"

/*
 * The zone that a calendar file means by a TZID (RFC 5545, 3.8.3.1) or X-WR-TIMEZONE, in UTF-8:
 *
 * - an IANA name (zone_find()), also behind a vendor's prefix, "/example.org/2024/Europe/Berlin";
 * - a name of Windows, "W. Europe Standard Time", also with "Daylight" in it or without the words
 *   behind the region: the zone that CLDR has for it in the whole world (territory 001);
 * - what Windows displays for it in English, "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm,
 *   Vienna", with or without the offset.
 *
 * A-Z and a-z count as the same. NULL where it is none of these. The search takes some
 * microseconds: a caller that has many dates keeps the result.
 */
const struct zone *zone_of_alias(struct text alias);

#endif
