/*
 * What is decided between the statements of a change of a task (edit_sql.h), on the store's thread:
 * each of these follows the statement that it is called after.
 */
#ifndef API_EDIT_H
#define API_EDIT_H

#include "endpoint/endpoint.h"

/* Those after the first one, that a change of plain members alone leaves out. */
#define EDIT_STATEMENTS_IN_FULL 13

extern const struct job_step_kind edit_begun, edit_series_found, edit_made, edit_tree_found,
	edit_completed, edit_next_made, edit_grouped;

/* Before a task is made: its rule is checked, and where it is made completed it has none. */
extern const struct job_step_kind create_begun;

#endif
