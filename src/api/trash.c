/*
 * The trash: what was deleted stays for thirty days, and can come back as it was.
 */
#include "tables.h"
#include "tasks.h"

static const struct member trashed_members[] = { TASK_MEMBERS, { "deleted_date", SCHEMA_TIME },
	{ 0 } };
const struct shape trashed_shape = { "TrashedTask", trashed_members };

static const struct member emptied_members[] = { { "count", SCHEMA_INTEGER }, { 0 } };
static const struct shape emptied_shape = { "Emptied", emptied_members };

#define TRASH "/api/v1/accounts/{username}/trash"

/* clang-format off */
const struct endpoint trash_endpoints[] = {
	{
		.name	= "trash",
		.method	= GET,
		.path	= TRASH,
		.access	= OWNER,
		.sql	= {
			SELECT_TRASH,
		},
		.username = true,
		.many	= "tasks",
		.shape	= &trashed_shape,
	},
	{
		.name	= "restore task",
		.method	= POST,
		.path	= "/api/v1/accounts/{username}/tasks/{id}/restore",
		.access	= OWNER,
		.input	= { TASK_SHOWN },
		.standing = "SELECT revision FROM tasks WHERE " TRASHED " AND id = $id",
		.current = "SELECT " TASK " FROM tasks WHERE " TRASHED " AND id = $id",
		.sql	= {
			CHANGE_TASKS "deleted_date = '' WHERE " TRASHED " AND id = $id",
			SELECT_TASK " AND revision = " NEXT_REVISION,
		},
		.msg	= "restored",
		.one	= "task",
		.shape	= &task_shape,
		.etag	= ETAG_ROW,
	},
	{
		.name	= "empty trash",
		.method	= DELETE,
		.path	= TRASH,
		.access	= OWNER,
		.sql	= {
			"DELETE FROM tasks WHERE " TRASHED,
			GROUP_CHANGES,
			"SELECT count(*) AS count FROM changes"
			" WHERE account_id = $me AND revision > $newest",
		},
		.msg	= "emptied",
		.shape	= &emptied_shape,
	},
	{
		.name	= "delete for good",
		.method	= DELETE,
		.path	= TRASH "/{id}",
		.access	= OWNER,
		.sql	= {
			"DELETE FROM tasks WHERE " TRASHED " AND id = $id",
			"SELECT id FROM changes WHERE account_id = $me AND revision = " NEXT_REVISION,
		},
		.msg	= "deleted",
		.no_row	= true,
	},
	{ 0 },
};
