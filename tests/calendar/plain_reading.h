/*
 * A second reading of RFC 5545, 3.3.10, as plain as it can be: each day is asked whether it is in
 * the set. The calendar is the C library's, and the n-th is found by counting. One thread.
 */
#ifndef TESTS_PLAIN_READING_H
#define TESTS_PLAIN_READING_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define PLAIN_LIST 16

struct plain_list {
	int count;
	int numbers[PLAIN_LIST];
	int weekdays
		[PLAIN_LIST]; /* of BYDAY, from Monday, 0; its number is 0 where there is none */
};

struct plain_rule {
	enum { PLAIN_DAILY, PLAIN_WEEKLY, PLAIN_MONTHLY, PLAIN_YEARLY } frequency;
	int interval;
	int count;    /* 0: without COUNT */
	time_t until; /* a day's midnight; 0: without UNTIL */
	int week_start;
	struct plain_list by_month, by_week, by_year_day, by_month_day, by_day, by_set_position;
};

/* Days are midnights, in seconds since 1970, from 1900 to 2100. */
#define PLAIN_DAY 86400
#define PLAIN_FIRST INT64_C(-2208988800)
#define PLAIN_LAST INT64_C(4133894400)
#define PLAIN_PERIOD 366 /* days of the longest */

/* The period of a day, and which of its days are in the set, whatever COUNT and UNTIL say. */
struct plain_period {
	time_t begin, end;
	bool has[PLAIN_PERIOD];
};

void plain_read(const struct plain_rule *rule, time_t start, time_t day, struct plain_period *set);

#endif
