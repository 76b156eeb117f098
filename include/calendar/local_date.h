/*
 * Dates in the forms of base/date.h, a day or an instant, as a clock of a time zone shows them. Any
 * thread.
 */
#ifndef CALENDAR_LOCAL_DATE_H
#define CALENDAR_LOCAL_DATE_H

#include "base/date.h"
#include "calendar/zone.h"

/* A day has no time zone: it is the same day everywhere. */
struct local_date {
	int64_t time; /* what the clock shows, in seconds as zone_local(); of a day its midnight */
	bool is_day;
};

/* False where text is no date. */
bool local_date_read(struct text text, const struct zone *zone, struct local_date *date);

/*
 * The inverse of it, terminated; a time that the clock skips or shows twice is read as
 * zone_instant() does. False where that is not in the years 1970 to 9999.
 */
bool local_date_write(
	const struct local_date *date, const struct zone *zone, char text[DATE_SIZE]);

/*
 * A date moved by so many days: 09:00 stays 09:00 over a change of the clock. What would be outside
 * the years 1970 to 9999 becomes their first or last date of its kind. False where text is no date.
 */
bool local_date_move(
	struct text text, int64_t days, const struct zone *zone, char moved[DATE_SIZE]);

#endif
