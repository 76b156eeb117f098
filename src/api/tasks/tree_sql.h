/*
 * Where a task stands: its list, its heading and its parent; and what moves, goes into the trash and
 * comes back with it. Of tasks that are not in the trash these always hold: the parent is none in
 * the trash either and has the same list, no task is below itself, none is more than TREE_DEPTH
 * deep (the topmost counts), and the list is none in the trash.
 *
 * A statement that looks something up gives the values of TREE_VALUES, and tree_found follows it.
 * Because of the indexes that are named here a tree costs what is in it, not what the account has.
 */
#ifndef API_TREE_SQL_H
#define API_TREE_SQL_H

#include "tasks/changing.h"
#include "tasks/task_fields.h"
#include "tasks/tree.h"

#define TREE_DEPTH "8"
#define HEADINGS_MOST "100"

/* ---- conditions, as LIVE and IN_TRASH, on the rows of a table by its name ("t.") ---- */

#define LIVE_OF(t)                                                                                 \
	t "account_id = $account AND " t "deleted_date = '' AND " VISIBLE(t "id")
#define IN_TRASH_OF(t)                                                                             \
	t "account_id = $account AND " t "deleted_date > '' AND " VISIBLE(                         \
		t "id") " AND " t "revision > $emptied"
#define BY_PARENT SQL_BY_INDEX("tasks_by_parent")

/* ---- what is below and above ---- */

/* The tasks below $id, for which a condition holds. */
#define BELOW_IF(condition)                                                                        \
	"WITH RECURSIVE below (id, depth) AS (SELECT id, 1 FROM tasks " BY_PARENT                  \
	" WHERE " LIVE " AND parent = $id" condition                                               \
	" UNION ALL SELECT c.id, b.depth + 1 FROM below b CROSS JOIN tasks c " BY_PARENT           \
	" WHERE " LIVE_OF("c.") " AND c.parent = b.id AND b.depth < " TREE_DEPTH ")"
#define BELOW BELOW_IF("")

/* The task with this id, and those above it. */
#define ABOVE(id)                                                                                  \
	"above AS (SELECT id AS id, parent AS parent, 1 AS depth FROM tasks WHERE " LIVE           \
	" AND id = " id " UNION ALL SELECT p.id, p.parent, a.depth + 1 FROM above a"               \
	" CROSS JOIN tasks p WHERE " LIVE_OF("p.") " AND p.id = a.parent"                          \
	" AND a.depth <= " TREE_DEPTH ")"

/* How many tasks are below, as far as that matters; their notes are logged with them. */
#define BELOW_SIZE                                                                                 \
	" SELECT count(*) AS below, coalesce($text, 0) + coalesce(sum(bytes), 0) AS text FROM"     \
	" (SELECT " SQL_BYTES("t.note") " AS bytes FROM below b CROSS JOIN tasks t WHERE "         \
	LIVE_OF("t.") " AND t.id = b.id LIMIT " MOVED_TASKS " + 1) few"

/* Change them all; each takes a revision, after those of the statements before. */
#define UPDATE_BELOW(set)                                                                          \
	" UPDATE" SQL_OR_ROLLBACK " tasks SET revision = g.number, changed = $now, " set           \
	" FROM (SELECT id, " NUMBERED " AS number FROM below) g"                                   \
	" WHERE tasks.account_id = $account AND tasks.deleted_date = '' AND tasks.id = g.id"

/* ---- a new place ---- */

/* A list that is not in the trash. */
#define JOIN_LIST(id)                                                                              \
	" LEFT JOIN lists l ON " LIVE_OF("l.") " AND l.id = " id

#define LIST_HAS(heading)                                                                       \
	"EXISTS (SELECT 1 FROM " SQL_ELEMENTS("l.headings") " h WHERE h.value = " heading ")"

/*
 * The faults that a place can have: see faults in tree.c. Of the row n with the new list, the
 * parent that was asked for where there is such a task (known), and l with the list.
 */
#define PLACE_FAULTS(also)                                                                         \
	"CASE WHEN $parent IS NOT NULL AND n.known IS NULL THEN 1"                                 \
	" WHEN $parent IS NOT NULL AND $list_given <> 0 AND $list IS DISTINCT FROM n.list THEN 2"  \
	" WHEN $list_given <> 0 AND $list IS NOT NULL AND l.id IS NULL THEN 3"                     \
	" WHEN $heading IS NOT NULL AND n.list IS NULL THEN 4"                                     \
	" WHEN $heading IS NOT NULL AND NOT " LIST_HAS("$heading")                              \
	" AND (SELECT count(*) FROM " SQL_ELEMENTS("l.headings") " h) >= " HEADINGS_MOST           \
	" THEN 5" also " ELSE 0 END AS tree_fault"

/* Whether the heading is a new one of the list. */
#define PLACE_JOINS                                                                                \
	"CASE WHEN $heading IS NOT NULL AND l.id IS NOT NULL AND NOT " LIST_HAS("$heading")     \
	" THEN 1 ELSE 0 END AS joins"

/*
 * A uid that a task has, in the trash or not: its own, or the one that is made of its id. One that
 * may be made of an id yet counts as taken, too.
 */
#define UID_ID SQL_LEADING_INTEGER("substr($uid, length($uid_base) + 1)")
#define UID_TAKEN                                                                                  \
	" WHEN $uid IS NOT NULL AND (EXISTS (SELECT 1 FROM tasks WHERE account_id = $account"      \
	" AND uid = $uid) OR ($uid = $uid_base || " UID_ID " AND (" UID_ID " > $newest"     \
	" OR EXISTS (SELECT 1 FROM tasks WHERE " LIVE " AND id = " UID_ID " AND uid IS NULL)"      \
	" OR EXISTS (SELECT 1 FROM " TRASH_BY_ID " WHERE " IN_TRASH " AND id = " UID_ID            \
	" AND uid IS NULL)))) THEN 8"

/* Of a task that is to be made, from what was sent; it becomes $list, $heading and $parent. */
#define PLACE_OF_NEW                                                                               \
	"SELECT n.list AS list, " PLACE_FAULTS(UID_TAKEN) ", " PLACE_JOINS                         \
	", CASE WHEN $parent IS NULL THEN 1 ELSE 0 END AS tree_skip FROM"                          \
	" (SELECT p.id AS known, CASE WHEN $parent IS NOT NULL THEN p.list ELSE $list END AS list" \
	"  FROM (SELECT 1 AS one) o LEFT JOIN tasks p ON " LIVE_OF("p.") " AND p.id = $parent) n"  \
	JOIN_LIST("n.list")

#define DEPTH_OF_NEW                                                                               \
	"WITH RECURSIVE " ABOVE("$parent")                                                         \
	" SELECT CASE WHEN count(*) >= " TREE_DEPTH " THEN 7 ELSE 0 END AS tree_fault FROM above"

/*
 * Of a task that is changed: what was not sent is as it was, but that a list alone means no parent,
 * and that the heading is lost with the list or the parent. It becomes $list, $heading and $parent,
 * as if it had been sent.
 */
#define PLACE_OF_OLD                                                                               \
	"SELECT n.list AS list, n.parent AS parent, 1 AS list_given, 1 AS parent_given,"           \
	" 1 AS heading_given, CASE WHEN $heading_given <> 0 THEN $heading"                         \
	"  WHEN n.list IS DISTINCT FROM n.old_list THEN NULL"                                      \
	"  WHEN $parent IS NOT NULL AND $parent IS DISTINCT FROM n.old_parent THEN NULL"           \
	"  ELSE n.heading END AS heading, " PLACE_FAULTS("") ", " PLACE_JOINS                      \
	", CASE WHEN n.list IS DISTINCT FROM n.old_list THEN 1 ELSE 0 END AS moves,"               \
	" CASE WHEN $parent IS NOT NULL AND $parent IS DISTINCT FROM n.old_parent THEN 0"          \
	"  WHEN n.list IS DISTINCT FROM n.old_list THEN 1 ELSE 2 END AS tree_skip FROM"            \
	" (SELECT p.id AS known, t.list AS old_list, t.parent AS old_parent, t.heading AS heading,"\
	"  CASE WHEN $parent IS NOT NULL THEN p.list WHEN $list_given <> 0 THEN $list"             \
	"   ELSE t.list END AS list,"                                                              \
	"  CASE WHEN $parent_given <> 0 THEN $parent WHEN $list_given <> 0 THEN NULL"              \
	"   ELSE t.parent END AS parent"                                                           \
	"  FROM tasks t LEFT JOIN tasks p ON " LIVE_OF("p.") " AND p.id = $parent"                 \
	"  WHERE " LIVE_OF("t.") " AND t.id = $id) n" JOIN_LIST("n.list")

#define DEPTH_OF_OLD                                                                               \
	BELOW ", " ABOVE("$parent")                                                                      \
	" SELECT CASE WHEN EXISTS (SELECT 1 FROM above WHERE id = $id) THEN 6"                     \
	" WHEN (SELECT count(*) FROM above) + 1 + (SELECT coalesce(max(depth), 0) FROM below) > "  \
	TREE_DEPTH " THEN 7 ELSE 0 END AS tree_fault FROM tasks WHERE " LIVE " AND id = $id"

/* The tasks below go to the new list, too, and so lose their heading. */
#define IF_IT_MOVES " AND $moves = 1"
#define SIZE_OF_MOVE BELOW_IF(IF_IT_MOVES) BELOW_SIZE
#define MOVE_BELOW                                                                                 \
	BELOW_IF(IF_IT_MOVES) UPDATE_BELOW("modified_date = $now, list = $list, heading = NULL")

/* A new heading comes last. */
#define JOIN_HEADING                                                                               \
	"UPDATE" SQL_OR_ROLLBACK " lists SET revision = (SELECT revision FROM accounts"            \
	" WHERE id = $account) + 1, changed = $now, modified_date = $now,"                         \
	" headings = " SQL_APPENDED("headings", "$heading") " WHERE " LIVE                         \
	" AND id = $list AND $joins = 1"

/* ---- into the trash ---- */

/* The statements that delete a task; the last one has a row if there is such a task. */
#define DELETE_TREE                                                                                \
	UPDATE_TASKS_SET "deleted_date = $now WHERE " LIVE " AND id = $id", HAS_BELOW, SIZE_BELOW, \
		BELOW UPDATE_BELOW("deleted_date = $now"), GROUP_CHANGES,                          \
		"SELECT id FROM changes WHERE account_id = $account AND revision = " NEXT_REVISION
#define HAS_BELOW                                                                                  \
	"SELECT 3 AS tree_skip WHERE NOT EXISTS (SELECT 1 FROM tasks " BY_PARENT " WHERE " LIVE    \
	" AND parent = $id)"
#define SIZE_BELOW BELOW BELOW_SIZE
#define DELETE_STEPS { { HAS_BELOW, &tree_found }, { SIZE_BELOW, &tree_found } }

/* ---- back from the trash ---- */

/*
 * What went into the trash with a task: what is below it there, and changed last in the same group.
 * Where the log does not reach back so far, it is what went there in the same second.
 */
#define RESTORE_VALUES                                                                             \
	INTEGER_SLOT("went_with"), TEXT_SLOT("went_at"), INTEGER_SLOT("list"),                     \
		TEXT_SLOT("heading"), INTEGER_SLOT("parent"), INTEGER_SLOT("text"), TREE_VALUES
#define CHANGE_OF(t)                                                                               \
	" LEFT JOIN changes g ON g.account_id = $account AND g.revision = " t "revision"
#define WENT_ALONG                                                                                 \
	" AND (g.first = $went_with OR ($went_with IS NULL AND g.first IS NULL"                    \
	" AND c.deleted_date = $went_at))"
#define GONE_BELOW                                                                                 \
	"WITH RECURSIVE below (deleted_date, id, depth) AS"                                        \
	" (SELECT c.deleted_date, c.id, 1 FROM tasks c " BY_PARENT CHANGE_OF("c.")                 \
	" WHERE " IN_TRASH_OF("c.") " AND c.parent = $id" WENT_ALONG                               \
	" UNION ALL SELECT c.deleted_date, c.id, b.depth + 1 FROM below b"                         \
	" CROSS JOIN tasks c " BY_PARENT CHANGE_OF("c.") " WHERE " IN_TRASH_OF("c.")               \
	" AND c.parent = b.id AND b.depth < " TREE_DEPTH WENT_ALONG ")"

/* A plain task without anything below it is restored as it is: the rest is left out. */
#define GONE_TASK                                                                                  \
	"SELECT g.first AS went_with, t.deleted_date AS went_at, CASE WHEN t.is_plain = 1"         \
	" AND NOT EXISTS (SELECT 1 FROM tasks c " BY_PARENT " WHERE " IN_TRASH_OF("c.")            \
	" AND c.parent = t.id) THEN 5 ELSE 0 END AS tree_skip"                                     \
	" FROM tasks t " SQL_BY_INDEX("tasks_in_trash") CHANGE_OF("t.")                            \
	" WHERE " IN_TRASH_OF("t.") " AND t.id = $id"

#define SIZE_OF_GONE                                                                               \
	GONE_BELOW                                                                                 \
	" SELECT count(*) AS below, coalesce(sum(bytes), 0) AS text FROM"                          \
	" (SELECT " SQL_BYTES("t.note") " AS bytes FROM below b CROSS JOIN tasks t WHERE "         \
	"t.account_id = $account AND t.deleted_date = b.deleted_date AND t.id = b.id"              \
	" LIMIT " MOVED_TASKS " + 1) few"

/*
 * It comes back to where it was, as far as that is still there: below its parent unless it would
 * be too deep now, in the parent's list or its own, under its heading in that list.
 */
#define PLACE_OF_GONE                                                                              \
	GONE_BELOW ", " ABOVE("(SELECT parent FROM " TRASH_BY_ID " WHERE " IN_TRASH                \
			       " AND id = $id)")                                                   \
	" SELECT n.parent AS parent, l.id AS list, CASE WHEN n.list = n.old_list AND "             \
	LIST_HAS("n.heading") " THEN n.heading END AS heading FROM"                             \
	" (SELECT p.id AS parent, CASE WHEN p.id IS NOT NULL THEN p.list ELSE t.list END AS list," \
	"  t.list AS old_list, t.heading AS heading"                                               \
	"  FROM tasks t " SQL_BY_INDEX("tasks_in_trash") " LEFT JOIN tasks p ON " LIVE_OF("p.")    \
	"  AND p.id = t.parent AND (SELECT count(*) FROM above) + 1"                               \
	"  + (SELECT coalesce(max(depth), 0) FROM below) <= " TREE_DEPTH                           \
	"  WHERE " IN_TRASH_OF("t.") " AND t.id = $id) n" JOIN_LIST("n.list")

/* The value of a rare member of the task that is restored. */
#define PLACED(member, stored) PLACED_##member
#define PLACED_list "$list"
#define PLACED_heading "$heading"
#define PLACED_parent "$parent"
#define PLACED_start_date "start_date"
#define PLACED_repeat "repeat"
#define PLACED_repeat_from "repeat_from"
#define PLACED_reminders "reminders"

#define RESTORE_AS_IT_IS                                                                           \
	UPDATE_SET(TRASH_BY_ID) "deleted_date = '' WHERE " IN_TRASH " AND id = $id"

/* The statements that restore a task, before the one that shows it. */
#define RESTORE_TREE                                                                               \
	GONE_TASK, SIZE_OF_GONE, PLACE_OF_GONE,                                                    \
		UPDATE_SET(TRASH_BY_ID) "deleted_date = '', list = $list, heading = $heading,"     \
		" parent = $parent, is_plain = " IS_PLAIN(PLACED) " WHERE " IN_TRASH               \
		" AND id = $id",                                                                   \
		GONE_BELOW " UPDATE" SQL_OR_ROLLBACK " tasks SET revision = g.number,"             \
		" changed = $now, deleted_date = '', list = $list, heading = CASE"                 \
		" WHEN list = $list AND EXISTS (SELECT 1 FROM lists l, " SQL_ELEMENTS("l.headings") \
		" h WHERE " LIVE_OF("l.") " AND l.id = $list AND h.value = heading)"               \
		" THEN heading END FROM (SELECT deleted_date, id, " NUMBERED                       \
		" AS number FROM below) g WHERE tasks.account_id = $account"                       \
		" AND tasks.deleted_date = g.deleted_date AND tasks.id = g.id",                    \
		GROUP_CHANGES, RESTORE_AS_IT_IS

/* ---- what an undo may not leave ---- */

/*
 * After an undo: a fault where it has left a task in no place, since a later change that stands has
 * built on what was taken back. Of the tasks and lists that it has changed, by the log.
 */
#define UNDONE_CHANGES                                                                             \
	"FROM changes g CROSS JOIN tasks "
#define OF_UNDO "g.account_id = $account AND g.revision > $newest AND "
#define NO_PARENT_OF(t)                                                                            \
	"NOT EXISTS (SELECT 1 FROM tasks p WHERE " LIVE_OF("p.") " AND p.id = " t "parent AND"     \
	" p.list IS NOT DISTINCT FROM " t "list)"
#define NO_LIST_OF(t)                                                                              \
	"NOT EXISTS (SELECT 1 FROM lists l WHERE " LIVE_OF("l.") " AND l.id = " t "list)"

#define CHECK_PLACES                                                                               \
	"SELECT CASE WHEN EXISTS (SELECT 1 " UNDONE_CHANGES "t WHERE " OF_UNDO LIVE_OF("t.")       \
	" AND t.id = g.id AND t.is_plain = 0 AND ((t.parent IS NOT NULL AND " NO_PARENT_OF("t.")   \
	") OR (t.list IS NOT NULL AND " NO_LIST_OF("t.") "))) THEN 9"                              \
	" WHEN EXISTS (SELECT 1 " UNDONE_CHANGES "t " BY_PARENT " WHERE " OF_UNDO LIVE_OF("t.")    \
	" AND t.parent = g.id AND " NO_PARENT_OF("t.") ") THEN 9"                                  \
	" WHEN EXISTS (SELECT 1 " UNDONE_CHANGES "t " SQL_BY_INDEX("tasks_by_list")                \
	" WHERE " OF_UNDO "g.is_list = 1 AND " LIVE_OF("t.") " AND t.list = g.id AND "             \
	NO_LIST_OF("t.") ") THEN 9 ELSE 0 END AS tree_fault, CASE WHEN EXISTS (SELECT 1 "          \
	UNDONE_CHANGES "t WHERE " OF_UNDO LIVE_OF("t.") " AND t.id = g.id AND t.is_plain = 0)"     \
	" THEN 0 ELSE 1 END AS tree_skip"

/* The same of tasks whose parent was changed: how deep they and what is below them are. */
#define CHECK_DEPTH                                                                                \
	"WITH RECURSIVE above (start, parent, depth) AS"                                           \
	" (SELECT t.id, t.parent, 1 " UNDONE_CHANGES "t WHERE " OF_UNDO LIVE_OF("t.")              \
	" AND t.id = g.id AND t.parent IS NOT NULL AND t.parent IS DISTINCT FROM g.parent"         \
	" UNION ALL SELECT a.start, p.parent, a.depth + 1 FROM above a CROSS JOIN tasks p WHERE "  \
	LIVE_OF("p.") " AND p.id = a.parent AND a.depth <= " TREE_DEPTH "), below AS"              \
	" (SELECT start AS start, start AS id, 0 AS depth FROM above WHERE depth = 1"              \
	" UNION ALL SELECT b.start, c.id, b.depth + 1 FROM below b CROSS JOIN tasks c " BY_PARENT  \
	" WHERE " LIVE_OF("c.") " AND c.parent = b.id AND b.depth < " TREE_DEPTH ")"               \
	" SELECT CASE WHEN EXISTS (SELECT 1 FROM"                                                  \
	" (SELECT start, max(depth) AS depth FROM above GROUP BY start) a JOIN"                    \
	" (SELECT start, max(depth) AS depth FROM below GROUP BY start) b ON b.start = a.start"    \
	" WHERE a.depth + b.depth > " TREE_DEPTH ") THEN 9 ELSE 0 END AS tree_fault"

#endif
