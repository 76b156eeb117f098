/*
 * The index of words follows the changes from behind, a step at a time.
 */
#ifndef API_WORDS_H
#define API_WORDS_H

#define WORDS_SEARCHED "SELECT searched, revision AS newest FROM accounts WHERE id = $me"

/* The changes of one step. */
#define WORDS_CHANGED                                                                              \
	"(SELECT DISTINCT id FROM (SELECT id FROM changes WHERE account_id = $me"                  \
	" AND revision > $searched ORDER BY revision LIMIT 500))"

/* Tasks that changed are taken out, and those that are not in the trash put back as they are. */
#define WORDS_STEP                                                                                 \
	WORDS_SEARCHED,                                                                            \
		"DELETE FROM words WHERE rowid IN"                                                 \
		" (SELECT ($me << 40) + id FROM " WORDS_CHANGED ")",                               \
		"INSERT INTO words (rowid, name, note, tags)"                                      \
		" SELECT ($me << 40) + t.id, t.name, t.note, t.tags FROM " WORDS_CHANGED " c"      \
		" JOIN tasks t ON t.account_id = $me AND t.deleted_date = '' AND t.id = c.id",     \
		"UPDATE accounts SET searched = ifnull((SELECT max(revision) FROM"                 \
		" (SELECT revision FROM changes WHERE account_id = $me AND revision > $searched"   \
		"  ORDER BY revision LIMIT 500)), revision) WHERE id = $me",                       \
		WORDS_SEARCHED

#endif
