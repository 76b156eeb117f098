/*
 * Import and export of a whole account as one file. An import is read to its end on another thread,
 * before anything is written. Its tasks are packed as rows, which take about as much memory as the
 * file.
 */
#include "tables.h"
#include "tasks/tasks.h"
#include "transfer/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPORTS_MOST ((size_t)64 << 10)

#define FORMAT_ADDRESS(which, name, media) &format_##which,
static const struct format *const formats[] = { &format_json, OTHER_FORMATS(FORMAT_ADDRESS) };

/* The format of the query; JSON by default. */
static const struct format *find_format(struct request *request)
{
	const struct value *name = request_value(request, "format");
	size_t i = 0;

	while (name->type == VALUE_TEXT && !text_equal(text_of(formats[i]->name), name->text))
		i++;
	return formats[i];
}

/* The store writes JSON itself. The other formats are written row by row. */
static void export_start(struct request *request)
{
	const struct format *format = find_format(request);

	if (format->write != NULL) {
		struct row_format *writing = memory_zeroed(sizeof(*writing));
		*writing = (struct row_format){ format->media, format->file, format->begin,
			format->write, format->end };
		request_keep_state(request, writing, free);
		request_set_row_format(request, writing);
	} else {
		request_value(request, "format_given")->integer = 0;
	}
	request_exec(request, SQL, request_reply);
}

struct import {
	const struct format *format;
	const struct endpoint *endpoint; /* of each task */
	struct reader reader;
	struct batch_item item;	/* the one that was read last */
	struct bulk_rows *rows; /* all of them */
	struct buffer reports;	/* JSON objects, separated by commas */
	int64_t created;
	int64_t skipped;
};

static void import_drop(void *state)
{
	struct import *import = state;

	import->format->close(&import->reader);
	json_decref(import->reader.task);
	buffer_free(&import->reports);
	request_rows_free(import->rows);
	free(import);
}

/* See struct reader. */
static void import_report(struct reader *reader, const char *place, const char *sentence)
{
	struct import *import = reader->owner;
	struct buffer *out = &import->reports;

	if (out->length >= REPORTS_MOST)
		return;
	fault_write(out, text_of(place), sentence);
}

static void import_set_text(struct request *request, const char *name, struct text text)
{
	*request_value(request, name) = (struct value){ VALUE_TEXT, .text = text };
}

/* Set the values of the reply. */
static void import_ends(struct request *request, struct import *import)
{
	struct buffer *reports = &import->reports;

	buffer_add_text(reports, TEXT("]"));
	buffer_reserve(reports, 1);
	memmove(reports->data + 1, reports->data, reports->length++);
	reports->data[0] = '[';
	import_set_text(request, "errors", (struct text){ reports->data, reports->length });
	*request_value(request, "created") =
		(struct value){ VALUE_INTEGER, .integer = import->created };
	*request_value(request, "skipped") =
		(struct value){ VALUE_INTEGER, .integer = import->skipped };
}

#define IMPORT_TASK "/import/task"

/* The endpoint that a task of a file is for. */
static const struct endpoint *find_import_task(void)
{
	return table_row(transfer_endpoints, POST, IMPORT_TASK);
}

void transfer_check(void)
{
	find_import_task();
}

/* Its inputs, in the order of the values of the import's statement. */
static const char *const import_names[] = { "deleted_date",
	TASK_FIELDS(TASK_LITERAL, TASK_LITERAL, TASK_SKIP, ) NULL };

static bool is_too_many(struct request *request, const struct import *import)
{
	return import->created > request_value(request, "room")->integer;
}

/* After a fault no task is added any more; the reading goes on to find the other faults. */
static void import_take_task(struct request *request, struct import *import)
{
	struct batch_item *item = &import->item;

	/* A line has no members to point at. */
	item->whole = import->format != &format_json;
	item->passing = true;
	batch_item(request, item, import->endpoint, import->reader.place, import->reader.task);
	import->created++;
	if (!request_has_fault(request))
		request_rows_add(import->rows, item);
}

/* Read one record; false if it was the last one. */
static bool import_read_record(struct request *request, struct import *import)
{
	struct reader *reader = &import->reader;

	json_decref(reader->task);
	reader->task = NULL;
	switch (import->format->read(reader)) {
	case RECORD_TASK:
		import_take_task(request, import);
		return !is_too_many(request, import);
	case RECORD_SKIPPED:
		import->skipped++;
		return true;
	case RECORD_BAD:
		request_fault_at(request, reader->place, reader->why);
		return true;
	case RECORD_FATAL:
		if (reader->whole)
			request_fault_whole(request, 400, reader->why);
		else
			request_fault_at(request, reader->place, reader->why);
		return false;
	default:
		return false;
	}
}

/* Runs on another thread. */
static void read_file(struct request *request)
{
	struct import *import = request_state(request);

	import->rows = request_rows_new(request, import->endpoint, import_names);
	import->reader.text = request_body(request);
	while (import_read_record(request, import))
		;
	import_ends(request, import);
}

static void refuse_limit(struct request *request)
{
	request_refuse_limit(request, "max_tasks");
}

static void file_read(struct request *request)
{
	struct import *import = request_state(request);

	request_drop_body(request);
	if (request_has_fault(request))
		request_refuse_faults(request);
	else if (is_too_many(request, import))
		refuse_limit(request);
	else if (request_value(request, "dry_run")->integer != 0)
		request_exec(request, SQL, request_reply);
	else
		request_exec_bulk(request, import->rows, request_reply, refuse_limit);
}

/* The session has been checked before the file is read. */
static void import_admitted(struct request *request)
{
	request_run_in_background(request, read_file, file_read);
}

static void import_start(struct request *request)
{
	struct import *import = memory_zeroed(sizeof(*import));

	import->format = find_format(request);
	import->endpoint = find_import_task();
	import->reader.report = import_report;
	import->reader.owner = import;
	request_keep_state(request, import, import_drop);
	request_exec(request, LOOKUP_SQL, import_admitted);
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

/* clang-format off */
const struct endpoint transfer_endpoints[] = {
	{
		.name	= "export",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}/export",
		.access	= OWNER,
		.input	= { { "format",	IN_QUERY, INPUT_CHOICE, .choices = FORMAT_NAMES } },
		.value	= { TEXT_SLOT("email"), TEXT_SLOT("date_joined") },
		.start	= export_start,
		.sql	= {
			"SELECT email, date_joined FROM accounts WHERE id = $account",
			SELECT_TASKS,
		},
		.username = true,
		.extra	= {
			{ "email", SCHEMA_TEXT_OR_NULL, "email" },
			{ "date_joined", SCHEMA_TIME, "date_joined" },
		},
		.alternative_inputs = "format",
		.alternative_sql = { "SELECT email, date_joined FROM accounts WHERE id = $account", SELECT_TASK_COLUMNS },
		.array	= "tasks",
		.shape	= &task_shape,
		.second_array	= "trash",
		.second_sql	= SELECT_TRASH,
		.second_shape = &trashed_shape,
		.slow	= true,
		.file	= "todo.json",
		.media	= FORMAT_MEDIA_TYPES,
	},
	{
		.name	= "import",
		.method	= POST,
		.path	= "/api/v1/accounts/{username}/import",
		.access	= OWNER,
		.body_max = (size_t)64 << 20,
		.raw	= true,
		.media	= FORMAT_MEDIA_TYPES,
		.input	= {
			{ "format",	IN_QUERY, INPUT_CHOICE, .choices = FORMAT_NAMES },
			{ "dry_run",	IN_QUERY, INPUT_BOOL },
		},
		.value	= { INTEGER_SLOT("created"), INTEGER_SLOT("skipped"),
			TEXT_SLOT("errors"), INTEGER_SLOT("room"), INTEGER_SLOT("base"),
			INTEGER_SLOT("number"), INTEGER_SLOT("mark"), TEXT_SLOT("deleted_date"),
			TASK_FIELDS(TASK_SLOT, TASK_SLOT, TASK_SKIP, ) },
		.start	= import_start,
		.lookup_sql	= { "SELECT $max_tasks - tasks AS room FROM accounts WHERE id = $account" },
		.sql	= { IMPORTED("would import") },
		.begin	= {
			"UPDATE accounts SET bulk = $bulk_number WHERE id = $account AND bulk = 0"
			" AND tasks + $created <= $max_tasks"
			" RETURNING revision AS base, revision AS number, revision AS mark",
		},
		.each	= INSERT_TASK(TASK_PLAIN_NAMES("")) " VALUES ($account, coalesce(" INSTANT("deleted_date") ", ''), $number"
			TASK_FIELDS(TASK_CREATED, TASK_IMPORTED, TASK_SKIP, ) ", " DUE_ORDER("$due_date") ", $number, $now)",
		.slice	= {
			"UPDATE changes SET first = $base + 1 WHERE account_id = $account"
			" AND revision > $mark AND revision <= $number",
			"SELECT $number AS mark",
		},
		.finish	= {
			"UPDATE accounts SET revision = $number, tasks = tasks + $number - $base, bulk = 0"
			" WHERE id = $account",
			IMPORTED("imported"),
		},
		.shape	= &imported_shape,
	},
	{
		.method	= POST,
		.path	= IMPORT_TASK,
		.access	= OWNER,
		.internal	= true,
		.input	= {
			TASK_FIELDS(TASK_CREATE_INPUT, TASK_DATE_INPUT, TASK_SKIP, )
			{ "deleted_date",	IN_BODY, INPUT_DATE },
			{ "id",			IN_BODY, INPUT_READ_ONLY },
			{ "revision",		IN_BODY, INPUT_READ_ONLY },
		},
	},
	{ 0 },
};
