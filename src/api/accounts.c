/*
 * Accounts: register, look, edit, delete.
 */
#include "tables.h"
#include "sessions.h"
#include "throttle.h"

#define NEW_ACCOUNTS "1000" /* in a window, from one address */

#define PROFILE "username, email, date_joined"

/* clang-format off */
#define PROFILE_MEMBERS \
	{ "username", SCHEMA_TEXT }, \
	{ "email", SCHEMA_TEXT_OR_NULL }, \
	{ "date_joined", SCHEMA_TIME }
/* clang-format on */

static const struct member profile_members[] = { PROFILE_MEMBERS, { 0 } };
static const struct shape profile_shape = { "Profile", profile_members };

/* A new account comes with its first session. */
static const struct member registered_members[] = { PROFILE_MEMBERS, { "token", SCHEMA_TEXT },
	{ "expires", SCHEMA_TIME }, { 0 } };
static const struct shape registered_shape = { "Registered", registered_members };

/* password2 is for people who type a password twice. */
static void check_password2(struct request *request)
{
	if (request_given(request, "password2") &&
		!text_equal(request_value(request, "password")->text,
			request_value(request, "password2")->text))
		request_fault(request, "password2", "must equal the password");
}

static void check_edit(struct request *request)
{
	check_password2(request);
	if (request_given(request, "password") && !request_given(request, "current_password"))
		request_fault(request, "current_password", "is required for a new password");
}

/* The hash is in hand: it goes into the statement. */
static void password_hashed(struct request *request)
{
	*request_value(request, "hash") =
		(struct value){ VALUE_TEXT, .text = request_hashed(request) };
	request_exec(request, SQL, request_reply);
}

static void register_admitted(struct request *request)
{
	const struct value *wait = request_value(request, "wait");

	if (wait->type != VALUE_NULL) {
		request_refuse_for(request, 429, (int)wait->integer,
			"Many accounts were made from this address. Try again later.");
		return;
	}
	if (!request_reserve_hash(request))
		return;
	request_new_token(request);
	request_hash(request, request_value(request, "password")->text, password_hashed);
}

/* Whether an account may be made is settled before a password costs anything. */
static void register_start(struct request *request)
{
	request_exec(request, BEFORE, register_admitted);
}

static void edit_verified(struct request *request)
{
	if (!request_verified(request)) {
		request_fault(request, "current_password", "is not the password");
		request_refuse(request, 422, "Some members are not as they should be.");
		return;
	}
	if (request_reserve_hash(request))
		request_hash(request, request_value(request, "password")->text, password_hashed);
}

static void edit_found(struct request *request)
{
	if (request_reserve_hash(request))
		request_verify(request, request_value(request, "current_password")->text,
			request_value(request, "old_hash")->text, edit_verified);
}

/* Who asks is settled before a password costs anything. */
static void edit_start(struct request *request)
{
	if (request_given(request, "password"))
		request_exec(request, BEFORE, edit_found);
	else
		request_exec(request, SQL, request_reply);
}

/* clang-format off */
/* PUT and PATCH alike. */
#define EDIT_PROFILE \
	.input	= { \
		{ "email",	BODY, EMAIL }, \
		{ "password",	BODY, PASSWORD }, \
		{ "password2",	BODY, STRING }, \
		{ "current_password", BODY, STRING }, \
		{ "username",	BODY, SHOWN }, \
		{ "date_joined", BODY, SHOWN }, \
		{ "msg",	BODY, SHOWN }, \
		{ "token",	BODY, SHOWN }, \
		{ "expires",	BODY, SHOWN }, \
	}, \
	.value	= { "hash", "old_hash" }, \
	.body_most = BODY_SMALL, \
	.check	= check_edit, \
	.start	= edit_start, \
	.before	= { "SELECT password AS old_hash FROM accounts WHERE id = $me" }, \
	.sql	= { \
		"DELETE FROM sessions WHERE account_id = $me AND id <> $session AND $password_given", \
		"UPDATE accounts SET email = iif($email_given, $email, email)," \
		" password = iif($password_given, $hash, password)" \
		" WHERE id = $me RETURNING " PROFILE, \
	}

/* By the API, and by the form of the page. */
#define REGISTER \
	.access	= NEWCOMER, \
	.input	= { \
		{ "username",	BODY, USERNAME, .required = true }, \
		{ "email",	BODY, EMAIL }, \
		{ "password",	BODY, PASSWORD, .required = true }, \
		{ "password2",	BODY, STRING }, \
		{ "date_joined", BODY, SHOWN }, \
		{ "msg",	BODY, SHOWN }, \
		{ "token",	BODY, SHOWN }, \
		{ "expires",	BODY, SHOWN }, \
	}, \
	.value	= { "hash", "wait" }, \
	.body_most = BODY_SMALL, \
	.check	= check_password2, \
	.start	= register_start, \
	.before	= { THROTTLE_WAIT(THROTTLE_FULL(THROTTLE_NEW, NEW_ACCOUNTS)) }, \
	.sql	= { \
		THROTTLE_COUNT(THROTTLE_NEW), \
		THROTTLE_TRIM, \
		"INSERT INTO accounts (username, email, password, date_joined)" \
		" VALUES ($username, $email, $hash, $now) RETURNING id AS me", \
		SESSION_INSERT, \
		"SELECT " PROFILE ", $new_token AS token, $new_expires AS expires" \
		" FROM accounts WHERE id = $me", \
	}

const struct endpoint account_endpoints[] = {
	{
		.name	= "register",
		.method	= POST,
		.path	= "/api/v1/accounts",
		REGISTER,
		.status	= 201,
		.msg	= "registered",
		.shape	= &registered_shape,
		.location = "/api/v1/accounts/{username}",
	},
	{
		.method	= POST,
		.path	= "/plain/register",
		.page	= true,
		REGISTER,
		.see_other = "../plain",
		.cookie	= COOKIE_SET,
	},
	{
		.name	= "single profile detail",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}",
		.access	= OWNER,
		.sql	= { "SELECT " PROFILE " FROM accounts WHERE id = $me" },
		.shape	= &profile_shape,
	},
	{
		.name	= "edit profile",
		.method	= PUT,
		.path	= "/api/v1/accounts/{username}",
		.access	= OWNER,
		EDIT_PROFILE,
		.msg	= "updated",
		.shape	= &profile_shape,
	},
	{
		.name	= "patch profile",
		.method	= PATCH,
		.path	= "/api/v1/accounts/{username}",
		.access	= OWNER,
		EDIT_PROFILE,
		.msg	= "updated",
		.shape	= &profile_shape,
	},
	{
		.name	= "delete profile",
		.method	= DELETE,
		.path	= "/api/v1/accounts/{username}",
		.access	= OWNER,
		.sql	= {
			"DELETE FROM words WHERE rowid BETWEEN $me << 40 AND ($me + 1 << 40) - 1",
			"DELETE FROM accounts WHERE id = $me RETURNING id",
		},
		.msg	= "deleted",
		.no_row	= true,
	},
	{ 0 },
};
