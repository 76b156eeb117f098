/*
 * The log of changes as a client reads it: the feed of all changes, and one task's history.
 */
#include "tables.h"
#include "tasks/changes.h"
#include "tasks/tasks.h"

static const struct member change_members[] = { CHANGE_MEMBERS, { 0 } };
const struct shape change_shape = { "Change", change_members };

static const struct member history_members[] = {
	{ "revision", SCHEMA_INTEGER },
	{ "time", SCHEMA_TIME },
	{ "before", SCHEMA_TASK_OR_NULL },
	{ "after", SCHEMA_TASK_OR_NULL },
	{ 0 },
};
static const struct shape history_shape = { "Event", history_members };

/* The revisions of the changes of a task: the one that created it, and those in the index. */
#define REVISIONS                                                                                  \
	"SELECT $id AS revision UNION ALL SELECT revision FROM changes"                            \
	" WHERE account_id = $account AND id = $id AND revision <> id AND revision <= $newest"

/*
 * The changes after $since are not known if they are deleted, or if that revision is yet to come.
 */
static void check_since(struct request *request)
{
	if (request_value(request, "unknown")->integer != 0)
		request_refuse(request, 410,
			"What changed since then is not known here: read the whole list again.");
	else
		request_exec(request, SQL, request_reply);
}

static void feed_start(struct request *request)
{
	request_exec(request, LOOKUP_SQL, check_since);
}

/* clang-format off */
const struct endpoint change_endpoints[] = {
	{
		.name	= "changes",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}/changes",
		.access	= OWNER,
		.input	= {
			{ "since",	IN_QUERY, INPUT_INTEGER, .min = 0, .max = INT64_MAX },
			{ "limit",	IN_QUERY, INPUT_INTEGER, .min = 1, .max = 1000 },
		},
		.value	= { INTEGER_SLOT("unknown"), INTEGER_SLOT("oldest") },
		.start	= feed_start,
		.lookup_sql	= {
			"SELECT min(revision) AS oldest FROM changes WHERE account_id = $account"
			" AND revision <= $newest AND " KEPT,
			"SELECT coalesce($since, 0) AS since, coalesce($since, 0) > $newest"
			" OR coalesce($since, 0) < coalesce($oldest - 1, $newest) AS unknown",
		},
		.sql	= {
			"SELECT coalesce(max(revision), $newest) AS last, coalesce(max(revision), $newest)"
			" < $newest AS more FROM"
			" (SELECT revision FROM changes WHERE account_id = $account AND revision > $since"
			"  AND revision <= $newest ORDER BY revision LIMIT coalesce($limit, 9223372036854775807)) page",
			SELECT_CHANGES("revision > $since AND revision <= $last"),
		},
		.username = true,
		.array	= "changes",
		.extra	= { { "revision", SCHEMA_INTEGER, "last" }, { "more", SCHEMA_BOOL, "more" } },
		.shape	= &change_shape,
	},
	{
		.name	= "task history",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}/tasks/{id}/history",
		.access	= OWNER,
		.current_revision_sql =
			"SELECT revision FROM tasks WHERE " LIVE " AND id = $id UNION ALL"
			" SELECT revision FROM " TRASH_BY_ID " WHERE " IN_TRASH " AND id = $id",
		.sql	= {
			"SELECT s.revision, s.time, " BEFORE_IT ", " AFTER_IT
			" FROM (" REVISIONS ") r"
			" JOIN states s ON s.account_id = $account AND s.revision = r.revision"
			" JOIN changes c ON c.account_id = $account AND c.revision = r.revision"
			" ORDER BY s.revision",
		},
		.username = true,
		.array	= "history",
		.shape	= &history_shape,
	},
	{ 0 },
};
