/*
 * The index of words follows the changes from behind, a step at a time.
 */
#ifndef API_WORDS_H
#define API_WORDS_H

#include "tasks/tasks.h"

#define WORDS_SEARCHED "SELECT searched, " ACCOUNT_VISIBLE " FROM accounts WHERE id = $account"

/*
 * How far one step goes: over 500 changes, or as many as have some text to be cut into words, but
 * over one at least.
 */
#define WORDS_UP_TO                                                                                \
	"SELECT ifnull(max(revision), $newest) AS up_to FROM"                                      \
	" (SELECT c.revision, row_number() OVER (ORDER BY c.revision) AS number,"                  \
	"  sum(ifnull(length(t.note), 0)) OVER (ORDER BY c.revision) AS text FROM"                 \
	"  (SELECT revision, id FROM changes WHERE account_id = $account AND revision > $searched" \
	"   AND revision <= $newest ORDER BY revision LIMIT 500) c"                                \
	"  LEFT JOIN tasks t ON t.account_id = $account AND t.deleted_date = '' AND t.id = c.id) " \
	"steps"                                                                                    \
	" WHERE number = 1 OR text <= 65536"

#define WORDS_CHANGED                                                                              \
	"(SELECT DISTINCT id FROM changes WHERE account_id = $account"                             \
	" AND revision > $searched AND revision <= $up_to)"

/* Tasks that changed are taken out, and those that are not in the trash put back as they are. */
#define WORDS_STEP                                                                                 \
	WORDS_SEARCHED, WORDS_UP_TO,                                                               \
		"DELETE FROM words WHERE rowid IN"                                                 \
		" (SELECT ($account << 40) + id FROM " WORDS_CHANGED ")",                          \
		"INSERT INTO words (rowid, name, note, tags)"                                      \
		" SELECT ($account << 40) + t.id, t.name, t.note, t.tags FROM " WORDS_CHANGED " c" \
		" JOIN tasks t ON t.account_id = $account AND t.deleted_date = '' AND t.id = c.id" \
		" AND " VISIBLE("t.id"),                                                           \
		"UPDATE accounts SET searched = $up_to WHERE id = $account", WORDS_SEARCHED

#endif
