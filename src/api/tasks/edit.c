/*
 * Whether a rule holds for its task, when the next one is due, and what need not be done. All of it
 * on the store's thread.
 */
#include "tasks/edit.h"

#include "calendar/occurrence.h"
#include "tasks/task_fields.h"
#include "tasks/tree.h"

static void set_integer(struct job_step *step, unsigned name, int64_t integer)
{
	*step_value(step, name) = (struct value){ VALUE_INTEGER, .integer = integer };
}

static bool is_true(const struct job_step *step, unsigned name)
{
	return step_value(step, name)->integer != 0;
}

static bool is_set(const struct job_step *step, unsigned name)
{
	return step_value(step, name)->type != VALUE_NULL;
}

static void set_constant(struct job_step *step, unsigned name, struct text constant)
{
	*step_value(step, name) = (struct value){ VALUE_TEXT, .text = constant };
}

/* ---- plain changes end early ---- */

#define RARE_GIVEN(with, member, ...) #member "_given",

enum { BEGIN_COMPLETES, BEGIN_IN_FULL, BEGIN_BESIDE, BEGIN_GIVEN };
static const char *const begin_names[] = { "completes", "in_full", "beside",
	TASK_FIELDS(TASK_SKIP, TASK_SKIP, RARE_GIVEN, ) NULL };

static bool begin(struct job_step *step)
{
	bool in_full = is_true(step, BEGIN_IN_FULL);

	if (!step->row) {
		step->skip = STEP_TO_LAST;
		return true;
	}
	for (unsigned i = BEGIN_GIVEN; begin_names[i] != NULL; i++)
		in_full |= is_true(step, i);
	if (in_full)
		return true;
	step->skip = EDIT_STATEMENTS_IN_FULL;
	if (is_true(step, BEGIN_COMPLETES))
		set_constant(step, BEGIN_BESIDE, TEXT(",\"also\":[]"));
	return true;
}

const struct job_step_kind edit_begun = { begin, begin_names };

/* ---- rules ---- */

/* A zone that is not known, because the system's tzdata has lost it, counts as UTC. */
static struct occurrence_series series_of(
	const struct value *rule, const struct value *due, const struct value *zone)
{
	struct occurrence_series series = { .rule = rule->text, .zone = zone_find(zone->text) };

	if (due->type != VALUE_NULL)
		series.due = due->text;
	if (series.zone == NULL)
		series.zone = zone_find(TEXT("UTC"));
	return series;
}

/* Whether the rule is one of its task; else the step is refused. */
static bool check_rule(struct job_step *step, const struct occurrence_series *series)
{
	int64_t steps = OCCURRENCE_STEPS - step->job->spent;
	const char *fault = occurrence_fault(series, &steps);

	step->job->spent = OCCURRENCE_STEPS - steps;
	return fault == NULL || step_refuse(step, 422, "repeat", fault);
}

enum { CREATE_RULE, CREATE_DUE, CREATE_ZONE, CREATE_COMPLETED };
static const char *const create_names[] = { "repeat", "due_date", "zone", "completed", NULL };

static bool create(struct job_step *step)
{
	struct value *rule = step_value(step, CREATE_RULE);
	struct occurrence_series series;

	if (rule->type == VALUE_NULL)
		return true;
	series = series_of(rule, step_value(step, CREATE_DUE), step_value(step, CREATE_ZONE));
	if (is_true(step, CREATE_COMPLETED))
		*rule = (struct value){ 0 };
	return check_rule(step, &series);
}

const struct job_step_kind create_begun = { create, create_names };

enum {
	SERIES_DUE,
	SERIES_RULE,
	SERIES_ORIGIN,
	SERIES_ZONE,
	SERIES_DUE_GIVEN,
	SERIES_RULE_GIVEN,
	SERIES_REPEAT,
	SERIES_COMPLETES,
	SERIES_NOW,
	SERIES_REPEATS,
	SERIES_NEXT_DUE,
	SERIES_NEXT_REPEAT,
	SERIES_NEXT_DAYS,
};
static const char *const series_names[] = { "due", "rule", "origin", "zone", "due_date_given",
	"repeat_given", "repeat", "completes", "now", "repeats", "next_due", "next_repeat",
	"next_days", NULL };

/* The task repeats no more: its next one does, if there is one. */
static bool find_next(struct job_step *step, const struct occurrence_series *series)
{
	bool from_completion = is_set(step, SERIES_ORIGIN) &&
			       text_equal(step_value(step, SERIES_ORIGIN)->text, TEXT("completion"));
	int64_t steps = OCCURRENCE_STEPS - step->job->spent;
	struct buffer rule = { 0 };
	struct occurrence next;
	enum occurrence_outcome outcome = occurrence_next(series, from_completion,
		date_time(step_value(step, SERIES_NOW)->text), &next, &rule, &steps);

	step->job->spent = OCCURRENCE_STEPS - steps;
	set_integer(step, SERIES_REPEATS, 1);
	set_integer(step, SERIES_RULE_GIVEN, 1);
	*step_value(step, SERIES_REPEAT) = (struct value){ 0 };
	if (outcome == OCCURRENCE_FOUND) {
		step_set_text(step, SERIES_NEXT_DUE, text_of(next.due));
		step_set_text(step, SERIES_NEXT_REPEAT, (struct text){ rule.data, rule.length });
		set_integer(step, SERIES_NEXT_DAYS, next.days);
	}
	buffer_free(&rule);
	return outcome != OCCURRENCE_TOO_COSTLY ||
	       step_refuse(step, 422, "completed",
		       "takes too long: complete fewer tasks that repeat seldom at once");
}

static bool find_series(struct job_step *step)
{
	const struct value *rule = step_value(step, SERIES_RULE);
	struct occurrence_series series;

	if (rule->type == VALUE_NULL)
		return true;
	series = series_of(rule, step_value(step, SERIES_DUE), step_value(step, SERIES_ZONE));
	if ((is_true(step, SERIES_DUE_GIVEN) || is_true(step, SERIES_RULE_GIVEN)) &&
		!check_rule(step, &series))
		return false;
	return !is_true(step, SERIES_COMPLETES) || find_next(step, &series);
}

const struct job_step_kind edit_series_found = { find_series, series_names };

/* ---- completing ---- */

static const char *const made_names[] = { "completes", NULL };

/* The statements of a completed tree, up to the one that groups all changes. */
#define STATEMENTS_OF_TREE 5

/* A change that does not complete the task is grouped with what it moves. */
static bool make_edit(struct job_step *step)
{
	if (!is_true(step, 0))
		step->skip = STATEMENTS_OF_TREE;
	return true;
}

const struct job_step_kind edit_made = { make_edit, made_names };

enum {
	TREE_COUNT,
	TREE_TEXT,
	TREE_LARGE,
	TREE_NEXT_DUE,
	TREE_TASKS,
	TREE_MAX_TASKS,
	TREE_CHANGED_TEXT,
	TREE_REPEATS,
	TREE_BESIDE,
};
static const char *const tree_names[] = { "tree", "tree_text", "large", "next_due", "tasks",
	"max_tasks", "text", "repeats", "beside", NULL };

/* There is nothing below the task: what remains is its next one, if there is one. */
static void end_early(struct job_step *step)
{
	step->skip = is_set(step, TREE_NEXT_DUE) ? 1 : STATEMENTS_OF_TREE - 1;
	set_constant(step, TREE_BESIDE,
		is_true(step, TREE_REPEATS) ? TEXT(",\"also\":[],\"next\":null")
					    : TEXT(",\"also\":[]"));
}

/* Other accounts wait for what one transaction changes, so that has its limits. */
static bool find_tree(struct job_step *step)
{
	bool copies = is_set(step, TREE_NEXT_DUE);
	int64_t count = step_value(step, TREE_COUNT)->integer;

	if (is_true(step, TREE_LARGE))
		return step_refuse(step, 422, "completed",
			"cannot be set with more than 1000 tasks or 4 MiB of notes below it: complete "
			"some of those first");
	/* The items of a batch are one transaction, too. */
	step->job->spent += (count - 1) * (copies ? 2 : 1) * STEPS_OF_TASK;
	if (count > 1 && step->job->spent > OCCURRENCE_STEPS)
		return step_refuse(step, 413, NULL, "Too many tasks are below these.");
	if (copies && step_value(step, TREE_TASKS)->integer + count >
			      step_value(step, TREE_MAX_TASKS)->integer)
		return step_refuse(step, 507, "max_tasks", "");
	set_integer(step, TREE_CHANGED_TEXT,
		step_value(step, TREE_CHANGED_TEXT)->integer +
			step_value(step, TREE_TEXT)->integer * (copies ? 2 : 1));
	if (count == 1)
		end_early(step);
	return true;
}

const struct job_step_kind edit_tree_found = { find_tree, tree_names };

enum { REPLY_BESIDE, REPLY_ALSO, REPLY_REPEATS, REPLY_NEXT_DUE, REPLY_NEXT };
static const char *const reply_names[] = { "beside", "also", "repeats", "next_due", "next", NULL };

/* The members of the reply beside the task. */
static void set_beside(struct job_step *step, struct text next)
{
	struct buffer beside = { 0 };

	buffer_add_text(&beside, TEXT(",\"also\":"));
	buffer_add_text(&beside, step_value(step, REPLY_ALSO)->text);
	if (is_true(step, REPLY_REPEATS)) {
		buffer_add_text(&beside, TEXT(",\"next\":"));
		buffer_add_text(&beside, next);
	}
	step_set_text(step, REPLY_BESIDE, (struct text){ beside.data, beside.length });
	buffer_free(&beside);
}

/* Without a next task two statements have nothing to do. */
static bool complete(struct job_step *step)
{
	if (is_set(step, REPLY_NEXT_DUE))
		return true;
	step->skip = 2;
	set_beside(step, TEXT("null"));
	return true;
}

static bool make_next(struct job_step *step)
{
	set_beside(step, step_value(step, REPLY_NEXT)->text);
	return true;
}

static bool end(struct job_step *step)
{
	step->skip = STEP_TO_LAST;
	return true;
}

static const char *const no_names[] = { NULL };

const struct job_step_kind edit_completed = { complete, reply_names };
const struct job_step_kind edit_next_made = { make_next, reply_names };
const struct job_step_kind edit_grouped = { end, no_names };
