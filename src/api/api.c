/*
 * The list of the tables of endpoints.
 */
#include "api/api.h"

#include "tables.h"

const struct endpoint *const api_tables[] = {
	info_endpoints,
	account_endpoints,
	session_endpoints,
	token_endpoints,
	list_endpoints,
	task_endpoints,
	trash_endpoints,
	tag_endpoints,
	batch_endpoints,
	transfer_endpoints,
	import_endpoints,
	change_endpoints,
	undo_endpoints,
	plain_endpoints,
	maintenance_endpoints,
	sweep_endpoints,
	NULL,
};

const struct endpoint *const api_maintenance = maintenance_endpoints;
const struct endpoint *const api_sweep = sweep_endpoints;

void api_check(void)
{
	batch_check();
	transfer_check();
}
