/*
 * Whose session it is that announces much to come, looked up in a job of its own. Whether it may do
 * what it asks is settled when all of the request is there, as for any other.
 */
#include "access/session.h"

#include "base/container_of.h"
#include "http/connection.h"
#include "server_internal.h"

#include <stdlib.h>
#include <string.h>

struct asking {
	struct job job;
	struct question *question;
	struct clock clock;
	unsigned char token[TOKEN_HASH_SIZE]; /* its hash */
	struct value values[SLOTS_FIXED];
};

const struct statement *session_ask_prepare(struct store *store)
{
	return store_prepare(store, session_sql, route_fixed_slots());
}

/* Where nothing could be looked up, the request itself will be told so. */
static void ask_done(struct work *work)
{
	struct asking *asking = container_of(work, struct asking, job.work);
	bool looked = asking->job.result == STORE_DONE;

	connection_answer(asking->question,
		!looked || asking->values[SLOT_ASKER].type != VALUE_NULL,
		asking->values[SLOT_ASKER].integer);
	buffer_free(&asking->job.out);
	memory_drop(&asking->job.kept);
	free(asking);
}

bool session_ask(
	void *owner, const char *authorization, const char *cookie, struct question *question)
{
	struct server *server = owner;
	unsigned char token[TOKEN_HASH_SIZE];

	if (session_token(authorization, cookie, token) == CREDENTIALS_NONE)
		return false;
	struct asking *asking = memory_zeroed(sizeof(*asking));
	asking->question = question;
	asking->clock = *server_clock(server);
	memcpy(asking->token, token, sizeof(token));
	asking->values[SLOT_TOKEN] = (struct value){ VALUE_BLOB,
		.text = { (char *)asking->token, sizeof(asking->token) } };
	clock_set_values(&asking->clock, asking->values);
	asking->job = (struct job){ .work.done = ask_done,
		.statements = &server->ask,
		.count = 1,
		.values = asking->values,
		.quiet = true };
	store_exec(server->store, &asking->job);
	return true;
}
