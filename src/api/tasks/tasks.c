/*
 * Tasks and their list. Every statement names the account first, so that no request reaches another
 * account's tasks.
 */
#include "tables.h"
#include "tasks/tasks.h"
#include "tasks/day_limits.h"
#include "tasks/edit_sql.h"
#include "tasks/search_index.h"
#include "tasks/tree_sql.h"

_Static_assert(sizeof((const char *[]){ EDIT_IN_FULL }) / sizeof(const char *) ==
		       EDIT_STATEMENTS_IN_FULL,
	"edit.h has another number of them");

static const struct member task_members[] = { TASK_MEMBERS, { 0 } };
const struct member_group member_groups[] = { { "rare", RARE_MEMBERS, RARE_PLAIN }, { 0 } };
const struct shape task_shape = { "Task", task_members };

#define TASKS "/api/v1/accounts/{username}/tasks"

/* The current revision, and the bytes of text that the change will log: a batch limits those. */
#define SELECT_REVISION(text)                                                                      \
	"SELECT revision, " text " AS text FROM tasks WHERE " LIVE " AND id = $id"

/* clang-format off */
/* What is completed lies apart in the index of a list, and what is in a list in that of all tasks. */
#define COMPLETED_OR_NOT .half = { "t.completed = 0", "t.completed = 1" }, .unless = "completed"
#define IN_LIST_OR_NOT .half = { "t.in_list = 0", "t.in_list = 1" }, .unless = "list"

static const struct filter_index by_list = {
	.name = "tasks_in_list", COMPLETED_OR_NOT, .narrow = true, .but_order = "position" };
static const struct filter_index by_no_list = {
	.name = "tasks_by_completed", COMPLETED_OR_NOT, .narrow = true };
static const struct filter_index by_completed = { .name = "tasks_by_completed", IN_LIST_OR_NOT };
static const struct filter_index by_urgency = { .name = "tasks_by_urgency" };
static const struct filter_index by_parent = { .name = "tasks_by_parent", .narrow = true };
static const struct filter_index by_due_date = { .name = "tasks_by_due_date", .narrow = true };
static const struct filter_index by_start = { .name = "tasks_by_start", .narrow = true };

static const struct filter task_filters[] = {
	{
		"q",
		.join = "words w",
		.join_where = SQL_MATCHES("w.words", "$q") " AND w.rowid BETWEEN " SEARCH_ROWS_OF_ACCOUNT
			" AND t.id = " SEARCH_TASK("w.rowid"),
		.id = "w.rowid",
		.id_from = SEARCH_ROW("$after_id"),
	},
	{
		"tag",
		.where = "NOT EXISTS (SELECT 1 FROM " SQL_ELEMENTS("$tag") " asked WHERE NOT EXISTS"
			" (SELECT 1 FROM task_tags o WHERE o.account_id = $account AND o.tag = asked.value"
			" AND o.id = t.id))",
		.join = "task_tags g",
		.join_where = "g.account_id = $account AND g.tag = " SQL_FIRST_ELEMENT("$tag") " AND t.id = g.id",
		.id = "g.id",
	},
	{ "priority", .where = "t.urgency = -$priority", .index = &by_urgency },
	{ "parent", .where = "t.parent = $parent", .otherwise = "t.parent IS NULL", .index = &by_parent },
	{
		"list",
		.where = "t.list = $list",
		.otherwise = "t.in_list = 0",
		.index = &by_list,
		.otherwise_index = &by_no_list,
	},
	{ "completed", .where = "t.completed = $completed", .index = &by_completed },
	{ "heading", .where = "t.heading = $heading" },
	{
		"repeats",
		.where = "t.repeat IS NOT NULL",
		.otherwise = "t.repeat IS NULL",
		.index = &by_start,
	},
	/* Only a group's task has an assignee. */
	{ "assignee", .where = "false", .otherwise = "true" },
	{ "due_on", .where = DUE_ON, .index = &by_due_date },
	{ "due_before", .where = DUE_BEFORE },
	{ "due_after", .where = DUE_AFTER_START " AND " DUE_AFTER, .order = "due_date", .after_cursor = DUE_AFTER },
	{
		"overdue",
		.where = OVERDUE,
		.otherwise = "NOT (" OVERDUE ")",
		.by_clock = true,
	},
	{
		"started",
		.where = STARTED,
		.otherwise = NOT_STARTED,
		.otherwise_index = &by_start,
		.by_clock = true,
	},
	{ 0 },
};

static const struct order task_orders[] = {
	{ "position", "t.position", false, "t.position", true },
	{ "due_date", "t.due_order", false, "coalesce(nullif(t.due_order, '~'), '')", true },
	{ "priority", "t.urgency", true, "t.urgency", false },
	{ "creation_date", "t.creation_date", false, "t.creation_date", true },
	{ "modified_date", "t.modified_date", false, "t.modified_date", true },
	{ "name", SQL_FOLDED("t.name"), false, SQL_FOLDED("t.name"), true },
	{ "completed_date", "coalesce(t.completed_date, '~')", false, "coalesce(t.completed_date, '')", true },
	{
		"start_date",
		"coalesce(replace(t.start_date, 'T00:00:00Z', ''), '~')", false,
		"coalesce(replace(t.start_date, 'T00:00:00Z', ''), '')", true,
	},
	{ 0 },
};

static const struct list_query task_listing = {
	.columns = TASK_OF("t."),
	.from = "tasks t",
	.where = "t.account_id = $account AND t.deleted_date = '' AND " VISIBLE("t.id"),
	.id = "t.id",
	.filters = task_filters,
	.orders = task_orders,
};
/* clang-format on */

/*
 * Update the search index in steps, so that no step delays other requests for long. It ends at the
 * newest revision of the time when the search came in, even if more changes follow.
 */
static void catch_up(struct request *request)
{
	if (request_value(request, "as_of")->integer < request_value(request, "wanted")->integer)
		request_exec(request, ALTERNATIVE_SQL, catch_up);
	else
		request_exec(request, SQL, request_reply);
}

static void looked_up(struct request *request)
{
	if (day_limits_are_asked(request))
		day_limits_set(request);
	if (request_given(request, "q"))
		catch_up(request);
	else
		request_exec(request, SQL, request_reply);
}

/* What a plain list does not need is looked up first. */
static void list_start(struct request *request)
{
	bool asks_days;

	if (!request_has_query(request)) {
		request_exec(request, SQL, request_reply);
		return;
	}
	asks_days = day_limits_are_asked(request);
	request_set_etag(request, !asks_days);
	if (asks_days || request_given(request, "q"))
		request_exec(request, LOOKUP_SQL, looked_up);
	else
		request_exec(request, SQL, request_reply);
}

/* clang-format off */
/* For PUT and for PATCH. */
#define EDIT_TASK \
	.path	= TASKS "/{id}", \
	.access	= OWNER, \
	.input	= { TASK_FIELDS(TASK_EDIT_INPUT, TASK_SKIP, TASK_RARE_INPUT, ) TASK_SHOWN, \
		{ "assignee", IN_BODY, INPUT_NULL }, { "uid", IN_BODY, INPUT_READ_ONLY } }, \
	.value	= { EDIT_VALUES }, \
	.current_revision_sql = SELECT_REVISION("CASE WHEN $note_given <> 0 THEN " NOTE_BYTES " ELSE 0 END"), \
	.current_row_sql = SELECT_TASK, \
	.sql	= { UPDATE_PLAIN_MEMBERS, SELECT_TASK }, \
	.alternative_inputs = EDIT_INPUTS, \
	.alternative_sql = { EDIT_STATEMENTS, SELECT_TASK }, \
	.step	= EDIT_STEPS, \
	.extra	= { \
		{ "also", SCHEMA_IDS, .optional = true }, \
		{ "next", SCHEMA_TASK_OR_NULL, .optional = true }, \
	}, \
	.msg	= "updated", \
	.object	= "task", \
	.row_name = "task", \
	.shape	= &task_shape, \
	.etag	= ETAG_ROW

const struct endpoint task_endpoints[] = {
	{
		.name	= "user's tasks",
		.method	= GET,
		.path	= TASKS,
		.access	= OWNER,
		.input	= {
			{ "limit",	IN_QUERY, INPUT_INTEGER, .min = 1, .max = 1000 },
			{ "cursor",	IN_QUERY, INPUT_STRING },
			{ "count",	IN_QUERY, INPUT_BOOL },
			{ "sort",	IN_QUERY, INPUT_SORT },
			{ "q",		IN_QUERY, INPUT_SEARCH },
			{ "tag",	IN_QUERY, INPUT_TAGS, .max = 32, .repeated = true },
			{ "completed",	IN_QUERY, INPUT_BOOL },
			{ "priority",	IN_QUERY, INPUT_INTEGER, .min = 0, .max = 3 },
			{ "due_before",	IN_QUERY, INPUT_DATE },
			{ "due_after",	IN_QUERY, INPUT_DATE },
			{ "overdue",	IN_QUERY, INPUT_BOOL },
			{ "due_on",	IN_QUERY, INPUT_DAY },
			{ "started",	IN_QUERY, INPUT_BOOL },
			{ "repeats",	IN_QUERY, INPUT_BOOL },
			{ "list",	IN_QUERY, INPUT_INTEGER, .min = 1, .max = INT64_MAX, .or_none = true },
			{ "heading",	IN_QUERY, INPUT_LINE, .max = 100 },
			{ "parent",	IN_QUERY, INPUT_INTEGER, .min = 1, .max = INT64_MAX, .or_none = true },
			{ "assignee",	IN_QUERY, INPUT_USERNAME, .or_none = true },
		},
		.value	= { LIST_VALUES, INTEGER_SLOT("wanted"),
			INTEGER_SLOT("up_to"), DAY_LIMITS },
		.start	= list_start,
		.lookup_sql	= { "SELECT CASE WHEN $q_given <> 0 THEN searched END AS as_of,"
			" revision AS wanted, time_zone FROM accounts WHERE id = $account" },
		.alternative_sql	= { SEARCH_INDEX_STEP },
		.sql	= { SELECT_TASKS_BEHIND },
		.behind	= "after_id",
		.username = true,
		.extra	= { { "total", SCHEMA_INTEGER, "total", .optional = true } },
		.array	= "tasks",
		.shape	= &task_shape,
		.list_query = &task_listing,
		.etag	= ETAG_ACCOUNT,
	},
	{
		.name	= "create task",
		.method	= POST,
		.path	= TASKS,
		.access	= OWNER,
		.input	= { TASK_FIELDS(TASK_CREATE_INPUT, TASK_SKIP, TASK_RARE_INPUT, ) TASK_SHOWN,
			{ "assignee", IN_BODY, INPUT_NULL },
			{ "uid", IN_BODY, INPUT_LINE, .max = 255, .nullable = true } },
		.value	= { TEXT_SLOT("due_order"), TEXT_SLOT("zone"), TREE_VALUES },
		.sql	= { CREATE_PLAIN_TASK, CREATED_PLAIN_TASK },
		.alternative_inputs = RARE_INPUTS "uid",
		.alternative_sql = { PLACE_OF_NEW, DEPTH_OF_NEW, CREATE_BEGIN, CREATE_TASK, JOIN_HEADING,
			GROUP_CHANGES, SELECT_NEW_TASK },
		.step	= { { PLACE_OF_NEW, &tree_found }, { DEPTH_OF_NEW, &tree_found },
			{ CREATE_BEGIN, &create_begun } },
		.limit	= "max_tasks",
		.below_limit_sql = BELOW_MAX_TASKS,
		.status	= 201,
		.msg	= "posted",
		.object	= "task",
		.shape	= &task_shape,
		.location = TASKS "/{id}",
		.etag	= ETAG_ROW,
	},
	{
		.name	= "task detail",
		.method	= GET,
		.path	= TASKS "/{id}",
		.access	= OWNER,
		.current_row_sql = SELECT_TASK,
		.sql	= { SELECT_TASK },
		.username = true,
		.object	= "task",
		.row_name = "task",
		.shape	= &task_shape,
		.etag	= ETAG_ROW,
	},
	{
		.name	= "task update",
		.method	= PUT,
		EDIT_TASK,
	},
	{
		.name	= "task patch",
		.method	= PATCH,
		EDIT_TASK,
	},
	{
		.name	= "delete task",
		.method	= DELETE,
		.path	= TASKS "/{id}",
		.access	= OWNER,
		.current_revision_sql = SELECT_REVISION(NOTE_BYTES),
		.current_row_sql = SELECT_TASK,
		.value	= { INTEGER_SLOT("text"), TREE_VALUES },
		.sql	= { DELETE_TREE },
		.step	= DELETE_STEPS,
		.msg	= "deleted",
		.no_row	= true,
		.row_name = "task",
		.etag	= ETAG_CONDITIONS,
	},
	{ 0 },
};
