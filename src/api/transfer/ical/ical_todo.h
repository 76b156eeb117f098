/*
 * A to-do of a calendar (RFC 5545, VTODO). Any thread.
 */
#ifndef API_ICAL_TODO_H
#define API_ICAL_TODO_H

#include "transfer/column.h"
#include "transfer/ical/ical_line.h"
#include "transfer/ical/ical_zone.h"

/* Write the task as a VTODO. This does not use libical. */
void ical_todo_write(struct buffer *out, const struct value task[TASK_COLUMNS]);

/*
 * Set up libical, once in the process. To be called before ical_todo_read(), from any thread, any
 * number of times.
 */
void ical_todo_setup(void);

/*
 * Add a line of a VTODO to the block for libical, if a task needs it. False if the property is not
 * known and should be reported.
 */
bool ical_todo_add(struct ical_block *block, const struct ical_line *line);

/* Read a block after ical_block_end(): RECORD_TASK, or RECORD_BAD. */
enum record ical_todo_read(struct reader *reader, struct ical_block *block,
	struct ical_zones *zones, json_t **reported);

#endif
