/*
 * In and out: a whole account as one file. An import is read task by task while the store runs, and
 * stands or falls as a whole; neither ever holds more than the file and one task.
 */
#include "tables.h"
#include "format.h"
#include "tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMATS "json csv todo.txt ics"
#define MEDIA "application/json text/csv text/plain text/calendar"
#define REPORTS_MOST ((size_t)64 << 10)

static const struct format *const formats[] = { &format_json, &format_csv, &format_todo_txt,
	&format_ical };

/* The format that the query names; JSON where it names none. */
static const struct format *find_format(struct request *request)
{
	const struct value *name = request_value(request, "format");
	size_t i = 0;

	while (name->type == VALUE_TEXT && !text_equal(text_of(formats[i]->name), name->text))
		i++;
	return formats[i];
}

/* JSON is what the store writes anyway; the others are written row by row. */
static void export_start(struct request *request)
{
	const struct format *format = find_format(request);

	if (format->write != NULL) {
		struct writing *writing = memory_zeroed(sizeof(*writing));
		*writing = (struct writing){ format->media, format->file, format->begin,
			format->write, format->end };
		request_keep_state(request, writing, free);
		request_write_as(request, writing);
	}
	request_exec(request, SQL, request_reply);
}

struct import {
	const struct format *format;
	struct reader reader;
	struct buffer reports; /* JSON objects with commas between them */
	int64_t created;
	int64_t skipped;
};

static void import_drop(void *state)
{
	struct import *import = state;

	import->format->close(&import->reader);
	json_decref(import->reader.task);
	buffer_free(&import->reports);
	free(import);
}

/* What is left out of a task that is taken all the same. */
static void report(struct reader *reader, const char *place, const char *sentence)
{
	struct import *import = reader->owner;
	struct buffer *out = &import->reports;

	if (out->length >= REPORTS_MOST)
		return;
	fault_write(out, text_of(place), sentence);
}

static void set_text(struct request *request, const char *name, struct text text)
{
	*request_value(request, name) = (struct value){ VALUE_TEXT, .text = text };
}

/* All was read, and nothing is wrong with it: the values of the reply. */
static void import_ends(struct request *request, struct import *import)
{
	struct buffer *reports = &import->reports;

	buffer_add_text(reports, TEXT("]"));
	buffer_reserve(reports, 1);
	memmove(reports->data + 1, reports->data, reports->length++);
	reports->data[0] = '[';
	set_text(request, "errors", (struct text){ reports->data, reports->length });
	*request_value(request, "created") =
		(struct value){ VALUE_INTEGER, .integer = import->created };
	*request_value(request, "skipped") =
		(struct value){ VALUE_INTEGER, .integer = import->skipped };
}

/* The endpoint that a task of a file is for. */
static const struct endpoint *const import_endpoint = &transfer_endpoints[2];

static void take_task(struct request *request, struct item *item, struct import *import)
{
	/* Of a line there is no member to point at. */
	item->whole = import->format != &format_json;
	request_item(request, item, import_endpoint, import->reader.place, import->reader.task);
	import->created++;
}

/*
 * One record: RUN where it is a task that may go in. Behind a fault nothing goes in any more, but
 * what else is wrong is found.
 */
static enum items read_record(struct request *request, struct item *item, struct import *import)
{
	struct reader *reader = &import->reader;

	json_decref(reader->task);
	reader->task = NULL;
	switch (import->format->read(reader)) {
	case RECORD_TASK:
		take_task(request, item, import);
		return ITEMS_RUN;
	case RECORD_SKIPPED:
		import->skipped++;
		return ITEMS_RUN;
	case RECORD_BAD:
		request_fault_at(request, reader->place, reader->why);
		return ITEMS_RUN;
	case RECORD_BROKEN:
		if (reader->whole)
			request_fault_whole(request, 400, reader->why);
		else
			request_fault_at(request, reader->place, reader->why);
		return ITEMS_STOP;
	default:
		return ITEMS_END;
	}
}

static enum items next_task(struct request *request, struct item *item)
{
	struct import *import = request_state(request);

	for (;;) {
		int64_t created = import->created;
		enum items more = read_record(request, item, import);
		if (more == ITEMS_RUN && created < import->created && !request_has_fault(request))
			return ITEMS_RUN;
		if (more == ITEMS_RUN)
			continue;
		if (request_has_fault(request))
			return ITEMS_STOP;
		import_ends(request, import);
		return more;
	}
}

static void import_start(struct request *request)
{
	struct import *import = memory_zeroed(sizeof(*import));

	import->format = find_format(request);
	import->reader.text = request_body(request);
	import->reader.report = report;
	import->reader.owner = import;
	request_keep_state(request, import, import_drop);
	request_exec_items(
		request, request_value(request, "dry_run")->integer != 0, next_task, request_reply);
}

static const struct member imported_members[] = {
	{ "msg", "{\"enum\":[\"imported\",\"would import\"]}" },
	{ "created", SCHEMA_INTEGER },
	{ "skipped", SCHEMA_INTEGER },
	{ "errors", "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
		    "\"pointer\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}},"
		    "\"required\":[\"pointer\",\"detail\"]}}" },
	{ 0 },
};
static const struct shape imported_shape = { "Imported", imported_members };

#define IMPORTED(msg)                                                                              \
	"SELECT '" msg "' AS msg, $created AS created, $skipped AS skipped,"                       \
	" $errors AS \"errors:json\""

/* A file may say the day alone; that is its first instant. */
#define INSTANT(date) "iif(length($" date ") = 10, $" date " || 'T00:00:00Z', $" date ")"

/* clang-format off */
const struct endpoint transfer_endpoints[] = {
	{
		.name	= "export",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}/export",
		.access	= OWNER,
		.input	= { { "format",	QUERY, CHOICE, .choices = FORMATS } },
		.value	= { "email", "date_joined" },
		.start	= export_start,
		.sql	= {
			"SELECT email, date_joined FROM accounts WHERE id = $me",
			SELECT_TASKS,
		},
		.username = true,
		.extra	= {
			{ "email", SCHEMA_TEXT_OR_NULL, "email" },
			{ "date_joined", SCHEMA_TIME, "date_joined" },
		},
		.many	= "tasks",
		.shape	= &task_shape,
		.then	= "trash",
		.rest	= SELECT_TRASH,
		.rest_shape = &trashed_shape,
		.slow	= true,
		.file	= "todo.json",
		.media	= MEDIA,
	},
	{
		.name	= "import",
		.method	= POST,
		.path	= "/api/v1/accounts/{username}/import",
		.access	= OWNER,
		.body_most = (size_t)64 << 20,
		.raw	= true,
		.media	= MEDIA,
		.input	= {
			{ "format",	QUERY, CHOICE, .choices = FORMATS },
			{ "dry_run",	QUERY, BOOL },
		},
		.value	= { "created", "skipped", "errors" },
		.start	= import_start,
		.other	= { IMPORTED("would import") },
		.sql	= { GROUP_CHANGES, IMPORTED("imported") },
		.shape	= &imported_shape,
	},
	{
		.method	= POST,
		.path	= "/import/task",
		.access	= OWNER,
		.inner	= true,
		.input	= {
			TASK_SET(true),
			{ "creation_date",	BODY, DATE },
			{ "completed_date",	BODY, DATE },
			{ "modified_date",	BODY, DATE },
			{ "deleted_date",	BODY, DATE },
			{ "id",			BODY, SHOWN },
			{ "revision",		BODY, SHOWN },
		},
		.sql	= {
			INSERT_TASK " VALUES ($me, ifnull(" INSTANT("deleted_date") ", ''), "
			NEXT_REVISION ", $name, ifnull($note, ''), ifnull(" INSTANT("creation_date")
			", $now), $due_date, ifnull($completed, 0), ifnull($priority, 0),"
			" ifnull($tags, '[]'), ifnull($position, " LAST_POSITION "), iif($completed,"
			" ifnull(" INSTANT("completed_date") ", $now), NULL), ifnull("
			INSTANT("modified_date") ", $now), " NEXT_REVISION ", $now)",
		},
	},
	{ 0 },
};
