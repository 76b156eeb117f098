/*
 * Tasks as the product's own export and lists have them: an object with the arrays "tasks" and
 * "trash". It is read element by element; what is written is a reply as any other. Any thread.
 */
#include "format_column.h"
#include "format_record.h"
#include "format_token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Objects and arrays in each other, the element itself being the first. */
#define LISTING_NESTED_MOST 32

enum listing_list { LIST_TASKS, LIST_TRASH, LISTS };

enum listing_turn { TURN_START, TURN_MEMBER, TURN_ELEMENT, TURN_END };

struct listing {
	enum listing_turn turn;
	enum listing_list list; /* whose element is read */
	unsigned long element;	/* its index */
	bool first;		/* nothing came before it that a comma would end */
	bool seen[LISTS];
	json_t *said;
};

static const struct text lists[LISTS] = {
	[LIST_TASKS] = TEXT_INIT("tasks"),
	[LIST_TRASH] = TEXT_INIT("trash"),
};

static bool listing_is_one_of(struct text name, const struct text *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(name, names[i]))
			return true;
	}
	return false;
}

/* Members that nobody sets, and those that hold nothing, are left out; so are unknown ones. */
static void listing_clean(struct reader *reader, struct listing *listing, json_t *task)
{
	static const struct text dropped[] = { TEXT_INIT("id"), TEXT_INIT("revision") };
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(task, next, key, value)
	{
		struct text name = text_of(key);
		enum task_column column = column_of(name);
		bool known = text_equal(name, TEXT("deleted_date")) ||
			     (column < TASK_COLUMNS && text_equal(name, column_name(column)));

		if (!known)
			record_report(reader, &listing->said, "member", name, RECORD_LEFT_OUT);
		if (!known || json_is_null(value) || listing_is_one_of(name, dropped, 2))
			json_object_del(task, key);
	}
}

static enum record listing_read_task(struct reader *reader, struct listing *listing)
{
	json_t *task;
	const char *why = NULL;

	snprintf(reader->place, sizeof(reader->place), "/%s/%lu", lists[listing->list].at,
		listing->element);
	task = token_value(reader);
	if (task == NULL)
		return RECORD_BROKEN;
	listing->element++;
	reader->records++;
	if (!json_is_object(task))
		why = "It is not an object.";
	else if (token_depth(task) > LISTING_NESTED_MOST)
		why = "It is nested too deep.";
	else if (listing->list == LIST_TRASH &&
		 !json_is_string(json_object_get(task, "deleted_date")))
		why = "It is in the trash and has no \"deleted_date\".";
	if (why != NULL) {
		json_decref(task);
		return record_bad(reader, why);
	}
	listing_clean(reader, listing, task);
	reader->task = task;
	return RECORD_TASK;
}

/*
 * Each step below takes what comes next and is RECORD_SKIPPED where the reading goes on with the
 * next step; anything else is what is read.
 */

static enum record listing_step_start(struct reader *reader, struct listing *listing)
{
	record_skip_mark(reader);
	if (!token_take(reader, '{'))
		return record_broken(reader, "It is not a JSON object.");
	listing->turn = TURN_MEMBER;
	listing->first = true;
	return RECORD_SKIPPED;
}

static enum record listing_begin_list(
	struct reader *reader, struct listing *listing, enum listing_list list)
{
	if (listing->seen[list])
		return record_broken(reader, TOKEN_TWICE);
	if (!token_take(reader, '['))
		return record_broken(reader, "It is not an array.");
	listing->seen[list] = true;
	listing->list = list;
	listing->element = 0;
	listing->turn = TURN_ELEMENT;
	listing->first = true;
	return RECORD_SKIPPED;
}

/* The value of a member: a list to be gone through, or something to be passed over. */
static enum record listing_step_value(
	struct reader *reader, struct listing *listing, struct text name)
{
	static const struct text known[] = { TEXT_INIT("username"), TEXT_INIT("email"),
		TEXT_INIT("date_joined"), TEXT_INIT("total") };
	json_t *value;

	for (enum listing_list list = 0; list < LISTS; list++) {
		if (text_equal(name, lists[list])) {
			snprintf(reader->place, sizeof(reader->place), "/%s", lists[list].at);
			return listing_begin_list(reader, listing, list);
		}
	}
	value = token_value(reader);
	if (value == NULL)
		return RECORD_BROKEN;
	json_decref(value);
	if (!listing_is_one_of(name, known, sizeof(known) / sizeof(known[0])))
		record_report(reader, &listing->said, "member", name, RECORD_LEFT_OUT);
	return RECORD_SKIPPED;
}

static enum record listing_step_end(struct reader *reader, struct listing *listing)
{
	token_peek(reader);
	if (reader->text.length > 0)
		return record_broken(reader, "There is more after the end of the JSON.");
	if (!listing->seen[LIST_TASKS] && !listing->seen[LIST_TRASH])
		return record_broken(reader, "It has neither \"tasks\" nor \"trash\".");
	listing->turn = TURN_END;
	return RECORD_END;
}

/* What stands before a member or an element: nothing, a comma, or the end of them all. */
static enum record listing_step_between(
	struct reader *reader, struct listing *listing, char end, bool *ended)
{
	*ended = token_take(reader, end);
	if (*ended || listing->first || token_take(reader, ',')) {
		listing->first = false;
		return RECORD_SKIPPED;
	}
	return record_broken(reader, reader->text.length == 0 ? TOKEN_ENDS_EARLY : TOKEN_MALFORMED);
}

static enum record listing_step_member(struct reader *reader, struct listing *listing)
{
	enum record record;
	json_t *name;
	bool ended;

	reader->place[0] = '\0';
	record = listing_step_between(reader, listing, '}', &ended);
	if (record != RECORD_SKIPPED)
		return record;
	if (ended)
		return listing_step_end(reader, listing);
	name = token_value(reader);
	if (name == NULL)
		return RECORD_BROKEN;
	if (json_is_string(name) && token_take(reader, ':'))
		record = listing_step_value(reader, listing,
			(struct text){ json_string_value(name), json_string_length(name) });
	else
		record = record_broken(reader, TOKEN_MALFORMED);
	json_decref(name);
	return record;
}

static enum record listing_step_element(struct reader *reader, struct listing *listing)
{
	enum record record;
	bool ended;

	snprintf(reader->place, sizeof(reader->place), "/%s", lists[listing->list].at);
	record = listing_step_between(reader, listing, ']', &ended);
	if (record != RECORD_SKIPPED)
		return record;
	if (!ended)
		return listing_read_task(reader, listing);
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

	if (reader->state == NULL)
		reader->state = memory_zeroed(sizeof(struct listing));
	do {
		struct listing *listing = reader->state;

		record = steps[listing->turn](reader, listing);
	} while (record == RECORD_SKIPPED);
	return record;
}

static void listing_close(struct reader *reader)
{
	struct listing *listing = reader->state;

	if (listing == NULL)
		return;
	json_decref(listing->said);
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
