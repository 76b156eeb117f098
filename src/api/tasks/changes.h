/*
 * The columns and members of a change in replies.
 */
#ifndef API_CHANGES_H
#define API_CHANGES_H

#include "tasks/list_sql.h"
#include "tasks/tasks.h"

/* The task after a change (from the view states), and before it (from the table changes). */
#define AFTER_IT TASK_OBJECT("after", "s", "s.now_deleted = ''", "s.revision")
#define BEFORE_IT TASK_OBJECT("before", "c", "c.deleted_date = ''", "c.was_revision")

/* A condition: the change is kept. Older ones count as deleted before their rows are. */
#define KEPT "time > $kept_since"

/* The open tasks of each list, which are counted once where any list is shown. */
#define WITH_OPEN_TASKS                                                                            \
	"WITH open_tasks AS MATERIALIZED (SELECT t.list AS list, count(*) AS number FROM tasks t"  \
	" WHERE t.account_id = $account AND t.list IS NOT NULL AND t.deleted_date = ''"            \
	" AND t.completed = 0 AND " VISIBLE("t.id") " GROUP BY t.list) "
#define COUNTED_OPEN_TASKS "coalesce((SELECT o.number FROM open_tasks o WHERE o.list = s.id), 0)"

/* What a change says of a list, or of a task that is not there: a member, as text. */
#define LIST_OF_CHANGE                                                                             \
	"(SELECT '\"list\":' || CASE WHEN s.now_deleted = '' THEN "                                \
	LIST_JSON("s.", COUNTED_OPEN_TASKS, "s.revision")                                          \
	" ELSE 'null' END FROM list_states s WHERE s.account_id = $account"                        \
	" AND s.revision = states.revision)"
#define BESIDE_TASK                                                                                \
	"CASE WHEN states.is_list = 1 THEN " LIST_OF_CHANGE                                        \
	" WHEN states.now_deleted = '' THEN NULL ELSE '\"task\":null' END"

/* Rows of the feed: the changes for which a condition holds. */
#define SELECT_CHANGES(condition)                                                                  \
	WITH_OPEN_TASKS "SELECT revision, id, "                                                    \
	TASK_OBJECT("task?", "states", "states.is_list = 0 AND states.now_deleted = ''", "revision") \
	", " BESIDE_TASK " AS \"list:members\" FROM states WHERE account_id = $account AND "       \
	condition " ORDER BY revision"

/* clang-format off */
#define CHANGE_MEMBERS \
	{ "revision", SCHEMA_INTEGER }, \
	{ "id", SCHEMA_INTEGER }, \
	{ "task?", SCHEMA_TASK_OR_NULL }, \
	{ "list?", SCHEMA_LIST_OR_NULL }
/* clang-format on */

extern const struct shape change_shape;

#endif
