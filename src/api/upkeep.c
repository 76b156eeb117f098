/*
 * What nobody waits for: what has been in the trash for thirty days goes for good, changes and kept
 * answers that are old enough go, and the words catch up. One account at a time, in small steps.
 */
#include "tables.h"
#include "changes.h"
#include "words.h"

#define STEP "256"

#define EXPIRED TRASHED " AND deleted_date < " DAYS_AGO("30")

/*
 * The oldest ones, as far as the words have seen them. They go from the oldest on up to the first
 * that is kept, so that whoever follows never misses one in between, whatever the clock has done.
 */
#define OLDEST_CHANGES                                                                             \
	"(SELECT revision, time FROM changes WHERE account_id = $me AND revision <= $searched"     \
	" ORDER BY revision LIMIT " STEP ")"

#define FIRST_KEPT                                                                                 \
	"ifnull((SELECT min(revision) FROM " OLDEST_CHANGES " WHERE " KEPT "), $searched + 1)"

/* clang-format off */
const struct endpoint upkeep_endpoints[] = {
	{
		.method	= POST,
		.path	= "/upkeep",
		.inner	= true,
		.value	= { "searched", "up_to", "left" },
		.sql	= {
			"SELECT min(id) AS me FROM accounts WHERE id > $me - $left AND bulk = 0",
			"SELECT " ACCOUNT_VISIBLE " FROM accounts WHERE id = $me",
			"DELETE FROM tasks WHERE account_id = $me AND (deleted_date, id) IN"
			" (SELECT deleted_date, id FROM tasks WHERE " EXPIRED " LIMIT " STEP ")",
			"UPDATE changes SET kind = 'expiry', time = $now"
			" WHERE account_id = $me AND revision > $newest",
			"DELETE FROM answers WHERE account_id = $me AND key IN"
			" (SELECT key FROM answers WHERE account_id = $me AND time < " DAYS_AGO("1")
			"  LIMIT " STEP ")",
			WORDS_STEP,
			"DELETE FROM changes WHERE account_id = $me AND revision IN"
			" (SELECT revision FROM " OLDEST_CHANGES " WHERE revision < " FIRST_KEPT ")",
			"SELECT $searched < $newest"
			" OR EXISTS (SELECT 1 FROM tasks WHERE " EXPIRED ")"
			" OR EXISTS (SELECT 1 FROM " OLDEST_CHANGES " WHERE revision < " FIRST_KEPT ")"
			" OR EXISTS (SELECT 1 FROM answers WHERE account_id = $me"
			"  AND time < " DAYS_AGO("1") ")"
			" AS left",
		},
	},
	{ 0 },
};
