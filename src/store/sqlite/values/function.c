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
#include <string.h>

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

/* Letters of Latin, Greek and Cyrillic, which are two bytes each: U+00C0 to U+02FF, U+0370 to U+052F. */
#define COMMON_FIRST 0xC0
#define COMMON_END 0x530
#define MARKS_FIRST 0x300 /* accents by themselves */
#define MARKS_END 0x370

/*
 * FTS5's own tokenizer folds text as a search does. It is made when it is needed first, and so are
 * the common letters as it folds them: it would take ten times as long for each name.
 */
struct folder {
	sqlite3 *db;
	fts5_tokenizer type;
	Fts5Tokenizer *tokenizer; /* or NULL */
	struct {
		char bytes[3];
		uint8_t length;
	} common[COMMON_END - COMMON_FIRST];
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

static void fold_by_tokenizer(struct folder *folder, struct folding *folding)
{
	folder->type.xTokenize(folder->tokenizer, folding, FTS5_TOKENIZE_AUX, folding->text.data,
		(int)folding->text.length, add_token);
	fold_rest(folding);
}

static void fold_common(struct folder *folder)
{
	for (int letter = COMMON_FIRST; letter < COMMON_END; letter++) {
		char bytes[] = { (char)(0xC0 | letter >> 6), (char)(0x80 | (letter & 0x3F)) };
		struct folding folding = { .text = { bytes, sizeof(bytes) } };
		uint8_t *length = &folder->common[letter - COMMON_FIRST].length;

		fold_by_tokenizer(folder, &folding);
		if (folding.out.length <= sizeof(folder->common[0].bytes)) {
			*length = (uint8_t)folding.out.length;
			memcpy(folder->common[letter - COMMON_FIRST].bytes, folding.out.data, *length);
		}
		buffer_free(&folding.out);
	}
}

static bool has_tokenizer(struct folder *folder)
{
	const char *options[] = { "remove_diacritics", "2" };
	fts5_api *api = folder->tokenizer == NULL ? find_fts5(folder->db) : NULL;
	void *of_type;

	if (api == NULL)
		return folder->tokenizer != NULL;
	if (api->xFindTokenizer(api, "unicode61", &of_type, &folder->type) != SQLITE_OK ||
		folder->type.xCreate(of_type, options, 2, &folder->tokenizer) != SQLITE_OK) {
		folder->tokenizer = NULL;
		return false;
	}
	fold_common(folder);
	return true;
}

/* The common letter at a place of the text; -1: there is none. */
static int common_letter(struct text text, size_t at)
{
	unsigned char first = (unsigned char)text.data[at];
	int letter;

	if (first < 0xC3 || first > 0xD4 || at + 1 == text.length ||
		((unsigned char)text.data[at + 1] & 0xC0) != 0x80)
		return -1;
	letter = (first & 0x1F) << 6 | ((unsigned char)text.data[at + 1] & 0x3F);
	return (letter >= MARKS_FIRST && letter < MARKS_END) || letter >= COMMON_END ? -1 : letter;
}

/* Fold ASCII and common letters, up to the first that is neither; true if that is all. */
static bool fold_letters(struct folder *folder, struct folding *folding)
{
	struct text text = folding->text;
	size_t at = 0;

	buffer_reserve(&folding->out, 2 * text.length + 1);
	while (at < text.length) {
		int letter;
		char folded;

		if ((text.data[at] & 0x80) == 0) {
			folded = (char)tolower((unsigned char)text.data[at++]);
			buffer_add(&folding->out, &folded, 1);
			continue;
		}
		letter = common_letter(text, at);
		if (letter < 0 || !has_tokenizer(folder))
			return false;
		buffer_add(&folding->out, folder->common[letter - COMMON_FIRST].bytes,
			folder->common[letter - COMMON_FIRST].length);
		at += 2;
	}
	return true;
}

/* text_folded(text) */
static void text_folded(sqlite3_context *context, int count, sqlite3_value **arguments)
{
	struct folder *folder = sqlite3_user_data(context);
	struct folding folding = { .text = argument_text(arguments[0]) };

	(void)count;
	if (folding.text.data == NULL)
		return;
	if (!fold_letters(folder, &folding)) {
		folding.out.length = 0;
		if (has_tokenizer(folder))
			fold_by_tokenizer(folder, &folding);
		else
			fold_rest(&folding);
	}
	sqlite3_result_text(context, folding.out.data, (int)folding.out.length, free);
}

/* ---- JSON ---- */

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

/* How much of a text comes before a byte: all of it where the byte is not there. */
static size_t length_before(struct text text, char byte)
{
	const char *at = memchr(text.data, byte, text.length);

	return at != NULL ? (size_t)(at - text.data) : text.length;
}

static void write_member(struct buffer *out, sqlite3_value *value, struct text absent)
{
	if (sqlite3_value_type(value) == SQLITE_NULL)
		buffer_add_text(out, absent);
	else if (sqlite3_value_type(value) == SQLITE_INTEGER)
		json_write_integer(out, sqlite3_value_int64(value));
	else if (*absent.data == '[')
		buffer_add_text(out, argument_text(value));
	else
		json_write_text(out, argument_text(value));
}

/* members_to_json(absent, value, ...): see SQL_MEMBERS in store/sql.h. */
static void members_to_json(sqlite3_context *context, int count, sqlite3_value **arguments)
{
	struct text rest = argument_text(arguments[0]);
	struct buffer out = { 0 };

	for (int i = 1; i < count; i++) {
		size_t name = length_before(rest, ':') + 1;
		if (name > rest.length)
			break; /* more values than members */
		buffer_add(&out, rest.data, name);
		rest = text_after(rest, name);
		size_t length = length_before(rest, ',');
		write_member(&out, arguments[i], (struct text){ rest.data, length });
		rest = text_after(rest, length);
	}
	buffer_add_text(&out, rest);
	sqlite3_result_text(context, out.data, (int)out.length, free);
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
	sqlite3_create_function(db, "members_to_json", -1, flags, NULL, members_to_json, NULL, NULL);
}
