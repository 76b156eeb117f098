/*
 * The token of a request is looked up in the transaction of its own statements, so that no request
 * runs on a session that has just ended. The statements are in api/accounts/access_sql.c.
 */
#include "access/session.h"

#include "access/origin.h"
#include "base/container_of.h"
#include "base/memory.h"
#include "http/connection.h"
#include "http/input.h"
#include "state/clock.h"
#include "state/request_state.h"
#include "state/server_state.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COOKIE "todo_session"
#define BEARER "Bearer"
#define USER_AGENT_MOST 512

/* The value of our cookie (RFC 6265, 4.2); empty where there is none, or more than one. */
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

/* A proxy in front may ask for another scheme, which is ignored here. */
static bool is_bearer(const char *authorization)
{
	size_t length = sizeof(BEARER) - 1;

	return strncasecmp(authorization, BEARER, length) == 0 &&
	       (authorization[length] == ' ' || authorization[length] == '\0');
}

/*
 * The hash of the token in these headers (NULL: not sent), and which of them has it. A bearer token
 * wins over the cookie.
 */
static enum credentials read_token(
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
	crypto_hash_sha256(hash, (const unsigned char *)token.data, token.length);
	return bearer ? CREDENTIALS_BEARER : CREDENTIALS_COOKIE;
}

void session_read(struct request *request)
{
	if (request->header[HEADER_ORIGIN] != NULL ||
		request->header[HEADER_SEC_FETCH_SITE] != NULL)
		origin_read(request);
	request->session.credentials = read_token(request->header[HEADER_AUTHORIZATION],
		request->header[HEADER_COOKIE], request->session.token);
	if (request->session.credentials != CREDENTIALS_NONE)
		request->values[SLOT_TOKEN] =
			(struct value){ VALUE_BLOB, .text = { (char *)request->session.token,
							    sizeof(request->session.token) } };
}

/* The User-Agent, where it is short and printable: the list of sessions shows it. */
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
	token.length = strlen(token.data);
	crypto_hash_sha256(
		request->session.new_token_hash, (const unsigned char *)token.data, token.length);

	set_user_agent(request);
	request->values[SLOT_NEW_TOKEN] = (struct value){ VALUE_TEXT, .text = token };
	request->values[SLOT_NEW_TOKEN_HASH] =
		(struct value){ VALUE_BLOB, .text = { (char *)request->session.new_token_hash,
						    sizeof(request->session.new_token_hash) } };
	sodium_memzero(random, sizeof(random));
}

/* A job that nothing waits for. */
struct refresh {
	struct job job;
	struct clock clock;
	struct value values[SLOTS_FIXED];
};

static void refresh_done(struct work *work)
{
	struct refresh *refresh = container_of(work, struct refresh, job.work);

	buffer_free(&refresh->job.out);
	free(refresh);
}

void session_refresh(struct request *request)
{
	struct server *server = request->server;
	struct refresh *refresh = memory_zeroed(sizeof(*refresh));

	refresh->clock = *server_clock(server);
	refresh->values[SLOT_ASKER] = request->values[SLOT_ASKER];
	refresh->values[SLOT_SESSION] = request->values[SLOT_SESSION];
	clock_set_values(&refresh->clock, refresh->values);
	refresh->job.statements = &server->session_refresh;
	refresh->job.count = 1;
	refresh->job.values = refresh->values;
	refresh->job.work.done = refresh_done;
	refresh->job.work.share = share_of_request(request);
	store_exec(server->store, &refresh->job);
}

/* ---- before there is a request ---- */

/* Of a request that announces a large body: whether its session is good. */
struct lookup {
	struct job job;
	struct session_lookup *asked;
	struct clock clock;
	unsigned char token[TOKEN_HASH_SIZE]; /* its hash */
	struct value values[SLOTS_FIXED];
};

/* Where the lookup has failed, the request is let through, and will fail by itself. */
static void lookup_done(struct work *work)
{
	struct lookup *lookup = container_of(work, struct lookup, job.work);
	bool looked = lookup->job.result == STORE_DONE;

	connection_finish_lookup(lookup->asked,
		!looked || lookup->values[SLOT_ASKER].type != VALUE_NULL,
		lookup->values[SLOT_ASKER].integer);
	buffer_free(&lookup->job.out);
	arena_free(&lookup->job.arena);
	free(lookup);
}

bool session_start_lookup(
	void *owner, const char *authorization, const char *cookie, struct session_lookup *asked)
{
	struct server *server = owner;
	unsigned char token[TOKEN_HASH_SIZE];

	if (read_token(authorization, cookie, token) == CREDENTIALS_NONE)
		return false;
	struct lookup *lookup = memory_zeroed(sizeof(*lookup));
	lookup->asked = asked;
	lookup->clock = *server_clock(server);
	memcpy(lookup->token, token, sizeof(token));
	lookup->values[SLOT_TOKEN] = (struct value){ VALUE_BLOB,
		.text = { (char *)lookup->token, sizeof(lookup->token) } };
	clock_set_values(&lookup->clock, lookup->values);
	lookup->job = (struct job){ .work.done = lookup_done,
		.statements = &server->session_lookup,
		.count = 1,
		.values = lookup->values,
		.discard_rows = true };
	store_exec(server->store, &lookup->job);
	return true;
}
