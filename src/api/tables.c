/*
 * A row of a table, found by its route.
 */
#include "tables.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

const struct endpoint *table_row(const struct endpoint *table, enum method method, const char *path)
{
	for (const struct endpoint *row = table; row->path != NULL; row++)
		if (row->method == method && strcmp(row->path, path) == 0)
			return row;
	log_error("%s: there is no such endpoint", path);
	abort();
}
