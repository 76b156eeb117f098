/*
 * base/date.h beside the C library's calendar: a date that is taken is canonical, and the same
 * instant as timegm() makes of it; and each instant is written as gmtime_r() has it.
 */
#include "base/date.h"

#include "support/fuzz.h"

#include <stdio.h>
#include <time.h>

#define LAST INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* The instant of "YYYY-MM-DDThh:mm:ss", then a fraction, then an offset. */
static time_t instant_of(const char *text)
{
	struct tm tm = { 0 };
	int hours = 0, minutes = 0;
	char sign = '+';

	CHECK_THAT(sscanf(text, "%4d-%2d-%2d%*c%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
			   &tm.tm_hour, &tm.tm_min, &tm.tm_sec) == 6,
		"no date-time: %s", text);
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	text += strlen("YYYY-MM-DDThh:mm:ss");
	text += strspn(text, ".0123456789");
	if (*text != 'Z' && *text != 'z')
		CHECK_THAT(sscanf(text, "%c%2d:%2d", &sign, &hours, &minutes) == 3, "no offset");
	return timegm(&tm) - (sign == '-' ? -1 : 1) * (hours * 60 + minutes) * 60;
}

static void check_instant(time_t time)
{
	char date[DATE_SIZE], again[DATE_SIZE], expected[64];
	time_t near = time < 0 ? 0 : time > LAST ? LAST : time;
	struct tm tm;

	date_format(time, date);
	gmtime_r(&near, &tm);
	snprintf(expected, sizeof(expected), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	CHECK_THAT(strcmp(date, expected) == 0, "%s, not %s", date, expected);
	CHECK_THAT(date_parse(text_of(date), again) && strcmp(again, date) == 0, "%s", again);
}

static void check_date(const char *text, const char *date)
{
	char again[DATE_SIZE], expected[DATE_SIZE];

	CHECK_THAT(date_parse(text_of(date), again) && strcmp(date, again) == 0, "%s is read as %s",
		date, again);
	if (strlen(date) == strlen("YYYY-MM-DD")) {
		CHECK_THAT(strcmp(text, date) == 0, "%s became %s", text, date);
		return;
	}
	if (text[2] == '/')
		return;
	date_format(instant_of(text), expected);
	CHECK_THAT(strcmp(date, expected) == 0, "%s: %s, not %s", text, date, expected);
}

/* Each day that there is has to be taken. */
static void check_day(struct text text, bool taken)
{
	char day[] = "YYYY-MM-DD", again[64];
	struct tm tm = { 0 };

	if (text.length != strlen(day))
		return;
	memcpy(day, text.data, text.length);
	if (strspn(day, "0123456789") != 4 ||
		sscanf(day, "%4d-%2d-%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday) != 3)
		return;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	timegm(&tm);
	snprintf(again, sizeof(again), "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday);
	CHECK_THAT(
		taken == (strcmp(day, again) == 0 && tm.tm_year >= 70), "%s is a day or not", day);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char date[DATE_SIZE];
	int64_t time;

	bool taken = date_parse(fuzz_text(data, size), date);
	check_day(fuzz_text(data, size), taken);
	if (taken) {
		char *text = strndup((const char *)data, size);

		check_date(text, date);
		free(text);
	}
	if (size == sizeof(time)) {
		memcpy(&time, data, sizeof(time));
		check_instant(time);
		check_instant(time % LAST);
	}
	return 0;
}
