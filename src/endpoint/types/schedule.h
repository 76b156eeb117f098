/*
 * Input of the types INPUT_REPEAT, INPUT_REMINDERS and INPUT_ZONE. Any thread.
 */
#ifndef ENDPOINT_SCHEDULE_H
#define ENDPOINT_SCHEDULE_H

#include "endpoint/endpoint.h"
#include "types/raw_value.h"

/*
 * Set the value of a rule, its canonical text (RFC 5545, 3.3.10), or of a zone, its name as IANA
 * spells it. NULL, or what is wrong with the text as a sentence.
 */
const char *schedule_read_repeat(struct text text, struct value *value, struct arena **arena);
const char *schedule_read_zone(struct text text, struct value *value);

/*
 * As input_type_read(). The value of reminders is a JSON array of strings, as text. Each of those is
 * an instant as in base/date.h, or a duration (ISO 8601) in the form "-P1DT2H30M": in upper case,
 * without parts that are zero, and with weeks alone or as days.
 */
const char *schedule_read_reminders(const struct input *input, const struct raw_value *raw,
	struct value *value, struct arena **arena);

#endif
