/*
 * Log in and out. Login is slow by design, says the same of a wrong password and of an unknown
 * name, and counts what fails, by name and by address.
 */
#include "tables.h"
#include "sessions.h"

static const struct member login_members[] = {
	{ "username", SCHEMA_TEXT },
	{ "token", SCHEMA_TEXT },
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

#define WINDOW_SECONDS 600
#define NAME_FAILURES "10"     /* in a window, of one name, whoever guesses */
#define ADDRESS_FAILURES "200" /* in a window, from one address, whatever the names */

#define WINDOW_END "strftime('%Y-%m-%dT%H:%M:%SZ', $now, '+600 seconds')"

#define BY_NAME "'name ' || substr($username, 1, 64)"
#define BY_ADDRESS "'from ' || $address"

/* Whether a login may not be tried now: 1 or 0. */
#define THROTTLED                                                                                  \
	"EXISTS (SELECT 1 FROM throttle WHERE until > $now AND"                                    \
	" ((key = " BY_NAME " AND failures >= " NAME_FAILURES ")"                                  \
	" OR (key = " BY_ADDRESS " AND failures >= " ADDRESS_FAILURES ")))"

#define COUNT_FAILURE(key)                                                                         \
	"INSERT INTO throttle (key, failures, until) VALUES (" key ", 1, " WINDOW_END ")"          \
	" ON CONFLICT (key) DO UPDATE SET"                                                         \
	" failures = iif(until > $now, failures + 1, 1),"                                          \
	" until = iif(until > $now, until, " WINDOW_END ")"

#define LOGOUT "DELETE FROM sessions WHERE account_id = $me AND id = $session RETURNING id"

static void refuse_throttled(struct request *request)
{
	request_refuse_for(request, 429, WINDOW_SECONDS,
		"There were too many failed logins. Try again later.");
}

/* One more than the last failure that is let through. */
static void login_failed(struct request *request)
{
	if (request_value(request, "throttled")->integer > 0)
		refuse_throttled(request);
	else
		request_refuse(request, 401, "The name or the password is wrong.");
}

static void login_done(struct request *request)
{
	if (request_rows(request) == 0)
		refuse_throttled(request);
	else
		request_reply(request);
}

static void login_verified(struct request *request)
{
	request_new_token(request);
	if (request_verified(request) && request_value(request, "me")->type == VALUE_INTEGER)
		request_exec(request, SQL, login_done);
	else
		request_exec(request, OTHER, login_failed);
}

/* An unknown name has no hash: that of nobody is verified instead. */
static void login_found(struct request *request)
{
	if (request_value(request, "throttled")->integer > 0)
		refuse_throttled(request);
	else
		request_verify(request, request_value(request, "password")->text,
			request_value(request, "hash")->text, login_verified);
}

static void login_start(struct request *request)
{
	if (request_reserve_hash(request))
		request_exec(request, BEFORE, login_found);
}

/* clang-format off */
/* By the API, and by the form of the page. */
#define LOGIN \
	.input	= { \
		{ "username",	BODY, STRING, .required = true }, \
		{ "password",	BODY, STRING, .required = true }, \
		{ "msg",	BODY, SHOWN }, \
		{ "token",	BODY, SHOWN }, \
		{ "expires",	BODY, SHOWN }, \
	}, \
	.value	= { "hash", "throttled" }, \
	.start	= login_start, \
	.before	= { \
		"SELECT " THROTTLED " AS throttled", \
		"SELECT id AS me, username, password AS hash FROM accounts" \
		" WHERE username = $username", \
	}, \
	.other	= { \
		"SELECT " THROTTLED " AS throttled", \
		COUNT_FAILURE(BY_NAME), \
		COUNT_FAILURE(BY_ADDRESS), \
		"DELETE FROM throttle WHERE until <= $now", \
	}, \
	.sql	= { \
		SESSION_COLUMNS " SELECT " SESSION_VALUES " FROM accounts" \
		" WHERE id = $me AND password = $hash AND NOT " THROTTLED, \
		"DELETE FROM throttle WHERE key = " BY_NAME " AND failures < " NAME_FAILURES, \
		"DELETE FROM sessions WHERE expires <= $now", \
		"SELECT a.username, $new_token AS token, s.expires" \
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
		.cookie	= COOKIE_SET,
	},
	{
		.method	= POST,
		.path	= "/plain/login",
		.page	= true,
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
		.input	= { { "msg", BODY, SHOWN } },
		.sql	= { LOGOUT },
		.msg	= "logged out",
		.no_row	= true,
		.cookie	= COOKIE_CLEARED,
	},
	{
		.name	= "sessions",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}/sessions",
		.access	= OWNER,
		.sql	= {
			"SELECT id, created, last_used, user_agent, id = $session AS \"current:bool\""
			" FROM sessions WHERE " LIVE_SESSIONS " AND name IS NULL ORDER BY id",
		},
		.username = true,
		.many	= "sessions",
		.shape	= &session_shape,
	},
	{
		.name	= "delete session",
		.method	= DELETE,
		.path	= "/api/v1/accounts/{username}/sessions/{id}",
		.access	= OWNER,
		.sql	= {
			"DELETE FROM sessions WHERE account_id = $me AND id = $id AND name IS NULL"
			" RETURNING id",
		},
		.msg	= "deleted",
		.no_row	= true,
	},
	{ 0 },
};
