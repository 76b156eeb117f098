/*
 * Tasks and lists in the form of the product's own export and replies: an object with the arrays
 * "tasks" and "trash", "lists" and "trashed_lists", in any order. The reader takes it element by element, and passes at most one record to the parser at a
 * time. The store writes it, as any reply. Any thread.
 */
#include "transfer/format.h"

#include "base/json.h"
#include "base/json_read.h"
#include "base/json_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_MALFORMED "This is not well-formed JSON."
#define TOKEN_ENDS_EARLY "The JSON ends too early."
#define TOKEN_TWICE "The JSON has the same member twice in one object."

/* The depth of nested objects and arrays; the element itself is the first. */
#define LISTING_NESTED_MOST 32
#define STRINGS_MOST 101 /* of an array: one more than any member may have */
#define LISTING_VALUES_MOST 2000000 /* in one file */

enum listing_list { LIST_TASKS, LIST_TRASH, LIST_LISTS, LIST_TRASHED_LISTS, LISTS };

enum listing_turn { TURN_START, TURN_MEMBER, TURN_ELEMENT, TURN_END };

struct listing {
	enum listing_turn turn;
	enum listing_list list; /* the list of the element */
	unsigned long element;	/* its index */
	bool first;		/* no comma is expected before it */
	bool seen[LISTS];
	size_t values; /* that the file may still have */
	json_t *reported;
};

static const struct text lists[LISTS] = {
	[LIST_TASKS] = TEXT_INIT("tasks"),
	[LIST_TRASH] = TEXT_INIT("trash"),
	[LIST_LISTS] = TEXT_INIT("lists"),
	[LIST_TRASHED_LISTS] = TEXT_INIT("trashed_lists"),
};

static void token_skip(struct text *text, size_t length)
{
	*text = (struct text){ text->data + length, text->length - length };
}

/* The next byte after white space; '\0' at the end of the text. */
static char token_peek(struct reader *reader)
{
	struct text *text = &reader->text;

	while (text->length > 0 && *text->data != '\0' && strchr(" \t\r\n", *text->data) != NULL) {
		reader->line += *text->data == '\n';
		token_skip(text, 1);
	}
	return text->length > 0 ? *text->data : '\0';
}

/* Skip this byte and the white space before it, if it is the next one. */
static bool token_take(struct reader *reader, char byte)
{
	if (token_peek(reader) != byte || reader->text.length == 0)
		return false;
	token_skip(&reader->text, 1);
	return true;
}

static const char *token_why(enum json_fault fault, bool cut)
{
	switch (fault) {
	case JSON_ENDS_EARLY:
		return cut ? RECORD_TOO_LONG : TOKEN_ENDS_EARLY;
	case JSON_NOT_UTF8:
		return RECORD_NOT_UTF8;
	case JSON_HAS_NUL:
		return RECORD_HAS_NUL;
	case JSON_TOO_MANY:
		return "The file has more than 2,000,000 values in it.";
	case JSON_MALFORMED:
	case JSON_SURROGATE:
		return TOKEN_MALFORMED;
	default:
		return json_sentence(fault);
	}
}

/* As much of the text as a record may have, in whole characters. */
static struct text token_shown(struct text text)
{
	if (text.length <= RECORD_MOST)
		return text;
	text.length = RECORD_MOST;
	while (text.length > RECORD_MOST - 4 &&
		((unsigned char)text.data[text.length] & 0xC0) == 0x80)
		text.length--;
	return text;
}

/*
 * Skip the value that begins here: *value is its text, and *depth the depth of nested objects and
 * arrays. No JSON is built. *values is the number of values that the file may still have. False
 * with reader->why if it is not well-formed or too large.
 */
static bool token_value(struct reader *reader, size_t *values, struct text *value, unsigned *depth)
{
	struct json_scan scan;
	enum json_fault fault;

	token_peek(reader);
	scan = (struct json_scan){ token_shown(reader->text), .depth = JSON_DEPTH_MOST,
		.values = *values };
	fault = json_scan(&scan);
	*values = scan.values;
	if (fault != JSON_SOUND) {
		reader->whole = fault == JSON_TOO_MANY;
		reader->why = token_why(fault, scan.text.length < reader->text.length);
		return false;
	}
	*value = (struct text){ reader->text.data, scan.length };
	*depth = scan.deepest;
	token_skip(&reader->text, scan.length);
	return true;
}

static bool listing_is_one_of(struct text name, const struct text *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(name, names[i]))
			return true;
	}
	return false;
}

/* What becomes of a member of a task or a list. */
enum listing_use { USE_NOT_KNOWN, USE_NONE, USE_FLAT, USE_STRINGS };

static enum listing_use listing_task_use(struct text name)
{
	enum task_column column = column_of(name);

	if (text_equal(name, TEXT("deleted_date")))
		return USE_FLAT;
	if (column == TASK_COLUMNS || !text_equal(name, column_name(column)))
		return USE_NOT_KNOWN;
	if (column_is_read_only(column) && column != TASK_id)
		return USE_NONE;
	return column_is_array(column) ? USE_STRINGS : USE_FLAT;
}

static enum listing_use listing_list_use(struct text name)
{
	static const struct text used[] = { TEXT_INIT("id"), TEXT_INIT("name"), TEXT_INIT("color"),
		TEXT_INIT("position"), TEXT_INIT("archived"), TEXT_INIT("creation_date"),
		TEXT_INIT("modified_date"), TEXT_INIT("deleted_date") };
	static const struct text others[] = { TEXT_INIT("open"), TEXT_INIT("revision") };

	if (text_equal(name, TEXT("headings")))
		return USE_STRINGS;
	if (listing_is_one_of(name, used, sizeof(used) / sizeof(used[0])))
		return USE_FLAT;
	return listing_is_one_of(name, others, sizeof(others) / sizeof(others[0])) ? USE_NONE
										  : USE_NOT_KNOWN;
}

static bool listing_is_of_lists(const struct listing *listing)
{
	return listing->list == LIST_LISTS || listing->list == LIST_TRASHED_LISTS;
}

/* Set a member. Those that are not known, and nulls, are left out. */
static void listing_take(
	struct reader *reader, struct listing *listing, struct text name, struct text value)
{
	enum listing_use use =
		listing_is_of_lists(listing) ? listing_list_use(name) : listing_task_use(name);
	json_t *json;

	if (use == USE_NOT_KNOWN)
		reader_report(reader, &listing->reported, "member", name, RECORD_LEFT_OUT);
	if (use <= USE_NONE || *value.data == 'n')
		return;
	json = use == USE_STRINGS && *value.data == '[' ? json_read_strings(value, STRINGS_MOST)
							: json_read_flat(value);
	json_object_setn_new_nocheck(reader->task, name.data, name.length, json);
}

/* Build the task or list from the members that it can have. */
static void listing_take_all(struct reader *reader, struct listing *listing, struct text element)
{
	struct json_cursor cursor = json_enter(element);
	struct buffer buffer = { 0 };
	struct text name, value;

	reader->task = json_object();
	while (json_next_member(&cursor, &name, &value))
		listing_take(reader, listing, json_unescape(name, &buffer), value);
	buffer_free(&buffer);
}

/* What is in the trash says since when. */
static bool listing_is_trashed(const struct listing *listing, struct text element)
{
	struct text deleted = json_find(element, "deleted_date");

	if (listing->list != LIST_TRASH && listing->list != LIST_TRASHED_LISTS)
		return true;
	return deleted.length > 0 && *deleted.data == '"';
}

static enum record listing_read_element(struct reader *reader, struct listing *listing)
{
	struct text element;
	unsigned depth;

	snprintf(reader->place, sizeof(reader->place), "/%s/%lu", lists[listing->list].data,
		listing->element);
	if (!token_value(reader, &listing->values, &element, &depth))
		return RECORD_FATAL;
	listing->element++;
	reader->records++;
	if (*element.data != '{')
		return reader_bad(reader, "It is not an object.");
	if (depth > LISTING_NESTED_MOST)
		return reader_bad(reader, "It is nested too deep.");
	if (!listing_is_trashed(listing, element))
		return reader_bad(reader, "It is in the trash and has no \"deleted_date\".");
	listing_take_all(reader, listing, element);
	return listing_is_of_lists(listing) ? RECORD_LIST : RECORD_TASK;
}

/*
 * Each step below reads one part. RECORD_SKIPPED: go on with the next step. Else it is the result.
 */

static enum record listing_step_start(struct reader *reader, struct listing *listing)
{
	reader_skip_mark(reader);
	if (!token_take(reader, '{'))
		return reader_fatal(reader, "It is not a JSON object.");
	listing->turn = TURN_MEMBER;
	listing->first = true;
	return RECORD_SKIPPED;
}

static enum record listing_begin_list(
	struct reader *reader, struct listing *listing, enum listing_list list)
{
	if (listing->seen[list])
		return reader_fatal(reader, TOKEN_TWICE);
	if (!token_take(reader, '['))
		return reader_fatal(reader, "It is not an array.");
	listing->seen[list] = true;
	listing->list = list;
	listing->element = 0;
	listing->turn = TURN_ELEMENT;
	listing->first = true;
	return RECORD_SKIPPED;
}

/* What is no short string is no zone, and is left out. */
static void listing_take_zone(struct reader *reader, struct text value)
{
	struct buffer buffer = { 0 };
	struct text zone;

	if (*value.data != '"')
		return;
	zone = json_unescape((struct text){ value.data + 1, value.length - 2 }, &buffer);
	snprintf(reader->time_zone, sizeof(reader->time_zone), "%.*s", (int)zone.length, zone.data);
	buffer_free(&buffer);
}

/* Read the value of a member: begin a list, or skip another value. */
static enum record listing_step_value(
	struct reader *reader, struct listing *listing, struct text name)
{
	static const struct text known[] = { TEXT_INIT("username"), TEXT_INIT("email"),
		TEXT_INIT("date_joined"), TEXT_INIT("total") };
	struct text value;
	unsigned depth;

	for (enum listing_list list = 0; list < LISTS; list++) {
		if (text_equal(name, lists[list])) {
			snprintf(reader->place, sizeof(reader->place), "/%s", lists[list].data);
			return listing_begin_list(reader, listing, list);
		}
	}
	if (!token_value(reader, &listing->values, &value, &depth))
		return RECORD_FATAL;
	if (text_equal(name, TEXT("time_zone")))
		listing_take_zone(reader, value);
	else if (!listing_is_one_of(name, known, sizeof(known) / sizeof(known[0])))
		reader_report(reader, &listing->reported, "member", name, RECORD_LEFT_OUT);
	return RECORD_SKIPPED;
}

static bool listing_has_any(const struct listing *listing)
{
	bool any = false;

	for (enum listing_list list = 0; list < LISTS; list++)
		any = any || listing->seen[list];
	return any;
}

static enum record listing_step_end(struct reader *reader, struct listing *listing)
{
	token_peek(reader);
	if (reader->text.length > 0)
		return reader_fatal(reader, "There is more after the end of the JSON.");
	if (!listing_has_any(listing))
		return reader_fatal(reader, "It has neither \"tasks\" nor \"trash\" nor \"lists\".");
	listing->turn = TURN_END;
	return RECORD_END;
}

/* Read what precedes a member or an element: nothing, a comma, or the end of the list. */
static enum record listing_step_between(
	struct reader *reader, struct listing *listing, char end, bool *ended)
{
	*ended = token_take(reader, end);
	if (*ended || listing->first || token_take(reader, ',')) {
		listing->first = false;
		return RECORD_SKIPPED;
	}
	return reader_fatal(reader, reader->text.length == 0 ? TOKEN_ENDS_EARLY : TOKEN_MALFORMED);
}

static enum record listing_step_member(struct reader *reader, struct listing *listing)
{
	struct buffer buffer = { 0 };
	enum record record;
	struct text name;
	unsigned depth;
	bool ended;

	reader->place[0] = '\0';
	record = listing_step_between(reader, listing, '}', &ended);
	if (record != RECORD_SKIPPED)
		return record;
	if (ended)
		return listing_step_end(reader, listing);
	if (!token_value(reader, &listing->values, &name, &depth))
		return RECORD_FATAL;
	if (*name.data != '"' || !token_take(reader, ':'))
		return reader_fatal(reader, TOKEN_MALFORMED);
	name = json_unescape((struct text){ name.data + 1, name.length - 2 }, &buffer);
	record = listing_step_value(reader, listing, name);
	buffer_free(&buffer);
	return record;
}

static enum record listing_step_element(struct reader *reader, struct listing *listing)
{
	enum record record;
	bool ended;

	snprintf(reader->place, sizeof(reader->place), "/%s", lists[listing->list].data);
	record = listing_step_between(reader, listing, ']', &ended);
	if (record != RECORD_SKIPPED)
		return record;
	if (!ended)
		return listing_read_element(reader, listing);
	listing->turn = TURN_MEMBER;
	return RECORD_SKIPPED;
}

static enum record listing_read(struct reader *reader)
{
	static enum record (*const steps[])(struct reader *, struct listing *) = {
		[TURN_START] = listing_step_start,
		[TURN_MEMBER] = listing_step_member,
		[TURN_ELEMENT] = listing_step_element,
		[TURN_END] = listing_step_end,
	};
	enum record record;

	struct listing *listing = reader->state;

	if (listing == NULL) {
		listing = reader->state = memory_zeroed(sizeof(*listing));
		listing->values = LISTING_VALUES_MOST;
	}
	do
		record = steps[listing->turn](reader, listing);
	while (record == RECORD_SKIPPED);
	return record;
}

static void listing_close(struct reader *reader)
{
	struct listing *listing = reader->state;

	if (listing == NULL)
		return;
	json_decref(listing->reported);
	free(listing);
	reader->state = NULL;
}

const struct format format_json = {
	.name = "json",
	.media = "application/json; charset=\"utf-8\"",
	.file = "todo.json",
	.read = listing_read,
	.close = listing_close,
};
