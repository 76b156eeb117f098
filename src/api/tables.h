/*
 * The tables of this layer, one for each resource. The last row of each is empty.
 */
#ifndef API_TABLES_H
#define API_TABLES_H

#include "endpoint/endpoint.h"

extern const struct endpoint info_endpoints[];
extern const struct endpoint account_endpoints[];
extern const struct endpoint session_endpoints[];
extern const struct endpoint token_endpoints[];
extern const struct endpoint list_endpoints[];
extern const struct endpoint task_endpoints[];
extern const struct endpoint trash_endpoints[];
extern const struct endpoint tag_endpoints[];
extern const struct endpoint batch_endpoints[];
extern const struct endpoint transfer_endpoints[];
extern const struct endpoint import_endpoints[];
extern const struct endpoint change_endpoints[];
extern const struct endpoint undo_endpoints[];
extern const struct endpoint plain_endpoints[];
extern const struct endpoint maintenance_endpoints[];
extern const struct endpoint sweep_endpoints[];

/* tasks.c: what the columns "…:members" of statements stand for. */
extern const struct member_group member_groups[];

/* The row of this route. If the table has none, the program logs an error and ends. Any thread. */
const struct endpoint *table_row(
	const struct endpoint *table, enum method method, const char *path);

/* batch.c, transfer.c: end the program if a row that they name is missing. */
void batch_check(void);
void transfer_check(void);

#endif
