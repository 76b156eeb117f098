/*
 * Taking back and putting back. A change is written down with what was before it, so that taking
 * it back is to put that there again; this too is a change, and putting back takes back that one.
 */
#include "tables.h"
#include "changes.h"

/* Why a change cannot be taken back. */
enum fault { FAULT_NONE, FAULT_NOTHING, FAULT_PURGE, FAULT_UNDONE, FAULT_IS_UNDO, FAULT_BUILT_ON };

/*
 * The change that is named, or the last one that stands. What comes behind it and stands too, is
 * of the same tasks but not of its group, has built on it.
 */
#define FIND_CHANGE                                                                                \
	"SELECT first AS target, CASE"                                                             \
	" WHEN kind IN ('purge', 'expiry') THEN 2"                                                 \
	" WHEN undone IS NOT NULL THEN 3"                                                          \
	" WHEN kind <> 'change' THEN 4"                                                            \
	" ELSE 0 END AS fault"                                                                     \
	" FROM changes WHERE account_id = $me"                                                     \
	" AND revision BETWEEN ifnull($revision, 0) AND ifnull($revision, $newest)"                \
	" AND ($revision IS NOT NULL OR (kind IN ('change', 'purge') AND undone IS NULL))"         \
	" ORDER BY revision DESC LIMIT 1"

/* The last one that was taken back, unless something new came since: its group of undoing. */
#define FIND_UNDONE                                                                                \
	"SELECT undone AS target, 0 AS fault FROM"                                                 \
	" (SELECT max(undone) AS undone FROM changes"                                              \
	"  WHERE account_id = $me AND undone IS NOT NULL) u"                                       \
	" WHERE undone IS NOT NULL AND NOT EXISTS (SELECT 1 FROM changes n"                        \
	"  WHERE n.account_id = $me AND n.revision > u.undone AND n.kind IN ('change', 'purge'))"

/* Its last revision; where its first one is not kept any more, nobody knows what was before. */
#define FIND_END                                                                                   \
	"SELECT max(revision) AS end FROM changes WHERE account_id = $me"                          \
	" AND revision >= $target AND revision < ifnull("                                          \
	"  (SELECT min(revision) FROM changes WHERE account_id = $me AND revision > $target"       \
	"   AND first > $target), $newest + 1)"                                                    \
	" AND EXISTS (SELECT 1 FROM changes WHERE account_id = $me AND revision = $target)"

/*
 * The tasks of the group: the first change of each tells what was before, the last what is now. +id
 * keeps SQLite from an index that would have it read all changes.
 */
#define GOALS                                                                                      \
	"WITH goals AS (SELECT f.*, l.now_deleted AS lies FROM"                                    \
	" (SELECT id, min(revision) AS opening, max(revision) AS closing FROM changes"             \
	"  WHERE account_id = $me AND revision BETWEEN $target AND $end AND $fault = 0"            \
	"  GROUP BY +id) span"                                                                     \
	" JOIN changes f ON f.account_id = $me AND f.revision = span.opening"                      \
	" JOIN changes l ON l.account_id = $me AND l.revision = span.closing)"

#define MEMBERS                                                                                    \
	"deleted_date, name, note, creation_date, due_date, completed, priority, tags, position,"  \
	" completed_date, modified_date"

/* A revision for each row, behind those of the statements before. */
#define NUMBERED "(SELECT revision FROM accounts WHERE id = $me) + row_number() OVER (ORDER BY id)"

/* clang-format off */
#define TAKE_BACK \
	GOALS " DELETE FROM tasks WHERE account_id = $me AND (deleted_date, id) IN" \
	" (SELECT lies, id FROM goals WHERE deleted_date IS NULL AND lies IS NOT NULL)", \
	GOALS " UPDATE tasks SET (" MEMBERS ", changed, revision) =" \
	" (g.deleted_date, g.name, g.note, g.creation_date, g.due_date, g.completed, g.priority," \
	"  g.tags, g.position, g.completed_date, g.modified_date, $now, g.number)" \
	" FROM (SELECT *, " NUMBERED " AS number FROM goals" \
	"  WHERE deleted_date IS NOT NULL AND lies IS NOT NULL) g" \
	" WHERE tasks.account_id = $me AND tasks.deleted_date = g.lies AND tasks.id = g.id", \
	GOALS " INSERT INTO tasks (account_id, id, " MEMBERS ", changed, revision)" \
	" SELECT $me, id, " MEMBERS ", $now, " NUMBERED " FROM goals" \
	" WHERE deleted_date IS NOT NULL AND lies IS NULL"

#define MARK_GROUP(of_kind) \
	"UPDATE changes SET first = $newest + 1, kind = '" of_kind "'" \
	" WHERE account_id = $me AND revision > $newest"

#define NEW_CHANGES \
	"SELECT " CHANGE " FROM states WHERE account_id = $me AND revision > $newest" \
	" ORDER BY revision"
/* clang-format on */

#define FIND_FAULT                                                                                 \
	"SELECT CASE WHEN $target IS NULL OR $end IS NULL THEN 1 WHEN $fault <> 0 THEN $fault"     \
	" WHEN EXISTS (SELECT 1 FROM changes g CROSS JOIN changes n INDEXED BY changes_by_task"    \
	"  WHERE g.account_id = $me AND g.revision BETWEEN $target AND $end"                       \
	"  AND n.account_id = $me AND n.id = g.id AND n.revision <> n.id AND n.revision > $end"    \
	"  AND n.undone IS NULL AND n.kind IN ('change', 'purge', 'expiry'))"                      \
	" THEN 5 ELSE 0 END AS fault"

#define LAST "SELECT revision AS last FROM accounts WHERE id = $me"

static void reply_or_say_why(struct request *request)
{
	static const char *const why[] = {
		[FAULT_NOTHING] = "There is no such change, or it is not kept any more.",
		[FAULT_PURGE] = "What was deleted for good cannot be brought back.",
		[FAULT_UNDONE] = "This change has been taken back already.",
		[FAULT_IS_UNDO] = "This change took another one back, or put it back.",
		[FAULT_BUILT_ON] = "A later change of the same task has built on this one.",
	};
	int64_t fault = request_value(request, "fault")->integer;

	if (fault == FAULT_NONE)
		request_reply(request);
	else
		request_refuse(request, 409, why[fault]);
}

static void start(struct request *request)
{
	request_exec(request, SQL, reply_or_say_why);
}

/* clang-format off */
#define REPLY_CHANGES \
	.value	= { "target", "end", "fault" }, \
	.start	= start, \
	.many	= "changes", \
	.extra	= { { "revision", SCHEMA_INTEGER, "last" } }, \
	.shape	= &change_shape

const struct endpoint undo_endpoints[] = {
	{
		.name	= "undo",
		.method	= POST,
		.path	= "/api/v1/accounts/{username}/undo",
		.access	= OWNER,
		.input	= {
			{ "revision",	BODY, INTEGER, .least = 1, .most = INT64_MAX },
			{ "msg",	BODY, SHOWN },
			{ "changes",	BODY, SHOWN },
		},
		.sql	= {
			FIND_CHANGE,
			FIND_END,
			FIND_FAULT,
			TAKE_BACK,
			MARK_GROUP("undo"),
			"UPDATE changes SET undone = $newest + 1 WHERE account_id = $me"
			" AND revision BETWEEN $target AND $end AND $fault = 0",
			LAST,
			NEW_CHANGES,
		},
		.msg	= "undone",
		REPLY_CHANGES,
	},
	{
		.name	= "redo",
		.method	= POST,
		.path	= "/api/v1/accounts/{username}/redo",
		.access	= OWNER,
		.input	= {
			{ "revision",	BODY, SHOWN },
			{ "msg",	BODY, SHOWN },
			{ "changes",	BODY, SHOWN },
		},
		.sql	= {
			FIND_UNDONE,
			FIND_END,
			FIND_FAULT,
			TAKE_BACK,
			MARK_GROUP("redo"),
			"UPDATE changes SET undone = NULL WHERE account_id = $me"
			" AND undone = $target AND $fault = 0",
			LAST,
			NEW_CHANGES,
		},
		.msg	= "redone",
		REPLY_CHANGES,
	},
	{ 0 },
};
