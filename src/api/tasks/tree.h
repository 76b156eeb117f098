/*
 * What follows the statements of tree_sql.h.
 */
#ifndef API_TREE_H
#define API_TREE_H

#include "endpoint/endpoint.h"

#define TREE_VALUES                                                                                \
	INTEGER_SLOT("tree_fault"), INTEGER_SLOT("tree_skip"), INTEGER_SLOT("moves"),              \
		INTEGER_SLOT("joins"), INTEGER_SLOT("below")

/*
 * Of the work that one job may do (OCCURRENCE_STEPS): for a task that is completed along with another
 * one, and for one that goes along with it. So a job moves MOVED_TASKS (changing.h) at most.
 */
#define STEPS_OF_TASK 250
#define STEPS_OF_MOVED 100

/*
 * Refuse the change for $tree_fault, or leave out the next $tree_skip statements. The tasks of
 * $below are those that are changed along with a task: too many of them for one transaction are
 * refused, too.
 */
extern const struct job_step_kind tree_found;

#endif
