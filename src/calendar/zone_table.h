/*
 * What a TZif file says (RFC 9636, versions 1 to 4): when the offset of a zone changed, and the
 * rule by which it changes from then on. Any thread.
 */
#ifndef CALENDAR_ZONE_TABLE_H
#define CALENDAR_ZONE_TABLE_H

#include "base/text.h"
#include "calendar/zone_span.h"

struct zone_table;

/*
 * NULL where the bytes are no TZif file, or one that counts leap seconds. Whatever follows the file
 * does not matter. zone_table_free() frees what comes back.
 */
struct zone_table *zone_table_read(struct text tzif);

/* As zone_span(), for an instant at most 2^60 s from 1970. O(log n). */
struct zone_span zone_table_span(const struct zone_table *table, int64_t instant);

/* As zone_instant(), for a local time at most 2^59 s from 1970. */
int64_t zone_table_instant(const struct zone_table *table, int64_t local);

void zone_table_free(struct zone_table *table); /* may be NULL */

#endif
