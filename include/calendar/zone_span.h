/*
 * A stretch of time in which a zone's clocks do not change. Any thread.
 */
#ifndef CALENDAR_ZONE_SPAN_H
#define CALENDAR_ZONE_SPAN_H

#include <stdbool.h>
#include <stdint.h>

/* From begin on, and before end, a clock is offset seconds ahead of UTC. */
struct zone_span {
	int64_t begin; /* INT64_MIN: ever since */
	int64_t end;   /* INT64_MAX: for ever */
	int32_t offset;
	bool is_dst; /* daylight saving time */
};

#endif
