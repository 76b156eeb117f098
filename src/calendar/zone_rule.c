/*
 * Years are those of the proleptic Gregorian calendar, of either sign. Any thread.
 */
#include "zone_rule.h"

#include "base/date.h"

#define THURSDAY 4	      /* the weekday of 1970-01-01 */
#define HOURS_MOST 24	      /* of an offset */
#define CHANGE_HOURS_MOST 167 /* of the time of a change: a week, as RFC 9636 allows */

static int64_t weekday_of_month(const struct zone_change *change, int64_t year)
{
	int64_t first = date_days(year, change->month, 1);
	int64_t next = first + date_month_length(year, change->month);
	int64_t weekday = ((first + THURSDAY) % 7 + 7) % 7;
	int64_t day = first + (change->day - weekday + 7) % 7 + 7 * (change->week - 1);

	return day < next ? day : day - 7;
}

/* The day of a change, from 1970-01-01. */
static int64_t change_day(const struct zone_change *change, int64_t year)
{
	switch (change->kind) {
	case ZONE_WEEKDAY_OF_MONTH:
		return weekday_of_month(change, year);
	case ZONE_DAY_WITHOUT_LEAP: /* 60 is 1 March in every year */
		return change->day < 60 ? date_days(year, 1, 1) + change->day - 1
					: date_days(year, 3, 1) + change->day - 60;
	default:
		return date_days(year, 1, 1) + change->day;
	}
}

/* A change of the rule in some year, and what holds from then on. */
struct turn {
	int64_t instant;
	bool is_dst;
};

static struct turn rule_turn(const struct zone_rule *rule, int64_t year, bool is_dst)
{
	const struct zone_change *change = is_dst ? &rule->start : &rule->end;
	int32_t before = is_dst ? rule->standard : rule->daylight;

	return (struct turn){ change_day(change, year) * DATE_DAY_SECONDS + change->time - before,
		is_dst };
}

/*
 * The last change up to the instant holds, to the first one after it. The time of a change may be
 * up to a week off its day, so that those of the two years before and after count too. Of two at
 * the same instant the later year's holds: so a rule says that daylight saving time never ends (RFC
 * 9636, 3.3.1).
 */
struct zone_span zone_rule_span(const struct zone_rule *rule, int64_t instant)
{
	struct zone_span span = { INT64_MIN, INT64_MAX, rule->standard, false };
	int64_t year, month, day;

	if (!rule->has_daylight)
		return span;
	date_from_days(date_day_of(instant), &year, &month, &day);
	for (int64_t i = 0; i < 10; i++) {
		struct turn turn = rule_turn(rule, year - 2 + i / 2, i % 2 == 0);

		if (turn.instant > instant && turn.instant < span.end)
			span.end = turn.instant;
		if (turn.instant > instant || turn.instant < span.begin)
			continue;
		span.begin = turn.instant;
		span.is_dst = turn.is_dst;
		span.offset = turn.is_dst ? rule->daylight : rule->standard;
	}
	return span;
}

/* Take one byte if it is this one. */
static bool tz_take_byte(struct text *text, char byte)
{
	if (text->length == 0 || *text->data != byte)
		return false;
	*text = text_after(*text, 1);
	return true;
}

/* Take one to three digits, as a number in these bounds. */
static bool tz_take_number(struct text *text, int least, int most, int *number)
{
	size_t digits = 0;

	*number = 0;
	while (digits < 3 && digits < text->length && text->data[digits] >= '0' &&
		text->data[digits] <= '9')
		*number = *number * 10 + text->data[digits++] - '0';
	*text = text_after(*text, digits);
	return digits > 0 && *number >= least && *number <= most;
}

/* "CET" or "<+03>"; the name itself does not matter. */
static bool tz_take_name(struct text *text)
{
	bool quoted = tz_take_byte(text, '<');
	size_t length = 0;

	while (length < text->length) {
		char c = text->data[length];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		bool sign = (c >= '0' && c <= '9') || c == '+' || c == '-';

		if (!letter && !(quoted && sign))
			break;
		length++;
	}
	*text = text_after(*text, length);
	return length >= 3 && (!quoted || tz_take_byte(text, '>'));
}

/* "-1", "5:30" or "+00:00:01", in seconds. */
static bool tz_take_time(struct text *text, int hours_most, int32_t *seconds)
{
	bool negative = tz_take_byte(text, '-');
	int hours, minute = 0, second = 0;

	if (!negative)
		tz_take_byte(text, '+');
	if (!tz_take_number(text, 0, hours_most, &hours))
		return false;
	if (tz_take_byte(text, ':')) {
		if (!tz_take_number(text, 0, 59, &minute))
			return false;
		if (tz_take_byte(text, ':') && !tz_take_number(text, 0, 59, &second))
			return false;
	}
	*seconds = (hours * 60 + minute) * 60 + second;
	*seconds = negative ? -*seconds : *seconds;
	return true;
}

/* POSIX counts the seconds that UTC is ahead; the sign is turned here. */
static bool tz_take_offset(struct text *text, int32_t *offset)
{
	if (!tz_take_time(text, HOURS_MOST, offset))
		return false;
	*offset = -*offset;
	return true;
}

/* ",M3.5.0/2", ",J60" or ",59"; the time is 02:00 where there is none. */
static bool tz_take_change(struct text *text, struct zone_change *change)
{
	bool valid;

	*change = (struct zone_change){ .time = 2 * 3600 };
	if (!tz_take_byte(text, ','))
		return false;
	if (tz_take_byte(text, 'M')) {
		change->kind = ZONE_WEEKDAY_OF_MONTH;
		valid = tz_take_number(text, 1, 12, &change->month) && tz_take_byte(text, '.') &&
			tz_take_number(text, 1, 5, &change->week) && tz_take_byte(text, '.') &&
			tz_take_number(text, 0, 6, &change->day);
	} else if (tz_take_byte(text, 'J')) {
		change->kind = ZONE_DAY_WITHOUT_LEAP;
		valid = tz_take_number(text, 1, 365, &change->day);
	} else {
		change->kind = ZONE_DAY_OF_YEAR;
		valid = tz_take_number(text, 0, 365, &change->day);
	}
	if (valid && tz_take_byte(text, '/'))
		return tz_take_time(text, CHANGE_HOURS_MOST, &change->time);
	return valid;
}

bool zone_rule_read(struct text text, struct zone_rule *rule)
{
	*rule = (struct zone_rule){ 0 };
	if (!tz_take_name(&text) || !tz_take_offset(&text, &rule->standard))
		return false;
	if (text.length == 0)
		return true;
	rule->has_daylight = true;
	rule->daylight = rule->standard + 3600;
	if (!tz_take_name(&text))
		return false;
	if (text.length > 0 && *text.data != ',' && !tz_take_offset(&text, &rule->daylight))
		return false;
	return tz_take_change(&text, &rule->start) && tz_take_change(&text, &rule->end) &&
	       text.length == 0;
}
