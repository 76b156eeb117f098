/*
 * A key belongs to an account: its statements are in api/accounts/access_sql.c.
 */
#include "access/idempotency.h"

#include "base/text.h"
#include "http/method.h"
#include "state/faults.h"
#include "state/request_state.h"
#include "state/server_state.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

#define KEY_MOST 255

struct idempotency_statements idempotency_prepare(struct store *store, const struct access_sql *sql)
{
	const struct slot *slots = route_fixed_slots();

	return (struct idempotency_statements){
		.find = store_prepare(store, sql->find_key, slots),
		.save_rows = store_prepare(store, sql->save_rows, slots),
		.save_batch = store_prepare(store, sql->save_batch, slots),
		.save_problem = store_prepare(store, sql->save_problem, slots),
	};
}

static bool is_key(struct text key)
{
	return key.length >= 1 && text_is_utf8(key) && text_code_points(key) <= KEY_MOST &&
	       !text_has_control(key, "");
}

bool idempotency_applies(const struct endpoint *endpoint)
{
	return endpoint->access == OWNER && !method_endpoint_is_idempotent(endpoint->method) &&
	       !endpoint->not_replayable;
}

void idempotency_read(struct request *request)
{
	const char *header = request->header[HEADER_IDEMPOTENCY_KEY];
	struct text key = text_of(header);

	if (!idempotency_applies(request->route->endpoint))
		return;
	if (!is_key(key)) {
		input_fault(request, 400, "An Idempotency-Key has 1 to 255 printable characters.");
		return;
	}
	request->idempotency.state = KEY_SENT;
	char *copy = arena_alloc(&request->arena, key.length + 1);
	memcpy(copy, key.data, key.length);
	request->values[SLOT_IDEMPOTENCY_KEY] =
		(struct value){ VALUE_TEXT, .text = { copy, key.length } };
}

static void hash_text(crypto_hash_sha256_state *state, struct text text)
{
	crypto_hash_sha256_update(state, (const unsigned char *)text.data, text.length);
	crypto_hash_sha256_update(state, (const unsigned char *)"\n", 1);
}

/* Usernames do not depend on case. */
static void hash_lower(crypto_hash_sha256_state *state, struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)tolower((unsigned char)text.data[i]);
		crypto_hash_sha256_update(state, &c, 1);
	}
	hash_text(state, TEXT(""));
}

void idempotency_hash(struct request *request, struct text body)
{
	const char *type = request->header[HEADER_CONTENT_TYPE];
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	hash_text(&state, text_of(method_endpoint_name(request->route->endpoint->method)));
	for (unsigned i = 0; i < request->target.path.count; i++)
		if (request->route->path_slot[i] == SLOT_USERNAME)
			hash_lower(&state, request->target.path.segment[i]);
		else
			hash_text(&state, request->target.path.segment[i]);
	hash_text(&state, request->target.query);
	hash_text(&state, type != NULL ? text_of(type) : TEXT(""));
	hash_text(&state, body);
	crypto_hash_sha256_final(&state, request->idempotency.request_hash);
	request->values[SLOT_IDEMPOTENCY_REQUEST] =
		(struct value){ VALUE_BLOB, .text = { (char *)request->idempotency.request_hash,
						    sizeof(request->idempotency.request_hash) } };
}

bool idempotency_check(struct request *request, bool row)
{
	if (!row) {
		request->idempotency.state = KEY_FIRST;
		return true;
	}
	bool same = text_equal(request->values[SLOT_SAVED_REQUEST].text,
		request->values[SLOT_IDEMPOTENCY_REQUEST].text);
	request->idempotency.state = same ? KEY_REPLAYED : KEY_REUSED;
	return false;
}

void idempotency_save(struct request *request)
{
	request->job.trailing_count = 1;
	request->job.rows_as_value = &request->values[SLOT_IDEMPOTENCY_BODY];
	request->run[request->job.count++] = request->server->idempotency.save_rows;
}
