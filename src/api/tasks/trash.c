/*
 * The trash: a deleted task or list stays for thirty days, and can be restored unchanged.
 */
#include "tasks/list_sql.h"
#include "tables.h"
#include "tasks/tasks.h"
#include "tasks/tree_sql.h"

static const struct member trashed_members[] = { TASK_MEMBERS, { "deleted_date", SCHEMA_TIME },
	{ 0 } };
const struct shape trashed_shape = { "TrashedTask", trashed_members };

static const struct member emptied_members[] = { { "count", SCHEMA_INTEGER }, { 0 } };
static const struct shape emptied_shape = { "Emptied", emptied_members };

#define TRASH "/api/v1/accounts/{username}/trash"

/* How many of both there are, as far as that decides whether they are many. */
#define FEW_OF_TRASH                                                                               \
	"(SELECT note FROM (SELECT note FROM tasks WHERE " IN_TRASH " LIMIT " SMALL_TASKS " + 1) t" \
	" UNION ALL SELECT headings AS note FROM lists WHERE " IN_TRASH ") few"

#define LOGGED_LISTS "64" /* in one slice */

static void refuse_changed_trash(struct request *request)
{
	request_refuse_for(request, 503, 1, "The trash has changed meanwhile.");
}

static void empty_counted(struct request *request)
{
	if (request_value(request, "large")->integer != 0)
		request_exec_bulk(request, NULL, request_reply, refuse_changed_trash);
	else
		request_exec(request, SQL, request_reply);
}

static void empty_start(struct request *request)
{
	request_exec(request, LOOKUP_SQL, empty_counted);
}

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
		.array	= "tasks",
		.shape	= &trashed_shape,
		.further = { { "lists", SELECT_TRASHED_LISTS, &trashed_list_shape } },
	},
	{
		.name	= "restore task",
		.method	= POST,
		.path	= "/api/v1/accounts/{username}/tasks/{id}/restore",
		.access	= OWNER,
		.input	= { TASK_SHOWN },
		.current_revision_sql = "SELECT revision FROM " TRASH_BY_ID " WHERE " IN_TRASH " AND id = $id",
		.current_row_sql = "SELECT " TASK " FROM " TRASH_BY_ID " WHERE " IN_TRASH " AND id = $id",
		.value	= { RESTORE_VALUES },
		.sql	= { RESTORE_TREE, SELECT_TASK " AND revision = " NEXT_REVISION },
		.step	= { { GONE_TASK, &tree_found }, { SIZE_OF_GONE, &tree_found } },
		.msg	= "restored",
		.object	= "task",
		.row_name = "task",
		.shape	= &task_shape,
		.etag	= ETAG_ROW,
	},
	{
		.name	= "empty trash",
		.method	= DELETE,
		.path	= TRASH,
		.access	= OWNER,
		.value	= { INTEGER_SLOT("large"), INTEGER_SLOT("base"), INTEGER_SLOT("mark"),
			INTEGER_SLOT("after"), INTEGER_SLOT("lists_after") },
		.start	= empty_start,
		.lookup_sql	= {
			"SELECT count(*) > " SMALL_TASKS " OR sum(" NOTE_BYTES ") > " SMALL_TEXT " AS large"
			" FROM " FEW_OF_TRASH,
		},
		/*
		 * Each task and each list is logged as deleted. Then all are hidden, by the revision of
		 * their last change.
		 */
		.begin	= {
			"UPDATE accounts SET bulk = $bulk_number WHERE id = $account AND bulk = 0"
			" RETURNING revision AS base, revision AS mark, 0 AS after, 0 AS lists_after",
		},
		.slice	= {
			"INSERT INTO changes (account_id, revision, id, time, first, kind, deleted_date"
			TASK_NAMES("") ", was_revision)"
			" SELECT $account, $mark + row_number() OVER (ORDER BY id), id, $now, $base + 1, 'purge',"
			" deleted_date" TASK_NAMES("") ", revision FROM"
			" (SELECT * FROM tasks WHERE " IN_TRASH " AND id > $after ORDER BY id LIMIT " REMOVED_TASKS
			" ) next",
			"INSERT INTO changes (account_id, revision, id, time, first, kind, deleted_date, is_list"
			LIST_NAMES("") ", was_revision)"
			" SELECT $account, coalesce((SELECT max(revision) FROM changes"
			"  WHERE account_id = $account AND revision > $mark), $mark) + row_number() OVER (ORDER BY id), id, $now, $base + 1, 'purge',"
			" deleted_date, 1" LIST_NAMES("") ", revision FROM"
			" (SELECT * FROM lists WHERE " IN_TRASH " AND id > $lists_after ORDER BY id LIMIT " LOGGED_LISTS
			" ) next",
			"SELECT coalesce(max(revision), $mark) AS mark,"
			" coalesce(max(CASE WHEN is_list = 0 THEN id END), $after) AS after,"
			" coalesce(max(CASE WHEN is_list = 1 THEN id END), $lists_after) AS lists_after,"
			" count(*) - sum(is_list) = " REMOVED_TASKS " OR sum(is_list) = " LOGGED_LISTS " AS more"
			" FROM changes WHERE account_id = $account AND revision > $mark",
		},
		.finish	= {
			"UPDATE accounts SET revision = $mark, tasks = tasks - ($mark - $base"
			" - (SELECT count(*) FROM lists WHERE " IN_TRASH ")), emptied = $base WHERE id = $account",
			"SELECT bulk FROM accounts WHERE id = $account",
			"SELECT $mark - $base AS count",
		},
		.sql	= {
			"DELETE FROM tasks WHERE " IN_TRASH,
			"DELETE FROM lists WHERE " IN_TRASH,
			GROUP_CHANGES,
			"SELECT count(*) AS count FROM changes"
			" WHERE account_id = $account AND revision > $newest",
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
			"DELETE FROM " TRASH_BY_ID " WHERE " IN_TRASH " AND id = $id",
			"DELETE FROM lists WHERE " IN_TRASH " AND id = $id",
			"SELECT id FROM changes WHERE account_id = $account AND revision = " NEXT_REVISION,
		},
		.msg	= "deleted",
		.no_row	= true,
	},
	{ 0 },
};
