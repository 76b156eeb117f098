/*
 * The parts of a to-do (RFC 5545, VTODO) that are read and written without libical: its UID and its
 * parent, its recurrence rule and its alarms, and properties of this program's own. Any thread.
 */
#ifndef API_ICAL_OWN_H
#define API_ICAL_OWN_H

#include "transfer/column.h"
#include "transfer/ical/ical_line.h"

/* What was read of a to-do. Zeroed before the first one. */
struct ical_own {
	json_t *members;
	json_t *triggers; /* of its alarms, as whole lines */
	bool in_alarm;	  /* whether the component within it is one */
};

/* Before a to-do, and after the last one. */
void ical_own_clear(struct ical_own *own);

/* Take a property. False if it is none of these, or has a value that is not used. */
bool ical_own_add(struct ical_own *own, const struct ical_line *line);

/* A component begins within the to-do; and a line of it. False if it is not an alarm. */
bool ical_own_begin(struct ical_own *own, const struct ical_line *begin);
void ical_own_add_alarm(struct ical_own *own, const struct ical_line *line);

/* Set the members of reader->task, which has its dates. Report what is left out. */
void ical_own_set(struct ical_own *own, struct reader *reader, json_t **reported);

/* Write the properties, and the alarms, which come after all properties. */
void ical_own_write(struct buffer *out, const struct value task[TASK_COLUMNS]);
void ical_own_write_alarms(struct buffer *out, const struct value task[TASK_COLUMNS]);

#endif
