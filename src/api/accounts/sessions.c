/*
 * Login, logout and the list of sessions. Login is slow by design, has the same reply for a wrong
 * password and for an unknown name, and counts failures by name and by address.
 */
#include "accounts/sessions.h"
#include "accounts/throttle.h"
#include "tables.h"

static const struct member login_members[] = {
	{ "username", SCHEMA_TEXT },
	{ "expires", SCHEMA_TIME },
	{ 0 },
};
static const struct shape login_shape = { "Login", login_members };

static const struct member session_members[] = {
	{ "id", SCHEMA_INTEGER },
	{ "created", SCHEMA_TIME },
	{ "last_used", SCHEMA_TIME },
	{ "user_agent", SCHEMA_TEXT },
	{ "current", SCHEMA_BOOL },
	{ 0 },
};
static const struct shape session_shape = { "Session", session_members };

static const struct member ended_members[] = { { "count", SCHEMA_INTEGER }, { 0 } };
static const struct shape ended_shape = { "EndedSessions", ended_members };

/*
 * Above the limit the least recently used sessions end. The new one stays, even if the clock was
 * wrong when the others were used.
 */
#define OTHER_SESSIONS "account_id = $asker AND name IS NULL AND token <> $new_token_hash"
#define END_LONGEST_UNUSED                                                                         \
	"DELETE FROM sessions WHERE " OTHER_SESSIONS                                               \
	" AND EXISTS (SELECT 1 FROM sessions WHERE token = $new_token_hash)"                       \
	" AND (last_used, id) <= (SELECT last_used, id FROM sessions WHERE " OTHER_SESSIONS        \
	" ORDER BY last_used DESC, id DESC LIMIT 1 OFFSET $max_sessions - 1)"

#define LOGOUT "DELETE FROM sessions WHERE account_id = $asker AND id = $session RETURNING id"

static void login_failed(struct request *request)
{
	if (!is_throttled(request, LOGIN_THROTTLED))
		request_refuse(request, 401, "The name or the password is wrong.");
}

/* There is no row if the password was changed, or the account deleted, since the lookup. */
static void login_done(struct request *request)
{
	if (request_rows(request) == 0)
		login_failed(request);
	else
		request_reply(request);
}

static void login_verified(struct request *request)
{
	request_new_token(request);
	if (request_verified(request) && request_value(request, "asker")->type == VALUE_INTEGER)
		request_exec(request, SQL, login_done);
	else
		request_exec(request, ALTERNATIVE_SQL, login_failed);
}

/* An unknown name has no hash. request_verify() then takes as long with another one, and fails. */
static void login_found(struct request *request)
{
	if (!is_throttled(request, LOGIN_THROTTLED))
		request_verify(request, request_value(request, "password")->text,
			request_value(request, "hash")->text, login_verified);
}

static void login_start(struct request *request)
{
	if (request_reserve_hash(request))
		request_exec(request, LOOKUP_SQL, login_found);
}

/* clang-format off */
/* For the API, and for the form of the page. */
#define LOGIN \
	.input	= { \
		{ "username",	IN_BODY, INPUT_STRING, .required = true }, \
		{ "password",	IN_BODY, INPUT_STRING, .required = true }, \
		{ "msg",	IN_BODY, INPUT_READ_ONLY }, \
		{ "token",	IN_BODY, INPUT_READ_ONLY }, \
		{ "expires",	IN_BODY, INPUT_READ_ONLY }, \
	}, \
	.value	= { TEXT_SLOT("hash"), TEXT_SLOT("wait"), TEXT_SLOT("cookie_refused") }, \
	.body_max = BODY_SMALL, \
	.start	= login_start, \
	.lookup_sql	= { \
		THROTTLE_WAIT(THROTTLE_LOGIN), \
		VERIFY_COUNT, \
		"SELECT id AS asker, username, password AS hash FROM accounts" \
		" WHERE username = $username", \
	}, \
	.alternative_sql	= { VERIFY_FAILED }, \
	.sql	= { \
		THROTTLE_WAIT(THROTTLE_FAILED), \
		SESSION_COLUMNS " SELECT " SESSION_VALUES " FROM accounts" \
		" WHERE id = $asker AND password = $hash AND $wait IS NULL", \
		"DELETE FROM throttle WHERE key = " THROTTLE_NAME " AND $wait IS NULL", \
		"DELETE FROM sessions WHERE expires <= $now AND $settled = 1", \
		END_LONGEST_UNUSED, \
		THROTTLE_TRIM, \
		"SELECT a.username, s.expires" \
		" FROM sessions s JOIN accounts a ON a.id = s.account_id" \
		" WHERE s.token = $new_token_hash", \
	}

const struct endpoint session_endpoints[] = {
	{
		.name	= "login",
		.method	= POST,
		.path	= "/api/v1/accounts/login",
		LOGIN,
		.msg	= "logged in",
		.shape	= &login_shape,
		SHOW_LOGIN,
		.cookie	= COOKIE_SET,
	},
	{
		.method	= POST,
		.path	= "/plain/login",
		.html	= true,
		LOGIN,
		.see_other = "../plain",
		.cookie	= COOKIE_SET,
	},
	{
		.name	= "logout",
		.method	= GET,
		.path	= "/api/v1/accounts/logout",
		.access	= SESSION,
		.sql	= { LOGOUT },
		.msg	= "logged out",
		.no_row	= true,
		.cookie	= COOKIE_CLEARED,
	},
	{
		.name	= "logout by form",
		.method	= POST,
		.path	= "/api/v1/accounts/logout",
		.access	= SESSION,
		.input	= { { "msg", IN_BODY, INPUT_READ_ONLY } },
		.sql	= { LOGOUT },
		.msg	= "logged out",
		.no_row	= true,
		.any_time = true,
		.cookie	= COOKIE_CLEARED,
	},
	{
		.name	= "sessions",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}/sessions",
		.access	= OWNER,
		.person	= true,
		.sql	= {
			"SELECT id, created, last_used, user_agent, id = $session AS \"current:bool\""
			" FROM sessions WHERE " LIVE_SESSIONS " AND name IS NULL ORDER BY id",
		},
		.username = true,
		.array	= "sessions",
		.shape	= &session_shape,
	},
	{
		.name	= "delete sessions",
		.method	= DELETE,
		.path	= "/api/v1/accounts/{username}/sessions",
		.access	= OWNER,
		.person	= true,
		.value	= { INTEGER_SLOT("count") },
		.sql	= {
			"SELECT count(*) AS count FROM sessions WHERE " LIVE_SESSIONS
			" AND name IS NULL AND id <> $session",
			"DELETE FROM sessions WHERE account_id = $asker AND name IS NULL AND id <> $session",
			"SELECT $count AS count",
		},
		.msg	= "deleted",
		.shape	= &ended_shape,
		.any_time = true,
	},
	{
		.name	= "delete session",
		.method	= DELETE,
		.path	= "/api/v1/accounts/{username}/sessions/{id}",
		.access	= OWNER,
		.person	= true,
		.sql	= {
			"DELETE FROM sessions WHERE account_id = $asker AND id = $id AND name IS NULL"
			" RETURNING id",
		},
		.msg	= "deleted",
		.no_row	= true,
		.any_time = true,
	},
	{ 0 },
};
