/*
 * The list of the tables.
 */
#include "api/api.h"

#include "tables.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

const struct endpoint *const api_tables[] = {
	info_endpoints,
	health_endpoints,
	account_endpoints,
	session_endpoints,
	token_endpoints,
	task_endpoints,
	trash_endpoints,
	batch_endpoints,
	transfer_endpoints,
	change_endpoints,
	undo_endpoints,
	plain_endpoints,
	upkeep_endpoints,
	sweep_endpoints,
	NULL,
};

const struct endpoint *const api_upkeep = upkeep_endpoints;
const struct endpoint *const api_sweep = sweep_endpoints;

const struct endpoint *table_row(const struct endpoint *table, enum method method, const char *path)
{
	for (const struct endpoint *row = table; row->path != NULL; row++)
		if (row->method == method && strcmp(row->path, path) == 0)
			return row;
	log_error("%s: there is no such endpoint", path);
	abort();
}

void api_check(void)
{
	batch_check();
}
