/*
 * A key belongs to an account. All on the loop but answer_admit(), which the store calls.
 */
#include "access/answer.h"

#include "base/text.h"
#include "http/method.h"
#include "input/input.h"
#include "request_state.h"
#include "server_internal.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

#define KEY_MOST 255

static const char find_sql[] =
	"SELECT request AS kept_request, status AS answer_status, body AS answer_body,"
	" coalesce(id, $id) AS id, revision, last, more FROM answers"
	" WHERE account_id = $asker AND key = $answer_key"
	" AND time > $day_ago";

#define KEEP                                                                                       \
	"INSERT INTO answers"                                                                      \
	" (account_id, key, request, time, status, body, id, revision, last, more)"

/* A key of more than a day ago may come again, and is another one then. */
#define OVER_OLD                                                                                   \
	" ON CONFLICT (account_id, key) DO UPDATE SET request = excluded.request,"                 \
	" time = excluded.time, status = excluded.status, body = excluded.body,"                   \
	" id = excluded.id, revision = excluded.revision, last = excluded.last,"                   \
	" more = excluded.more"

#define KEEP_ROWS                                                                                  \
	KEEP " SELECT $asker, $answer_key, $answer_request, $now, 0, $answer_body, $id, "          \
	     "$revision, $last, $more"

/* No row is no success: the problem that it is answered with is kept instead. */
static const char keep_rows_sql[] = KEEP_ROWS " WHERE $answer_body <> ''" OVER_OLD;

/* But no item is one. */
static const char keep_items_sql[] = KEEP_ROWS " WHERE true" OVER_OLD;

/* A job of its own, behind whose back the session or the account may have ended. */
static const char keep_problem_sql[] = KEEP
	" SELECT s.account_id, $answer_key, $answer_request, $now, $answer_status, $answer_body,"
	" NULL, NULL, NULL, NULL FROM sessions s JOIN accounts a ON a.id = s.account_id"
	" WHERE s.token = $session_token AND s.account_id = $asker"
	" AND (s.expires IS NULL OR s.expires > $now)" OVER_OLD;

struct answers answers_prepare(struct store *store)
{
	const struct slot *slots = route_fixed_slots();

	return (struct answers){
		.find = store_prepare(store, find_sql, slots),
		.keep_rows = store_prepare(store, keep_rows_sql, slots),
		.keep_items = store_prepare(store, keep_items_sql, slots),
		.keep_problem = store_prepare(store, keep_problem_sql, slots),
	};
}

static bool is_key(struct text key)
{
	return key.length >= 1 && text_is_utf8(key) && text_code_points(key) <= KEY_MOST &&
	       !text_has_control(key, "");
}

bool answer_is_heeded(const struct endpoint *endpoint)
{
	return endpoint->access == OWNER && !method_endpoint_is_idempotent(endpoint->method) &&
	       !endpoint->secret;
}

void answer_read(struct request *request)
{
	const char *header = request->header[HEADER_IDEMPOTENCY_KEY];
	struct text key = header != NULL ? text_of(header) : (struct text){ 0 };

	if (header == NULL || !answer_is_heeded(request->route->endpoint))
		return;
	if (!is_key(key)) {
		input_fault(request, 400, "An Idempotency-Key has 1 to 255 printable characters.");
		return;
	}
	request->idempotency.answer = ANSWER_WANTED;
	char *copy = memory_keep(&request->kept, key.length + 1);
	memcpy(copy, key.at, key.length);
	request->values[SLOT_ANSWER_KEY] =
		(struct value){ VALUE_TEXT, .text = { copy, key.length } };
}

static void hash_text(crypto_hash_sha256_state *state, struct text text)
{
	crypto_hash_sha256_update(state, (const unsigned char *)text.at, text.length);
	crypto_hash_sha256_update(state, (const unsigned char *)"\n", 1);
}

/* A username is the same whatever its case. */
static void hash_lower(crypto_hash_sha256_state *state, struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)tolower((unsigned char)text.at[i]);
		crypto_hash_sha256_update(state, &c, 1);
	}
	hash_text(state, TEXT(""));
}

void answer_hash(struct request *request, struct text body)
{
	const char *type = request->header[HEADER_CONTENT_TYPE];
	crypto_hash_sha256_state state;

	if (request->idempotency.answer != ANSWER_WANTED)
		return;
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
	request->values[SLOT_ANSWER_REQUEST] =
		(struct value){ VALUE_BLOB, .text = { (char *)request->idempotency.request_hash,
						    sizeof(request->idempotency.request_hash) } };
}

bool answer_admit(struct request *request, bool row)
{
	if (!row) {
		request->idempotency.answer = ANSWER_KEEPS;
		return true;
	}
	bool same = text_equal(
		request->values[SLOT_KEPT_REQUEST].text, request->values[SLOT_ANSWER_REQUEST].text);
	request->idempotency.answer = same ? ANSWER_REPLAYS : ANSWER_MISUSED;
	return false;
}
