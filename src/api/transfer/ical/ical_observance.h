/*
 * A part of a VTIMEZONE (RFC 5545, 3.6.5): one of its offsets from UTC, and the local times from
 * which on it holds. Local times are in seconds as if they were UTC. Any thread.
 */
#ifndef API_ICAL_OBSERVANCE_H
#define API_ICAL_OBSERVANCE_H

#include "base/buffer.h"
#include "calendar/recurrence_rule.h"

#define ICAL_ONSETS_MOST 4096 /* of one zone */
#define ICAL_LAST_YEAR 2099   /* of the onsets of a rule */

/* An offset holds from here on, until the next one. */
struct ical_onset {
	int64_t local; /* by the offset before */
	int64_t from;  /* that offset, in seconds ahead of UTC */
	int64_t to;
};

struct ical_observance {
	bool has_start, recurs;
	int64_t start;
	int64_t from, to;
	struct recurrence_rule rule;
	size_t dates; /* bytes of the zone's onsets before its own RDATEs */
};

/* The struct ical_onset of a zone, in no order. */
struct ical_onsets {
	struct buffer list;
	bool goes_on; /* a rule has more after the last year */
};

/*
 * Read "19701025T030000", "+0100", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", and several times with commas
 * between them (RDATE), which become onsets. False if the value is not valid, or there are too many.
 */
bool ical_observance_take_start(struct ical_observance *part, struct text value);
bool ical_observance_take_from(struct ical_observance *part, struct text value);
bool ical_observance_take_to(struct ical_observance *part, struct text value);
bool ical_observance_take_rule(struct ical_observance *part, struct text value);
bool ical_observance_take_dates(struct ical_onsets *onsets, struct text value);

/*
 * Add the onset at the start, and give the RDATEs their offsets. False if the part has no start, or
 * there are too many.
 */
bool ical_observance_end(const struct ical_observance *part, struct ical_onsets *onsets);

/* Add those of the rule. False if there are too many; this takes up to two milliseconds. */
bool ical_observance_expand(const struct ical_observance *part, struct ical_onsets *onsets);

#endif
