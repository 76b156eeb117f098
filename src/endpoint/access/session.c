/*
 * Who is asking. The token of a request is looked up in the same transaction as what is asked, so
 * that nobody acts on a session that has just ended.
 */
#include "access/session.h"
#include "http/connection.h"
#include "request_state.h"

#include "access/origin.h"
#include "base/container_of.h"
#include "server_internal.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COOKIE "todo_session"
#define BEARER "Bearer"
#define USER_AGENT_MOST 512

/*
 * It was last used an hour ago or more. Or a clock that was ahead has dated it: it does not stay so
 * until that time has come.
 */
#define STALE                                                                                      \
	"(last_used < $hour_ago OR ($settled = 1"                                                  \
	" AND (last_used > $now OR (name IS NULL AND expires > $new_expires))))"

/* Whose rows: so far nobody may see those of others, and so they are the asker's own. */
const char session_sql[] =
	"SELECT s.account_id AS asker, a.id AS account, s.id AS session, a.username = $username AS "
	"owner,"
	" a.username AS username, s.scope = 'read' AS reads, s.name IS NOT NULL AS program,"
	" " STALE " AS stale,"
	" a.revision AS newest, a.bulk AS bulk, a.hidden_from AS hidden_from,"
	" a.hidden_to AS hidden_to, a.emptied AS emptied, a.tasks AS tasks"
	" FROM sessions s JOIN accounts a ON a.id = s.account_id"
	" WHERE s.token = $session_token AND (s.expires IS NULL OR s.expires > $now)";

/* In the transaction that makes the account, so that of several first ones one is it. */
const char newcomer_sql[] = "SELECT 1 WHERE $registration = 'open'"
			    " OR ($registration = 'first' AND NOT EXISTS (SELECT 1 FROM accounts))";

/* A token's end stays where its owner put it. */
static const char touch_sql[] =
	"UPDATE sessions SET last_used = $now,"
	" expires = CASE WHEN name IS NULL THEN $new_expires ELSE expires END"
	" WHERE account_id = $asker AND id = $session"
	" AND " STALE;

/* The value of our cookie (RFC 6265, 4.2); two of them are none. */
static struct text find_cookie(const char *cookies)
{
	struct text found = { 0 };
	unsigned count = 0;

	while (*cookies != '\0') {
		cookies += strspn(cookies, " \t;");
		size_t length = strcspn(cookies, ";");
		size_t name = sizeof(COOKIE) - 1;
		if (length > name && cookies[name] == '=' && memcmp(cookies, COOKIE, name) == 0) {
			found = (struct text){ cookies + name + 1, length - name - 1 };
			count++;
		}
		cookies += length;
	}
	return count == 1 ? found : (struct text){ 0 };
}

/* Another scheme, which a proxy in front may ask for, is none of ours. */
static bool is_bearer(const char *authorization)
{
	size_t length = sizeof(BEARER) - 1;

	return strncasecmp(authorization, BEARER, length) == 0 &&
	       (authorization[length] == ' ' || authorization[length] == '\0');
}

enum credentials session_token(
	const char *authorization, const char *cookies, unsigned char hash[TOKEN_HASH_SIZE])
{
	bool bearer = authorization != NULL && is_bearer(authorization);
	struct text token = { 0 };

	if (bearer)
		token = text_of(authorization + sizeof(BEARER) - 1);
	else if (cookies != NULL)
		token = find_cookie(cookies);
	if (!bearer && token.length == 0)
		return CREDENTIALS_NONE;
	if (text_is_utf8(token)) /* else it is no token of ours */
		token = text_trim(token);
	crypto_hash_sha256(hash, (const unsigned char *)token.at, token.length);
	return bearer ? CREDENTIALS_BEARER : CREDENTIALS_COOKIE;
}

void session_read(struct request *request)
{
	origin_read(request);
	request->session.credentials = session_token(request->header[HEADER_AUTHORIZATION],
		request->header[HEADER_COOKIE], request->session.token);
	if (request->session.credentials != CREDENTIALS_NONE)
		request->values[SLOT_TOKEN] =
			(struct value){ VALUE_BLOB, .text = { (char *)request->session.token,
							    sizeof(request->session.token) } };
}

/* Whether a program's token asks for what takes a person's session. */
static bool is_for_person(const struct request *request)
{
	return request->route->endpoint->person && request->values[SLOT_PROGRAM].integer != 0;
}

/* Whether this is not for this session to do. */
static bool is_forbidden(const struct request *request)
{
	if (is_for_person(request))
		return true;
	if (method_endpoint_is_safe(request->route->endpoint->method) && !request->route->writes)
		return false;
	if (request->values[SLOT_READS].integer != 0)
		return true;
	/* A browser sends the cookie along whoever asks it to. */
	return request->session.credentials == CREDENTIALS_COOKIE && !request->session.same_origin;
}

bool session_admit(struct request *request, bool row)
{
	enum access access = request->route->endpoint->access;

	if (access == NEWCOMER)
		request->session.status = row ? 0 : 403;
	else if (!row)
		request->session.status = 401;
	else if (is_forbidden(request))
		request->session.status = 403;
	else if (access == OWNER && !request->values[SLOT_OWNER].integer)
		request->session.status = 404;
	return request->session.status == 0;
}

const char *session_denial(const struct request *request)
{
	switch (request->session.status) {
	case 401:
		return SESSION_NEEDED;
	case 403:
		if (request->route->endpoint->access == NEWCOMER)
			return "No further accounts are made here.";
		if (is_for_person(request))
			return "This takes a person's session: a program's token is not enough.";
		return "A change needs a token that may write, or a cookie from the same origin.";
	default:
		return "There is no such thing here.";
	}
}

/* What the client calls itself, if that is text; it is shown to the owner of the session. */
static void set_user_agent(struct request *request)
{
	const char *header = request->header[HEADER_USER_AGENT];
	struct text agent = header != NULL ? text_of(header) : TEXT("");

	if (agent.length > USER_AGENT_MOST || !text_is_utf8(agent) || text_has_control(agent, ""))
		agent = TEXT("");
	request->values[SLOT_USER_AGENT] = (struct value){ VALUE_TEXT, .text = agent };
}

void request_new_token(struct request *request)
{
	unsigned char random[32];
	struct text token = { request->session.new_token, 0 };

	randombytes_buf(random, sizeof(random));
	memcpy(request->session.new_token, "td_", 3);
	sodium_bin2base64(request->session.new_token + 3, TOKEN_SIZE - 3, random, sizeof(random),
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	token.length = strlen(token.at);
	crypto_hash_sha256(
		request->session.new_token_hash, (const unsigned char *)token.at, token.length);

	set_user_agent(request);
	request->values[SLOT_NEW_TOKEN] = (struct value){ VALUE_TEXT, .text = token };
	request->values[SLOT_NEW_TOKEN_HASH] =
		(struct value){ VALUE_BLOB, .text = { (char *)request->session.new_token_hash,
						    sizeof(request->session.new_token_hash) } };
	sodium_memzero(random, sizeof(random));
}

/* A job of its own: nobody waits for it. */
struct touch {
	struct job job;
	struct clock clock;
	struct value values[SLOTS_FIXED];
};

static void touch_done(struct work *work)
{
	struct touch *touch = container_of(work, struct touch, job.work);

	buffer_free(&touch->job.out);
	free(touch);
}

const struct statement *session_prepare(struct store *store)
{
	return store_prepare(store, touch_sql, route_fixed_slots());
}

void session_touch(struct request *request)
{
	struct server *server = request->server;

	if (request->values[SLOT_STALE].integer == 0)
		return;
	struct touch *touch = memory_zeroed(sizeof(*touch));
	touch->clock = *server_clock(server);
	touch->values[SLOT_ASKER] = request->values[SLOT_ASKER];
	touch->values[SLOT_SESSION] = request->values[SLOT_SESSION];
	clock_set_values(&touch->clock, touch->values);
	touch->job.statements = &server->touch;
	touch->job.count = 1;
	touch->job.values = touch->values;
	touch->job.work.done = touch_done;
	touch->job.work.share = share_of_request(request);
	store_exec(server->store, &touch->job);
}
