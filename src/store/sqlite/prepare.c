/*
 * Statements as SQLite prepares them. Those that were written for one job are kept by a connection
 * for a while, since the same ones come again.
 */
#include "sqlite/prepare.h"

#include <string.h>

/* ---- the cache ---- */

static unsigned cache_find(struct sqlite *sqlite, const char *sql)
{
	unsigned i = 0;

	while (i < STATEMENT_CACHE_SIZE && sqlite->statement_cache[i] != NULL &&
		strcmp(sqlite3_sql(sqlite->statement_cache[i]), sql) != 0)
		i++;
	return i;
}

/* Move the one at i to the front. An i after the last: what was used longest ago makes room. */
static sqlite3_stmt **cache_take(struct sqlite *sqlite, unsigned i)
{
	sqlite3_stmt *stmt = NULL;

	if (i == STATEMENT_CACHE_SIZE)
		sqlite3_finalize(sqlite->statement_cache[--i]);
	else
		stmt = sqlite->statement_cache[i];
	memmove(&sqlite->statement_cache[1], &sqlite->statement_cache[0], i * sizeof(stmt));
	sqlite->statement_cache[0] = stmt;
	return &sqlite->statement_cache[0];
}

sqlite3_stmt *sqlite_prepare_cached(struct sqlite *sqlite, const char *sql)
{
	sqlite3_stmt **stmt = cache_take(sqlite, cache_find(sqlite, sql));

	return *stmt != NULL ? *stmt : sqlite_prepare(sqlite, stmt, sql);
}
