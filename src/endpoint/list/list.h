/*
 * Lists that come in pages: limit, cursor, sort, count and the filters of an endpoint's listing.
 * Loop thread.
 */
#ifndef ENDPOINT_LIST_H
#define ENDPOINT_LIST_H

#include "request_state.h"

/*
 * Read the query's values, and write the statements that they ask for. False where something is wrong
 * with one, which is left in the request's fault.
 */
bool list_read(struct request *request);

/* The statements that a listing needs beside its endpoint's own. */
extern const char list_next_sql[];
extern const char list_total_sql[];

#endif
