/*
 * Tasks: every statement names the account first, so that nobody reaches another's.
 */
#include "tables.h"

static const struct member task_members[] = {
	{ "id", SCHEMA_INTEGER },
	{ "name", SCHEMA_TEXT },
	{ "note", SCHEMA_TEXT },
	{ "creation_date", SCHEMA_TIME },
	{ "due_date", SCHEMA_DATE_OR_NULL },
	{ "completed", SCHEMA_BOOL },
	{ 0 },
};
static const struct shape task_shape = { "Task", task_members };

#define TASK "id, name, note, creation_date, due_date, completed AS \"completed:bool\""

/* What a task's reply shows and its owner does not set. */
/* clang-format off */
#define TASK_SHOWN \
	{ "id", BODY, SHOWN }, { "creation_date", BODY, SHOWN }, { "username", BODY, SHOWN }, \
	{ "msg", BODY, SHOWN }, { "revision", BODY, SHOWN }

/* What PUT and PATCH may change: neither touches what it is not given. */
#define TASK_CHANGES \
	{ "name", BODY, LINE, .most = 1000 }, { "note", BODY, LINES, .most = 65536 }, \
	{ "due_date", BODY, DATE }, { "completed", BODY, BOOL }
/* clang-format on */

/* In an UPDATE: the member if it was sent, else what it was. */
#define SENT(member) #member " = iif($" #member "_given, $" #member ", " #member ")"

/* clang-format off */
#define UPDATE_TASK \
	"UPDATE tasks SET " SENT(name) ", " SENT(note) ", " SENT(due_date) ", " SENT(completed) \
	" WHERE account_id = $me AND id = $id RETURNING " TASK

const struct endpoint task_endpoints[] = {
	{
		.name	= "user's tasks",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}/tasks",
		.access	= OWNER,
		.sql	= { "SELECT " TASK " FROM tasks WHERE account_id = $me ORDER BY id" },
		.username = true,
		.many	= "tasks",
		.shape	= &task_shape,
	},
	{
		.name	= "create task",
		.method	= POST,
		.path	= "/api/v1/accounts/{username}/tasks",
		.access	= OWNER,
		.input	= {
			{ "name",	BODY, LINE, .required = true, .most = 1000 },
			{ "note",	BODY, LINES, .most = 65536 },
			{ "due_date",	BODY, DATE },
			{ "completed",	BODY, BOOL },
			TASK_SHOWN,
		},
		.value	= { "id" },
		.sql	= {
			"SELECT 1 + max(last_task, ifnull("
			"  (SELECT max(id) FROM tasks WHERE account_id = $me), 0)) AS id"
			" FROM accounts WHERE id = $me",
			"INSERT INTO tasks (account_id, id, name, note, creation_date, due_date, completed)"
			" VALUES ($me, $id, $name, ifnull($note, ''), $now, $due_date,"
			" ifnull($completed, 0))",
			"SELECT " TASK " FROM tasks WHERE account_id = $me AND id = $id",
		},
		.status	= 201,
		.msg	= "posted",
		.one	= "task",
		.shape	= &task_shape,
		.location = "/api/v1/accounts/{username}/tasks/{id}",
	},
	{
		.name	= "task detail",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}/tasks/{id}",
		.access	= OWNER,
		.sql	= { "SELECT " TASK " FROM tasks WHERE account_id = $me AND id = $id" },
		.username = true,
		.one	= "task",
		.shape	= &task_shape,
	},
	{
		.name	= "task update",
		.method	= PUT,
		.path	= "/api/v1/accounts/{username}/tasks/{id}",
		.access	= OWNER,
		.input	= { TASK_CHANGES, TASK_SHOWN },
		.sql	= { UPDATE_TASK },
		.msg	= "updated",
		.one	= "task",
		.shape	= &task_shape,
	},
	{
		.name	= "task patch",
		.method	= PATCH,
		.path	= "/api/v1/accounts/{username}/tasks/{id}",
		.access	= OWNER,
		.input	= { TASK_CHANGES, TASK_SHOWN },
		.sql	= { UPDATE_TASK },
		.msg	= "updated",
		.one	= "task",
		.shape	= &task_shape,
	},
	{
		.name	= "delete task",
		.method	= DELETE,
		.path	= "/api/v1/accounts/{username}/tasks/{id}",
		.access	= OWNER,
		.sql	= { "DELETE FROM tasks WHERE account_id = $me AND id = $id RETURNING id" },
		.msg	= "deleted",
		.no_row	= true,
	},
	{ 0 },
};
