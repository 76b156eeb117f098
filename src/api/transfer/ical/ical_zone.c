/*
 * The time zones of a calendar: the parts that convert local time to UTC. Any thread.
 */
#include "transfer/ical/ical_zone.h"

#include "calendar/zone_alias.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define RULES_MOST 128 /* of one zone: each is checked for every date */
#define YEARLY_MOST 32 /* of those: each is computed for the year of a date */

static void zone_free(struct ical_zone *zone)
{
	free(zone->name);
	free(zone->rules);
	*zone = (struct ical_zone){ 0 };
}

static void zone_add_rule(struct ical_zones *zones, const struct ical_rule *rule)
{
	struct ical_zone *zone = &zones->zone;

	zone->yearly += rule->yearly;
	if (zone->count == RULES_MOST || zone->yearly > YEARLY_MOST) {
		zones->unsupported = true;
		return;
	}
	zone->rules = memory_resize(zone->rules, (zone->count + 1) * sizeof(*rule));
	zone->rules[zone->count++] = *rule;
}

static bool zone_take_name(struct ical_zones *zones, struct text value)
{
	free(zones->zone.name);
	zones->zone.name = memory_copy(value.data, value.length);
	return value.length > 0;
}

static bool zone_take_begin(struct ical_zones *zones, struct text value)
{
	(void)value;
	zones->part = (struct ical_rule){ 0 };
	zones->zone.first = zones->zone.count;
	return true;
}

/* The dates of RDATE have the offsets of their part. */
static bool zone_take_end(struct ical_zones *zones, struct text value)
{
	(void)value;
	zone_add_rule(zones, &zones->part);
	for (size_t i = zones->zone.first; i < zones->zone.count; i++) {
		zones->zone.rules[i].from = zones->part.from;
		zones->zone.rules[i].to = zones->part.to;
	}
	return zones->part.start.tm_mday > 0;
}

static bool zone_take_dates(struct ical_zones *zones, struct text value)
{
	while (value.length > 0) {
		const char *comma = memchr(value.data, ',', value.length);
		size_t length = comma == NULL ? value.length : (size_t)(comma - value.data);
		struct ical_rule once = { 0 };

		if (!ical_rule_take_start(&once, (struct text){ value.data, length }))
			return false;
		zone_add_rule(zones, &once);
		length += comma != NULL;
		value = (struct text){ value.data + length, value.length - length };
	}
	return true;
}

static bool zone_take_start(struct ical_zones *zones, struct text value)
{
	return ical_rule_take_start(&zones->part, value);
}

static bool zone_take_recurrence(struct ical_zones *zones, struct text value)
{
	return ical_rule_take_recurrence(&zones->part, value);
}

static bool zone_take_from(struct ical_zones *zones, struct text value)
{
	return ical_rule_take_from(&zones->part, value);
}

static bool zone_take_to(struct ical_zones *zones, struct text value)
{
	return ical_rule_take_to(&zones->part, value);
}

void ical_zones_begin(struct ical_zones *zones)
{
	zone_free(&zones->zone);
	zones->unsupported = false;
}

/*
 * A line of the time or the offset must be supported, else the zone counts as unknown. Other lines
 * do not matter.
 */
void ical_zones_add(struct ical_zones *zones, const struct ical_line *line)
{
	static const struct {
		struct text name;
		bool (*take)(struct ical_zones *zones, struct text value);
	} lines[] = {
		{ TEXT_INIT("BEGIN"), zone_take_begin },
		{ TEXT_INIT("END"), zone_take_end },
		{ TEXT_INIT("TZID"), zone_take_name },
		{ TEXT_INIT("DTSTART"), zone_take_start },
		{ TEXT_INIT("RDATE"), zone_take_dates },
		{ TEXT_INIT("RRULE"), zone_take_recurrence },
		{ TEXT_INIT("TZOFFSETFROM"), zone_take_from },
		{ TEXT_INIT("TZOFFSETTO"), zone_take_to },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!text_equal_nocase(lines[i].name, line->name))
			continue;
		if (line->value.data == NULL || !lines[i].take(zones, line->value))
			zones->unsupported = true;
	}
}

void ical_zones_end(struct ical_zones *zones)
{
	struct ical_zone *zone = &zones->zone;

	if (zones->unsupported || zones->count == ZONES_MOST || zone->name == NULL ||
		zone->count == 0)
		return;
	zones->list[zones->count++] = *zone;
	*zone = (struct ical_zone){ 0 };
}

/*
 * The rule with the last change before this time counts; before all changes, the offset before the
 * first one.
 */
static long zone_offset(const struct ical_zone *zone, time_t local)
{
	const struct ical_rule *earliest = &zone->rules[0];
	const struct ical_rule *latest = NULL;
	time_t onset, last = 0;

	for (size_t i = 0; i < zone->count; i++) {
		const struct ical_rule *rule = &zone->rules[i];

		if (rule->first < earliest->first)
			earliest = rule;
		if (!ical_rule_onset(rule, local, &onset) || (latest != NULL && onset < last))
			continue;
		latest = rule;
		last = onset;
	}
	return latest != NULL ? latest->to : earliest->from;
}

/* Most dates of a file are in one zone. */
static const struct zone *find_known(struct ical_zones *zones, struct text name)
{
	struct text last = { zones->last_name.data, zones->last_name.length };

	if (!text_equal(last, name)) {
		zones->last_name.length = 0;
		buffer_add_text(&zones->last_name, name);
		zones->last = zone_of_alias(name);
	}
	return zones->last;
}

bool ical_zones_instant(struct ical_zones *zones, struct text name, time_t local, time_t *instant)
{
	const struct zone *known = find_known(zones, name);

	if (known != NULL) {
		*instant = (time_t)zone_instant(known, local);
		return true;
	}
	for (size_t i = 0; i < zones->count; i++) {
		if (!text_equal(text_of(zones->list[i].name), name))
			continue;
		*instant = local - zone_offset(&zones->list[i], local);
		return true;
	}
	return false;
}

void ical_zones_free(struct ical_zones *zones)
{
	for (size_t i = 0; i < zones->count; i++)
		zone_free(&zones->list[i]);
	zone_free(&zones->zone);
	buffer_free(&zones->last_name);
}
