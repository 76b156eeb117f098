/*
 * The tables of endpoints.
 */
#ifndef API_API_H
#define API_API_H

struct access_sql;
struct endpoint;

/* The table of each resource; NULL-terminated. */
extern const struct endpoint *const api_tables[];

/* The internal endpoint that runs in the background: see server_start(). */
extern const struct endpoint *const api_maintenance;

/* The internal endpoints that remove the rest of large changes: see server_start(). */
extern const struct endpoint *const api_sweep;

/* The statements that endpoints have in common: the same. */
extern const struct access_sql api_access_sql;

/* Ends the program if a table names a row that does not exist. Before server_start(). */
void api_check(void);

#endif
