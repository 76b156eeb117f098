/*
 * All that the server can be asked.
 */
#ifndef API_API_H
#define API_API_H

struct endpoint;

/* The rows of every resource; NULL-terminated. */
extern const struct endpoint *const api_tables[];

/* The one of them that nobody asks for: see server_start(). */
extern const struct endpoint *const api_upkeep;

/* The table of those that remove what large changes leave behind: the same. */
extern const struct endpoint *const api_sweep;

/* Ends the program where a table names a row that another one has not. Before server_start(). */
void api_check(void);

#endif
