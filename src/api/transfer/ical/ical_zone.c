/*
 * The time zones of a calendar: the parts that convert local time to UTC. Any thread.
 */
#include "transfer/ical/ical_zone.h"

#include "base/date.h"
#include "calendar/zone_alias.h"

#define RULES_MOST 512 /* of a file that are expanded: all take a second */

static void zone_free(struct ical_zone *zone)
{
	buffer_free(&zone->name);
	buffer_free(&zone->location);
	buffer_free(&zone->onsets.list);
	*zone = (struct ical_zone){ 0 };
}

void ical_zones_clear(struct ical_zones *zones)
{
	for (size_t i = 0; i < zones->count; i++)
		zone_free(&zones->list[i]);
	zones->count = 0;
	zones->is_complete = false;
}

static struct text text_in(const struct buffer *buffer)
{
	return (struct text){ buffer->data, buffer->length };
}

/* Most dates of a file are in one zone. */
static const struct zone *find_known(struct ical_zones *zones, struct text name)
{
	if (!text_equal(text_in(&zones->last_name), name)) {
		zones->last_name.length = 0;
		buffer_add_text(&zones->last_name, name);
		zones->last = zone_of_alias(name);
	}
	return zones->last;
}

static bool take_name(struct ical_zones *zones, struct text value)
{
	zones->zone.name.length = 0;
	buffer_add_text(&zones->zone.name, value);
	return value.length > 0;
}

static bool take_location(struct ical_zones *zones, struct text value)
{
	zones->zone.location.length = 0;
	buffer_add_text(&zones->zone.location, text_trim(value));
	return true;
}

static bool take_begin(struct ical_zones *zones, struct text value)
{
	(void)value;
	zones->part = (struct ical_observance){ .dates = zones->zone.onsets.list.length };
	return true;
}

/* The rule of a zone that is known by its name is not needed. */
static bool take_end(struct ical_zones *zones, struct text value)
{
	struct ical_zone *zone = &zones->zone;

	(void)value;
	if (zone->is_unsupported || !ical_observance_end(&zones->part, &zone->onsets))
		return false;
	if (!zones->part.recurs)
		return true;
	if (zones->rules == RULES_MOST)
		return false;
	if (find_known(zones, text_in(&zone->name)) != NULL)
		return true;
	zones->rules++;
	return ical_observance_expand(&zones->part, &zone->onsets);
}

static bool take_dates(struct ical_zones *zones, struct text value)
{
	return ical_observance_take_dates(&zones->zone.onsets, value);
}

static bool take_start(struct ical_zones *zones, struct text value)
{
	return ical_observance_take_start(&zones->part, value);
}

static bool take_rule(struct ical_zones *zones, struct text value)
{
	return ical_observance_take_rule(&zones->part, value);
}

static bool take_from(struct ical_zones *zones, struct text value)
{
	return ical_observance_take_from(&zones->part, value);
}

static bool take_to(struct ical_zones *zones, struct text value)
{
	return ical_observance_take_to(&zones->part, value);
}

void ical_zones_begin(struct ical_zones *zones)
{
	zone_free(&zones->zone);
}

/*
 * A line of the time or the offset must be supported, else the definition does not count. Other lines do
 * not matter.
 */
void ical_zones_add(struct ical_zones *zones, const struct ical_line *line)
{
	static const struct {
		struct text name;
		bool (*take)(struct ical_zones *zones, struct text value);
	} lines[] = {
		{ TEXT_INIT("BEGIN"), take_begin },
		{ TEXT_INIT("END"), take_end },
		{ TEXT_INIT("TZID"), take_name },
		{ TEXT_INIT("X-LIC-LOCATION"), take_location },
		{ TEXT_INIT("DTSTART"), take_start },
		{ TEXT_INIT("RDATE"), take_dates },
		{ TEXT_INIT("RRULE"), take_rule },
		{ TEXT_INIT("TZOFFSETFROM"), take_from },
		{ TEXT_INIT("TZOFFSETTO"), take_to },
	};

	if (zones->is_complete)
		return;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!text_equal_nocase(lines[i].name, line->name))
			continue;
		if (line->value.data == NULL || !lines[i].take(zones, line->value))
			zones->zone.is_unsupported = true;
	}
}

void ical_zones_end(struct ical_zones *zones)
{
	struct ical_zone *zone = &zones->zone;

	if (zones->is_complete || zones->count == ZONES_MOST || zone->name.length == 0)
		return;
	if (zone->is_unsupported || zone->onsets.list.length == 0) {
		zone->located = zone_of_alias(text_in(&zone->location));
		if (zone->located == NULL)
			return;
	}
	zones->list[zones->count++] = *zone;
	*zone = (struct ical_zone){ 0 };
}

/* Read the zones in the rest of the calendar. */
static void read_ahead(struct ical_zones *zones, struct text rest)
{
	struct reader reader = { .text = rest };
	struct buffer buffer = { 0 };
	struct ical_line line;
	unsigned long depth = 0; /* within a zone */

	while (ical_line_read(&reader, &buffer, &line) &&
		!ical_line_is(&line, "END", "VCALENDAR")) {
		if (depth == 0 && ical_line_is(&line, "BEGIN", "VTIMEZONE")) {
			ical_zones_begin(zones);
			depth = 1;
			continue;
		}
		if (depth == 0)
			continue;
		depth += text_equal_nocase(line.name, TEXT("BEGIN"));
		depth -= text_equal_nocase(line.name, TEXT("END"));
		if (depth > 0)
			ical_zones_add(zones, &line);
		else
			ical_zones_end(zones);
	}
	zones->is_complete = true;
	buffer_free(&buffer);
}

/* A year after the last one whose onsets are known begins on the weekday of one of the 28 before. */
static int64_t within_years(int64_t local)
{
	int64_t year, month, day, begin, like = ICAL_LAST_YEAR;

	date_from_days(date_day_of(local), &year, &month, &day);
	if (year <= ICAL_LAST_YEAR)
		return local;
	begin = date_days(year, 1, 1);
	while ((begin - date_days(like, 1, 1)) % 7 != 0 ||
		date_month_length(like, 2) != date_month_length(year, 2))
		like--;
	return local - (begin - date_days(like, 1, 1)) * DATE_DAY_SECONDS;
}

/*
 * The last onset before this time counts; before all of them, the offset before the first one. What a
 * clock skips is before the onset.
 */
static int64_t zone_offset(const struct ical_zone *zone, int64_t local)
{
	const struct ical_onsets *onsets = &zone->onsets;
	struct ical_onset onset, first = { .local = INT64_MAX }, last = { .local = INT64_MIN };

	if (onsets->goes_on)
		local = within_years(local);
	for (size_t at = 0; at < onsets->list.length; at += sizeof(onset)) {
		memcpy(&onset, onsets->list.data + at, sizeof(onset));
		if (onset.local < first.local)
			first = onset;
		if (onset.local >= last.local && onset.local <= local &&
			onset.local + onset.to - onset.from <= local)
			last = onset;
	}
	return last.local != INT64_MIN ? last.to : first.from;
}

static const struct ical_zone *find_defined(const struct ical_zones *zones, struct text name)
{
	for (size_t i = 0; i < zones->count; i++) {
		if (text_equal(text_in(&zones->list[i].name), name))
			return &zones->list[i];
	}
	return NULL;
}

bool ical_zones_instant(
	struct ical_zones *zones, struct text rest, struct text name, time_t local, time_t *instant)
{
	const struct zone *known = find_known(zones, name);
	const struct ical_zone *defined = NULL;

	if (known == NULL)
		defined = find_defined(zones, name);
	if (known == NULL && defined == NULL && !zones->is_complete) {
		read_ahead(zones, rest);
		defined = find_defined(zones, name);
	}
	if (defined != NULL)
		known = defined->located;
	if (known != NULL)
		*instant = (time_t)zone_instant(known, local);
	else if (defined != NULL)
		*instant = local - zone_offset(defined, local);
	return known != NULL || defined != NULL;
}

void ical_zones_free(struct ical_zones *zones)
{
	ical_zones_clear(zones);
	zone_free(&zones->zone);
	buffer_free(&zones->last_name);
}
