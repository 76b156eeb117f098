/*
 * Lists of tasks. Every statement names the account first, so that no request reaches another
 * account's lists. What changes a list and its tasks changes the list first.
 */
#include "tasks/list_sql.h"

#include "tables.h"
#include "tasks/headings.h"
#include "tasks/take_back.h"
#include "tasks/tree.h"

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
#define NEW_HEADING                                                                                \
	"CASE WHEN " RENAMED " IN (SELECT value FROM " SQL_ELEMENTS("$new_headings")               \
	") THEN " RENAMED " END"
#define OF_HEADINGS                                                                                \
	LIVE " AND list = $id AND heading IS NOT NULL AND " NEW_HEADING " IS DISTINCT FROM heading"
#define UPDATE_TASKS_OF_HEADINGS(some)                                                             \
	"UPDATE tasks SET (heading, modified_date, changed, revision) ="                           \
	" (g.heading, $now, $now, g.number) FROM (SELECT id, " NUMBERED " AS number, "             \
	NEW_HEADING " AS heading FROM tasks WHERE " OF_HEADINGS some ") g"                         \
	" WHERE tasks.account_id = $account AND tasks.deleted_date = '' AND tasks.id = g.id"

/* A slice goes from one task of the list to another one by position; the last one has no end. */
#define BEHIND "(position, id) > ($after_position, $after_id)"
#define LAST_OF_SLICE(column)                                                                      \
	"(SELECT " column " FROM tasks WHERE " LIVE " AND list = $id AND " BEHIND                  \
	" ORDER BY position, id LIMIT 1 OFFSET $slice - 1)"
#define IN_SLICE                                                                                   \
	" AND " BEHIND " AND (position, id) <= (coalesce($next_position, 1.7976931348623157e308)," \
	" coalesce($next_id, 9223372036854775807))"

/* ---- to the trash, and back ---- */

#define DELETE_LIST                                                                                \
	UPDATE_LISTS_SET "(deleted_date, gone_since) = ($now, " NEXT_REVISION ") WHERE " LIVE      \
			 " AND id = $id"
#define DELETE_TASKS_OF_LIST(some)                                                                 \
	"UPDATE tasks SET (deleted_date, changed, revision) = ($now, $now, g.number) FROM"         \
	" (SELECT id, " NUMBERED " AS number FROM tasks WHERE " some ") g"                         \
	" WHERE tasks.account_id = $account AND tasks.deleted_date = '' AND tasks.id = g.id"

/*
 * The tasks that went with the list, and have not changed since. A parent that did not go with it,
 * and is not there, is none any more.
 */
#define FIND_GONE                                                                                  \
	"SELECT gone_since AS since, deleted_date AS gone FROM lists WHERE " IN_TRASH " AND id = $id"
#define WENT_WITH_LIST(task)                                                                       \
	task "list = $id AND " task "deleted_date = $gone AND " task "revision >= $since"
#define HAS_PARENT                                                                                 \
	"EXISTS (SELECT 1 FROM tasks p WHERE p.account_id = $account AND p.id = t.parent"          \
	" AND p.deleted_date = '') OR EXISTS (SELECT 1 FROM tasks p WHERE p.account_id = $account" \
	" AND p.id = t.parent AND " WENT_WITH_LIST("p.") ")"
#define RESTORE_LIST(gone_since)                                                                   \
	UPDATE_LISTS_SET "(deleted_date, gone_since) = ('', " gone_since ") WHERE " IN_TRASH       \
			 " AND id = $id"
#define RESTORE_TASKS_OF_LIST(some)                                                                \
	"UPDATE tasks SET (deleted_date, parent, changed, revision) ="                             \
	" ('', g.parent, $now, g.number) FROM"                                                     \
	" (SELECT id, deleted_date, " NUMBERED " AS number,"                                       \
	"  CASE WHEN parent IS NOT NULL AND (" HAS_PARENT ") THEN parent END AS parent"            \
	"  FROM tasks t WHERE " some ") g"                                                         \
	" WHERE tasks.account_id = $account AND tasks.deleted_date = g.deleted_date"               \
	" AND tasks.id = g.id"

/* Of the tasks of the list for which a condition holds, those of a slice. */
#define SLICE_OF(deleted_date, condition)                                                          \
	"account_id = $account AND deleted_date = " deleted_date " AND id IN (SELECT id FROM tasks" \
	SQL_BY_INDEX("tasks_by_list") " WHERE " condition " LIMIT $slice)"

/* Whether this request has just moved the list: a condition. */
#define JUST_MOVED(deleted_date)                                                                   \
	" AND EXISTS (SELECT 1 FROM lists WHERE account_id = $account AND deleted_date = "         \
	deleted_date " AND id = $id AND revision = " NEXT_REVISION ")"

/* ---- many tasks ---- */

/* In one transaction no more than that: a batch has many such items. */
#define COUNT_FEW(condition)                                                                       \
	"SELECT count(*) AS below FROM (SELECT id FROM tasks WHERE " condition                \
	" LIMIT " MOVED_TASKS " + 1) few"

#define BEGIN_SLICES(there)                                                                        \
	"UPDATE accounts SET " BEGIN_IN_SIGHT " WHERE id = $account AND bulk = 0"                  \
	" AND EXISTS (SELECT 1 FROM lists WHERE " there " AND id = $id)"                           \
	" RETURNING revision AS base, revision AS mark"
/* Those of the slice before were not the last ones. */
#define END_SLICE "SELECT revision AS mark, revision > $mark AS more FROM accounts WHERE id = $account"
#define END_SLICES                                                                                 \
	"UPDATE accounts SET " END_IN_SIGHT " WHERE id = $account",                                \
		"SELECT bulk FROM accounts WHERE id = $account"

/* The list is not there any more. */
static void run_small(struct request *request)
{
	request_exec(request, SQL, request_reply);
}

static void size_found(struct request *request)
{
	if (request_value(request, "large")->integer != 0)
		request_exec_bulk(request, NULL, request_reply, run_small);
	else
		run_small(request);
}

static void find_size(struct request *request)
{
	request_exec(request, LOOKUP_SQL, size_found);
}

static void edit_start(struct request *request)
{
	if (request_given(request, "headings") || request_given(request, "rename_heading"))
		find_size(request);
	else
		run_small(request);
}

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
		TEXT_SLOT("from_heading"), TEXT_SLOT("to_heading"), REAL_SLOT("after_position"), \
		INTEGER_SLOT("after_id"), REAL_SLOT("next_position"), INTEGER_SLOT("next_id"), \
		SLICE_VALUES, TREE_VALUES }, \
	.start	= edit_start, \
	.lookup_sql = { SELECT_HEADINGS, FIND_SLICES(OF_HEADINGS) }, \
	.current_revision_sql = "SELECT revision, length(headings) AS text FROM lists WHERE " LIVE " AND id = $id", \
	.current_row_sql = SELECT_LIST, \
	.sql	= { UPDATE_LIST(MEMBERS, SENT_MEMBERS), SELECT_LIST }, \
	.alternative_inputs = "headings rename_heading", \
	.alternative_sql = { \
		SELECT_HEADINGS, \
		COUNT_FEW(OF_HEADINGS), \
		UPDATE_LIST(MEMBERS ", headings", SENT_MEMBERS ", $new_headings"), \
		UPDATE_TASKS_OF_HEADINGS(""), \
		GROUP_CHANGES, \
		SELECT_LIST, \
	}, \
	.step	= { { SELECT_HEADINGS, &headings_found }, { COUNT_FEW(OF_HEADINGS), &tree_found } }, \
	.begin	= { \
		SELECT_HEADINGS, \
		"UPDATE accounts SET " BEGIN_IN_SIGHT " WHERE id = $account AND bulk = 0" \
		" AND EXISTS (SELECT 1 FROM lists WHERE " LIVE " AND id = $id) RETURNING revision AS base," \
		" revision AS mark, -1.7976931348623157e308 AS after_position, 0 AS after_id", \
	}, \
	.slice	= { \
		UPDATE_LIST(MEMBERS ", headings", SENT_MEMBERS ", $new_headings"), \
		"SELECT " LAST_OF_SLICE("position") " AS next_position, " LAST_OF_SLICE("id") " AS next_id", \
		UPDATE_TASKS_OF_HEADINGS(IN_SLICE), \
		GROUP_SLICE(""), \
		"SELECT revision AS mark, $next_position AS after_position, $next_id AS after_id," \
		" $next_id IS NOT NULL AS more FROM accounts WHERE id = $account", \
	}, \
	.finish	= { END_SLICES, SELECT_LIST }, \
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
		.value	= { INTEGER_SLOT("count"), INTEGER_SLOT("text"), SLICE_VALUES, TREE_VALUES },
		.start	= find_size,
		.lookup_sql = { FIND_SLICES(LIVE " AND list = $id") },
		.sql	= {
			COUNT_FEW(LIVE " AND list = $id"),
			DELETE_LIST,
			DELETE_TASKS_OF_LIST(LIVE " AND list = $id" JUST_MOVED("$now")),
			GROUP_CHANGES,
			"SELECT revision - $newest - 1 AS count FROM accounts WHERE id = $account",
			"SELECT id FROM changes WHERE account_id = $account AND revision = " NEXT_REVISION,
		},
		.step	= { { COUNT_FEW(LIVE " AND list = $id"), &tree_found } },
		.begin	= { BEGIN_SLICES(LIVE) },
		.slice	= {
			DELETE_LIST,
			DELETE_TASKS_OF_LIST(SLICE_OF("''", LIVE " AND list = $id")),
			GROUP_SLICE(""),
			END_SLICE,
		},
		.finish	= {
			END_SLICES,
			"SELECT $mark - $base - 1 AS count",
			"SELECT id FROM changes WHERE account_id = $account AND revision = $base + 1",
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
		.value	= { INTEGER_SLOT("since"), TEXT_SLOT("gone"), INTEGER_SLOT("text"), SLICE_VALUES,
			TREE_VALUES },
		.start	= find_size,
		.lookup_sql = { FIND_GONE, FIND_SLICES(IN_TRASH " AND " WENT_WITH_LIST("")) },
		.current_revision_sql = "SELECT revision FROM lists WHERE " IN_TRASH " AND id = $id",
		.current_row_sql = "SELECT " LIST " FROM lists WHERE " IN_TRASH " AND id = $id",
		.sql	= {
			FIND_GONE,
			COUNT_FEW(IN_TRASH " AND " WENT_WITH_LIST("")),
			RESTORE_LIST("0"),
			RESTORE_TASKS_OF_LIST(IN_TRASH " AND " WENT_WITH_LIST("") JUST_MOVED("''")),
			GROUP_CHANGES,
			SELECT_LIST " AND revision = " NEXT_REVISION,
		},
		.step	= { { COUNT_FEW(IN_TRASH " AND " WENT_WITH_LIST("")), &tree_found } },
		.begin	= { FIND_GONE, BEGIN_SLICES(IN_TRASH) },
		.slice	= {
			RESTORE_LIST("gone_since"),
			RESTORE_TASKS_OF_LIST(SLICE_OF("$gone", IN_TRASH " AND " WENT_WITH_LIST(""))),
			GROUP_SLICE(""),
			END_SLICE,
		},
		.finish	= { END_SLICES, END_OF_LISTS, SELECT_LIST " AND revision = $base + 1" },
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
