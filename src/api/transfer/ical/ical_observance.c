/*
 * The onsets of an offset. Any thread.
 */
#include "transfer/ical/ical_observance.h"

#include "base/date.h"
#include "calendar/recurrence.h"

#define FIRST_YEAR 1960 /* of the onsets of a rule: no task has a date before 1970 */

/* Take the digits from the front of text as one number. */
static bool take_digits(struct text *text, size_t digits, int64_t *number)
{
	if (text->length < digits || !text_to_integer((struct text){ text->data, digits }, number))
		return false;
	*text = text_after(*text, digits);
	return true;
}

/* Take one byte if it is this one. */
static bool take_byte(struct text *text, char byte)
{
	if (text->length == 0 || *text->data != byte)
		return false;
	*text = text_after(*text, 1);
	return true;
}

static bool read_time(struct text text, int64_t *time)
{
	int64_t year, month, day, hour, minute, second;

	if (!take_digits(&text, 4, &year) || !take_digits(&text, 2, &month) ||
		!take_digits(&text, 2, &day) || !take_byte(&text, 'T') ||
		!take_digits(&text, 2, &hour) || !take_digits(&text, 2, &minute) ||
		!take_digits(&text, 2, &second) || text.length > 0)
		return false;
	if (month < 1 || month > 12 || day < 1 || day > date_month_length(year, month) ||
		hour > 23 || minute > 59 || second > 60)
		return false;
	*time = date_days(year, month, day) * DATE_DAY_SECONDS + hour * 3600 + minute * 60 + second;
	return true;
}

/* "+0100" or "+010000" */
static bool read_offset(struct text text, int64_t *offset)
{
	int64_t hours, minutes, seconds = 0;
	bool is_west = take_byte(&text, '-');

	if (!is_west && !take_byte(&text, '+'))
		return false;
	if (!take_digits(&text, 2, &hours) || !take_digits(&text, 2, &minutes))
		return false;
	if (text.length > 0 && !take_digits(&text, 2, &seconds))
		return false;
	*offset = (hours * 60 + minutes) * 60 + seconds;
	*offset = is_west ? -*offset : *offset;
	return text.length == 0 && hours < 24 && minutes < 60 && seconds < 60;
}

bool ical_observance_take_start(struct ical_observance *part, struct text value)
{
	part->has_start = read_time(value, &part->start);
	return part->has_start;
}

bool ical_observance_take_from(struct ical_observance *part, struct text value)
{
	return read_offset(value, &part->from);
}

bool ical_observance_take_to(struct ical_observance *part, struct text value)
{
	return read_offset(value, &part->to);
}

bool ical_observance_take_rule(struct ical_observance *part, struct text value)
{
	bool is_first = !part->recurs;

	part->recurs = true;
	return is_first && recurrence_rule_read(value, &part->rule) == NULL;
}

static bool add_onset(struct ical_onsets *onsets, struct ical_onset onset)
{
	if (onsets->list.length >= ICAL_ONSETS_MOST * sizeof(onset))
		return false;
	buffer_add(&onsets->list, &onset, sizeof(onset));
	return true;
}

bool ical_observance_take_dates(struct ical_onsets *onsets, struct text value)
{
	struct ical_onset onset = { 0 };

	while (value.length > 0) {
		const char *comma = memchr(value.data, ',', value.length);
		size_t length = comma == NULL ? value.length : (size_t)(comma - value.data);

		if (!read_time((struct text){ value.data, length }, &onset.local) ||
			!add_onset(onsets, onset))
			return false;
		value = text_after(value, length + (comma != NULL));
	}
	return true;
}

static struct ical_onset onset_at(const struct ical_observance *part, int64_t local)
{
	return (struct ical_onset){ local, part->from, part->to };
}

bool ical_observance_end(const struct ical_observance *part, struct ical_onsets *onsets)
{
	struct buffer *list = &onsets->list;
	struct ical_onset onset;

	for (size_t at = part->dates; at < list->length; at += sizeof(onset)) {
		memcpy(&onset, list->data + at, sizeof(onset));
		onset = onset_at(part, onset.local);
		memcpy(list->data + at, &onset, sizeof(onset));
	}
	return part->has_start && add_onset(onsets, onset_at(part, part->start));
}

bool ical_observance_expand(const struct ical_observance *part, struct ical_onsets *onsets)
{
	const struct recurrence_rule *rule = &part->rule;
	int64_t end = date_days(ICAL_LAST_YEAR + 1, 1, 1) * DATE_DAY_SECONDS;
	struct recurrence series;
	enum recurrence_outcome outcome;
	int64_t local;

	recurrence_begin(&series, rule, part->start);
	recurrence_skip(&series, date_days(FIRST_YEAR, 1, 1) * DATE_DAY_SECONDS);
	while ((outcome = recurrence_next(&series, &local)) == RECURRENCE_FOUND) {
		if (rule->until_kind == RECURRENCE_UNTIL_INSTANT &&
			local - part->from > rule->until)
			return true;
		if (local >= end) {
			onsets->goes_on = true;
			return true;
		}
		if (!add_onset(onsets, onset_at(part, local)))
			return false;
	}
	return outcome == RECURRENCE_ENDED;
}
