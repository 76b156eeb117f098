/*
 * Statements that are written for one job. Each connection keeps those that it used last, since the
 * same ones come again. Any store thread, on a connection of its own.
 */
#include "sqlite/connection.h"

#include <assert.h>
#include <string.h>

static const struct value nothing;

static const struct value *find_value(
	const struct slot *slots, const char *name, const struct value *values)
{
	for (unsigned i = 0; slots[i].name != NULL; i++) {
		if (slots[i].name[0] != name[0] || strcmp(slots[i].name, name) != 0)
			continue; /* most differ in the first letter: no call for those */
		assert(slot_takes(slots[i].type, &values[i]));
		return &values[i];
	}
	return &nothing;
}

static unsigned find_used(struct sqlite *sqlite, const char *sql)
{
	unsigned i = 0;

	while (i < COMPOSED_MOST && sqlite->composed[i] != NULL &&
		strcmp(sqlite3_sql(sqlite->composed[i]), sql) != 0)
		i++;
	return i;
}

/* The one at i comes first; behind the last place, what was used longest ago makes room. */
static sqlite3_stmt **take_first(struct sqlite *sqlite, unsigned i)
{
	sqlite3_stmt *stmt = NULL;

	if (i == COMPOSED_MOST)
		sqlite3_finalize(sqlite->composed[--i]);
	else
		stmt = sqlite->composed[i];
	memmove(&sqlite->composed[1], &sqlite->composed[0], i * sizeof(stmt));
	sqlite->composed[0] = stmt;
	return &sqlite->composed[0];
}

sqlite3_stmt *sqlite_composed(
	struct sqlite *sqlite, const struct statement *statement, const struct value *values)
{
	sqlite3_stmt **stmt = take_first(sqlite, find_used(sqlite, statement->sql));

	if (*stmt == NULL)
		sqlite3_prepare_v3(
			sqlite->db, statement->sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	for (int i = 1; i <= sqlite3_bind_parameter_count(*stmt); i++)
		sqlite_bind(*stmt, i,
			find_value(statement->slots, sqlite3_bind_parameter_name(*stmt, i) + 1,
				values));
	return *stmt;
}
