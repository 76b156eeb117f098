/*
 * A set of whole numbers from -383 to 383. Zeroed it is empty. Two sets of the same numbers have
 * the same bytes. Any thread.
 */
#ifndef CALENDAR_NUMBER_SET_H
#define CALENDAR_NUMBER_SET_H

#include <stdbool.h>
#include <stdint.h>

#define NUMBER_SET_MOST 383
#define NUMBER_SET_WORDS 12

struct number_set {
	uint64_t words[NUMBER_SET_WORDS]; /* a bit for each number, from the lowest */
	int64_t count;			  /* of the numbers in it */
};

static inline bool number_set_has(const struct number_set *set, int64_t number)
{
	uint64_t bit = (uint64_t)(number + NUMBER_SET_MOST);

	return set->words[bit / 64] >> bit % 64 & 1;
}

static inline void number_set_add(struct number_set *set, int64_t number)
{
	uint64_t bit = (uint64_t)(number + NUMBER_SET_MOST);

	set->count += !number_set_has(set, number);
	set->words[bit / 64] |= UINT64_C(1) << bit % 64;
}

#endif
