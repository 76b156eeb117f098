/*
 * Dates in the form of the API and of the store: "YYYY-MM-DDTHH:MM:SSZ" (RFC 3339, UTC) or a day
 * alone, "YYYY-MM-DD". Both forms sort as text. Years 1970 to 9999. Any thread.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define DATE_SIZE 21 /* bytes of the longest form, its terminator included */
#define DATE_DAY_SECONDS 86400

/*
 * Read RFC 3339 with any offset (a fraction of a second is dropped; t and z in lower case too), a
 * day, or "DD/MM/YYYY HH:MM:SS" in UTC. Writes the canonical, terminated form and is true; false
 * where text is none of the three, the date does not exist, or its UTC year is out of range.
 */
bool date_parse(struct text text, char date[DATE_SIZE]);

/* The instant of a time as "YYYY-MM-DDTHH:MM:SSZ", terminated; the nearest one in 1970 to 9999. */
void date_format(time_t time, char date[DATE_SIZE]);

/* The inverse of it, for a text that date_format() has made; else 0. */
time_t date_time(struct text date);

/* The day of a second, both counted from 1970-01-01T00:00:00, and negative before it. */
int64_t date_day_of(int64_t seconds);

/* From 1970-01-01 to a day of the proleptic Gregorian calendar; a year may be negative. */
int64_t date_days(int64_t year, int64_t month, int64_t day);

/* The inverse of it. */
void date_from_days(int64_t days, int64_t *year, int64_t *month, int64_t *day);

/* The days of a month, 1 to 12; month 0 has none. */
int64_t date_month_length(int64_t year, int64_t month);

#endif
