/*
 * How a task is changed and completed, in SQL. Completing a task completes all that is open below it,
 * and makes the next one of a series. What is decided between the statements is in edit.h. Who uses
 * these macros includes tasks.h, too.
 */
#ifndef API_EDIT_SQL_H
#define API_EDIT_SQL_H

#include "tasks/edit.h"
#include "tasks/task_fields.h"
#include "tasks/tree_sql.h"

/* The new value of a member: the input if it was sent, else the old value. */
#define SENT_AS(member, stored)                                                                    \
	"CASE WHEN $" #member "_given <> 0 THEN " stored " ELSE " #member " END"
#define SENT(member) SENT_AS(member, "$" #member)
#define SENT_VALUE(with, member, ...) ", " SENT(member)
#define SENT_RARE(with, member, type, cast, schema, absent, stored, ...)                           \
	", " SENT_AS(member, stored)

/* Lists that follow another column: the members that an edit sets, and their new values. */
#define CHANGED_MEMBERS(RARE) TASK_FIELDS(TASK_NAME, TASK_SKIP, RARE, "")
#define CHANGED_VALUES(RARE) TASK_FIELDS(SENT_VALUE, TASK_SKIP, RARE, )

#define COMPLETED_DATE                                                                             \
	"CASE WHEN " SENT(completed) " = completed THEN completed_date"                            \
				     " WHEN $completed <> 0 THEN $now END"

/* An edit that changes nothing takes no revision. */
#define UPDATE_TASK(members, values, also, also_values)                                            \
	UPDATE_TASKS_SET "(modified_date, completed_date" members ", due_order" also               \
			 ") = ($now, " COMPLETED_DATE values ", " DUE_ORDER(SENT(due_date))        \
				 also_values ") WHERE " LIVE " AND id = $id AND (id" members       \
			 ") IS DISTINCT FROM ($id" values ")"
#define UPDATE_PLAIN_MEMBERS                                                                       \
	UPDATE_TASK(CHANGED_MEMBERS(TASK_SKIP), CHANGED_VALUES(TASK_SKIP), "", "")
#define UPDATE_ALL_MEMBERS                                                                         \
	UPDATE_TASK(CHANGED_MEMBERS(TASK_NAME), CHANGED_VALUES(SENT_RARE), ", is_plain",           \
		", " IS_PLAIN(SENT_AS))

/* ---- what the changes are about ---- */

/*
 * Whether the task becomes completed, and whether that or the change is more than one of plain
 * members: of a task that is plain and has none below it the rest need not be asked.
 */
#define EDIT_BEGIN                                                                                 \
	"SELECT CASE WHEN completed = 0 AND $completed <> 0 THEN 1 ELSE 0 END AS completes,"       \
	" CASE WHEN is_plain = 0 THEN 1 WHEN completed = 0 AND $completed <> 0 AND EXISTS"         \
	" (SELECT 1 FROM tasks c" SQL_BY_INDEX("tasks_by_parent")                                  \
	" WHERE c.account_id = $account AND c.parent = $id AND c.deleted_date = '')"               \
	" THEN 1 ELSE 0 END AS in_full FROM tasks WHERE " LIVE " AND id = $id"

/* The time zone of the account. */
#define ZONE "(SELECT time_zone FROM accounts WHERE id = $account)"

/* What its repetition depends on, as it will be. */
#define EDIT_SERIES                                                                                \
	"SELECT " SENT(due_date) " AS due, " SENT(repeat) " AS rule, " SENT(repeat_from)           \
	" AS origin, " ZONE " AS zone FROM tasks WHERE " LIVE " AND id = $id"

/* The task ($id), at depth 0, and all below it. Tasks are at most eight deep. */
#define TREE                                                                                       \
	"WITH RECURSIVE tree (id, parent, depth) AS"                                               \
	" (SELECT id, parent, 0 FROM tasks WHERE " LIVE " AND id = $id"                            \
	"  UNION ALL SELECT t.id, t.parent, b.depth + 1 FROM tree b"                               \
	"  JOIN tasks t" SQL_BY_INDEX("tasks_by_parent") " ON t.account_id = $account"             \
	"  AND t.parent = b.id AND t.deleted_date = '' AND " VISIBLE("t.id")                       \
	"  WHERE b.depth < 8)"
#define IN_TREE(alias) "t.account_id = $account AND t.deleted_date = '' AND t.id = " alias ".id"

/* How much of it there is, counted up to one too many; and the account's revision so far. */
#define EDIT_TREE                                                                                  \
	TREE " SELECT count(*) AS tree, coalesce(sum(bytes), 0) AS tree_text,"                     \
	     " CASE WHEN count(*) > " SMALL_TASKS " + 1 OR sum(bytes) > " SMALL_TEXT               \
	     " THEN 1 ELSE 0 END AS large,"                                                        \
	     " (SELECT revision FROM accounts WHERE id = $account) AS mark"                        \
	     " FROM (SELECT " SQL_BYTES("t.note") " AS bytes FROM tree b JOIN tasks t ON "         \
	     IN_TREE("b") " LIMIT " SMALL_TASKS " + 2) few"

/* What is below a completed task repeats no more. */
#define COMPLETE_BELOW                                                                             \
	TREE " UPDATE" SQL_OR_ROLLBACK " tasks SET (completed, completed_date, modified_date,"     \
	     " repeat, changed, revision) = (1, $now, $now, NULL, $now, g.number)"                 \
	     " FROM (SELECT t.id, $mark + row_number() OVER (ORDER BY t.id) AS number"             \
	     "  FROM tree b JOIN tasks t ON " IN_TREE("b")                                         \
	     "  WHERE b.depth > 0 AND t.completed = 0) g"                                          \
	     " WHERE tasks.account_id = $account AND tasks.deleted_date = '' AND tasks.id = g.id"

#define ALSO_COMPLETED                                                                             \
	"SELECT " SQL_TO_ARRAY("id") " AS also, (SELECT revision FROM accounts"                    \
	" WHERE id = $account) AS mark FROM (SELECT id FROM changes WHERE account_id = $account"   \
	" AND revision > $mark ORDER BY revision) c"

/* ---- the next task of a series, and what is below it ---- */

#define MOVED(date) SQL_DAYS_LATER("t." date, "$next_days", "$zone")
#define IS_NEXT "n.depth = 0"

/* What each member is there; the task t is copied as n, and its parent as p. */
#define NEXT_name "t.name"
#define NEXT_note "t.note"
#define NEXT_creation_date "$now"
#define NEXT_due_date "CASE WHEN " IS_NEXT " THEN $next_due ELSE " MOVED("due_date") " END"
#define NEXT_completed "0"
#define NEXT_priority "t.priority"
#define NEXT_tags "t.tags"
#define NEXT_position "t.position"
#define NEXT_completed_date "NULL"
#define NEXT_modified_date "$now"
#define NEXT_list "t.list"
#define NEXT_heading "t.heading"
#define NEXT_parent "CASE WHEN " IS_NEXT " THEN t.parent ELSE p.number END"
#define NEXT_start_date MOVED("start_date")
#define NEXT_repeat "CASE WHEN " IS_NEXT " THEN $next_repeat END"
#define NEXT_repeat_from "t.repeat_from"
#define NEXT_reminders SQL_INSTANTS_LATER("t.reminders", "$next_days", "$zone")

#define NEXT_VALUE(with, member, ...) ", " NEXT_##member
#define NEXT_ALONE(member, stored) NEXT_##member

/* The next task is the first of them, with the revision behind $mark. */
#define COPY_TREE                                                                                  \
	TREE ", numbered AS (SELECT id, parent, depth,"                                            \
	     " $mark + row_number() OVER (ORDER BY depth, id) AS number FROM tree) "               \
	INSERT_TASK(TASK_NAMES("")) " SELECT $account, '', n.number"                               \
	TASK_FIELDS(NEXT_VALUE, NEXT_VALUE, NEXT_VALUE, ) ", " IS_PLAIN(NEXT_ALONE)                \
	", NULL, " DUE_ORDER(NEXT_due_date) ", n.number, $now"                                     \
	" FROM numbered n JOIN tasks t ON " IN_TREE("n")                                           \
	" LEFT JOIN numbered p ON p.id = n.parent ORDER BY n.number"

#define SELECT_NEXT                                                                                \
	"SELECT " TASK_OBJECT("next", "t", "t.id IS NOT NULL", "t.revision")                       \
	" FROM tasks t WHERE t.account_id = $account AND t.deleted_date = ''"                      \
	" AND t.id = $mark + 1"

/* ---- all together ---- */

/* clang-format off */
#define EDIT_IN_FULL \
	PLACE_OF_OLD, \
	DEPTH_OF_OLD, \
	SIZE_OF_MOVE, \
	EDIT_SERIES, \
	UPDATE_ALL_MEMBERS, \
	MOVE_BELOW, \
	JOIN_HEADING, \
	EDIT_TREE, \
	COMPLETE_BELOW, \
	ALSO_COMPLETED, \
	COPY_TREE, \
	SELECT_NEXT, \
	GROUP_CHANGES

/*
 * For .alternative_sql, before the statement whose rows go out: where one of EDIT_INPUTS is sent. Then
 * come .value and .step.
 */
#define EDIT_INPUTS RARE_INPUTS "due_date completed"
#define EDIT_STATEMENTS EDIT_BEGIN, EDIT_IN_FULL, UPDATE_PLAIN_MEMBERS
#define EDIT_VALUES \
	INTEGER_SLOT("text"), INTEGER_SLOT("completes"), INTEGER_SLOT("in_full"), \
	TEXT_SLOT("due"), TEXT_SLOT("rule"), TEXT_SLOT("origin"), TEXT_SLOT("zone"), \
	INTEGER_SLOT("repeats"), TEXT_SLOT("next_due"), TEXT_SLOT("next_repeat"), \
	INTEGER_SLOT("next_days"), INTEGER_SLOT("tree"), INTEGER_SLOT("tree_text"), \
	INTEGER_SLOT("large"), INTEGER_SLOT("mark"), TEXT_SLOT("also"), TEXT_SLOT("next"), \
	TREE_VALUES
#define EDIT_STEPS { \
	{ EDIT_BEGIN, &edit_begun }, \
	{ PLACE_OF_OLD, &tree_found }, \
	{ DEPTH_OF_OLD, &tree_found }, \
	{ SIZE_OF_MOVE, &tree_found }, \
	{ EDIT_SERIES, &edit_series_found }, \
	{ JOIN_HEADING, &edit_made }, \
	{ EDIT_TREE, &edit_tree_found }, \
	{ ALSO_COMPLETED, &edit_completed }, \
	{ SELECT_NEXT, &edit_next_made }, \
	{ GROUP_CHANGES, &edit_grouped }, \
}
/* clang-format on */

/* Before a task is made with its rule. */
#define CREATE_BEGIN "SELECT time_zone AS zone FROM accounts WHERE id = $account"

#endif
