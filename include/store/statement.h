/*
 * What is known of a prepared statement, and statements that are written for one job. Any thread.
 */
#ifndef STORE_STATEMENT_PUBLIC_H
#define STORE_STATEMENT_PUBLIC_H

#include "store/job.h"

#include <limits.h>

/* Whether it can change the database. */
bool store_statement_writes(const struct statement *statement);

/* The name of a member of the rows' JSON, counted from 0; NULL after the last. */
const char *store_statement_member(const struct statement *statement, unsigned index);

/*
 * A statement written for one job, with the columns of another one, the first so many of them. sql
 * must be made of constants alone: what a client sent goes into values. Its parameters are found by
 * their names when it runs. It lives in arena.
 */
#define COLUMNS_ALL INT_MAX
const struct statement *store_prepare_dynamic(const struct statement *like, int columns,
	const char *sql, const struct slot *slots, struct arena **arena);

#endif
