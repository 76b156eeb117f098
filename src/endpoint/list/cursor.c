/*
 * JSON in base64url: ["mark", key, …, id].
 */
#include "list/cursor.h"

#include "base/json.h"
#include "base/json_scan.h"
#include "state/request_state.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

#define MARK_BYTES 9
#define MARK_SIZE 16 /* of its text, terminated */
#define CURSOR_MOST ((size_t)5120) /* decoded: a name of 1,000 characters is a key */
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* The values of a cursor's keys, as it comes in and as it goes out. */
static const char *const after[LIST_KEYS] = { "after_1", "after_2", "after_3", "after_4",
	"after_5" };
static const char *const next[LIST_KEYS] = { "next_1", "next_2", "next_3", "next_4", "next_5" };

static void hash_value(crypto_hash_sha256_state *state, const struct value *value)
{
	if (value->type == VALUE_TEXT)
		crypto_hash_sha256_update(
			state, (const unsigned char *)value->text.data, value->text.length);
	else
		crypto_hash_sha256_update(state, (const unsigned char *)&value->integer,
			value->type == VALUE_NULL ? 0 : sizeof(value->integer));
}

/* Inputs that choose or order the rows; the size of a page may change between two. */
static bool is_marked(const char *name)
{
	return strcmp(name, "cursor") != 0 && strcmp(name, "limit") != 0 &&
	       strcmp(name, "count") != 0;
}

static void make_mark(struct request *request, char mark[MARK_SIZE])
{
	const struct input *input = request->route->endpoint->input;
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	for (int i = 0; i < ENDPOINT_INPUTS && input[i].name != NULL; i++) {
		if (!is_marked(input[i].name) || !request_given(request, input[i].name))
			continue;
		crypto_hash_sha256_update(
			&state, (const unsigned char *)input[i].name, strlen(input[i].name) + 1);
		hash_value(&state, request_value(request, input[i].name));
	}
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2base64(mark, MARK_SIZE, hash, MARK_BYTES, VARIANT);
}

static bool set_value(struct request *request, struct value *value, const json_t *json)
{
	if (json_is_integer(json)) {
		*value = (struct value){ VALUE_INTEGER, .integer = json_integer_value(json) };
	} else if (json_is_real(json)) {
		*value = (struct value){ VALUE_REAL, .real = json_real_value(json) };
	} else if (json_is_string(json)) {
		size_t length = json_string_length(json);
		char *copy = arena_alloc(&request->arena, length + 1);
		memcpy(copy, json_string_value(json), length + 1);
		*value = (struct value){ VALUE_TEXT, .text = { copy, length } };
	} else {
		return false;
	}
	return true;
}

static bool take(struct request *request, const json_t *array)
{
	size_t keys = request->list.sorting.count;
	char mark[MARK_SIZE];

	make_mark(request, mark);
	const char *theirs = json_string_value(json_array_get(array, 0));
	if (json_array_size(array) != keys + 2 || theirs == NULL || strcmp(theirs, mark) != 0)
		return false;
	for (size_t i = 0; i < keys; i++)
		if (!set_value(request, request_value(request, after[i]),
			    json_array_get(array, i + 1)))
			return false;
	const json_t *id = json_array_get(array, keys + 1);
	return json_is_integer(id) && set_value(request, request_value(request, "after_id"), id);
}

bool cursor_read(struct request *request)
{
	struct text text = request_value(request, "cursor")->text;
	char bytes[CURSOR_MOST];
	size_t length;
	const char *end;

	if (sodium_base642bin((unsigned char *)bytes, sizeof(bytes), text.data, text.length, NULL,
		    &length, &end, VARIANT) != 0 ||
		end != text.data + text.length)
		return false;
	struct json_scan scan = { { bytes, length }, .depth = 1, .values = LIST_KEYS + 3 };
	if (json_scan(&scan) != JSON_SOUND)
		return false;
	json_t *array = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
	bool taken = json_is_array(array) && take(request, array);
	json_decref(array);
	return taken;
}

static void write_value(struct buffer *out, const struct value *value)
{
	buffer_add_text(out, TEXT(","));
	if (value->type == VALUE_INTEGER)
		json_write_integer(out, value->integer);
	else if (value->type == VALUE_REAL)
		json_write_real(out, value->real);
	else
		json_write_text(out, value->text);
}

void cursor_write(struct request *request, struct buffer *out)
{
	struct buffer json = { 0 };
	char mark[MARK_SIZE];

	make_mark(request, mark);
	buffer_add_text(&json, TEXT("["));
	json_write_text(&json, text_of(mark));
	for (unsigned i = 0; i < request->list.sorting.count; i++)
		write_value(&json, request_value(request, next[i]));
	write_value(&json, request_value(request, "next_id"));
	buffer_add_text(&json, TEXT("]"));

	size_t size = sodium_base64_ENCODED_LEN(json.length, VARIANT);
	sodium_bin2base64(
		buffer_reserve(out, size), size, (unsigned char *)json.data, json.length, VARIANT);
	out->length += size - 1;
	buffer_free(&json);
}
