/*
 * What can be wrong with the place that a task is to have, as a statement of tree_sql.h has found it.
 */
#include "tasks/tree.h"

#include "calendar/occurrence.h"

#include <stdlib.h>

static const struct {
	int status;
	const char *member; /* of a task; NULL: none */
	const char *detail;
} faults[] = {
	[1] = { 422, "parent", "must be a task of this account that is not in the trash" },
	[2] = { 422, "list", "is not the list of the parent" },
	[3] = { 422, "list", "must be a list of this account that is not in the trash" },
	[4] = { 422, "heading", "must be null in the inbox" },
	[5] = { 422, "heading", "is one more than the 100 headings that its list may have" },
	[6] = { 422, "parent", "must not be the task itself or one below it" },
	[7] = { 422, "parent", "is too deep: tasks are at most 8 deep, with what is below them" },
	[8] = { 409, "uid", "is taken already" },
	[9] = { 409, NULL, "A later change has built on this one: see its list and what is below it." },
};

enum { FOUND_FAULT, FOUND_SKIP, FOUND_BELOW };
static const char *const found_names[] = { "tree_fault", "tree_skip", "below", NULL };

static int64_t take_integer(struct job_step *step, unsigned name)
{
	struct value *value = step_value(step, name);
	int64_t integer = value->type == VALUE_INTEGER ? value->integer : 0;

	*value = (struct value){ 0 };
	return integer;
}

static bool find_place(struct job_step *step)
{
	int64_t fault = take_integer(step, FOUND_FAULT), below;

	step->skip = (unsigned)take_integer(step, FOUND_SKIP);
	below = take_integer(step, FOUND_BELOW);
	step->job->spent += below * STEPS_OF_MOVED;
	if (fault != 0)
		return step_refuse(
			step, faults[fault].status, faults[fault].member, faults[fault].detail);
	if (below > 0 && step->job->spent > OCCURRENCE_STEPS)
		return step_refuse(step, 413, NULL, "Too many tasks are below these.");
	return true;
}

const struct job_step_kind tree_found = { find_place, found_names };
