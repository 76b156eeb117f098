/*
 * Dates by integer arithmetic in the proleptic Gregorian calendar; the time zone and the locale of
 * the machine have no influence. Any thread.
 */
#include "base/date.h"

#include <stdint.h>
#include <string.h>

#define ERA_DAYS 146097			/* the days of 400 years */
#define EPOCH_DAYS 719468		/* from 0000-03-01 to 1970-01-01 */
#define DATE_LAST INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define DATE_FIELDS "YMDhms"		/* the letters of a pattern, in the order of the enum */
#define DATE_DAY_LENGTH (sizeof("YYYY-MM-DD") - 1)

enum date_field { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FIELDS };

/* Rounds down; what is divided may be negative. */
static int64_t date_divide(int64_t number, int64_t by)
{
	return number / by - (number % by < 0);
}

/*
 * Years begin in March here, so that a leap day is the last day of its year: (153 * m + 2) / 5 is
 * the number of days before month m, with March as 0.
 */
int64_t date_days(int64_t year, int64_t month, int64_t day)
{
	int64_t years = month <= 2 ? year - 1 : year;
	int64_t march_month = month <= 2 ? month + 9 : month - 3;
	int64_t leap_days =
		date_divide(years, 4) - date_divide(years, 100) + date_divide(years, 400);

	return years * 365 + leap_days + (153 * march_month + 2) / 5 + day - 1 - EPOCH_DAYS;
}

int64_t date_day_of(int64_t seconds)
{
	return date_divide(seconds, DATE_DAY_SECONDS);
}

void date_from_days(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
	int64_t era = date_divide(days + EPOCH_DAYS, ERA_DAYS);
	int64_t of_era = days + EPOCH_DAYS - era * ERA_DAYS;
	int64_t march_year =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / (ERA_DAYS - 1)) / 365;
	int64_t of_year = of_era - (365 * march_year + march_year / 4 - march_year / 100);
	int64_t march_month = (5 * of_year + 2) / 153;

	*day = of_year - (153 * march_month + 2) / 5 + 1;
	*month = march_month < 10 ? march_month + 3 : march_month - 9;
	*year = era * 400 + march_year + (*month <= 2);
}

static bool date_is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int64_t date_month_length(int64_t year, int64_t month)
{
	/* there is no month 0, nor a day in it */
	static const char lengths[] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return lengths[month] + (month == 2 && date_is_leap(year));
}

/* From 1970 on. */
static int64_t date_seconds(const int64_t fields[FIELDS])
{
	return date_days(fields[YEAR], fields[MONTH], fields[DAY]) * DATE_DAY_SECONDS +
	       fields[HOUR] * 3600 + fields[MINUTE] * 60 + fields[SECOND];
}

/* Whether the fields name a day and a time that exist. */
static bool date_exists(const int64_t fields[FIELDS])
{
	return fields[MONTH] <= 12 && fields[DAY] >= 1 &&
	       fields[DAY] <= date_month_length(fields[YEAR], fields[MONTH]) &&
	       fields[HOUR] <= 23 && fields[MINUTE] <= 59 && fields[SECOND] <= 59;
}

/*
 * Take what the pattern describes from the front of rest: a letter of DATE_FIELDS is one digit of
 * that field, anything else is literal.
 */
static bool date_take(struct text *rest, const char *pattern, int64_t fields[FIELDS])
{
	size_t length = strlen(pattern);

	if (rest->length < length)
		return false;
	for (size_t i = 0; i < length; i++) {
		const char *letter = strchr(DATE_FIELDS, pattern[i]);
		char c = rest->data[i];

		if (letter == NULL && c != pattern[i])
			return false;
		if (letter != NULL && (c < '0' || c > '9'))
			return false;
		if (letter != NULL)
			fields[letter - DATE_FIELDS] = fields[letter - DATE_FIELDS] * 10 + c - '0';
	}
	*rest = (struct text){ rest->data + length, rest->length - length };
	return true;
}

/* Take one byte, where it is one of these. */
static bool date_take_any(struct text *rest, const char *bytes)
{
	if (rest->length == 0 || *rest->data == '\0' || strchr(bytes, *rest->data) == NULL)
		return false;
	*rest = (struct text){ rest->data + 1, rest->length - 1 };
	return true;
}

/* Take ".123", of any length, or nothing; false after a dot alone. */
static bool date_take_fraction(struct text *rest)
{
	size_t digits = 0;

	if (!date_take_any(rest, "."))
		return true;
	while (date_take_any(rest, "0123456789"))
		digits++;
	return digits > 0;
}

/* Take "Z" or "+HH:MM", and the seconds by which it is ahead of UTC. */
static bool date_take_offset(struct text *rest, int64_t *seconds)
{
	int64_t fields[FIELDS] = { 0 };
	bool east;

	*seconds = 0;
	if (date_take_any(rest, "Zz"))
		return true;
	east = date_take_any(rest, "+");
	if ((!east && !date_take_any(rest, "-")) || !date_take(rest, "hh:mm", fields))
		return false;
	*seconds = (fields[HOUR] * 60 + fields[MINUTE]) * (east ? 60 : -60);
	return fields[HOUR] <= 23 && fields[MINUTE] <= 59;
}

/* "2026-11-22T16:55:00+02:00" */
static bool date_read_rfc3339(struct text text, int64_t fields[FIELDS], int64_t *offset)
{
	return date_take(&text, "YYYY-MM-DD", fields) && date_take_any(&text, "Tt ") &&
	       date_take(&text, "hh:mm:ss", fields) && date_take_fraction(&text) &&
	       date_take_offset(&text, offset) && text.length == 0;
}

/* One pattern from end to end. */
static bool date_read_whole(struct text text, const char *pattern, int64_t fields[FIELDS])
{
	return text.length == strlen(pattern) && date_take(&text, pattern, fields);
}

static bool date_parse_day(struct text text, char date[DATE_SIZE])
{
	int64_t fields[FIELDS] = { 0 };

	if (!date_read_whole(text, "YYYY-MM-DD", fields))
		return false;
	if (fields[YEAR] < 1970 || !date_exists(fields))
		return false;
	memcpy(date, text.data, DATE_DAY_LENGTH);
	date[DATE_DAY_LENGTH] = '\0';
	return true;
}

static bool date_parse_instant(struct text text, char date[DATE_SIZE])
{
	int64_t fields[FIELDS] = { 0 };
	int64_t seed[FIELDS] = { 0 };
	int64_t offset = 0;
	int64_t time;

	if (date_read_whole(text, "DD/MM/YYYY hh:mm:ss", seed))
		memcpy(fields, seed, sizeof(fields));
	else if (!date_read_rfc3339(text, fields, &offset))
		return false;
	if (!date_exists(fields))
		return false;
	time = date_seconds(fields) - offset;
	if (time < 0 || time > DATE_LAST)
		return false;
	date_format((time_t)time, date);
	return true;
}

bool date_parse(struct text text, char date[DATE_SIZE])
{
	return date_parse_day(text, date) || date_parse_instant(text, date);
}

static void date_write_digits(char *to, size_t count, int64_t value)
{
	for (; count > 0; value /= 10)
		to[--count] = (char)('0' + value % 10);
}

void date_format(time_t time, char date[DATE_SIZE])
{
	int64_t instant = time < 0 ? 0 : time > DATE_LAST ? DATE_LAST : time;
	int64_t fields[FIELDS] = { 0 };
	int64_t second = instant % DATE_DAY_SECONDS;

	date_from_days(instant / DATE_DAY_SECONDS, &fields[YEAR], &fields[MONTH], &fields[DAY]);
	memcpy(date, "0000-00-00T00:00:00Z", DATE_SIZE);
	date_write_digits(date, 4, fields[YEAR]);
	date_write_digits(date + 5, 2, fields[MONTH]);
	date_write_digits(date + 8, 2, fields[DAY]);
	date_write_digits(date + 11, 2, second / 3600);
	date_write_digits(date + 14, 2, second / 60 % 60);
	date_write_digits(date + 17, 2, second % 60);
}

time_t date_time(struct text date)
{
	int64_t fields[FIELDS] = { 0 };
	bool whole = date_read_whole(date, "YYYY-MM-DDThh:mm:ssZ", fields);

	return whole && date_exists(fields) ? (time_t)date_seconds(fields) : 0;
}
