/*
 * Durations (RFC 5545, 3.3.6) in seconds. Any thread.
 */
#ifndef API_ICAL_DURATION_H
#define API_ICAL_DURATION_H

#include "base/buffer.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* "-PT15M", in upper or lower case, of less than 100 years. False if it is none. */
bool ical_duration_read(struct text text, int64_t *seconds);

/* Write it in the form of a reminder: "-P1DT2H30M", "P14D", "PT0S". */
void ical_duration_write(struct buffer *out, int64_t seconds);

/* From one date to another, in the forms of base/date.h; a day is its first second. */
bool ical_duration_between(const char *from, const char *to, int64_t *seconds);

#endif
