/*
 * The statements of a list: pages with limit, cursor, sort, count and filters; and lists of a whole
 * account. Loop thread.
 */
#ifndef ENDPOINT_LIST_SQL_H
#define ENDPOINT_LIST_SQL_H

#include <stdbool.h>

struct request;

/*
 * Compose the statements that the values of the query ask for. False where one of them has a fault,
 * which is left in the request.
 */
bool list_read(struct request *request);

/*
 * Set in the job that its rows go out in another format than JSON, or as two lists. To be called
 * where they do.
 */
void list_prepare_rows(struct request *request);

/* What the composed statements are like: the keys of the next page, and the number of rows. */
extern const char list_next_sql[];
extern const char list_total_sql[];

#endif
