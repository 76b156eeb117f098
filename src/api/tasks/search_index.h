/*
 * The search index (table words) is updated after the changes, one step at a time.
 */
#ifndef API_SEARCH_INDEX_H
#define API_SEARCH_INDEX_H

#include "tasks/visible.h"

/* The row of a task, the rows of the account, and the task of a row. */
#define SEARCH_ROW(id) "($account << 40) + " id
#define SEARCH_ROWS_OF_ACCOUNT "($account << 40) AND ($account << 40) + 1099511627775"
#define SEARCH_TASK(row) row " & 1099511627775"

#define SEARCH_INDEXED                                                                             \
	"SELECT searched AS as_of, " ACCOUNT_VISIBLE " FROM accounts WHERE id = $account"

/* The end of a step: after 500 changes, or after 64 KiB of notes, but after one change at least. */
#define SEARCH_UP_TO                                                                               \
	"SELECT coalesce(max(revision), $newest) AS up_to FROM"                                    \
	" (SELECT c.revision, row_number() OVER (ORDER BY c.revision) AS number,"                  \
	"  sum(coalesce(length(t.note), 0)) OVER (ORDER BY c.revision) AS text FROM"               \
	"  (SELECT revision, id FROM changes WHERE account_id = $account AND revision > $as_of"    \
	"   AND revision <= $newest ORDER BY revision LIMIT 500) c"                                \
	"  LEFT JOIN tasks t ON t.account_id = $account AND t.deleted_date = '' AND t.id = c.id) " \
	"steps"                                                                                    \
	" WHERE number = 1 OR text <= 65536"

#define SEARCH_CHANGED                                                                             \
	"(SELECT DISTINCT id FROM changes WHERE account_id = $account"                             \
	" AND revision > $as_of AND revision <= $up_to)"

/* The step: delete the changed tasks from the index, and add those that are not in the trash. */
#define SEARCH_INDEX_STEP                                                                          \
	SEARCH_INDEXED, SEARCH_UP_TO,                                                              \
		"DELETE FROM words WHERE rowid IN"                                                 \
		" (SELECT " SEARCH_ROW("id") " FROM " SEARCH_CHANGED " c)",                        \
		"INSERT INTO words (rowid, name, note, tags)"                                      \
		" SELECT " SEARCH_ROW("t.id") ", t.name, t.note, t.tags FROM " SEARCH_CHANGED " c" \
					     " JOIN tasks t ON t.account_id = $account AND "       \
					     "t.deleted_date = '' AND t.id = c.id"                 \
					     " AND " VISIBLE("t.id"),                              \
		"UPDATE accounts SET searched = $up_to WHERE id = $account", SEARCH_INDEXED

#endif
