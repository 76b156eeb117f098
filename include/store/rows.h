/*
 * Rows of values that one statement is run with, one after the other. They are packed, so that a
 * million of them take little more than their text. One owner at a time, any thread.
 */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "store/job.h"

#include <stdbool.h>
#include <stddef.h>

#define ROWS_COLUMNS 24

struct rows {
	unsigned columns;
	int slot[ROWS_COLUMNS]; /* of each column, among the values of the job that runs them */
	int number_slot;	/* an integer there is raised by one for each row that is run */
	struct rows_chunk *first, *last; /* of the packed rows; those that were run are freed */
	size_t count;			 /* that were added */
	size_t run;			 /* rows that were, those left out among them */
	/*
	 * Called with the number of a row, from 0 on, when its values are in the slots, which it may
	 * change: false leaves the row out. On the thread that runs the rows. May be NULL.
	 */
	bool (*take)(void *owner, size_t row);
	void *owner;
};

/* Add a row: the value of each column is at this index of values. They are copied. */
void rows_add(struct rows *rows, const struct value *values, const int *index);

/*
 * How many of the rows that are still to be run make up the next slice: at most count, and no more
 * than bytes of them but for the first one. 0 where none is left.
 */
unsigned rows_slice(const struct rows *rows, unsigned count, size_t bytes);

/*
 * The next row into the slots. Texts are borrowed until the next call. There is one. False where it is
 * left out.
 */
bool rows_next(struct rows *rows, struct value *values);

void rows_free(struct rows *rows);

#endif
