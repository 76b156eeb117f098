/*
 * A to-do of a calendar (RFC 5545, VTODO), read with libical. Any thread.
 */
#ifndef API_ICAL_TODO_H
#define API_ICAL_TODO_H

#include "transfer/column.h"
#include "transfer/ical/ical_line.h"
#include "transfer/ical/ical_zone.h"

/* The task as a VTODO, which needs nothing of libical. */
void ical_todo_write(struct buffer *out, const struct value task[TASK_COLUMNS]);

/* Once for the process, before all else here: libical's own settings. Any thread, any time. */
void ical_todo_setup(void);

/*
 * Add a line of a VTODO to the block that libical will see, if it tells something of a task. True
 * where the property is known, so that nothing has to be reported of it.
 */
bool ical_todo_add(struct ical_block *block, const struct ical_line *line);

/* Read the block, which has ended: RECORD_TASK, or RECORD_BAD. */
enum record ical_todo_read(struct reader *reader, struct ical_block *block,
	const struct ical_zones *zones, json_t **reported);

#endif
