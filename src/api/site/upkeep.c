/*
 * What nobody waits for: what has been in the trash for thirty days goes for good, changes and kept
 * answers that are old enough go, and the words catch up. One account at a time, in small steps.
 * $settled is 1 where the clock is believed: nothing goes, and nothing is dated anew, by another one.
 */
#include "tables.h"
#include "tasks/changes.h"
#include "tasks/search_index.h"

#define STEP "256"

#define EXPIRED IN_TRASH " AND deleted_date < $month_ago"

/* It was put into the trash by a clock that was ahead; but its change is old, or it is gone by now. */
#define EXPIRED_AHEAD                                                                              \
	IN_TRASH " AND deleted_date > $now AND NOT EXISTS (SELECT 1 FROM changes c"                \
		" WHERE c.account_id = $account AND c.revision = tasks.revision"                   \
		" AND c.time >= $month_ago)"

/*
 * What lies in the future was dated by a clock that was ahead: it is dated anew, so that it does not
 * wait until that time has come.
 */
#define DATE_SESSIONS                                                                              \
	"UPDATE sessions SET last_used = CASE WHEN last_used > $now THEN $now ELSE last_used END," \
	" expires = CASE WHEN name IS NULL AND expires > $new_expires THEN $new_expires ELSE "     \
	"expires END"                                                                              \
	" WHERE account_id = $account AND $settled = 1"                                            \
	" AND (last_used > $now OR (name IS NULL AND expires > $new_expires))"
#define DATE_ANSWERS                                                                               \
	"UPDATE answers SET time = $now WHERE account_id = $account AND $settled = 1 AND time > "  \
	"$now"

/* The same of changes: from the newest on, as long as there are such ones; $ahead is what is left. */
#define AHEAD_FROM "coalesce($ahead, accounts.revision)"
#define FIND_AHEAD                                                                                 \
	"SELECT revision AS newest, CASE WHEN $settled = 1 AND EXISTS (SELECT 1 FROM changes"      \
	" WHERE account_id = $account AND revision > " AHEAD_FROM " - " STEP                       \
	" AND revision <= " AHEAD_FROM " AND time > $now) THEN " AHEAD_FROM " - " STEP " END"      \
	" AS ahead FROM accounts WHERE id = $account"
#define DATE_CHANGES                                                                               \
	"UPDATE changes SET time = $now WHERE account_id = $account AND revision > $ahead"         \
	" AND revision <= $ahead + " STEP " AND time > $now"

/*
 * The oldest ones, as far as the words have seen them. They go from the oldest on up to the first
 * that is kept, so that whoever follows never misses one in between, whatever the clock has done.
 */
#define OLDEST_CHANGES                                                                             \
	"(SELECT revision, time, now_deleted FROM changes WHERE account_id = $account AND "        \
	"revision <= "                                                                             \
	"$searched"                                                                                \
	" ORDER BY revision LIMIT " STEP ") oldest"

/* What says how long something has been in the trash stays as long as that. */
#define FIRST_KEPT                                                                                 \
	"coalesce((SELECT min(revision) FROM " OLDEST_CHANGES " WHERE " KEPT                       \
	" OR (now_deleted > $now AND time > $month_ago)), $searched + 1)"

/* clang-format off */
const struct endpoint upkeep_endpoints[] = {
	{
		.method	= POST,
		.path	= "/upkeep",
		.inner	= true,
		.value	= { INTEGER_SLOT("searched"), INTEGER_SLOT("up_to"),
			INTEGER_SLOT("ahead"), INTEGER_SLOT("left") },
		.sql	= {
			"SELECT min(id) AS account FROM accounts WHERE id > $account - $left AND bulk = 0",
			"SELECT " ACCOUNT_VISIBLE " FROM accounts WHERE id = $account",
			FIND_AHEAD,
			DATE_SESSIONS,
			DATE_ANSWERS,
			DATE_CHANGES,
			"DELETE FROM tasks WHERE account_id = $account AND $settled = 1"
			" AND (deleted_date, id) IN"
			" (SELECT deleted_date, id FROM tasks WHERE " EXPIRED " LIMIT " STEP ")",
			"DELETE FROM tasks WHERE account_id = $account AND $settled = 1"
			" AND (deleted_date, id) IN"
			" (SELECT deleted_date, id FROM tasks WHERE " EXPIRED_AHEAD " LIMIT " STEP ")",
			"UPDATE changes SET kind = 'expiry', time = $now"
			" WHERE account_id = $account AND revision > $newest",
			"DELETE FROM answers WHERE account_id = $account AND $settled = 1 AND key IN"
			" (SELECT key FROM answers WHERE account_id = $account AND time < $day_ago"
			"  LIMIT " STEP ")",
			SEARCH_INDEX_STEP,
			"UPDATE changes SET time = $now WHERE account_id = $account AND $settled = 1"
			" AND revision IN (SELECT revision FROM " OLDEST_CHANGES " WHERE time > $now)",
			"DELETE FROM changes WHERE account_id = $account AND $settled = 1 AND revision IN"
			" (SELECT revision FROM " OLDEST_CHANGES " WHERE revision < " FIRST_KEPT ")",
			"SELECT $searched < $newest OR $ahead IS NOT NULL OR ($settled = 1"
			" AND (EXISTS (SELECT 1 FROM tasks WHERE " EXPIRED ")"
			" OR EXISTS (SELECT 1 FROM " OLDEST_CHANGES
			"  WHERE revision < " FIRST_KEPT ")"
			" OR EXISTS (SELECT 1 FROM answers WHERE account_id = $account"
			"  AND time < $day_ago))) AS left",
		},
	},
	{ 0 },
};
