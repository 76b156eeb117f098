/*
 * Time zones by their IANA name: what a clock there shows at an instant, and when it shows a time.
 *
 * Instants are seconds since 1970-01-01T00:00:00Z without leap seconds. Local times are what the
 * clock shows, in seconds, as if it showed UTC. Those farther than 2^59 s from 1970 count as the
 * last ones within.
 *
 * The rules come from the system's tzdata ($TZDIR, else /usr/share/zoneinfo), which an update keeps
 * right, and from what the program carries inside where the system has none, an older release
 * (tzdata.zi says which), or not that zone. What the program carries are the zones of tzdata at the
 * time of the build, so that a name is known on every machine. A zone that the system alone has,
 * because it is newer, is known too. An update counts from the next start of the program.
 *
 * Any thread. A zone is read once, from one file of some kilobytes; then it does not change, and it
 * lives as long as the program.
 */
#ifndef CALENDAR_ZONE_H
#define CALENDAR_ZONE_H

#include "base/text.h"
#include "calendar/zone_span.h"

struct zone;

/*
 * The zone of that name, such as "Europe/Berlin" or a link, "Asia/Calcutta"; A-Z and a-z count as
 * the same in the names that the program carries. NULL where there is none. What depends on the
 * machine (localtime, posixrules), is no zone (Factory), or counts leap seconds (right/) is not
 * known, nor is posix/.
 */
const struct zone *zone_find(struct text name);

/* The name as IANA spells it, terminated; of a link, its own. */
const char *zone_name(const struct zone *zone);

/* What holds at an instant. Two spans in a row may have the same offset. O(log n). */
struct zone_span zone_span(const struct zone *zone, int64_t instant);

/* What a clock shows at an instant. */
int64_t zone_local(const struct zone *zone, int64_t instant);

/*
 * When a clock shows a local time (RFC 5545, 3.3.5): the first of two times, where it is set back
 * over it; and a time that it skips counts by the offset before the gap.
 */
int64_t zone_instant(const struct zone *zone, int64_t local);

#endif
