/*
 * All that the server can be asked.
 */
#ifndef API_API_H
#define API_API_H

struct access_sql;
struct endpoint;

/* The rows of every resource; NULL-terminated. */
extern const struct endpoint *const api_tables[];

/* The one of them that nobody asks for: see server_start(). */
extern const struct endpoint *const api_upkeep;

/* The table of those that remove what large changes leave behind: the same. */
extern const struct endpoint *const api_sweep;

/* The statements that endpoints have in common: the same. */
extern const struct access_sql api_access_sql;

/* Ends the program where a table names a row that another one has not. Before server_start(). */
void api_check(void);

#endif
