/*
 * Between dates as text and what a clock shows. Any thread.
 */
#include "calendar/local_date.h"

#include <string.h>

#define DAY_LENGTH (sizeof("YYYY-MM-DD") - 1)
#define LAST_INSTANT INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define DAYS_MOST INT64_C(4000000)	   /* more than there are in the years 1970 to 9999 */

bool local_date_read(struct text text, const struct zone *zone, struct local_date *date)
{
	char copy[DATE_SIZE];

	if (!date_parse(text, copy))
		return false;
	date->is_day = strlen(copy) == DAY_LENGTH;
	if (date->is_day)
		memcpy(copy + DAY_LENGTH, "T00:00:00Z", DATE_SIZE - DAY_LENGTH);
	date->time = date_time(text_of(copy));
	if (!date->is_day)
		date->time = zone_local(zone, date->time);
	return true;
}

bool local_date_write(
	const struct local_date *date, const struct zone *zone, char text[DATE_SIZE])
{
	int64_t time = date->is_day ? date->time : zone_instant(zone, date->time);

	date_format((time_t)time, text);
	if (date->is_day)
		text[DAY_LENGTH] = '\0';
	return time >= 0 && time <= LAST_INSTANT;
}

bool local_date_move(
	struct text text, int64_t days, const struct zone *zone, char moved[DATE_SIZE])
{
	struct local_date date;

	if (!local_date_read(text, zone, &date))
		return false;
	days = days > DAYS_MOST ? DAYS_MOST : days < -DAYS_MOST ? -DAYS_MOST : days;
	date.time += days * DATE_DAY_SECONDS;
	/* As it is, also where the clock shows its time twice. */
	if (days == 0)
		return date_parse(text, moved);
	local_date_write(&date, zone, moved);
	return true;
}
