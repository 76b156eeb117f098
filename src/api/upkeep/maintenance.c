/*
 * Maintenance in the background: it deletes tasks and lists that have been in the trash for thirty
 * days, old changes and old stored replies, and updates the search index. It takes one account at a
 * time, in small steps. $settled is 1 while the clock is trusted. Otherwise nothing is deleted and
 * no date is corrected.
 */
#include "tables.h"
#include "tasks/changes.h"
#include "tasks/search_index.h"

#define STEP "256"

#define EXPIRED IN_TRASH " AND deleted_date < $month_ago"

/* A clock that was ahead put it into the trash; its change is old by now, or deleted. */
#define EXPIRED_AHEAD(table)                                                                       \
	IN_TRASH " AND deleted_date > $now AND NOT EXISTS (SELECT 1 FROM changes c"                \
		" WHERE c.account_id = $account AND c.revision = " table ".revision"               \
		" AND c.time >= $month_ago)"

/* Delete some rows of the trash for which a condition holds. */
#define DELETE_EXPIRED(table, condition)                                                           \
	"DELETE FROM " table " WHERE account_id = $account AND $settled = 1"                       \
	" AND (deleted_date, id) IN"                                                               \
	" (SELECT deleted_date, id FROM " table " WHERE " condition " LIMIT " STEP ")"

/*
 * A date in the future comes from a clock that was ahead. It is set to now, so that the row does
 * not stay until that date.
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

/*
 * The same for changes, from the newest back while there are such dates. $ahead is the revision up
 * to which they are still to be read.
 */
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
 * The oldest changes, up to what the search index has read. They are deleted from the oldest up to
 * the first one that is kept. So a client of the feed never misses one in between, even after clock
 * errors.
 */
#define OLDEST_CHANGES                                                                             \
	"(SELECT revision, time, now_deleted FROM changes WHERE account_id = $account AND "        \
	"revision <= "                                                                             \
	"$as_of"                                                                                   \
	" ORDER BY revision LIMIT " STEP ") oldest"

/* The change that moved a task to the trash is kept as long as the task is there. */
#define FIRST_KEPT                                                                                 \
	"coalesce((SELECT min(revision) FROM " OLDEST_CHANGES " WHERE " KEPT                       \
	" OR (now_deleted > $now AND time > $month_ago)), $as_of + 1)"

/* clang-format off */
const struct endpoint maintenance_endpoints[] = {
	{
		.method	= POST,
		.path	= "/upkeep",
		.internal	= true,
		.value	= { INTEGER_SLOT("up_to"),
			INTEGER_SLOT("ahead"), INTEGER_SLOT("left") },
		.sql	= {
			"SELECT min(id) AS account FROM accounts WHERE id > $account - $left AND bulk = 0",
			"SELECT " ACCOUNT_VISIBLE " FROM accounts WHERE id = $account",
			FIND_AHEAD,
			DATE_SESSIONS,
			DATE_ANSWERS,
			DATE_CHANGES,
			DELETE_EXPIRED("tasks", EXPIRED),
			DELETE_EXPIRED("tasks", EXPIRED_AHEAD("tasks")),
			DELETE_EXPIRED("lists", EXPIRED),
			DELETE_EXPIRED("lists", EXPIRED_AHEAD("lists")),
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
			"SELECT $as_of < $newest OR $ahead IS NOT NULL OR ($settled = 1"
			" AND (EXISTS (SELECT 1 FROM tasks WHERE " EXPIRED ")"
			" OR EXISTS (SELECT 1 FROM lists WHERE " EXPIRED ")"
			" OR EXISTS (SELECT 1 FROM " OLDEST_CHANGES
			"  WHERE revision < " FIRST_KEPT ")"
			" OR EXISTS (SELECT 1 FROM answers WHERE account_id = $account"
			"  AND time < $day_ago))) AS left",
		},
	},
	{ 0 },
};
