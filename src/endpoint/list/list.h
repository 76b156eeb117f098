/*
 * Lists that come in pages: limit, cursor, sort, count and the filters of an endpoint's listing.
 * Loop thread.
 */
#ifndef ENDPOINT_LIST_H
#define ENDPOINT_LIST_H

#include "route/route.h"

#include <stdbool.h>

struct request;

/* How a list is sorted; its id comes last. */
struct sorting {
	unsigned count;
	const struct order *order[LISTING_KEYS];
	struct sort_key {
		const char *column;
		bool descends;
	} key[LISTING_KEYS];
};

/* Of a request for a list. */
struct list_state {
	struct sorting sorting;
	struct statements_list composed; /* instead of SQL's, where there are any */
};

/*
 * Read the query's values, and write the statements that they ask for. False where something is wrong
 * with one, which is left in the request's fault.
 */
bool list_read(struct request *request);

/* The statements that a listing needs beside its endpoint's own. */
extern const char list_next_sql[];
extern const char list_total_sql[];

#endif
