/*
 * Undo and redo. The log has the task before each change. Undo writes that state again, as a new
 * change. Redo undoes that change.
 */
#include "tables.h"
#include "tasks/changes.h"
#include "tasks/take_back.h"
#include "tasks/tree_sql.h"

#define TRIES 10 /* to find the change before another one comes */

/* Why a change cannot be undone. */
enum undo_fault {
	UNDO_OK,
	UNDO_NOT_KEPT,
	UNDO_PURGE,
	UNDO_TWICE,
	UNDO_OF_UNDO,
	UNDO_BUILT_ON,
	UNDO_NOTHING,
	REDO_NOTHING
};

/* Joins the first change of the group of c. Only that row says whether the group is undone. */
#define GROUP_HEAD "LEFT JOIN changes h ON h.account_id = $account AND h.revision = c.first"

#define NOT_UNDONE "kind IN ('change', 'purge') AND undone IS NULL"

/*
 * An undo takes back the newest change that is not undone, where no other is named: that undo has
 * the kind "back". As long as it holds there is nothing to undo between it and that change, because
 * a redo takes back the newest undo first.
 */
#define UNDO_KIND "CASE WHEN $revision IS NULL THEN 'back' ELSE 'undo' END"

/* Where the group w begins, or the one that it took back. */
#define TAKEN_BACK                                                                                 \
	"coalesce((SELECT revision FROM changes WHERE account_id = $account"                       \
	" AND undone = w.target AND w.kind = 'back'), w.target)"

/*
 * The change that $revision names, or the last one that is not undone. The search goes back from
 * the newest, one group at a time, so that a large group costs no more than a small one; and many
 * undos in a row are one step, so that the next of them costs no more than the first.
 */
#define FIND_CHANGE                                                                                \
	"WITH RECURSIVE walk (target, kind, undone) AS"                                            \
	" (SELECT c.first, c.kind, h.undone FROM changes c " GROUP_HEAD                            \
	"  WHERE c.account_id = $account AND c.revision = coalesce($revision,"                     \
	"   (SELECT max(revision) FROM changes WHERE account_id = $account AND revision <= "       \
	"$newest))"                                                                                \
	"  UNION ALL SELECT c.first, c.kind, h.undone FROM walk w"                                 \
	"  JOIN changes c ON c.account_id = $account AND c.revision ="                             \
	"   (SELECT max(revision) FROM changes WHERE account_id = $account"                        \
	"    AND revision < " TAKEN_BACK ")"                                                       \
	"  " GROUP_HEAD                                                                            \
	"  WHERE $revision IS NULL AND NOT (w.kind IN ('change', 'purge') AND w.undone IS NULL))"  \
	" SELECT target, CASE"                                                                     \
	" WHEN kind IN ('purge', 'expiry') THEN 2"                                                 \
	" WHEN undone IS NOT NULL THEN 3"                                                          \
	" WHEN kind <> 'change' THEN 4"                                                            \
	" ELSE 0 END AS fault, $newest AS seen FROM walk"                                          \
	" WHERE $revision <= $newest OR ($revision IS NULL AND " NOT_UNDONE ") LIMIT 1"

/* The group of the last undo, unless there was a new change since. */
#define FIND_UNDONE                                                                                \
	"SELECT undone AS target, 0 AS fault, $newest AS seen FROM"                                \
	" (SELECT max(undone) AS undone FROM changes"                                              \
	"  WHERE account_id = $account AND undone IS NOT NULL) u"                                  \
	" WHERE undone IS NOT NULL AND NOT EXISTS (SELECT 1 FROM changes n"                        \
	"  WHERE n.account_id = $account AND n.revision > u.undone AND n.revision <= $newest"      \
	"  AND n.kind IN ('change', 'purge'))"

/*
 * The last revision of the group. None if its first change is deleted: then the earlier state is
 * not known.
 */
#define FIND_END                                                                                   \
	"SELECT max(revision) AS end FROM changes WHERE account_id = $account"                     \
	" AND revision >= $target AND revision < coalesce("                                        \
	"  (SELECT min(revision) FROM changes WHERE account_id = $account AND revision > $target"  \
	"   AND revision <= $newest AND first > $target), $newest + 1)"                            \
	" AND EXISTS (SELECT 1 FROM changes WHERE account_id = $account AND revision = $target)"

/*
 * The number of changes of the group, those of lists among them, and its ids. A group that only created
 * tasks, or only removed tasks, can be undone in slices: its ids are all those from low to high. So can
 * one that only changed tasks and lists, each of them once ($updates).
 */
#define FIND_SIZE                                                                                  \
	"SELECT count(*) AS size, min(id) AS low, max(id) AS high,"                                \
	" sum(is_list) AS lists,"                                                                  \
	" max(id) - min(id) + 1 = count(*) AND count(deleted_date) <> count(now_deleted)"          \
	" AND count(deleted_date) IN (0, count(*)) AND count(now_deleted) IN (0, count(*))"        \
	" AND max(is_list) = 0 AS even,"                                                          \
	" (count(*) > " SMALL_TASKS " OR sum(" NOTE_BYTES ") > " SMALL_TEXT ") AND count(deleted_date) = count(*) AND count(now_deleted) = count(*)"                    \
	" AND count(DISTINCT id) = count(*) AS updates,"                                           \
	" coalesce(sum(" NOTE_BYTES "), 0) AS logged"                                              \
	" FROM changes WHERE account_id = $account AND revision BETWEEN $target AND $end"          \
	" AND $fault = 0",                                                                         \
		"SELECT $logged + coalesce(sum(" NOTE_BYTES "), 0) AS text FROM tasks"             \
		" WHERE account_id = $account AND deleted_date = ''"                               \
		" AND id BETWEEN $low AND $high AND $even = 1",                                    \
		"SELECT $updates = 1 OR ($even = 1 AND ($size > " SMALL_TASKS                      \
		" OR $text > " SMALL_TEXT ")) AS large, CASE WHEN $text > $size * (" SLICE_TEXT " / " SLICE_TASKS ")"         \
		" THEN " SLICE_TEXT " * $size / $text + 1 ELSE " SLICE_TASKS " END AS slice"

/*
 * The tasks of the group. The first change of each has the earlier state, the last one the current
 * state. The index of ids is not used: it would read all changes. There are no targets if there was
 * another change since the group was found.
 */
#define ANY_ID SQL_NOT_BY_INDEX("id")
#define UNDO_TARGETS                                                                               \
	"WITH targets AS (SELECT f.*, l.now_deleted AS last_deleted FROM"                          \
	" (SELECT id, min(revision) AS opening, max(revision) AS closing FROM changes"             \
	"  WHERE account_id = $account AND revision BETWEEN $target AND $end AND $seen = $newest"  \
	"  GROUP BY " ANY_ID ") span"                                                              \
	" JOIN changes f ON f.account_id = $account AND f.revision = span.opening"                 \
	" JOIN changes l ON l.account_id = $account AND l.revision = span.closing)"

#define MEMBERS TASK_STATE

/* clang-format off */
#define UNDO_TASKS \
	UNDO_TARGETS " DELETE FROM tasks WHERE account_id = $account AND (deleted_date, id) IN" \
	" (SELECT last_deleted, id FROM targets WHERE deleted_date IS NULL AND last_deleted IS NOT NULL" \
	"  AND is_list = 0)", \
	UNDO_TARGETS " UPDATE tasks SET (" MEMBERS ", due_order, changed, revision) =" \
	" (g.deleted_date" TASK_NAMES("g.") ", " DUE_ORDER("g.due_date") ", $now, g.number)" \
	" FROM (SELECT *, " NUMBERED " AS number FROM targets" \
	"  WHERE deleted_date IS NOT NULL AND last_deleted IS NOT NULL AND is_list = 0) g" \
	" WHERE tasks.account_id = $account AND tasks.deleted_date = g.last_deleted AND tasks.id = g.id", \
	UNDO_LAST_OF_TASKS

#define UNDO_LAST_OF_TASKS \
	UNDO_TARGETS " INSERT INTO tasks (account_id, id, " MEMBERS ", due_order, changed, revision)" \
	" SELECT $account, id, " MEMBERS ", " DUE_ORDER("due_date") ", $now, " NUMBERED " FROM targets" \
	" WHERE deleted_date IS NOT NULL AND last_deleted IS NULL AND is_list = 0"

/* What goes to the trash here goes together. */
#define GONE_SINCE(deleted_date) "CASE WHEN " deleted_date " > '' THEN $newest + 1 ELSE 0 END"
#define UNDO_LISTS \
	UNDO_TARGETS " DELETE FROM lists WHERE account_id = $account AND (deleted_date, id) IN" \
	" (SELECT last_deleted, id FROM targets WHERE deleted_date IS NULL AND last_deleted IS NOT NULL" \
	"  AND is_list = 1)", \
	UNDO_TARGETS " UPDATE lists SET (" LIST_STATE ", gone_since, changed, revision) =" \
	" (g.deleted_date" LIST_NAMES("g.") ", " GONE_SINCE("g.deleted_date") ", $now, g.number)" \
	" FROM (SELECT *, " NUMBERED " AS number FROM targets" \
	"  WHERE deleted_date IS NOT NULL AND last_deleted IS NOT NULL AND is_list = 1) g" \
	" WHERE lists.account_id = $account AND lists.deleted_date = g.last_deleted AND lists.id = g.id", \
	UNDO_TARGETS " INSERT INTO lists (account_id, id, " LIST_STATE ", gone_since, changed, revision)" \
	" SELECT $account, id, " LIST_STATE ", " GONE_SINCE("deleted_date") ", $now, " NUMBERED " FROM targets" \
	" WHERE deleted_date IS NOT NULL AND last_deleted IS NULL AND is_list = 1"

/*
 * An older change put a task into a list, or under a heading, that is not there any more: the task
 * comes back to the inbox, or under no heading.
 */
#define LEAVE_GONE_LISTS \
	"UPDATE tasks SET (list, heading, is_plain, changed, revision) =" \
	" (g.list, g.heading, g.is_plain, $now, g.number) FROM" \
	" (SELECT t.id AS id, CASE WHEN " HAS_LIST("t") " THEN t.list END AS list," \
	"  CASE WHEN " HAS_HEADING("t") " THEN t.heading END AS heading," \
	"  CASE WHEN NOT " HAS_LIST("t") " AND " IS_PLAIN_WITHOUT_LIST("t.") " THEN 1 ELSE 0 END AS is_plain," \
	"  (SELECT revision FROM accounts WHERE id = $account) + row_number() OVER (ORDER BY t.id) AS number" \
	"  FROM changes c JOIN tasks t ON t.account_id = $account AND t.deleted_date = '' AND t.id = c.id" \
	"  WHERE $revision IS NOT NULL AND c.account_id = $account AND c.revision > $newest AND c.is_list = 0" \
	"  AND t.revision = c.revision AND t.list IS NOT NULL" \
	"  AND NOT (" HAS_LIST("t") " AND (t.heading IS NULL OR " HAS_HEADING("t") "))) g" \
	" WHERE tasks.account_id = $account AND tasks.deleted_date = '' AND tasks.id = g.id"

#define UNDO_CHANGES UNDO_TASKS, UNDO_LISTS, LEAVE_GONE_LISTS
#define UNDO_STEPS \
	{ { UNDO_LAST_OF_TASKS, &tasks_undone }, { CHECK_PLACES, &tree_found }, { CHECK_DEPTH, &tree_found } }

#define MARK_GROUP(of_kind) \
	"UPDATE changes SET first = $newest + 1, kind = " of_kind ", time = $now" \
	" WHERE account_id = $account AND revision > $newest"

#define HEADINGS_LENGTH \
	"coalesce((SELECT length(l.headings) FROM list_states l WHERE l.account_id = $account" \
	" AND l.revision = s.revision), 0)"

#define CHANGES_AFTER(base) "FROM states WHERE account_id = $account AND revision > " base

/*
 * The new changes in the reply: at most a thousand, and at most a megabyte of text, but one at
 * least. The rest is in the change feed.
 */
#define SHOW_CHANGES(base) \
	"SELECT revision AS last, bulk FROM accounts WHERE id = $account", \
	"SELECT coalesce(max(revision), 0) AS shown, CASE WHEN max(revision) < $last THEN 1 END AS more FROM" \
	" (SELECT revision, row_number() OVER (ORDER BY revision) AS number," \
	"  sum(CASE WHEN is_list = 1 THEN " HEADINGS_LENGTH " ELSE coalesce(length(name) + length(note), 0) END)" \
	"  OVER (ORDER BY revision) AS text" \
	"  FROM (SELECT revision, name, note, is_list " CHANGES_AFTER(base) " ORDER BY revision LIMIT 1000) s) n" \
	" WHERE number = 1 OR text <= 1048576", \
	SELECT_CHANGES("revision > " base " AND revision <= $shown")

/* clang-format on */

#define BY_TASK SQL_BY_INDEX("changes_by_task")
#define OF_GROUP "g.account_id = $account AND g.revision BETWEEN $target AND $end"

/* A condition: a task of the group was deleted for good because of its age, which is its end. */
#define EXPIRED                                                                                    \
	"EXISTS (SELECT 1 FROM changes g JOIN changes n ON n.account_id = $account"                \
	"  AND n.revision = (SELECT max(revision) FROM changes" BY_TASK                            \
	"   WHERE account_id = $account AND id = g.id AND revision <> id)"                         \
	"  WHERE " OF_GROUP " AND n.revision > $end AND n.kind = 'expiry')"

/* A condition: a later change of a task of the group holds. Of the newest change there is none. */
#define BUILT_ON                                                                                   \
	"EXISTS (SELECT 1 FROM changes g CROSS JOIN changes n" BY_TASK                             \
	"  LEFT JOIN changes h ON h.account_id = $account AND h.revision = n.first"                \
	"  WHERE " OF_GROUP                                                                        \
	"  AND n.account_id = $account AND n.id = g.id AND n.revision <> n.id AND n.revision > "   \
	"$end"                                                                                     \
	"  AND h.undone IS NULL AND n.kind IN ('change', 'purge'))"

/*
 * A condition: a task that is not of the group is now in a list, or under a heading, that the undo
 * would take away.
 */
#define HOLDS_OTHERS                                                                               \
	"EXISTS (SELECT 1 FROM changes g CROSS JOIN tasks t"                                       \
	"  WHERE " OF_GROUP " AND g.is_list = 1"                                                   \
	"  AND t.account_id = $account AND t.list = g.id AND t.deleted_date = ''"                  \
	"  AND g.revision = (SELECT min(f.revision) FROM changes f WHERE f.account_id = $account"  \
	"   AND f.revision BETWEEN $target AND $end AND " SQL_NOT_BY_INDEX("f.id") " = g.id)"       \
	"  AND (g.deleted_date IS DISTINCT FROM '' OR (t.heading IS NOT NULL AND NOT EXISTS"       \
	"   (SELECT 1 FROM " SQL_ELEMENTS("g.headings") " e WHERE e.value = t.heading)))"          \
	"  AND t.id NOT IN (SELECT x.id FROM changes x WHERE x.account_id = $account"              \
	"   AND x.revision BETWEEN $target AND $end))"

/* without_target: the fault if no change was found. */
#define FIND_FAULT(without_target, condition)                                                      \
	"SELECT CASE WHEN $target IS NULL THEN " without_target                                    \
	" WHEN $end IS NULL THEN 1 WHEN $fault <> 0 THEN $fault"                                   \
	" WHEN " condition " THEN 5 ELSE 0 END AS fault"

/* Without lists the statements about them are left out: three, and the last one. */
enum { UNDONE_LISTS, UNDONE_REVISION };
static const char *const undone_names[] = { "lists", "revision", NULL };

static bool skip_lists(struct job_step *step)
{
	if (step_value(step, UNDONE_LISTS)->integer == 0)
		step->skip = step_value(step, UNDONE_REVISION)->type == VALUE_NULL ? 4 : 3;
	return true;
}

static const struct job_step_kind tasks_undone = { skip_lists, undone_names };

static void find_change(struct request *request);

/* If another change came first, the search begins again. */
static void reply_or_find_change(struct request *request)
{
	if (request_value(request, "newest")->integer == request_value(request, "seen")->integer)
		request_reply(request);
	else
		find_change(request);
}

/* A change that comes first makes the search void: see UNDO_TARGETS, and BEGIN_BULK. */
static void change_found(struct request *request)
{
	static const char *const why[] = {
		[UNDO_NOT_KEPT] = "There is no such change, or it is not kept any more.",
		[UNDO_PURGE] = "What was deleted for good cannot be brought back.",
		[UNDO_TWICE] = "This change has been taken back already.",
		[UNDO_OF_UNDO] = "This change took another one back, or put it back.",
		[UNDO_BUILT_ON] = "A later change of the same task has built on this one.",
		[UNDO_NOTHING] = "There is nothing to undo.",
		[REDO_NOTHING] = "There is nothing to redo.",
	};
	int64_t fault = request_value(request, "fault")->integer;

	if (fault != UNDO_OK)
		request_refuse(request, 409, why[fault]);
	else if (request_value(request, "large")->integer != 0)
		request_exec_bulk(request, NULL, request_reply, find_change);
	else
		request_exec(request, SQL, reply_or_find_change);
}

static void find_change(struct request *request)
{
	static const char *const values[] = { "target", "end", "fault", "size", "lists", "large" };
	struct value *tries = request_value(request, "tries");

	if (tries->integer++ == TRIES) {
		request_refuse_for(request, 503, 1, "Other changes of this account were faster.");
		return;
	}
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		*request_value(request, values[i]) = (struct value){ 0 };
	request_exec(request, LOOKUP_SQL, change_found);
}

/* clang-format off */
#define REPLY_CHANGES \
	.value	= { INTEGER_SLOT("target"), INTEGER_SLOT("end"), INTEGER_SLOT("fault"), \
		INTEGER_SLOT("seen"), INTEGER_SLOT("size"), INTEGER_SLOT("lists"), INTEGER_SLOT("low"), \
		INTEGER_SLOT("high"), INTEGER_SLOT("even"), INTEGER_SLOT("updates"), INTEGER_SLOT("done"), \
		INTEGER_SLOT("logged"), \
		INTEGER_SLOT("text"), INTEGER_SLOT("large"), INTEGER_SLOT("slice"), \
		INTEGER_SLOT("tries"), INTEGER_SLOT("base"), INTEGER_SLOT("mark"), \
		INTEGER_SLOT("shown"), TREE_VALUES }, \
	.start	= find_change, \
	.step	= UNDO_STEPS, \
	.array	= "changes", \
	.extra	= { \
		{ "revision", SCHEMA_INTEGER, "last" }, \
		{ "more", SCHEMA_BOOL, "more", .optional = true }, \
	}, \
	.shape	= &change_shape

#define IF_EVEN(value, otherwise) "CASE WHEN $even = 1 THEN " value " ELSE " otherwise " END"
#define BEGIN_BULK(also) \
	"UPDATE accounts SET bulk = $bulk_number, bulk_first = " IF_EVEN("0", "revision + 1") also " WHERE id = $account AND bulk = 0 AND revision = $seen" \
	" RETURNING revision AS base, revision AS done, 0 AS mark"

/* Log the tasks of one slice as removed, in their current state. */
#define LOG_REMOVAL(partition) \
	"INSERT INTO changes (account_id, revision, id, time, first, kind, " MEMBERS ", was_revision)" \
	" SELECT $account, $base + 1 + id - $low, id, $now, $base + 1, " UNDO_KIND ", " MEMBERS ", revision" \
	" FROM tasks WHERE $even = 1 AND account_id = $account AND " partition \
	" AND id BETWEEN $low + $mark AND $low + $mark + $slice - 1 AND id <= $high"

/* A condition: the changes of one slice of the group. */
#define LOGGED_REMOVALS \
	"account_id = $account AND revision BETWEEN $target + $mark AND $target + $mark + $slice - 1" \
	" AND revision <= $end"

/* Write the earlier states of one slice of the group where it only changed tasks and lists. */
#define UNDO_SLICE(of_kind) \
	TAKE_BACK_TASKS("$updates = 1 AND " LOGGED_REMOVALS), \
	TAKE_BACK_LISTS("$updates = 1 AND " LOGGED_REMOVALS), \
	"UPDATE changes SET first = $base + 1, kind = " of_kind ", time = $now" \
	" WHERE $updates = 1 AND account_id = $account AND revision > $done", \
	"SELECT revision AS done FROM accounts WHERE id = $account"

/*
 * A large change is not undone in one transaction, and so not looked at afterwards: it is built on by
 * what would be left without a parent, and one that only changed tasks by any change that stands.
 */
#define BUILT_ON_LARGE \
	"SELECT 5 AS fault WHERE $large <> 0 AND $fault = 0 AND $revision IS NOT NULL" \
	" AND (($updates = 1 AND EXISTS (SELECT 1 FROM changes n" \
	"  LEFT JOIN changes h ON h.account_id = $account AND h.revision = n.first" \
	"  WHERE n.account_id = $account AND n.revision > $end AND n.revision <= $newest" \
	"  AND h.undone IS NULL AND n.kind IN ('change', 'purge')))" \
	" OR ($even = 1 AND EXISTS (SELECT 1 FROM tasks " BY_PARENT " WHERE " LIVE \
	"  AND parent BETWEEN $low AND $high AND id NOT BETWEEN $low AND $high)))"

/* Whether another slice follows. */
#define NEXT_SLICE "SELECT $mark + $slice AS mark, $mark + $slice < $size AS more"

const struct endpoint undo_endpoints[] = {
	{
		.name	= "undo",
		.method	= POST,
		.path	= "/api/v1/accounts/{username}/undo",
		.access	= OWNER,
		.input	= {
			{ "revision",	IN_BODY, INPUT_INTEGER, .min = 1, .max = INT64_MAX },
			{ "msg",	IN_BODY, INPUT_READ_ONLY },
			{ "changes",	IN_BODY, INPUT_READ_ONLY },
			{ "more",	IN_BODY, INPUT_READ_ONLY },
		},
		.lookup_sql	= {
			FIND_CHANGE,
			FIND_END,
			FIND_FAULT("CASE WHEN $revision IS NULL THEN 6 ELSE 1 END",
				EXPIRED " OR ($revision IS NOT NULL AND (" BUILT_ON " OR " HOLDS_OTHERS "))"),
			FIND_SIZE,
			BUILT_ON_LARGE,
		},
		.sql	= {
			UNDO_CHANGES,
			MARK_GROUP(UNDO_KIND),
			CHECK_PLACES,
			CHECK_DEPTH,
			"UPDATE changes SET undone = $newest + 1 WHERE account_id = $account"
			" AND revision = $target AND $seen = $newest",
			SHOW_CHANGES("$newest"),
		},
		/*
		 * The undo of created tasks: they are logged as removed, then hidden, then removed. That of
		 * changes: see UNDO_SLICE.
		 */
		.begin	= { BEGIN_BULK("") },
		.slice	= { LOG_REMOVAL("deleted_date = ''"), LOG_REMOVAL("deleted_date > ''"),
			UNDO_SLICE(UNDO_KIND), NEXT_SLICE },
		.finish	= {
			"UPDATE accounts SET revision = " IF_EVEN("$base + $size", "revision") ","
			" tasks = tasks - " IF_EVEN("$size", "0") ", hidden_from = " IF_EVEN("$low", "0") ","
			" hidden_to = " IF_EVEN("$high", "0") ", bulk = " IF_EVEN("bulk", "0") ", bulk_first = 0 WHERE id = $account",
			END_OF_LISTS,
			"UPDATE changes SET undone = $base + 1 WHERE account_id = $account AND revision = $target",
			SHOW_CHANGES("$base"),
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
			{ "revision",	IN_BODY, INPUT_READ_ONLY },
			{ "msg",	IN_BODY, INPUT_READ_ONLY },
			{ "changes",	IN_BODY, INPUT_READ_ONLY },
			{ "more",	IN_BODY, INPUT_READ_ONLY },
		},
		.lookup_sql	= { FIND_UNDONE, FIND_END, FIND_FAULT("7", EXPIRED), FIND_SIZE },
		.sql	= {
			UNDO_CHANGES,
			MARK_GROUP("'redo'"),
			CHECK_PLACES,
			CHECK_DEPTH,
			"UPDATE changes SET undone = NULL WHERE account_id = $account"
			" AND undone = $target AND $seen = $newest",
			SHOW_CHANGES("$newest"),
		},
		/*
		 * The redo of removed tasks: their ids are hidden until all of them are restored.
		 */
		.begin	= { BEGIN_BULK(", hidden_from = " IF_EVEN("$low", "0") ", hidden_to = " IF_EVEN("$high", "0")) },
		.slice	= {
			"INSERT INTO tasks (account_id, id, " MEMBERS ", due_order, changed, revision)"
			" SELECT $account, id, " MEMBERS ", " DUE_ORDER("due_date") ", $now,"
			" $base + 1 + id - $low FROM changes"
			" WHERE $even = 1 AND " LOGGED_REMOVALS,
			"UPDATE changes SET first = $base + 1, kind = 'redo' WHERE $even = 1 AND account_id = $account"
			" AND revision IN (SELECT $base + 1 + id - $low FROM changes WHERE " LOGGED_REMOVALS ")",
			UNDO_SLICE("'redo'"),
			NEXT_SLICE,
		},
		.finish	= {
			"UPDATE accounts SET revision = " IF_EVEN("$base + $size", "revision") ","
			" tasks = tasks + " IF_EVEN("$size", "0") ","
			" bulk = 0, bulk_first = 0, hidden_from = 0, hidden_to = 0 WHERE id = $account",
			END_OF_LISTS,
			"UPDATE changes SET undone = NULL WHERE account_id = $account AND undone = $target",
			SHOW_CHANGES("$base"),
		},
		.msg	= "redone",
		REPLY_CHANGES,
	},
	{ 0 },
};
