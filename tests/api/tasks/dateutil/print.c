/*
 * Print when tasks are due again. Each line of the input is "FROM DUE COMPLETED ZONE RULE", with
 * "due" or "completion" and dates as the store has them. For each it prints a line: the next due
 * date, the days that it is later, and the rule from then on; "ended"; or what is wrong.
 */
#include "calendar/occurrence.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void print_next(struct occurrence_series *series, char *const words[5])
{
	int64_t steps = OCCURRENCE_STEPS;
	const char *fault = occurrence_fault(series, &steps);
	struct buffer rule = { 0 };
	struct occurrence next;

	if (fault != NULL)
		printf("%s\n", fault);
	else if (occurrence_next(series, strcmp(words[0], "completion") == 0,
			 date_time(text_of(words[2])), &next, &rule, &steps) == OCCURRENCE_FOUND)
		printf("%s %" PRId64 " %.*s\n", next.due, next.days, (int)rule.length, rule.data);
	else
		printf("ended\n");
	buffer_free(&rule);
}

int main(void)
{
	char line[5000], *words[5], *rest;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct occurrence_series series;

		for (int i = 0; i < 5; i++)
			words[i] = strtok_r(i == 0 ? line : NULL, " \n", &rest);
		if (words[4] == NULL) {
			fprintf(stderr, "too few words\n");
			return 1;
		}
		series = (struct occurrence_series){ text_of(words[4]), text_of(words[1]),
			zone_find(text_of(words[3])) };
		if (series.zone == NULL) {
			fprintf(stderr, "no zone: %s\n", words[3]);
			return 1;
		}
		print_next(&series, words);
	}
	return 0;
}
