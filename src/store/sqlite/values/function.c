/*
 * Dates in a time zone, which SQLite does not know, text without case and accents, and numbers as JSON.
 * Any store thread, for its own connection.
 */
#include "sqlite/values/function.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/json_scan.h"
#include "base/memory.h"
#include "calendar/local_date.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#define QUOTED_INSTANT (DATE_SIZE - 1 + 2) /* bytes */
#define ELEMENTS_MOST 1000

static struct text argument_text(sqlite3_value *value)
{
	const char *at = (const char *)sqlite3_value_text(value);

	return (struct text){ at, (size_t)sqlite3_value_bytes(value) };
}

/* A zone that is not known, because the system's tzdata has lost it, counts as UTC. */
static const struct zone *argument_zone(sqlite3_value *value)
{
	const struct zone *zone = zone_find(argument_text(value));

	return zone != NULL ? zone : zone_find(TEXT("UTC"));
}

/* date_days_later(date, days, zone) */
static void date_days_later(sqlite3_context *context, int count, sqlite3_value **arguments)
{
	char moved[DATE_SIZE];

	(void)count;
	if (local_date_move(argument_text(arguments[0]), sqlite3_value_int64(arguments[1]),
		    argument_zone(arguments[2]), moved))
		sqlite3_result_text(context, moved, -1, SQLITE_TRANSIENT);
}

/* Append an element of an array, moved if it is an instant. */
static void add_later(
	struct buffer *out, struct text element, int64_t days, const struct zone *zone)
{
	char moved[DATE_SIZE];

	if (element.length == QUOTED_INSTANT &&
		local_date_move((struct text){ element.data + 1, DATE_SIZE - 1 }, days, zone, moved))
		json_write_text(out, text_of(moved));
	else
		buffer_add_text(out, element);
}

/* Another program may have written something else there. */
static bool is_array(struct text text)
{
	struct json_scan scan = { .text = text, .depth = 2, .values = ELEMENTS_MOST };

	return text.length > 0 && *text.data == '[' && json_scan(&scan) == JSON_SOUND &&
	       scan.length == text.length;
}

/* instants_days_later(array, days, zone) */
static void instants_days_later(sqlite3_context *context, int count, sqlite3_value **arguments)
{
	struct text array = argument_text(arguments[0]), element;
	int64_t days = sqlite3_value_int64(arguments[1]);
	const struct zone *zone = argument_zone(arguments[2]);
	struct buffer out = { 0 };
	struct json_cursor cursor;

	(void)count;
	if (!is_array(array))
		return;
	cursor = json_enter(array);
	buffer_add_text(&out, TEXT("["));
	while (json_next_element(&cursor, &element)) {
		buffer_add_text(&out, out.length > 1 ? TEXT(",") : TEXT(""));
		add_later(&out, element, days, zone);
	}
	buffer_add_text(&out, TEXT("]"));
	sqlite3_result_text(context, out.data, (int)out.length, SQLITE_TRANSIENT);
	buffer_free(&out);
}

/* ---- folding ---- */

/* FTS5's own tokenizer folds text as a search does. It is made when it is needed first. */
struct folder {
	sqlite3 *db;
	fts5_tokenizer type;
	Fts5Tokenizer *tokenizer; /* or NULL */
};

/* A text that is being folded: up to where that is done. */
struct folding {
	struct buffer out;
	struct text text;
	size_t done;
};

static void folder_free(void *data)
{
	struct folder *folder = data;

	if (folder->tokenizer != NULL)
		folder->type.xDelete(folder->tokenizer);
	free(folder);
}

/* https://www.sqlite.org/fts5.html, 7 */
static fts5_api *find_fts5(sqlite3 *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &stmt, NULL) == SQLITE_OK) {
		sqlite3_bind_pointer(stmt, 1, (void *)&api, "fts5_api_ptr", NULL);
		sqlite3_step(stmt);
	}
	sqlite3_finalize(stmt);
	return api;
}

static bool has_tokenizer(struct folder *folder)
{
	const char *options[] = { "remove_diacritics", "2" };
	fts5_api *api = folder->tokenizer == NULL ? find_fts5(folder->db) : NULL;
	void *of_type;

	if (api != NULL &&
		api->xFindTokenizer(api, "unicode61", &of_type, &folder->type) == SQLITE_OK &&
		folder->type.xCreate(of_type, options, 2, &folder->tokenizer) != SQLITE_OK)
		folder->tokenizer = NULL;
	return folder->tokenizer != NULL;
}

/* What is between two tokens stays as it is. */
static int add_token(void *data, int flags, const char *token, int length, int start, int end)
{
	struct folding *folding = data;

	(void)flags;
	buffer_add(&folding->out, folding->text.data + folding->done, (size_t)start - folding->done);
	buffer_add(&folding->out, token, (size_t)length);
	folding->done = (size_t)end;
	return SQLITE_OK;
}

static void fold_rest(struct folding *folding)
{
	size_t length = folding->text.length - folding->done;
	char *to = buffer_reserve(&folding->out, length + 1);

	for (size_t i = 0; i < length; i++)
		to[i] = (char)tolower((unsigned char)folding->text.data[folding->done + i]);
	folding->out.length += length;
}

static bool is_ascii(struct text text)
{
	size_t i = 0;

	while (i < text.length && (text.data[i] & 0x80) == 0)
		i++;
	return i == text.length;
}

/* text_folded(text); ASCII is done without FTS5, which takes many times as long. */
static void text_folded(sqlite3_context *context, int count, sqlite3_value **arguments)
{
	struct folder *folder = sqlite3_user_data(context);
	struct folding folding = { .text = argument_text(arguments[0]) };

	(void)count;
	if (folding.text.data == NULL)
		return;
	if (!is_ascii(folding.text) && has_tokenizer(folder))
		folder->type.xTokenize(folder->tokenizer, &folding, FTS5_TOKENIZE_AUX,
			folding.text.data, (int)folding.text.length, add_token);
	fold_rest(&folding);
	sqlite3_result_text(context, folding.out.data, (int)folding.out.length, free);
}

/* real_to_json(value): unlike SQLite's own text of it, it reads back as the same number. */
static void real_to_json(sqlite3_context *context, int count, sqlite3_value **arguments)
{
	double number = sqlite3_value_double(arguments[0]);
	struct buffer out = { 0 };

	(void)count;
	if (sqlite3_value_type(arguments[0]) == SQLITE_NULL || !isfinite(number))
		return;
	json_write_real(&out, number);
	sqlite3_result_text(context, out.data, (int)out.length, SQLITE_TRANSIENT);
	buffer_free(&out);
}

void sqlite_add_functions(sqlite3 *db)
{
	struct folder *folder = memory_zeroed(sizeof(*folder));
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;

	sqlite3_create_function(db, "date_days_later", 3, flags, NULL, date_days_later, NULL, NULL);
	sqlite3_create_function(
		db, "instants_days_later", 3, flags, NULL, instants_days_later, NULL, NULL);
	folder->db = db;
	sqlite3_create_function_v2(
		db, "text_folded", 1, flags, folder, text_folded, NULL, NULL, folder_free);
	sqlite3_create_function(db, "real_to_json", 1, flags, NULL, real_to_json, NULL, NULL);
}
