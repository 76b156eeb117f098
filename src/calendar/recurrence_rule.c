/*
 * The text of a rule. A table has the parts in their canonical order, and the kind of value of
 * each. For each kind there is a function that reads it and one that writes it. Any thread.
 */
#include "calendar/recurrence_rule.h"

#include "base/date.h"

#include <inttypes.h>
#include <stddef.h>

#define WEEKDAYS 7
#define MEMBER(name) offsetof(struct recurrence_rule, name)

enum kind { FREQUENCY, NUMBER, NUMBER_LIST, TIME, WEEKDAY, WEEKDAY_LIST };

struct part {
	struct text name;
	enum kind kind;
	size_t member;	     /* the offset of what it is read into */
	int64_t least, most; /* of its numbers; where the least is negative they may have a sign */
	int64_t otherwise;   /* a NUMBER that is not given */
	const char *fault;   /* what is wrong with any other value */
};

/* clang-format off */
static const struct part parts[] = {
	{ TEXT_INIT("FREQ"), FREQUENCY, MEMBER(frequency), 0, 0, 0,
		"must have a FREQ that is DAILY, WEEKLY, MONTHLY or YEARLY" },
	{ TEXT_INIT("INTERVAL"), NUMBER, MEMBER(interval), 1, INT32_MAX, 1,
		"must have an INTERVAL from 1 to 2147483647" },
	{ TEXT_INIT("COUNT"), NUMBER, MEMBER(count), 1, INT32_MAX, 0,
		"must have a COUNT from 1 to 2147483647" },
	{ TEXT_INIT("UNTIL"), TIME, MEMBER(until), 0, 0, 0,
		"must have an UNTIL such as 20261224 or 20261224T170000Z" },
	{ TEXT_INIT("WKST"), WEEKDAY, MEMBER(week_start), 0, 0, 0,
		"must have a WKST that is MO, TU, WE, TH, FR, SA or SU" },
	{ TEXT_INIT("BYMONTH"), NUMBER_LIST, MEMBER(by_month), 1, 12, 0,
		"must have numbers from 1 to 12 in BYMONTH" },
	{ TEXT_INIT("BYWEEKNO"), NUMBER_LIST, MEMBER(by_week), -53, 53, 0,
		"must have numbers from 1 to 53 or -53 to -1 in BYWEEKNO" },
	{ TEXT_INIT("BYYEARDAY"), NUMBER_LIST, MEMBER(by_year_day), -366, 366, 0,
		"must have numbers from 1 to 366 or -366 to -1 in BYYEARDAY" },
	{ TEXT_INIT("BYDAY"), WEEKDAY_LIST, MEMBER(by_day), -53, 53, 0,
		"must have weekdays such as MO, 1MO or -1MO in BYDAY" },
	{ TEXT_INIT("BYMONTHDAY"), NUMBER_LIST, MEMBER(by_month_day), -31, 31, 0,
		"must have numbers from 1 to 31 or -31 to -1 in BYMONTHDAY" },
	{ TEXT_INIT("BYSETPOS"), NUMBER_LIST, MEMBER(by_set_position), -366, 366, 0,
		"must have numbers from 1 to 366 or -366 to -1 in BYSETPOS" },
};
/* clang-format on */

static const struct text frequencies[] = {
	[RECURRENCE_DAILY] = TEXT_INIT("DAILY"),
	[RECURRENCE_WEEKLY] = TEXT_INIT("WEEKLY"),
	[RECURRENCE_MONTHLY] = TEXT_INIT("MONTHLY"),
	[RECURRENCE_YEARLY] = TEXT_INIT("YEARLY"),
};

static const struct text weekdays[WEEKDAYS] = { TEXT_INIT("MO"), TEXT_INIT("TU"), TEXT_INIT("WE"),
	TEXT_INIT("TH"), TEXT_INIT("FR"), TEXT_INIT("SA"), TEXT_INIT("SU") };

/* Take the next item of a list. False after the last one. A list of no bytes has one empty item. */
static bool take_item(struct text *rest, char separator, struct text *item)
{
	const char *end = rest->length > 0 ? memchr(rest->data, separator, rest->length) : NULL;

	if (rest->data == NULL)
		return false;
	*item = *rest;
	if (end != NULL)
		item->length = (size_t)(end - item->data);
	*rest = end != NULL ? text_after(*rest, item->length + 1) : (struct text){ NULL, 0 };
	return true;
}

/* Take one byte, if it is this one; the case of a letter does not matter. */
static bool take_byte(struct text *rest, char letter)
{
	if (rest->length == 0 || !text_equal_bytes_nocase(rest->data, &letter, 1))
		return false;
	*rest = text_after(*rest, 1);
	return true;
}

static bool take_digits(struct text *rest, size_t digits, int64_t *number)
{
	if (rest->length < digits || !text_to_integer((struct text){ rest->data, digits }, number))
		return false;
	*rest = text_after(*rest, digits);
	return true;
}

static bool read_frequency(struct text text, enum recurrence_frequency *frequency)
{
	for (int i = RECURRENCE_DAILY; i <= RECURRENCE_YEARLY; i++) {
		*frequency = (enum recurrence_frequency)i;
		if (text_equal_nocase(text, frequencies[i]))
			return true;
	}
	return false;
}

/* "20261224" or "20261224T180000", with a "Z" for UTC. */
static bool read_until(struct text text, struct recurrence_rule *rule)
{
	int64_t year, month, day, hour, minute, second;

	if (!take_digits(&text, 4, &year) || !take_digits(&text, 2, &month) ||
		!take_digits(&text, 2, &day))
		return false;
	if (year < 1 || month > 12 || day < 1 || day > date_month_length(year, month))
		return false;
	rule->until = date_days(year, month, day) * DATE_DAY_SECONDS;
	rule->until_kind = RECURRENCE_UNTIL_DAY;
	if (text.length == 0)
		return true;
	if (!take_byte(&text, 'T') || !take_digits(&text, 2, &hour) ||
		!take_digits(&text, 2, &minute) || !take_digits(&text, 2, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	/* A leap second counts as the one before it (RFC 5545, 3.3.12). */
	rule->until += hour * 3600 + minute * 60 + (second < 60 ? second : 59);
	rule->until_kind =
		take_byte(&text, 'Z') ? RECURRENCE_UNTIL_INSTANT : RECURRENCE_UNTIL_LOCAL;
	return text.length == 0;
}

static void write_until(const struct recurrence_rule *rule, struct buffer *to)
{
	int64_t days = date_day_of(rule->until);
	int64_t second = rule->until - days * DATE_DAY_SECONDS;
	int64_t year, month, day;

	if (rule->until_kind == RECURRENCE_UNTIL_NONE)
		return;
	date_from_days(days, &year, &month, &day);
	buffer_add_format(to, "%04" PRId64 "%02" PRId64 "%02" PRId64, year, month, day);
	if (rule->until_kind != RECURRENCE_UNTIL_DAY)
		buffer_add_format(to, "T%02" PRId64 "%02" PRId64 "%02" PRId64, second / 3600,
			second / 60 % 60, second % 60);
	if (rule->until_kind == RECURRENCE_UNTIL_INSTANT)
		buffer_add_text(to, TEXT("Z"));
}

/* Of any number of digits, as RFC 5545 has it. */
static bool read_number(struct text text, const struct part *part, int64_t *number)
{
	return text_to_integer(text, number) && *number >= part->least && *number <= part->most;
}

/* "12", "+12" and "-12"; of no more digits than the most has. */
static bool read_list_number(struct text text, const struct part *part, int64_t *number)
{
	bool is_signed = part->least < 0;
	bool is_negative = is_signed && take_byte(&text, '-');

	if (is_signed && !is_negative)
		take_byte(&text, '+');
	if (text.length > (part->most > 99 ? 3 : 2) || !text_to_integer(text, number))
		return false;
	if (*number < 1 || *number > part->most)
		return false;
	*number = is_negative ? -*number : *number;
	return true;
}

static bool read_list(struct text text, const struct part *part, struct number_set *list)
{
	struct text item;
	int64_t number;

	while (take_item(&text, ',', &item)) {
		if (!read_list_number(item, part, &number))
			return false;
		number_set_add(list, number);
	}
	return true;
}

static void write_list(const struct number_set *list, const struct part *part, struct buffer *to)
{
	const char *comma = "";

	for (int64_t number = part->least; number <= part->most; number++) {
		if (!number_set_has(list, number))
			continue;
		buffer_add_format(to, "%s%" PRId64, comma, number);
		comma = ",";
	}
}

static bool read_weekday(struct text text, int64_t *weekday)
{
	for (*weekday = 0; *weekday < WEEKDAYS; ++*weekday) {
		if (text_equal_nocase(text, weekdays[*weekday]))
			return true;
	}
	return false;
}

/* "MO", "1MO" and "-1MO". */
static bool read_weekday_list(struct text text, const struct part *part, struct number_set *list)
{
	struct text item;

	while (take_item(&text, ',', &item)) {
		size_t before = item.length > 2 ? item.length - 2 : 0;
		int64_t n = 0, weekday;

		if (!read_weekday(text_after(item, before), &weekday))
			return false;
		item.length = before;
		if (before > 0 && !read_list_number(item, part, &n))
			return false;
		number_set_add(list, recurrence_weekday(n, weekday));
	}
	return true;
}

static void write_weekday_list(
	const struct number_set *list, const struct part *part, struct buffer *to)
{
	const char *comma = "";

	for (int64_t i = part->least * WEEKDAYS; i < (part->most + 1) * WEEKDAYS; i++) {
		int64_t weekday = (i - part->least * WEEKDAYS) % WEEKDAYS;
		int64_t n = (i - weekday) / WEEKDAYS;

		if (!number_set_has(list, i))
			continue;
		buffer_add_text(to, text_of(comma));
		if (n != 0)
			buffer_add_format(to, "%" PRId64, n);
		buffer_add_text(to, weekdays[weekday]);
		comma = ",";
	}
}

static bool read_value(struct text text, const struct part *part, struct recurrence_rule *rule)
{
	void *member = (char *)rule + part->member;

	switch (part->kind) {
	case FREQUENCY:
		return read_frequency(text, member);
	case NUMBER:
		return read_number(text, part, member);
	case NUMBER_LIST:
		return read_list(text, part, member);
	case TIME:
		return read_until(text, rule);
	case WEEKDAY:
		return read_weekday(text, member);
	default:
		return read_weekday_list(text, part, member);
	}
}

/* Appends nothing where the part is to be left out. */
static void write_value(
	const struct recurrence_rule *rule, const struct part *part, struct buffer *to)
{
	const void *member = (const char *)rule + part->member;
	const int64_t *number = member;

	switch (part->kind) {
	case FREQUENCY:
		buffer_add_text(to, frequencies[rule->frequency]);
		break;
	case NUMBER:
		if (*number != part->otherwise)
			buffer_add_format(to, "%" PRId64, *number);
		break;
	case NUMBER_LIST:
		write_list(member, part, to);
		break;
	case TIME:
		write_until(rule, to);
		break;
	case WEEKDAY:
		if (*number != 0)
			buffer_add_text(to, weekdays[*number]);
		break;
	default:
		write_weekday_list(member, part, to);
		break;
	}
}

#define PARTS (sizeof(parts) / sizeof(parts[0]))

/* Read "NAME=VALUE". NULL, or what is wrong; given has a bit for each part that came before. */
static const char *read_part(struct text text, struct recurrence_rule *rule, unsigned *given)
{
	struct text name;

	take_item(&text, '=', &name);
	if (text.data == NULL)
		return "must have parts such as FREQ=DAILY, with one semicolon between two";
	for (size_t i = 0; i < PARTS; i++) {
		if (!text_equal_nocase(name, parts[i].name))
			continue;
		if (*given & 1u << i)
			return "must not have a part twice";
		*given |= 1u << i;
		return read_value(text, &parts[i], rule) ? NULL : parts[i].fault;
	}
	return "must have no other parts than FREQ, INTERVAL, COUNT, UNTIL, WKST, BYMONTH, "
	       "BYWEEKNO, BYYEARDAY, BYDAY, BYMONTHDAY and BYSETPOS";
}

static bool has_numbered_weekdays(const struct recurrence_rule *rule)
{
	int64_t plain = 0;

	for (int64_t weekday = 0; weekday < WEEKDAYS; weekday++)
		plain += number_set_has(&rule->by_day, recurrence_weekday(0, weekday));
	return rule->by_day.count > plain;
}

/* What RFC 5545, 3.3.10 says of parts that must not stand together. */
static const char *check_together(const struct recurrence_rule *rule)
{
	enum recurrence_frequency frequency = rule->frequency;
	int64_t lists = rule->by_month.count + rule->by_week.count + rule->by_year_day.count +
			rule->by_month_day.count + rule->by_day.count;

	if (rule->count > 0 && rule->until_kind != RECURRENCE_UNTIL_NONE)
		return "must not have both COUNT and UNTIL";
	if (rule->by_week.count > 0 && frequency != RECURRENCE_YEARLY)
		return "must not have BYWEEKNO without FREQ=YEARLY";
	if (rule->by_year_day.count > 0 && frequency != RECURRENCE_YEARLY)
		return "must not have BYYEARDAY without FREQ=YEARLY";
	if (rule->by_month_day.count > 0 && frequency == RECURRENCE_WEEKLY)
		return "must not have BYMONTHDAY with FREQ=WEEKLY";
	if (has_numbered_weekdays(rule) && frequency < RECURRENCE_MONTHLY)
		return "must not have numbers in BYDAY without FREQ=MONTHLY or FREQ=YEARLY";
	if (has_numbered_weekdays(rule) && rule->by_week.count > 0)
		return "must not have numbers in BYDAY with BYWEEKNO";
	if (rule->by_set_position.count > 0 && lists == 0)
		return "must not have BYSETPOS without another BY part";
	return NULL;
}

const char *recurrence_rule_read(struct text text, struct recurrence_rule *rule)
{
	unsigned given = 0;
	struct text part;

	*rule = (struct recurrence_rule){ .interval = 1 };
	if (text.length > RECURRENCE_TEXT_MOST)
		return "must have at most 4096 bytes";
	while (take_item(&text, ';', &part)) {
		const char *fault = read_part(part, rule, &given);

		if (fault != NULL)
			return fault;
	}
	return given & 1 ? check_together(rule) : parts[0].fault;
}

void recurrence_rule_write(const struct recurrence_rule *rule, struct buffer *to)
{
	for (size_t i = 0; i < PARTS; i++) {
		size_t before = to->length, empty;

		buffer_add_text(to, text_of(i > 0 ? ";" : ""));
		buffer_add_text(to, parts[i].name);
		buffer_add_text(to, TEXT("="));
		empty = to->length;
		write_value(rule, &parts[i], to);
		if (to->length == empty)
			to->length = before;
	}
}
