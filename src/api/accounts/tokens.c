/*
 * API tokens. Each has a name, a scope, and optionally an expiry date. They are rows of the table
 * sessions, because the lookup of a request reads that table.
 */
#include "accounts/sessions.h"
#include "tables.h"

#define SCOPES "read read-write"
#define SCHEMA_SCOPE "{\"enum\":[\"read\",\"read-write\"]}"

static const struct member token_members[] = {
	{ "id", SCHEMA_INTEGER },
	{ "name", SCHEMA_TEXT },
	{ "scope", SCHEMA_SCOPE },
	{ "created", SCHEMA_TIME },
	{ "last_used", SCHEMA_TIME },
	{ "expires", SCHEMA_DATE_OR_NULL },
	{ 0 },
};
static const struct shape token_shape = { "Token", token_members };

/* The reply also has the token itself, this one time. */
static const struct member new_token_members[] = {
	{ "id", SCHEMA_INTEGER },
	{ "name", SCHEMA_TEXT },
	{ "scope", SCHEMA_SCOPE },
	{ "expires", SCHEMA_DATE_OR_NULL },
	{ 0 },
};
static const struct shape new_token_shape = { "NewToken", new_token_members };

/* Both forms of a date sort as text. A token with a day expires when that day begins. */
static void check_expires(struct request *request)
{
	const struct value *expires = request_value(request, "expires");
	const struct value *now = request_value(request, "now");

	if (expires->type == VALUE_TEXT && text_compare(expires->text, now->text) <= 0)
		request_fault(request, "expires", "must be in the future");
}

static void create_start(struct request *request)
{
	request_new_token(request);
	request_exec(request, SQL, request_reply);
}

/* clang-format off */
const struct endpoint token_endpoints[] = {
	{
		.name	= "create token",
		.method	= POST,
		.path	= "/api/v1/accounts/{username}/tokens",
		.access	= OWNER,
		.person	= true,
		.input	= {
			{ "name",	IN_BODY, INPUT_LINE, .required = true, .max = 100 },
			{ "scope",	IN_BODY, INPUT_CHOICE, .required = true,
				.choices = SCOPES },
			{ "expires",	IN_BODY, INPUT_DATE },
			{ "id",		IN_BODY, INPUT_READ_ONLY },
			{ "msg",	IN_BODY, INPUT_READ_ONLY },
			{ "username",	IN_BODY, INPUT_READ_ONLY },
			{ "token",	IN_BODY, INPUT_READ_ONLY },
			{ "created",	IN_BODY, INPUT_READ_ONLY },
			{ "last_used",	IN_BODY, INPUT_READ_ONLY },
		},
		.check	= check_expires,
		.start	= create_start,
		.sql	= {
			"DELETE FROM sessions WHERE account_id = $asker AND expires <= $now",
			"INSERT INTO sessions (token, id, account_id, name, scope, created, last_used, expires)"
			" SELECT $new_token_hash, " NEXT_SESSION ", $asker, $name, $scope, $now, $now, $expires"
			" WHERE (SELECT count(*) FROM sessions WHERE account_id = $asker AND name IS NOT NULL)"
			" < $max_tokens",
			"SELECT id, name, scope, expires"
			" FROM sessions WHERE token = $new_token_hash",
		},
		.status	= 201,
		.msg	= "created",
		.shape	= &new_token_shape,
		.any_time = true,
		SHOW_TOKEN,
		.limit	= "max_tokens",
		.not_replayable	= true,
	},
	{
		.name	= "tokens",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}/tokens",
		.access	= OWNER,
		.person	= true,
		.sql	= {
			"SELECT id, name, scope, created, last_used, expires"
			" FROM sessions WHERE " LIVE_SESSIONS " AND name IS NOT NULL ORDER BY id",
		},
		.username = true,
		.array	= "tokens",
		.shape	= &token_shape,
	},
	{
		.name	= "delete token",
		.method	= DELETE,
		.path	= "/api/v1/accounts/{username}/tokens/{id}",
		.access	= OWNER,
		.person	= true,
		.sql	= {
			"DELETE FROM sessions WHERE account_id = $asker AND id = $id AND name IS NOT NULL"
			" RETURNING id",
		},
		.msg	= "deleted",
		.no_row	= true,
		.any_time = true,
	},
	{ 0 },
};
