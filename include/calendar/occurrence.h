/*
 * When a task that repeats is due again. The series begins at its due date, as a clock in the
 * account's time zone shows it, so that 09:00 stays 09:00 when the clock changes. Any thread;
 * nothing here reads the clock.
 *
 * A search costs steps (calendar/recurrence.h). The searches of one request share a number of them,
 * so that no request takes long, however many tasks it is about.
 */
#ifndef CALENDAR_OCCURRENCE_H
#define CALENDAR_OCCURRENCE_H

#include "base/buffer.h"
#include "base/date.h"
#include "calendar/zone.h"

#define OCCURRENCE_STEPS INT64_C(1000000) /* of one request: some 20 ms */

/* A task's part of it, as the store has it. */
struct occurrence_series {
	struct text rule; /* see calendar/recurrence_rule.h */
	struct text due;  /* a day or an instant; empty: none */
	const struct zone *zone;
};

/*
 * What is wrong with a task's rule, a constant sentence; NULL if nothing is. It needs a due date, an
 * UNTIL of a kind that fits to that, and an occurrence at the due date or later.
 */
const char *occurrence_fault(const struct occurrence_series *series, int64_t *steps);

enum occurrence_outcome {
	OCCURRENCE_FOUND,
	OCCURRENCE_ENDED,     /* by COUNT, by UNTIL, or since no date after the year 9999 is one */
	OCCURRENCE_TOO_COSTLY, /* the steps of the request are used up */
};

struct occurrence {
	char due[DATE_SIZE];
	int64_t days; /* that it is later than the due date before, by the zone's clock */
};

/*
 * The occurrence for which a task is made when the one before is completed at an instant: the first
 * that is later than the due date and not before the day of that instant. Or, from_completion, the
 * first after that day, of the rule begun on it, at the due date's time. However many were missed,
 * it counts as one for COUNT.
 *
 * If it is found, rule_after takes the text of the rule from then on.
 */
enum occurrence_outcome occurrence_next(const struct occurrence_series *series,
	bool from_completion, int64_t completed, struct occurrence *next,
	struct buffer *rule_after, int64_t *steps);

#endif
