#include "transfer/import.h"

#include "calendar/zone.h"
#include "tables.h"
#include "calendar/occurrence.h"
#include "tasks/tasks.h"
#include "transfer/format.h"
#include "transfer/import/file_lists.h"
#include "transfer/import/links.h"

#include <stdio.h>
#include <stdlib.h>

#define REPORTS_MOST ((size_t)64 << 10)
#define REPEAT_STEPS (20 * OCCURRENCE_STEPS) /* of a file, on a thread for long work */
#define ATTEMPTS_MOST 8 /* each when the account has changed in between */

struct import {
	const struct format *format;
	const struct endpoint *task_endpoint, *list_endpoint;
	struct reader reader;
	struct batch_item task, list; /* those that were read last */
	struct bulk_rows *rows;	      /* all tasks */
	struct links *links;	      /* of each of them */
	struct file_lists *lists;
	struct buffer reports; /* JSON objects, separated by commas */
	size_t reports_read;   /* the length of those of the reading */
	struct buffer errors;  /* a JSON array of them */
	int64_t tasks;	       /* of the file */
	int64_t steps;	       /* left for its repeats: see occurrence_fault() */
	int64_t skipped;       /* records of the file that are none */
	struct buffer uids, ids, made_lists;
	size_t asked; /* see links_ask() */
	int attempts;
	struct text known_lists;
	struct {
		struct value *list, *parent, *heading, *uid, *base, *made;
	} value;
};

static void import_drop(void *state)
{
	struct import *import = state;

	import->format->close(&import->reader);
	json_decref(import->reader.task);
	buffer_free(&import->reports);
	buffer_free(&import->errors);
	buffer_free(&import->uids);
	buffer_free(&import->ids);
	buffer_free(&import->made_lists);
	links_free(import->links);
	file_lists_free(import->lists);
	request_rows_free(import->rows);
	free(import);
}

static void import_tell(void *owner, const char *place, const char *sentence)
{
	struct import *import = owner;

	if (import->reports.length < REPORTS_MOST)
		fault_write(&import->reports, text_of(place), sentence);
}

/* See struct reader. */
static void import_report(struct reader *reader, const char *place, const char *sentence)
{
	import_tell(reader->owner, place, sentence);
}

static void set_text(struct request *request, const char *name, struct text text)
{
	*request_value(request, name) = (struct value){ VALUE_TEXT, .text = text };
}

static void set_integer(struct request *request, const char *name, int64_t integer)
{
	*request_value(request, name) = (struct value){ VALUE_INTEGER, .integer = integer };
}

/* ---- reading ---- */

/* Its inputs, in the order of the values of the import's statement; list and parent come later. */
static const char *const import_names[] = { "deleted_date",
	TASK_FIELDS(TASK_LITERAL, TASK_LITERAL, TASK_LITERAL, ) "uid", NULL };

static bool is_too_many(struct request *request, const struct import *import)
{
	return import->tasks > request_value(request, "max_tasks")->integer ||
	       file_lists_count(import->lists) > request_value(request, "max_lists")->integer;
}

static struct text item_text(struct batch_item *item, const char *name)
{
	const struct value *value = batch_item_value(item, name);

	return value->type == VALUE_TEXT ? value->text : TEXT("");
}

static int64_t item_integer(struct batch_item *item, const char *name)
{
	const struct value *value = batch_item_value(item, name);

	return value->type == VALUE_INTEGER ? value->integer : 0;
}

/* An id that is none in the file is no fault, as in a request. */
static int64_t record_id(const struct reader *reader)
{
	return json_integer_value(json_object_get(reader->task, "id"));
}

static void add_link(struct import *import, struct batch_item *item)
{
	struct text list = item_text(item, COLUMN_LIST_NAME);
	struct link link = { .id = record_id(&import->reader),
		.list = item_integer(item, "list"),
		.parent = item_integer(item, "parent"),
		.list_index = -1,
		.parent_uid = item_text(item, COLUMN_PARENT_UID),
		.uid = item_text(item, "uid"),
		.heading = item_text(item, "heading"),
		.is_trashed = item_text(item, "deleted_date").length > 0,
		.place = import->reader.place };

	if (list.length > 0)
		link.list_index = file_lists_named(import->lists, list);
	links_add(import->links, &link);
}

/* As it will be: of an account that has no task yet, that of the file. */
static const struct zone *zone_of(struct request *request, const struct import *import)
{
	const struct zone *zone = zone_find(text_of(import->reader.time_zone));

	return zone != NULL ? zone : zone_find(request_value(request, "account_zone")->text);
}

/*
 * As a request: what repeats is due, and occurs. Other programs know rules that this one cannot keep,
 * and those are left out.
 */
static void check_repeat(struct request *request, struct import *import)
{
	struct batch_item *item = &import->task;
	struct occurrence_series series = { .rule = item_text(item, "repeat"),
		.due = item_text(item, "due_date") };
	char place[PLACE_SIZE + 16], sentence[160];
	const char *fault;

	if (series.rule.length == 0)
		return;
	series.zone = zone_of(request, import);
	fault = occurrence_fault(&series, &import->steps);
	if (fault == NULL)
		return;
	if (import->format == &format_json || import->format == &format_csv) {
		snprintf(place, sizeof(place), "%s%s", import->reader.place,
			item->whole ? "" : "/repeat");
		request_fault_at(request, place, fault);
		return;
	}
	snprintf(sentence, sizeof(sentence), "The repeat was left out: it %s", fault);
	import_tell(import, import->reader.place, sentence);
	*batch_item_value(item, "repeat") = (struct value){ 0 };
}

/* After a fault no task is added any more; the reading goes on to find the other faults. */
static void take_task(struct request *request, struct import *import)
{
	struct batch_item *item = &import->task;

	/* A line has no members to point at. */
	item->whole = import->format != &format_json;
	item->passing = true;
	batch_item(request, item, import->task_endpoint, import->reader.place, import->reader.task);
	import->tasks++;
	if (!request_has_fault(request))
		check_repeat(request, import);
	if (request_has_fault(request))
		return;
	request_rows_add(import->rows, item);
	add_link(import, item);
}

static void take_list(struct request *request, struct import *import)
{
	struct batch_item *item = &import->list;
	struct file_list list = { .id = record_id(&import->reader) };
	struct text headings;

	item->passing = true;
	batch_item(request, item, import->list_endpoint, import->reader.place, import->reader.task);
	if (request_has_fault(request))
		return;
	headings = item_text(item, "headings");
	list.headings = json_loadb(headings.data, headings.length, 0, NULL);
	list.name = item_text(item, "name");
	list.color = item_text(item, "color");
	list.has_position = batch_item_value(item, "position")->type == VALUE_REAL;
	list.position = list.has_position ? batch_item_value(item, "position")->real : 0;
	list.is_archived = item_integer(item, "archived") != 0;
	list.creation_date = item_text(item, "creation_date");
	list.modified_date = item_text(item, "modified_date");
	list.deleted_date = item_text(item, "deleted_date");
	file_lists_add(import->lists, &list);
}

static void take_fatal(struct request *request, const struct reader *reader)
{
	if (reader->whole)
		request_fault_whole(request, 400, reader->why);
	else
		request_fault_at(request, reader->place, reader->why);
}

/* Read one record; false if it was the last one. */
static bool read_record(struct request *request, struct import *import)
{
	struct reader *reader = &import->reader;

	json_decref(reader->task);
	reader->task = NULL;
	switch (import->format->read(reader)) {
	case RECORD_TASK:
		take_task(request, import);
		return !is_too_many(request, import);
	case RECORD_LIST:
		take_list(request, import);
		return !is_too_many(request, import);
	case RECORD_SKIPPED:
		import->skipped++;
		return true;
	case RECORD_BAD:
		request_fault_at(request, reader->place, reader->why);
		return true;
	case RECORD_FATAL:
		take_fatal(request, reader);
		return false;
	default:
		return false;
	}
}

static void take_zone(struct request *request, struct import *import)
{
	const char *name = import->reader.time_zone;
	const struct zone *zone = *name != '\0' ? zone_find(text_of(name)) : NULL;

	if (zone != NULL)
		set_text(request, "time_zone", text_of(zone_name(zone)));
	else if (*name != '\0')
		import_tell(import, "/time_zone", "is not known, and was left out");
}

/* On the thread that runs the rows. */
static bool take_row(void *owner, size_t row)
{
	struct import *import = owner;
	struct link_target target = links_target(import->links, row);
	int64_t base = import->value.base->integer, first = base + import->value.made->integer;
	struct value none = { 0 };

	*import->value.list = *import->value.parent = none;
	if (target.list != 0)
		*import->value.list = (struct value){ VALUE_INTEGER,
			.integer = target.list > 0 ? target.list : base - target.list };
	if (target.parent != 0)
		*import->value.parent = (struct value){ VALUE_INTEGER,
			.integer = target.parent > 0 ? target.parent : first - target.parent };
	if (target.loses_heading)
		*import->value.heading = none;
	if (target.loses_uid)
		*import->value.uid = none;
	return target.number > 0;
}

/* Runs on another thread. */
static void read_file(struct request *request)
{
	struct import *import = request_state(request);

	import->rows = request_rows_new(request, import->task_endpoint, import_names);
	request_rows_ask(import->rows, take_row, import);
	import->reader.text = request_body(request);
	while (read_record(request, import))
		;
	take_zone(request, import);
	links_sort(import->links);
	import->reports_read = import->reports.length;
}

/* ---- what the account has ---- */

static void refuse_changed(struct request *request);

/* Objects with commas between them, as an array of their own: more may follow the next time. */
static void set_errors(struct request *request, struct import *import)
{
	import->errors.length = 0;
	buffer_add_text(&import->errors, TEXT("["));
	buffer_add(&import->errors, import->reports.data, import->reports.length);
	buffer_add_text(&import->errors, TEXT("]"));
	set_text(request, "errors", (struct text){ import->errors.data, import->errors.length });
}

/* Runs on another thread. */
static void resolve(struct request *request)
{
	struct import *import = request_state(request);

	import->reports.length = import->reports_read;
	file_lists_take_known(import->lists, import->known_lists);
	links_resolve(import->links, import->lists, import_tell, import);
	import->made_lists.length = 0;
	file_lists_write(import->lists, &import->made_lists);
	set_integer(request, "created", links_made(import->links));
	set_integer(request, "skipped", import->skipped + links_left_out(import->links));
	set_integer(request, "lists_made", file_lists_made(import->lists));
	set_text(request, "lists",
		(struct text){ import->made_lists.data, import->made_lists.length });
	set_errors(request, import);
}

static void resolved(struct request *request)
{
	struct import *import = request_state(request);
	int64_t lists = file_lists_known(import->lists) + file_lists_made(import->lists);

	if (links_made(import->links) > request_value(request, "room")->integer)
		request_refuse_limit(request, "max_tasks");
	else if (file_lists_made(import->lists) > 0 && lists > request_value(request, "max_lists")->integer)
		request_refuse_limit(request, "max_lists");
	else if (request_value(request, "dry_run")->integer != 0)
		request_exec(request, SQL, request_reply);
	else
		request_exec_bulk(request, import->rows, request_reply, refuse_changed);
}

static void ask_next(struct request *request);

static void asked(struct request *request)
{
	struct import *import = request_state(request);

	if (request_value(request, "is_first")->integer != 0) {
		import->known_lists = request_value(request, "known_lists")->text;
		set_integer(request, "seen", request_value(request, "newest")->integer);
	}
	set_integer(request, "is_first", 0);
	links_take_known(import->links, request_value(request, "known_tasks")->text);
	ask_next(request);
}

/* The first question is for the lists, too. */
static void ask_next(struct request *request)
{
	struct import *import = request_state(request);
	struct text base = request_value(request, "uid_base")->text;
	int64_t newest = request_value(request, "newest")->integer;
	bool more = links_ask(import->links, &import->asked, base, newest, &import->uids, &import->ids);

	set_text(request, "uids", (struct text){ import->uids.data, import->uids.length });
	set_text(request, "ids", (struct text){ import->ids.data, import->ids.length });
	if (more || request_value(request, "is_first")->integer != 0)
		request_exec(request, ALTERNATIVE_SQL, asked);
	else
		request_run_in_background(request, resolve, resolved);
}

static void look_up(struct request *request)
{
	struct import *import = request_state(request);

	import->attempts++;
	import->asked = 0;
	links_forget(import->links);
	set_integer(request, "is_first", 1);
	ask_next(request);
}

/* Nothing was done, since the account has changed after it was asked. */
static void refuse_changed(struct request *request)
{
	struct import *import = request_state(request);

	if (import->attempts < ATTEMPTS_MOST)
		look_up(request);
	else
		request_refuse_for(request, 503, 1, "The account has changed meanwhile.");
}

/* ---- the way of an import ---- */

static void file_read(struct request *request)
{
	struct import *import = request_state(request);
	int64_t most = request_value(request, "max_lists")->integer;

	request_drop_body(request);
	if (request_has_fault(request))
		request_refuse_faults(request);
	else if (file_lists_count(import->lists) > most)
		request_refuse_limit(request, "max_lists");
	else if (is_too_many(request, import))
		request_refuse_limit(request, "max_tasks");
	else
		look_up(request);
}

/* The session has been checked before the file is read. */
static void import_admitted(struct request *request)
{
	request_run_in_background(request, read_file, file_read);
}

void import_start(struct request *request)
{
	struct import *import = memory_zeroed(sizeof(*import));

	import->format = format_named(request_value(request, "format")->text);
	import->task_endpoint = table_row(import_endpoints, POST, IMPORT_TASK);
	import->list_endpoint = table_row(import_endpoints, POST, IMPORT_LIST);
	import->reader.report = import_report;
	import->reader.owner = import;
	import->steps = REPEAT_STEPS;
	import->links = links_new();
	import->lists = file_lists_new();
	import->value.list = request_value(request, "list");
	import->value.parent = request_value(request, "parent");
	import->value.heading = request_value(request, "heading");
	import->value.uid = request_value(request, "uid");
	import->value.base = request_value(request, "base");
	import->value.made = request_value(request, "lists_made");
	request_keep_state(request, import, import_drop);
	request_exec(request, LOOKUP_SQL, import_admitted);
}

/* The inputs of what a file has, without routes. */
/* clang-format off */
const struct endpoint import_endpoints[] = {
	{
		.method	= POST,
		.path	= IMPORT_TASK,
		.access	= OWNER,
		.internal	= true,
		.input	= {
			TASK_FIELDS(TASK_CREATE_INPUT, TASK_DATE_INPUT, TASK_RARE_INPUT, )
			{ "deleted_date",	IN_BODY, INPUT_DATE },
			{ "uid",		IN_BODY, INPUT_LINE, .max = 255, .nullable = true },
			{ COLUMN_LIST_NAME,	IN_BODY, INPUT_LINE, .max = 200 },
			{ COLUMN_PARENT_UID,	IN_BODY, INPUT_LINE, .max = 255 },
			{ "id",			IN_BODY, INPUT_READ_ONLY },
			{ "revision",		IN_BODY, INPUT_READ_ONLY },
		},
	},
	{
		.method	= POST,
		.path	= IMPORT_LIST,
		.access	= OWNER,
		.internal	= true,
		.input	= {
			{ "name",		IN_BODY, INPUT_LINE, .required = true, .max = 200 },
			{ "color",		IN_BODY, INPUT_COLOR },
			{ "headings",		IN_BODY, INPUT_LINES, .max = 100 },
			{ "position",		IN_BODY, INPUT_REAL },
			{ "archived",		IN_BODY, INPUT_BOOL },
			{ "creation_date",	IN_BODY, INPUT_DATE },
			{ "modified_date",	IN_BODY, INPUT_DATE },
			{ "deleted_date",	IN_BODY, INPUT_DATE },
			{ "id",			IN_BODY, INPUT_READ_ONLY },
		},
	},
	{ 0 },
};
