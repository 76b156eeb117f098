/*
 * The rules of a time zone. Only the form that real zones have is supported: the n-th weekday of a
 * month. A rule is computed for one year, so that no rule takes long. Any thread.
 */
#include "transfer/ical/ical_rule.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#define DAY_SECONDS 86400
#define NEVER ((time_t)INT64_MAX / 4) /* far in the future, with room for an offset */

/* Take the digits from the front of text as one number. */
static bool rule_take_digits(struct text *text, size_t digits, int *number)
{
	int64_t value;

	if (text->length < digits || !text_to_integer((struct text){ text->data, digits }, &value))
		return false;
	*number = (int)value;
	*text = (struct text){ text->data + digits, text->length - digits };
	return true;
}

/* Take one byte if it is this one. */
static bool rule_take_byte(struct text *text, char byte)
{
	if (text->length == 0 || *text->data != byte)
		return false;
	*text = (struct text){ text->data + 1, text->length - 1 };
	return true;
}

static bool rule_take_day(struct text *text, struct tm *day)
{
	*day = (struct tm){ 0 };
	if (!rule_take_digits(text, 4, &day->tm_year) || !rule_take_digits(text, 2, &day->tm_mon) ||
		!rule_take_digits(text, 2, &day->tm_mday))
		return false;
	day->tm_year -= 1900;
	day->tm_mon--;
	return day->tm_mon >= 0 && day->tm_mon < 12 && day->tm_mday >= 1 && day->tm_mday <= 31;
}

static bool rule_take_time(struct text *text, struct tm *time)
{
	return rule_take_byte(text, 'T') && rule_take_digits(text, 2, &time->tm_hour) &&
	       rule_take_digits(text, 2, &time->tm_min) &&
	       rule_take_digits(text, 2, &time->tm_sec) && time->tm_hour < 24 &&
	       time->tm_min < 60 && time->tm_sec <= 60;
}

bool ical_rule_take_start(struct ical_rule *rule, struct text value)
{
	struct tm copy;

	if (!rule_take_day(&value, &rule->start) || !rule_take_time(&value, &rule->start) ||
		value.length > 0)
		return false;
	copy = rule->start;
	rule->first = timegm(&copy);
	return true;
}

/* "+0100" or "+010000" */
static bool rule_take_offset(struct text value, long *offset)
{
	int hours, minutes, seconds = 0;
	bool west = rule_take_byte(&value, '-');

	if (!west && !rule_take_byte(&value, '+'))
		return false;
	if (!rule_take_digits(&value, 2, &hours) || !rule_take_digits(&value, 2, &minutes))
		return false;
	if (value.length > 0 && !rule_take_digits(&value, 2, &seconds))
		return false;
	*offset = (hours * 60 + minutes) * 60 + seconds;
	*offset = west ? -*offset : *offset;
	return value.length == 0 && hours < 24 && minutes < 60 && seconds < 60;
}

bool ical_rule_take_from(struct ical_rule *rule, struct text value)
{
	return rule_take_offset(value, &rule->from);
}

bool ical_rule_take_to(struct ical_rule *rule, struct text value)
{
	return rule_take_offset(value, &rule->to);
}

static bool rule_take_frequency(struct ical_rule *rule, struct text value)
{
	rule->yearly = text_equal_nocase(value, TEXT("YEARLY"));
	return rule->yearly;
}

static bool rule_take_month(struct ical_rule *rule, struct text value)
{
	if (value.length > 2 || !rule_take_digits(&value, value.length, &rule->month))
		return false;
	rule->month--;
	return rule->month >= 0 && rule->month < 12;
}

static bool rule_take_weekday(struct ical_rule *rule, struct text value)
{
	static const char names[] = "SUMOTUWETHFRSA";
	bool back = rule_take_byte(&value, '-');

	if (!back)
		rule_take_byte(&value, '+');
	if (!rule_take_digits(&value, 1, &rule->nth) || value.length != 2)
		return false;
	if (rule->nth < 1 || rule->nth > 5)
		return false;
	rule->nth = back ? -rule->nth : rule->nth;
	for (rule->weekday = 0; rule->weekday < 7; rule->weekday++) {
		if (memcmp(names + 2 * rule->weekday, value.data, 2) == 0)
			return true;
	}
	return false;
}

/* A time in UTC, or a day, which counts to its end. rule_onset() makes it local. */
static bool rule_take_until(struct ical_rule *rule, struct text value)
{
	struct tm until;

	if (!rule_take_day(&value, &until))
		return false;
	if (value.length == 0)
		until.tm_sec = DAY_SECONDS - 1;
	else if (!rule_take_time(&value, &until))
		return false;
	rule_take_byte(&value, 'Z');
	rule->until = timegm(&until);
	return value.length == 0;
}

static bool rule_take_anything(struct ical_rule *rule, struct text value)
{
	(void)rule;
	(void)value;
	return true;
}

static bool rule_take_part(struct ical_rule *rule, struct text key, struct text value)
{
	static const struct {
		struct text key;
		bool (*take)(struct ical_rule *rule, struct text value);
	} parts[] = {
		{ TEXT_INIT("FREQ"), rule_take_frequency },
		{ TEXT_INIT("BYMONTH"), rule_take_month },
		{ TEXT_INIT("BYDAY"), rule_take_weekday },
		{ TEXT_INIT("UNTIL"), rule_take_until },
		{ TEXT_INIT("WKST"), rule_take_anything },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (text_equal_nocase(parts[i].key, key))
			return parts[i].take(rule, value);
	}
	return false;
}

bool ical_rule_take_recurrence(struct ical_rule *rule, struct text value)
{
	rule->month = -1;
	while (value.length > 0) {
		const char *end = memchr(value.data, ';', value.length);
		size_t length = end == NULL ? value.length : (size_t)(end - value.data);
		const char *equals = memchr(value.data, '=', length);
		size_t key = equals == NULL ? length : (size_t)(equals - value.data);

		if (equals == NULL || !rule_take_part(rule, (struct text){ value.data, key },
					      (struct text){ equals + 1, length - key - 1 }))
			return false;
		length += end != NULL;
		value = (struct text){ value.data + length, value.length - length };
	}
	/* no zone has the n-th weekday of a whole year */
	return rule->yearly && (rule->nth == 0 || rule->month >= 0);
}

/* Set day to the n-th weekday of its month; it may be in the next month. */
static void rule_find_weekday(const struct ical_rule *rule, struct tm *day)
{
	struct tm first = *day;
	int ahead;

	if (rule->nth < 0)
		first.tm_mon++;
	first.tm_mday = 1;
	timegm(&first);
	ahead = (rule->weekday - first.tm_wday + 7) % 7;
	*day = first;
	day->tm_mday += ahead + 7 * (rule->nth > 0 ? rule->nth - 1 : rule->nth);
}

static time_t rule_in_year(const struct ical_rule *rule, int year)
{
	struct tm day = rule->start;

	day.tm_year = year;
	if (rule->month >= 0)
		day.tm_mon = rule->month;
	if (rule->nth != 0)
		rule_find_weekday(rule, &day);
	return timegm(&day);
}

bool ical_rule_onset(const struct ical_rule *rule, time_t local, time_t *onset)
{
	time_t until = rule->until == 0 ? NEVER : rule->until + rule->from;
	struct tm now;

	*onset = rule->first;
	if (local < rule->first)
		return false;
	if (!rule->yearly)
		return true;
	if (local > until)
		local = until;
	gmtime_r(&local, &now);
	*onset = rule_in_year(rule, now.tm_year);
	if (*onset > local)
		*onset = rule_in_year(rule, now.tm_year - 1);
	if (*onset < rule->first)
		*onset = rule->first;
	return true;
}
