/*
 * A large change that everybody sees while it is made, slice by slice: it changes tasks and lists,
 * each of them once, and does not make or remove any. accounts.bulk_first is its first revision, as
 * long as it has not ended. If it cannot be ended, the sweep takes back what was done of it.
 */
#ifndef API_TAKE_BACK_H
#define API_TAKE_BACK_H

#include "tasks/list_sql.h"

/* To begin it: columns of accounts to be set; and to end it. */
#define BEGIN_IN_SIGHT "bulk = $bulk_number, bulk_first = revision + 1"
#define END_IN_SIGHT "bulk = 0, bulk_first = 0"

/* What a slice has done since $mark belongs to the group. */
#define GROUP_SLICE(also)                                                                          \
	"UPDATE changes SET first = $base + 1, time = $now" also                                   \
	" WHERE account_id = $account AND revision > $mark"

/* How many tasks there are for which a condition holds, and how many of them make up a slice. */
#define FIND_SLICES(condition)                                                                     \
	"SELECT count(*) AS size, coalesce(sum(" NOTE_BYTES "), 0) AS text FROM tasks WHERE "      \
	condition,                                                                                 \
		"SELECT $size > " SMALL_TASKS " OR $text > " SMALL_TEXT " AS large,"               \
		" CASE WHEN $text > $size * (" SLICE_TEXT " / " SLICE_TASKS ")"                    \
		" THEN " SLICE_TEXT " * $size / $text + 1 ELSE " SLICE_TASKS " END AS slice"
/* clang-format off */
#define SLICE_VALUES \
	INTEGER_SLOT("size"), INTEGER_SLOT("large"), INTEGER_SLOT("slice"), INTEGER_SLOT("base"), \
	INTEGER_SLOT("mark")
/* clang-format on */

/*
 * Write the states before some changes, which are the last ones of their tasks and lists. What went to the
 * trash together stays together: a list keeps gone_since until the change ends.
 */
#define TASK_STATE "deleted_date" TASK_NAMES("")
#define LIST_STATE "deleted_date" LIST_NAMES("")
#define TAKE_BACK_TASKS(changes)                                                                   \
	"UPDATE tasks SET (" TASK_STATE ", due_order, changed, revision) ="                        \
	" (g.deleted_date" TASK_NAMES("g.") ", " DUE_ORDER("g.due_date") ", $now, g.number)"       \
	" FROM (SELECT *, " NUMBERED " AS number FROM changes WHERE account_id = $account AND "    \
	changes " AND is_list = 0) g"                                                              \
	" WHERE tasks.account_id = $account AND tasks.deleted_date = g.now_deleted AND tasks.id = g.id"
#define TAKE_BACK_LISTS(changes)                                                                   \
	"UPDATE lists SET (" LIST_STATE ", gone_since, changed, revision) ="                       \
	" (g.deleted_date" LIST_NAMES("g.") ", CASE WHEN g.deleted_date > '' AND gone_since = 0"   \
	"  THEN $newest + 1 ELSE gone_since END, $now, g.number)"                                  \
	" FROM (SELECT *, " NUMBERED " AS number FROM changes WHERE account_id = $account AND "    \
	changes " AND is_list = 1) g"                                                              \
	" WHERE lists.account_id = $account AND lists.deleted_date = g.now_deleted AND lists.id = g.id"
#define END_OF_LISTS                                                                               \
	"UPDATE lists SET gone_since = 0 WHERE account_id = $account AND deleted_date = ''"        \
	" AND gone_since > 0"

#endif
