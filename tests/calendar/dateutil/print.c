/*
 * Print the occurrences of rules. Each line of the input is "START AFTER LAST RULE", with times
 * such as "2026-11-22T16:55:00". For each it prints a line: the occurrences of the series from
 * START that are later than AFTER and not later than LAST, or what is wrong with the rule.
 */
#include "base/date.h"
#include "calendar/recurrence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIME "%" SCNd64 "-%" SCNd64 "-%" SCNd64 "T%" SCNd64 ":%" SCNd64 ":%" SCNd64

static int64_t time_of(const char *text)
{
	int64_t year, month, day, hour, minute, second;

	if (sscanf(text, TIME, &year, &month, &day, &hour, &minute, &second) != 6) {
		fprintf(stderr, "no time: %s\n", text);
		exit(1);
	}
	return date_days(year, month, day) * DATE_DAY_SECONDS + hour * 3600 + minute * 60 + second;
}

static void print_time(int64_t time)
{
	int64_t days = date_day_of(time), year, month, day;
	int second = (int)(time - days * DATE_DAY_SECONDS);

	date_from_days(days, &year, &month, &day);
	printf("%04d-%02d-%02dT%02d:%02d:%02d ", (int)year, (int)month, (int)day, second / 3600,
		second / 60 % 60, second % 60);
}

static void print_occurrences(const struct recurrence_rule *rule, char *const times[3])
{
	int64_t until = time_of(times[2]), time;
	struct recurrence recurrence;
	enum recurrence_outcome outcome;

	recurrence_begin(&recurrence, rule, time_of(times[0]));
	recurrence_skip(&recurrence, time_of(times[1]));
	while ((outcome = recurrence_next(&recurrence, &time)) == RECURRENCE_FOUND && time <= until)
		print_time(time);
	if (outcome == RECURRENCE_TOO_MANY_STEPS)
		printf("too-many-steps");
}

int main(void)
{
	char line[RECURRENCE_TEXT_MOST + 100], *times[3], *text, *rest;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct recurrence_rule rule;
		const char *fault;

		for (int i = 0; i < 3; i++)
			times[i] = strtok_r(i == 0 ? line : NULL, " \n", &rest);
		text = strtok_r(NULL, " \n", &rest);
		if (text == NULL) {
			fprintf(stderr, "no rule\n");
			return 1;
		}
		fault = recurrence_rule_read(text_of(text), &rule);
		if (fault == NULL)
			print_occurrences(&rule, times);
		printf("%s\n", fault != NULL ? fault : "");
	}
	return 0;
}
