/*
 * Lists of tasks. Every statement names the account first, so that no request reaches another
 * account's lists. What changes a list and its tasks changes the list first.
 */
#include "tasks/lists.h"

#include "tasks/headings.h"
#include "tables.h"

static const struct member list_members[] = { LIST_MEMBERS, { 0 } };
const struct shape list_shape = { "List", list_members };

static const struct member trashed_list_members[] = { LIST_MEMBERS,
	{ "deleted_date", SCHEMA_TIME }, { 0 } };
const struct shape trashed_list_shape = { "TrashedList", trashed_list_members };

static const struct member event_members[] = {
	{ "revision", SCHEMA_INTEGER },
	{ "time", SCHEMA_TIME },
	{ "before", SCHEMA_LIST_OR_NULL },
	{ "after", SCHEMA_LIST_OR_NULL },
	{ 0 },
};
static const struct shape event_shape = { "ListEvent", event_members };

#define LISTS "/api/v1/accounts/{username}/lists"

/* ---- create ---- */

#define BELOW_MAX_LISTS                                                                            \
	"SELECT coalesce($position, coalesce((SELECT max(position) FROM lists"                     \
	" WHERE account_id = $account AND deleted_date = ''), 0.0) + 1) AS position"                \
	" WHERE (SELECT count(*) FROM lists WHERE account_id = $account) < $max_lists"
#define CREATE_LIST                                                                                \
	"INSERT" SQL_OR_ROLLBACK " INTO lists (account_id, deleted_date, id" LIST_NAMES("")         \
	", revision, changed) VALUES ($account, '', " NEXT_REVISION                                 \
	", $name, coalesce($color, ''), coalesce($headings, '[]'), $position,"                      \
	" coalesce($archived, 0), $now, $now, " NEXT_REVISION ", $now)"
#define SELECT_NEW_LIST                                                                            \
	"SELECT " LIST " FROM lists WHERE account_id = $account AND deleted_date = ''"              \
	" AND id = " NEXT_REVISION

/* ---- change ---- */

#define UPDATE_LISTS_SET UPDATE_SET("lists")

/* The new value of a member: the input if it was sent, else the old value. */
#define SENT(member) "CASE WHEN $" #member "_given <> 0 THEN $" #member " ELSE " #member " END"
#define MEMBERS "name, color, position, archived"
#define SENT_MEMBERS SENT(name) ", " SENT(color) ", " SENT(position) ", " SENT(archived)

/* A change that changes nothing takes no revision. */
#define UPDATE_LIST(members, values)                                                               \
	UPDATE_LISTS_SET "(modified_date, " members ") = ($now, " values ") WHERE " LIVE            \
			 " AND id = $id AND (id, " members ") IS DISTINCT FROM ($id, " values ")"

#define SELECT_HEADINGS "SELECT headings AS kept_headings FROM lists WHERE " LIVE " AND id = $id"

/* The tasks under a heading that is called otherwise now, or that the list does not have any more. */
#define RENAMED "CASE WHEN heading = $from_heading THEN $to_heading ELSE heading END"
#define UPDATE_TASKS_OF_HEADINGS                                                                   \
	"UPDATE tasks SET (heading, modified_date, changed, revision) ="                            \
	" (g.heading, $now, $now, g.number) FROM"                                                   \
	" (SELECT id, " NUMBERED " AS number, heading FROM (SELECT id, heading AS before,"          \
	"   CASE WHEN " RENAMED " IN (SELECT value FROM " SQL_ELEMENTS("$new_headings")             \
	"   ) THEN " RENAMED " END AS heading FROM tasks"                                           \
	"   WHERE " LIVE " AND list = $id AND heading IS NOT NULL) h"                               \
	"  WHERE heading IS DISTINCT FROM before) g"                                                \
	" WHERE tasks.account_id = $account AND tasks.deleted_date = '' AND tasks.id = g.id"

/* ---- to the trash, and back ---- */

/* Whether this request has just moved the list: a condition. */
#define JUST_MOVED(deleted_date)                                                                   \
	"EXISTS (SELECT 1 FROM lists WHERE account_id = $account AND deleted_date = "               \
	deleted_date " AND id = $id AND revision = " NEXT_REVISION ")"

#define DELETE_TASKS_OF_LIST                                                                       \
	"UPDATE tasks SET (deleted_date, changed, revision) = ($now, $now, g.number) FROM"          \
	" (SELECT id, " NUMBERED " AS number FROM tasks WHERE " LIVE " AND list = $id"              \
	"  AND " JUST_MOVED("$now") ") g"                                                           \
	" WHERE tasks.account_id = $account AND tasks.deleted_date = '' AND tasks.id = g.id"

/*
 * The tasks that went with the list, and have not changed since. A parent that did not go with it,
 * and is not there, is none any more.
 */
#define WENT_WITH_LIST(task)                                                                       \
	task "list = $id AND " task "deleted_date = $gone AND " task "revision >= $since"
#define HAS_PARENT                                                                                 \
	"EXISTS (SELECT 1 FROM tasks p WHERE p.account_id = $account AND p.id = t.parent"           \
	" AND p.deleted_date = '') OR EXISTS (SELECT 1 FROM tasks p WHERE p.account_id = $account"  \
	" AND p.id = t.parent AND " WENT_WITH_LIST("p.") ")"
#define RESTORE_TASKS_OF_LIST                                                                      \
	"UPDATE tasks SET (deleted_date, parent, changed, revision) ="                              \
	" ('', g.parent, $now, g.number) FROM"                                                      \
	" (SELECT id, deleted_date," NUMBERED " AS number,"                                         \
	"  CASE WHEN parent IS NOT NULL AND (" HAS_PARENT ") THEN parent END AS parent"             \
	"  FROM tasks t WHERE " IN_TRASH " AND " WENT_WITH_LIST("") " AND " JUST_MOVED("''") ") g"  \
	" WHERE tasks.account_id = $account AND tasks.deleted_date = g.deleted_date"                \
	" AND tasks.id = g.id"

/* ---- history ---- */

#define REVISIONS                                                                                  \
	"SELECT $id AS revision UNION ALL SELECT revision FROM changes"                            \
	" WHERE account_id = $account AND id = $id AND revision <> id AND revision <= $newest"
#define LIST_OR_NULL(there, table, revision)                                                       \
	"CASE WHEN " there " THEN " LIST_JSON(table, OPEN_TASKS("$id"), revision) " ELSE 'null' END"

/* clang-format off */
#define LIST_SHOWN \
	{ "id", IN_BODY, INPUT_READ_ONLY }, { "open", IN_BODY, INPUT_READ_ONLY }, \
	{ "creation_date", IN_BODY, INPUT_READ_ONLY }, { "modified_date", IN_BODY, INPUT_READ_ONLY }, \
	{ "deleted_date", IN_BODY, INPUT_READ_ONLY }, { "revision", IN_BODY, INPUT_READ_ONLY }, \
	{ "username", IN_BODY, INPUT_READ_ONLY }, { "msg", IN_BODY, INPUT_READ_ONLY }

#define LIST_INPUTS(must) \
	{ "name",	IN_BODY, INPUT_LINE, .required = must, .max = 200 }, \
	{ "color",	IN_BODY, INPUT_COLOR }, \
	{ "headings",	IN_BODY, INPUT_LINES, .max = 100 }, \
	{ "position",	IN_BODY, INPUT_REAL }, \
	{ "archived",	IN_BODY, INPUT_BOOL }, \
	LIST_SHOWN

/* For PUT and for PATCH. The text is what the change logs: a batch limits that. */
#define EDIT_LIST \
	.path	= LISTS "/{id}", \
	.access	= OWNER, \
	.input	= { LIST_INPUTS(false), { "rename_heading", IN_BODY, INPUT_RENAME } }, \
	.value	= { INTEGER_SLOT("text"), TEXT_SLOT("kept_headings"), TEXT_SLOT("new_headings"), \
		TEXT_SLOT("from_heading"), TEXT_SLOT("to_heading") }, \
	.current_revision_sql = "SELECT revision, length(headings) AS text FROM lists WHERE " LIVE " AND id = $id", \
	.current_row_sql = SELECT_LIST, \
	.sql	= { UPDATE_LIST(MEMBERS, SENT_MEMBERS), SELECT_LIST }, \
	.alternative_inputs = "headings rename_heading", \
	.alternative_sql = { \
		SELECT_HEADINGS, \
		UPDATE_LIST(MEMBERS ", headings", SENT_MEMBERS ", $new_headings"), \
		UPDATE_TASKS_OF_HEADINGS, \
		GROUP_CHANGES, \
		SELECT_LIST, \
	}, \
	.step	= { { SELECT_HEADINGS, &headings_found } }, \
	.msg	= "updated", \
	.object	= "list", \
	.row_name = "list", \
	.shape	= &list_shape, \
	.etag	= ETAG_ROW

const struct endpoint list_endpoints[] = {
	{
		.name	= "lists",
		.method	= GET,
		.path	= LISTS,
		.access	= OWNER,
		.input	= { { "archived", IN_QUERY, INPUT_BOOL } },
		.sql	= {
			"SELECT " LIST " FROM lists WHERE " LIVE
			" AND (archived = 0 OR $archived <> 0) ORDER BY position, id",
		},
		.username = true,
		.array	= "lists",
		.shape	= &list_shape,
		.etag	= ETAG_ACCOUNT,
	},
	{
		.name	= "create list",
		.method	= POST,
		.path	= LISTS,
		.access	= OWNER,
		.input	= { LIST_INPUTS(true) },
		.sql	= { CREATE_LIST, SELECT_NEW_LIST },
		.limit	= "max_lists",
		.below_limit_sql = BELOW_MAX_LISTS,
		.status	= 201,
		.msg	= "posted",
		.object	= "list",
		.shape	= &list_shape,
		.location = LISTS "/{id}",
		.etag	= ETAG_ROW,
	},
	{
		.name	= "list detail",
		.method	= GET,
		.path	= LISTS "/{id}",
		.access	= OWNER,
		.current_row_sql = SELECT_LIST,
		.sql	= { SELECT_LIST },
		.username = true,
		.object	= "list",
		.row_name = "list",
		.shape	= &list_shape,
		.etag	= ETAG_ROW,
	},
	{
		.name	= "list update",
		.method	= PUT,
		EDIT_LIST,
	},
	{
		.name	= "list patch",
		.method	= PATCH,
		EDIT_LIST,
	},
	{
		.name	= "delete list",
		.method	= DELETE,
		.path	= LISTS "/{id}",
		.access	= OWNER,
		.current_revision_sql = "SELECT revision FROM lists WHERE " LIVE " AND id = $id",
		.current_row_sql = SELECT_LIST,
		.value	= { INTEGER_SLOT("count") },
		.sql	= {
			UPDATE_LISTS_SET "(deleted_date, gone_since) = ($now, " NEXT_REVISION
			") WHERE " LIVE " AND id = $id",
			DELETE_TASKS_OF_LIST,
			GROUP_CHANGES,
			"SELECT revision - $newest - 1 AS count FROM accounts WHERE id = $account",
			"SELECT id FROM changes WHERE account_id = $account AND revision = " NEXT_REVISION,
		},
		.msg	= "deleted",
		.extra	= { { "tasks", SCHEMA_INTEGER, "count" } },
		.no_row	= true,
		.row_name = "list",
		.etag	= ETAG_CONDITIONS,
	},
	{
		.name	= "restore list",
		.method	= POST,
		.path	= LISTS "/{id}/restore",
		.access	= OWNER,
		.input	= { LIST_SHOWN },
		.value	= { INTEGER_SLOT("since"), TEXT_SLOT("gone") },
		.current_revision_sql = "SELECT revision FROM lists WHERE " IN_TRASH " AND id = $id",
		.current_row_sql = "SELECT " LIST " FROM lists WHERE " IN_TRASH " AND id = $id",
		.sql	= {
			"SELECT gone_since AS since, deleted_date AS gone FROM lists WHERE " IN_TRASH " AND id = $id",
			UPDATE_LISTS_SET "(deleted_date, gone_since) = ('', 0) WHERE " IN_TRASH " AND id = $id",
			RESTORE_TASKS_OF_LIST,
			GROUP_CHANGES,
			SELECT_LIST " AND revision = " NEXT_REVISION,
		},
		.msg	= "restored",
		.object	= "list",
		.row_name = "list",
		.shape	= &list_shape,
		.etag	= ETAG_ROW,
	},
	{
		.name	= "list history",
		.method	= GET,
		.path	= LISTS "/{id}/history",
		.access	= OWNER,
		.current_revision_sql =
			"SELECT revision FROM lists WHERE " LIVE " AND id = $id UNION ALL"
			" SELECT revision FROM lists WHERE " IN_TRASH " AND id = $id",
		.sql	= {
			"SELECT s.revision, s.time, "
			LIST_OR_NULL("c.deleted_date = ''", "c.", "c.was_revision") " AS \"before:json\", "
			LIST_OR_NULL("s.now_deleted = ''", "s.", "s.revision") " AS \"after:json\""
			" FROM (" REVISIONS ") r"
			" JOIN list_states s ON s.account_id = $account AND s.revision = r.revision"
			" JOIN changes c ON c.account_id = $account AND c.revision = r.revision"
			" ORDER BY s.revision",
		},
		.username = true,
		.array	= "history",
		.shape	= &event_shape,
	},
	{ 0 },
};
