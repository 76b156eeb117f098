/*
 * Who asks, whether an account may be made, and which request came before: the statements that the
 * endpoints have in common.
 */
#include "api/api.h"

#include "tables.h"

/* ---- sessions ---- */

/*
 * It was last used an hour ago or more. Or a clock that was ahead has dated it, which is put right
 * before that time has come.
 */
#define NEEDS_REFRESH                                                                              \
	"(last_used < $hour_ago OR ($settled = 1"                                                  \
	" AND (last_used > $now OR (name IS NULL AND expires > $new_expires))))"

/* The account whose rows are asked for is the asker's own: there is no way yet to share them. */
static const char session[] =
	"SELECT s.account_id AS asker, a.id AS account, s.id AS session, a.username = $username AS "
	"owner,"
	" a.username AS username, s.scope = 'read' AS reads, s.name IS NOT NULL AS program,"
	" " NEEDS_REFRESH " AS needs_refresh,"
	" a.revision AS newest, a.bulk AS bulk, a.hidden_from AS hidden_from,"
	" a.hidden_to AS hidden_to, a.emptied AS emptied, a.tasks AS tasks, a.uid_base AS uid_base"
	" FROM sessions s JOIN accounts a ON a.id = s.account_id"
	" WHERE s.token = $session_token AND (s.expires IS NULL OR s.expires > $now)";

/* It runs in the transaction that makes the account, so that there is one first account. */
static const char registration[] =
	"SELECT 1 WHERE $registration = 'open'"
	" OR ($registration = 'first' AND NOT EXISTS (SELECT 1 FROM accounts))";

/* An API token (it has a name) ends when its owner said. */
static const char refresh[] =
	"UPDATE sessions SET last_used = $now,"
	" expires = CASE WHEN name IS NULL THEN $new_expires ELSE expires END"
	" WHERE account_id = $asker AND id = $session"
	" AND " NEEDS_REFRESH;

/* ---- idempotency keys ---- */

static const char find_key[] =
	"SELECT request AS kept_request, status AS answer_status, body AS answer_body,"
	" coalesce(id, $id) AS id, revision, last, more, beside FROM answers"
	" WHERE account_id = $asker AND key = $answer_key"
	" AND time > $day_ago";

#define SAVE                                                                                       \
	"INSERT INTO answers"                                                                      \
	" (account_id, key, request, time, status, body, id, revision, last, more, beside)"

/* A key may be used again after a day. */
#define OVER_OLD                                                                                   \
	" ON CONFLICT (account_id, key) DO UPDATE SET request = excluded.request,"                 \
	" time = excluded.time, status = excluded.status, body = excluded.body,"                   \
	" id = excluded.id, revision = excluded.revision, last = excluded.last,"                   \
	" more = excluded.more, beside = excluded.beside"

#define SAVE_ROWS                                                                                  \
	SAVE " SELECT $asker, $answer_key, $answer_request, $now, 0, $answer_body, $id, "          \
	     "$revision, $last, $more, $beside"

/* Without a row the request has failed: its problem is saved by save_problem. */
static const char save_rows[] = SAVE_ROWS " WHERE $answer_body <> ''" OVER_OLD;

/* A batch without any item is a success. */
static const char save_batch[] = SAVE_ROWS " WHERE true" OVER_OLD;

/* It runs in a job of its own: the session or the account may have ended since. */
static const char save_problem[] = SAVE
	" SELECT s.account_id, $answer_key, $answer_request, $now, $answer_status, $answer_body,"
	" NULL, NULL, NULL, NULL, NULL FROM sessions s JOIN accounts a ON a.id = s.account_id"
	" WHERE s.token = $session_token AND s.account_id = $asker"
	" AND (s.expires IS NULL OR s.expires > $now)" OVER_OLD;

/* ---- what the server asks for itself ---- */

static const char session_count[] =
	"SELECT count(*) AS sessions FROM sessions WHERE expires IS NULL OR expires > $now";

/* Whether anything in the database was written in that time, or the database is new. */
static const char used_between[] =
	"SELECT NOT EXISTS (SELECT 1 FROM accounts)"
	" OR EXISTS (SELECT 1 FROM sessions WHERE last_used BETWEEN $from AND $until)"
	" OR EXISTS (SELECT 1 FROM accounts WHERE date_joined BETWEEN $from AND $until)"
	/* From the accounts: the other way it would be a walk through all changes, at every start. */
	" OR EXISTS (SELECT 1 FROM accounts a CROSS JOIN changes c WHERE c.account_id = a.id"
	"  AND c.revision = a.revision AND c.time BETWEEN $from AND $until) AS agrees";

const struct access_sql api_access_sql = {
	.session = session,
	.registration = registration,
	.refresh = refresh,
	.newest = "SELECT revision AS newest, tasks FROM accounts WHERE id = $account",
	.bulk_stands = "SELECT 1 AS stands FROM accounts"
		       " WHERE id = $account AND bulk = $bulk_number",
	.find_key = find_key,
	.save_rows = save_rows,
	.save_batch = save_batch,
	.save_problem = save_problem,
	.groups = member_groups,
	.session_count = session_count,
	.used_between = used_between,
};
