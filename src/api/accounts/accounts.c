/*
 * Accounts: register, read, edit, delete.
 */
#include "accounts/sessions.h"
#include "accounts/throttle.h"
#include "tables.h"

#define UID_RANDOM 8 /* bytes */
#define NEW_ACCOUNTS "1000" /* in ten minutes, from one address */

#define PROFILE "username, email, date_joined, time_zone"

/* clang-format off */
#define PROFILE_MEMBERS \
	{ "username", SCHEMA_TEXT }, \
	{ "email", SCHEMA_TEXT_OR_NULL }, \
	{ "date_joined", SCHEMA_TIME }, \
	{ "time_zone", SCHEMA_TEXT }
/* clang-format on */

static const struct member profile_members[] = { PROFILE_MEMBERS, { 0 } };
static const struct shape profile_shape = { "Profile", profile_members };

/* A new account comes with its first session. */
static const struct member registered_members[] = { PROFILE_MEMBERS, { "expires", SCHEMA_TIME },
	{ 0 } };
static const struct shape registered_shape = { "Registered", registered_members };

/* password2 is optional: a form may ask for the password twice. */
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

/* The hash becomes a value of the statement. */
static void password_hashed(struct request *request)
{
	*request_value(request, "hash") =
		(struct value){ VALUE_TEXT, .text = request_hashed(request) };
	request_exec(request, SQL, request_reply);
}

static bool asks_too_much(struct request *request)
{
	return is_throttled(request, "Too much was asked for from this address. Try again later.");
}

/* Whether $taken names a member that another account has; then the request is refused. */
static bool is_name_taken(struct request *request)
{
	const struct value *taken = request_value(request, "taken");

	if (taken->type == VALUE_NULL)
		return false;
	request_refuse(request, 409,
		text_equal(taken->text, TEXT("email")) ? "This email is taken already."
						       : "This username is taken already.");
	return true;
}

/* So that no other account, here or elsewhere, makes the same uids. */
static void set_uid_base(struct request *request)
{
	*request_value(request, "uid_base") =
		(struct value){ VALUE_TEXT, .text = request_random(request, UID_RANDOM) };
}

static void register_admitted(struct request *request)
{
	if (asks_too_much(request) || is_name_taken(request) || !request_reserve_hash(request))
		return;
	request_new_token(request);
	set_uid_base(request);
	request_hash(request, request_value(request, "password")->text, password_hashed);
}

/* Whether registration is allowed is checked before the password is hashed. */
static void register_start(struct request *request)
{
	request_exec(request, LOOKUP_SQL, register_admitted);
}

static void edit_verified(struct request *request)
{
	if (current_password_is_right(request) && request_reserve_hash(request))
		request_hash(request, request_value(request, "password")->text, password_hashed);
}

static void edit_admitted(struct request *request)
{
	if (asks_too_much(request) || is_name_taken(request))
		return;
	if (request_given(request, "password"))
		current_password_verify(request, edit_verified);
	else
		request_exec(request, SQL, request_reply);
}

/* The session, and whether the email is free, are checked before a password is hashed. */
static void edit_start(struct request *request)
{
	bool names_email = request_value(request, "email")->type != VALUE_NULL;

	if (names_email || request_given(request, "password"))
		request_exec(request, LOOKUP_SQL, edit_admitted);
	else
		request_exec(request, SQL, request_reply);
}

static void delete_verified(struct request *request)
{
	if (current_password_is_right(request))
		request_exec(request, SQL, request_reply);
}

static void delete_admitted(struct request *request)
{
	current_password_verify(request, delete_verified);
}

/* The session suffices. A password is optional, but must be right if it is sent. */
static void delete_start(struct request *request)
{
	if (request_given(request, "current_password"))
		request_exec(request, LOOKUP_SQL, delete_admitted);
	else
		request_exec(request, SQL, request_reply);
}

/* A hash is counted before it is made, in a job of its own: no later failure reverts the count. */
#define HASHES "$wait IS NULL AND $taken IS NULL"

/* clang-format off */
/* For PUT and for PATCH. */
#define EDIT_PROFILE \
	.input	= { \
		{ "email",	IN_BODY, INPUT_EMAIL }, \
		{ "password",	IN_BODY, INPUT_PASSWORD }, \
		{ "time_zone",	IN_BODY, INPUT_ZONE }, \
		{ "password2",	IN_BODY, INPUT_STRING }, \
		{ "current_password", IN_BODY, INPUT_STRING }, \
		{ "time_zone",	IN_BODY, INPUT_ZONE }, \
		{ "username",	IN_BODY, INPUT_READ_ONLY }, \
		{ "date_joined", IN_BODY, INPUT_READ_ONLY }, \
		{ "msg",	IN_BODY, INPUT_READ_ONLY }, \
		{ "token",	IN_BODY, INPUT_READ_ONLY }, \
		{ "expires",	IN_BODY, INPUT_READ_ONLY }, \
	}, \
	.value	= { TEXT_SLOT("hash"), TEXT_SLOT("old_hash"), TEXT_SLOT("wait"), \
		TEXT_SLOT("taken") }, \
	.body_max = BODY_SMALL, \
	.check	= check_edit, \
	.any_time = true, \
	.start	= edit_start, \
	.lookup_sql	= { \
		THROTTLE_WAIT("$email IS NOT NULL AND (" THROTTLE_FULL(THROTTLE_TAKEN, ADDRESS_TAKEN) \
			" OR " THROTTLE_FULL(THROTTLE_ASKED, ACCOUNT_TAKEN) ")" \
			" OR $password_given <> 0 AND (" THROTTLE_LOGIN ")"), \
		"SELECT 'email' AS taken FROM accounts WHERE email = $email AND id <> $account" \
		" AND $wait IS NULL", \
		THROTTLE_COUNT_IF(THROTTLE_TAKEN, "$taken IS NOT NULL"), \
		THROTTLE_COUNT_IF(THROTTLE_ASKED, "$taken IS NOT NULL"), \
		/* One for the current password, one for the new one. */ \
		THROTTLE_COUNT_IF(THROTTLE_HASHES, HASHES " AND $password_given <> 0"), \
		THROTTLE_COUNT_IF(THROTTLE_HASHES, HASHES " AND $password_given <> 0"), \
		VERIFY_HASH, \
	}, \
	.alternative_sql	= { VERIFY_FAILED }, \
	.sql	= { \
		"DELETE FROM throttle WHERE key = " THROTTLE_NAME " AND $password_given <> 0", \
		"DELETE FROM sessions WHERE account_id = $asker AND id <> $session AND $password_given <> 0", \
		"UPDATE accounts SET email = CASE WHEN $email_given <> 0 THEN $email ELSE email END," \
		" password = CASE WHEN $password_given <> 0 THEN $hash ELSE password END," \
		" time_zone = CASE WHEN $time_zone_given <> 0 THEN $time_zone ELSE time_zone END" \
		" WHERE id = $account RETURNING " PROFILE, \
	}

/* For the API, and for the form of the page. */
#define REGISTER \
	.access	= ACCESS_REGISTRATION, \
	.input	= { \
		{ "username",	IN_BODY, INPUT_USERNAME, .required = true }, \
		{ "email",	IN_BODY, INPUT_EMAIL }, \
		{ "password",	IN_BODY, INPUT_PASSWORD, .required = true }, \
		{ "time_zone",	IN_BODY, INPUT_ZONE }, \
		{ "password2",	IN_BODY, INPUT_STRING }, \
		{ "time_zone",	IN_BODY, INPUT_ZONE }, \
		{ "date_joined", IN_BODY, INPUT_READ_ONLY }, \
		{ "msg",	IN_BODY, INPUT_READ_ONLY }, \
		{ "token",	IN_BODY, INPUT_READ_ONLY }, \
		{ "expires",	IN_BODY, INPUT_READ_ONLY }, \
	}, \
	.value	= { TEXT_SLOT("hash"), TEXT_SLOT("wait"), TEXT_SLOT("taken") }, \
	.body_max = BODY_SMALL, \
	.check	= check_password2, \
	.start	= register_start, \
	.lookup_sql	= { \
		THROTTLE_WAIT(THROTTLE_FULL(THROTTLE_NEW, NEW_ACCOUNTS) \
			" OR " THROTTLE_FULL(THROTTLE_TAKEN, ADDRESS_TAKEN) \
			" OR " THROTTLE_FULL(THROTTLE_HASHES, ADDRESS_HASHES)), \
		"SELECT CASE WHEN username = $username THEN 'username' ELSE 'email' END AS taken" \
		" FROM accounts WHERE (username = $username OR email = $email) AND $wait IS NULL" \
		" ORDER BY username = $username DESC LIMIT 1", \
		THROTTLE_COUNT_IF(THROTTLE_TAKEN, "$taken IS NOT NULL"), \
		THROTTLE_COUNT_IF(THROTTLE_HASHES, HASHES), \
		THROTTLE_TRIM, \
	}, \
	.sql	= { \
		THROTTLE_COUNT(THROTTLE_NEW), \
		THROTTLE_TRIM, \
		"INSERT INTO accounts (username, email, password, date_joined, uid_base, time_zone)" \
		" VALUES ($username, $email, $hash, $now, $uid_base || '-', coalesce($time_zone, 'UTC'))" \
		" RETURNING id AS asker", \
		SESSION_INSERT, \
		"SELECT " PROFILE ", $new_expires AS expires" \
		" FROM accounts WHERE id = $asker", \
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
		SHOW_TOKEN,
		.location = "/api/v1/accounts/{username}",
	},
	{
		.method	= POST,
		.path	= "/plain/register",
		.html	= true,
		REGISTER,
		.see_other = "../plain",
		.cookie	= COOKIE_SET,
	},
	{
		.name	= "single profile detail",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}",
		.access	= OWNER,
		.sql	= { "SELECT " PROFILE " FROM accounts WHERE id = $account" },
		.shape	= &profile_shape,
	},
	{
		.name	= "edit profile",
		.method	= PUT,
		.path	= "/api/v1/accounts/{username}",
		.access	= OWNER,
		.person	= true,
		EDIT_PROFILE,
		.msg	= "updated",
		.shape	= &profile_shape,
	},
	{
		.name	= "patch profile",
		.method	= PATCH,
		.path	= "/api/v1/accounts/{username}",
		.access	= OWNER,
		.person	= true,
		EDIT_PROFILE,
		.msg	= "updated",
		.shape	= &profile_shape,
	},
	{
		.name	= "delete profile",
		.method	= DELETE,
		.path	= "/api/v1/accounts/{username}",
		.access	= OWNER,
		.person	= true,
		.input	= { { "current_password", IN_BODY, INPUT_STRING } },
		.value	= { TEXT_SLOT("old_hash"), TEXT_SLOT("wait") },
		.start	= delete_start,
		.lookup_sql	= { THROTTLE_WAIT(THROTTLE_LOGIN), VERIFY_COUNT, VERIFY_HASH },
		.alternative_sql	= { VERIFY_FAILED },
		/*
		 * The sweep (sweep.c) removes its other rows in steps. No statement reaches them.
		 */
		.sql	= { "DELETE FROM accounts WHERE id = $account RETURNING id" },
		.msg	= "deleted",
		.no_row	= true,
		.sweeps	= true,
		.any_time = true,
	},
	{ 0 },
};
