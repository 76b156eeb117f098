/*
 * Dates in a time zone, which SQLite does not know. Any store thread, for its own connection.
 */
#include "sqlite/values/function.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/json_scan.h"
#include "calendar/local_date.h"

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

void sqlite_add_functions(sqlite3 *db)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;

	sqlite3_create_function(db, "date_days_later", 3, flags, NULL, date_days_later, NULL, NULL);
	sqlite3_create_function(
		db, "instants_days_later", 3, flags, NULL, instants_days_later, NULL, NULL);
}
