/*
 * Tags of all tasks. The tasks in the trash keep theirs.
 */
#include "tables.h"
#include "tasks/tasks.h"

static const struct member renamed_members[] = { { "tasks", SCHEMA_INTEGER }, { 0 } };
static const struct shape renamed_shape = { "Renamed", renamed_members };

static void refuse_other_change(struct request *request)
{
	request_refuse_for(request, 503, 1, "The account has changed meanwhile.");
}

static void rename_counted(struct request *request)
{
	if (request_value(request, "large")->integer != 0)
		request_exec_bulk(request, NULL, request_reply, refuse_other_change);
	else
		request_exec(request, SQL, request_reply);
}

static void rename_start(struct request *request)
{
	request_exec(request, LOOKUP_SQL, rename_counted);
}

/* The tasks with the tag, of which a slice is the first few. */
#define TAGGED                                                                                     \
	" FROM task_tags g CROSS JOIN tasks t WHERE g.account_id = $account AND g.tag = $from"     \
	" AND $from <> $to AND t.account_id = $account AND t.deleted_date = ''"                    \
	" AND t.id = g.id AND " VISIBLE("t.id")

/* In the same place; a task that has both keeps the other one. */
#define RENAMED_TAGS                                                                               \
	"(SELECT " SQL_TO_ARRAY("v.value") " FROM (SELECT CASE WHEN e.value = $from THEN $to"      \
	" ELSE e.value END AS value FROM " SQL_ELEMENTS("t.tags") " e WHERE e.value <> $from"      \
	" OR NOT EXISTS (SELECT 1 FROM " SQL_ELEMENTS("t.tags") " o WHERE o.value = $to)) v)"
#define RENAME_TAGS(some)                                                                          \
	"UPDATE tasks SET (tags, modified_date, changed, revision) ="                              \
	" (g.tags, $now, $now, g.number) FROM (SELECT t.id AS id, " RENAMED_TAGS " AS tags, "      \
	NUMBERED_BY("t.id") " AS number" TAGGED some ") g"                                         \
	" WHERE tasks.account_id = $account AND tasks.deleted_date = '' AND tasks.id = g.id"

/* As many as have so few bytes of notes, which are logged; one at least. */
#define NEXT_TAGGED                                                                                \
	" AND t.id IN (SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS number,"      \
	" sum(bytes) OVER (ORDER BY id) AS text FROM"                                              \
	" (SELECT t.id AS id, " SQL_BYTES("t.note") " AS bytes" TAGGED " ORDER BY g.id LIMIT "     \
	SLICE_TASKS ") few) sums WHERE number = 1 OR text <= " SLICE_TEXT ")"

/* clang-format off */
const struct endpoint tag_endpoints[] = {
	{
		.name	= "rename tag",
		.method	= POST,
		.path	= "/api/v1/accounts/{username}/tags/rename",
		.access	= OWNER,
		.input	= {
			{ "from",	IN_BODY, INPUT_TAG, .required = true },
			{ "to",		IN_BODY, INPUT_TAG, .required = true },
			{ "tasks",	IN_BODY, INPUT_READ_ONLY },
			{ "msg",	IN_BODY, INPUT_READ_ONLY },
		},
		.value	= { INTEGER_SLOT("large"), INTEGER_SLOT("base"), INTEGER_SLOT("mark") },
		.start	= rename_start,
		.lookup_sql	= {
			"SELECT count(*) > " SMALL_TASKS " OR sum(bytes) > " SMALL_TEXT " AS large FROM"
			" (SELECT " SQL_BYTES("t.note") " AS bytes" TAGGED " LIMIT " SMALL_TASKS " + 1) few",
		},
		/*
		 * A slice takes the tag from some tasks, so that the next one finds others. They are
		 * seen at once. What was done belongs to one group, whatever happens.
		 */
		.begin	= {
			"UPDATE accounts SET bulk = $bulk_number WHERE id = $account AND bulk = 0"
			" RETURNING revision AS base, revision AS mark",
		},
		.slice	= {
			RENAME_TAGS(NEXT_TAGGED),
			"UPDATE changes SET first = $base + 1, time = $now WHERE account_id = $account AND revision > $mark",
			"SELECT revision AS mark, revision > $mark AS more FROM accounts WHERE id = $account",
		},
		.finish	= {
			"UPDATE accounts SET bulk = 0 WHERE id = $account",
			"SELECT bulk FROM accounts WHERE id = $account",
			"SELECT $mark - $base AS tasks",
		},
		.sql	= {
			RENAME_TAGS(""),
			GROUP_CHANGES,
			"SELECT revision - $newest AS tasks FROM accounts WHERE id = $account",
		},
		.msg	= "updated",
		.shape	= &renamed_shape,
	},
	{ 0 },
};
