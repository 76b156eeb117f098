/*
 * A to-do of a calendar (RFC 5545, VTODO), read with libical. Any thread.
 */
#ifndef API_FORMAT_TODO_H
#define API_FORMAT_TODO_H

#include "transfer/ical/format_block.h"
#include "transfer/ical/format_content.h"
#include "transfer/ical/format_zone.h"

/* The task as a VTODO, which needs nothing of libical. */
void todo_write(struct buffer *out, const struct value task[TASK_COLUMNS]);

/* Once for the process, before all else here: libical's own settings. Any thread, any time. */
void todo_setup(void);

/*
 * Add a line of a VTODO to the block that libical will see, if it tells something of a task. True
 * where the property is known, so that nothing has to be said of it.
 */
bool todo_add(struct block *block, const struct content *content);

/* Read the block, which has ended: RECORD_TASK, or RECORD_BAD. */
enum record todo_read(
	struct reader *reader, struct block *block, const struct zones *zones, json_t **said);

#endif
