/*
 * The sweep: it removes the rows that a large change or a deleted account leaves, see accounts.bulk
 * in schema.sql. It finds such accounts one after the other, and removes the rows in steps. An
 * account without a large change hides nothing.
 */
#include "tables.h"
#include "tasks/search_index.h"
#include "tasks/tasks.h"

/* Delete some tasks of the account, live or in the trash, for which a condition holds. */
#define DELETE_TASKS(condition)                                                                    \
	"DELETE FROM tasks WHERE account_id = $account AND (deleted_date, id) IN"                  \
	" (SELECT deleted_date, id FROM tasks WHERE account_id = $account AND " condition          \
	" LIMIT " REMOVED_TASKS ")"

/* The same of lists, of which an account has few. */
#define DELETE_LISTS(condition)                                                                    \
	"DELETE FROM lists WHERE account_id = $account AND (deleted_date, id) IN"                  \
	" (SELECT deleted_date, id FROM lists WHERE account_id = $account AND " condition          \
	" LIMIT " REMOVED_TASKS ")"

#define STAGED "id > $newest"
#define HIDDEN "id BETWEEN $hidden_from AND $hidden_to"
#define ROWS_LIVE "deleted_date = '' AND "
#define ROWS_IN_TRASH "deleted_date > '' AND "

#define ROWS_EXIST(table, condition)                                                               \
	"EXISTS (SELECT 1 FROM " table " WHERE account_id = $account AND " condition ")"

/* clang-format off */
const struct endpoint sweep_endpoints[] = {
	[SWEEP_FIND] = {
		.method	= POST,
		.path	= "/sweep/find",
		.internal	= true,
		.sql	= {
			"SELECT (SELECT min(id) FROM accounts WHERE bulk <> 0 AND id > $account) AS account",
			"SELECT bulk FROM accounts WHERE id = $account",
		},
	},
	[SWEEP_STEP] = {
		.method	= POST,
		.path	= "/sweep/step",
		.internal	= true,
		.value	= { INTEGER_SLOT("left") },
		.sql	= {
			"SELECT revision AS newest, hidden_from, hidden_to, emptied FROM accounts"
			" WHERE id = $account AND bulk = $bulk_number",
			DELETE_TASKS(ROWS_LIVE STAGED),
			DELETE_TASKS(ROWS_IN_TRASH STAGED),
			DELETE_TASKS(ROWS_LIVE HIDDEN),
			DELETE_TASKS(ROWS_IN_TRASH HIDDEN),
			DELETE_TASKS(ROWS_IN_TRASH "revision <= $emptied"),
			DELETE_LISTS(STAGED),
			DELETE_LISTS(ROWS_IN_TRASH "revision <= $emptied"),
			"DELETE FROM changes WHERE account_id = $account AND revision > $newest AND revision IN"
			" (SELECT revision FROM changes WHERE account_id = $account AND revision > $newest"
			"  ORDER BY revision LIMIT " REMOVED_TASKS ")",
			"SELECT " ROWS_EXIST("tasks", ROWS_LIVE STAGED) " OR " ROWS_EXIST("tasks", ROWS_IN_TRASH STAGED)
			" OR " ROWS_EXIST("tasks", ROWS_LIVE HIDDEN) " OR " ROWS_EXIST("tasks", ROWS_IN_TRASH HIDDEN)
			" OR " ROWS_EXIST("tasks", ROWS_IN_TRASH "revision <= $emptied")
			" OR " ROWS_EXIST("lists", STAGED) " OR " ROWS_EXIST("lists", ROWS_IN_TRASH "revision <= $emptied")
			" OR " ROWS_EXIST("changes", "revision > $newest") " AS left",
			"UPDATE accounts SET bulk = 0, hidden_from = 0, hidden_to = 0"
			" WHERE id = $account AND bulk = $bulk_number AND $left = 0",
		},
	},
	[SWEEP_DELETED] = {
		/* The rows of the oldest deleted account. */
		.method	= POST,
		.path	= "/sweep/deleted",
		.internal	= true,
		.value	= { INTEGER_SLOT("left") },
		.sql	= {
			"SELECT min(id) AS account FROM deleted_accounts",
			"DELETE FROM tasks WHERE account_id = $account AND (deleted_date, id) IN"
			" (SELECT deleted_date, id FROM tasks WHERE account_id = $account LIMIT " REMOVED_TASKS ")",
			"DELETE FROM lists WHERE account_id = $account AND (deleted_date, id) IN"
			" (SELECT deleted_date, id FROM lists WHERE account_id = $account LIMIT " REMOVED_TASKS ")",
			"DELETE FROM changes WHERE account_id = $account AND revision IN"
			" (SELECT revision FROM changes WHERE account_id = $account LIMIT " REMOVED_TASKS ")",
			"DELETE FROM answers WHERE account_id = $account AND key IN"
			" (SELECT key FROM answers WHERE account_id = $account LIMIT " REMOVED_TASKS ")",
			"DELETE FROM words WHERE rowid IN (SELECT rowid FROM words"
			" WHERE rowid BETWEEN " SEARCH_ROWS_OF_ACCOUNT " LIMIT " REMOVED_TASKS ")",
			"DELETE FROM deleted_accounts WHERE id = $account"
			" AND NOT EXISTS (SELECT 1 FROM tasks WHERE account_id = $account)"
			" AND NOT EXISTS (SELECT 1 FROM lists WHERE account_id = $account)"
			" AND NOT EXISTS (SELECT 1 FROM changes WHERE account_id = $account)"
			" AND NOT EXISTS (SELECT 1 FROM answers WHERE account_id = $account)"
			" AND NOT EXISTS (SELECT 1 FROM words"
			"  WHERE rowid BETWEEN " SEARCH_ROWS_OF_ACCOUNT ")",
			"SELECT EXISTS (SELECT 1 FROM deleted_accounts) AS left",
		},
	},
	[SWEEP_ROWS] = { 0 },
};
