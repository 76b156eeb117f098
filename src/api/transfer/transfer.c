/*
 * Import and export of a whole account as one file. The tasks of an import go in slices. Its lists, of
 * which there are few, come with the statement that makes all of it visible.
 */
#include "tables.h"
#include "tasks/list_sql.h"
#include "transfer/format.h"
#include "transfer/import.h"

#include <stdlib.h>

/* The store writes JSON itself. The other formats are written row by row. */
static void export_start(struct request *request)
{
	const struct format *format = format_named(request_value(request, "format")->text);

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

void transfer_check(void)
{
	table_row(import_endpoints, POST, IMPORT_TASK);
	table_row(import_endpoints, POST, IMPORT_LIST);
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

/*
 * How deep a task is, by its id: its parents are found one after the other. More than the deepest
 * may be means nothing.
 */
#define DEPTH                                                                                      \
	"CASE WHEN parent IS NULL THEN 1 ELSE (WITH RECURSIVE above(id, depth) AS"                 \
	" (SELECT tasks.parent, 1 UNION ALL SELECT t.parent, depth + 1 FROM above"                 \
	" JOIN tasks t ON t.account_id = $account AND t.deleted_date = '' AND t.id = above.id"     \
	" WHERE depth < 9) SELECT max(depth) FROM above) END"

/* What the file has, and the account, too. */
#define KNOWN_TASK                                                                                 \
	SQL_ARRAY(TASK_UID("") ", id, list, CASE WHEN deleted_date > '' THEN 1 ELSE 0 END, " DEPTH)
#define KNOWN_TASKS                                                                                \
	"SELECT " SQL_TO_ARRAY(SQL_JSON("known"))                                              \
	" AS known_tasks FROM ("                                                                   \
	"SELECT " KNOWN_TASK " AS known FROM tasks WHERE account_id = $account"                    \
	" AND uid IN (SELECT value FROM " SQL_ELEMENTS("$uids") " asked)"                          \
	" AND (deleted_date = '' OR revision > $emptied) AND " VISIBLE("id")                       \
	" UNION ALL SELECT " KNOWN_TASK " FROM tasks WHERE " LIVE " AND uid IS NULL AND id IN ("   \
	NUMBERS("$ids") ") UNION ALL SELECT " KNOWN_TASK " FROM " TRASH_BY_ID " WHERE " IN_TRASH    \
	" AND uid IS NULL AND id IN (" NUMBERS("$ids") ")) found"
#define NUMBERS(array) "SELECT CAST(value AS BIGINT) FROM " SQL_ELEMENTS(array) " asked"

#define KNOWN_LISTS                                                                                \
	"SELECT " SQL_TO_ARRAY(SQL_ARRAY("id, name, creation_date,"                            \
		" CASE WHEN deleted_date > '' THEN 1 ELSE 0 END, " SQL_JSON("headings")))          \
	" AS known_lists FROM lists WHERE account_id = $account AND $is_first = 1"                   \
	" AND (deleted_date = '' OR revision > $emptied) AND " VISIBLE("id")

#define CREATE_LISTS                                                                               \
	"INSERT" SQL_OR_ROLLBACK " INTO lists (account_id, deleted_date, id" LIST_NAMES("")         \
	", revision, changed)"                                                                     \
	" SELECT $account, " OF_LIST("1") ", $base + " NUMBER(OF_LIST("0")) ", "         \
	OF_LIST("2") ", " OF_LIST("3") ", " OF_LIST("4")                                           \
	", coalesce(CAST(" OF_LIST("5") " AS REAL), $last_position + " NUMBER(OF_LIST("0")) "), "  \
	NUMBER(OF_LIST("6")) ", coalesce(nullif(" OF_LIST("7") ", ''), $now),"          \
	" coalesce(nullif(" OF_LIST("8") ", ''), $now), $base + "                       \
	NUMBER(OF_LIST("0")) ", $now FROM " SQL_ELEMENTS("$lists") " made"
#define OF_LIST(number) SQL_ELEMENT("value", number)
#define NUMBER(text) "CAST(" text " AS BIGINT)"

/* An input that was not sent is NULL; list and parent are set when the row is run. */
#define EACH_TASK                                                                                  \
	INSERT_TASK(TASK_NAMES(""))                                                                \
	" VALUES ($account, coalesce(" INSTANT("deleted_date") ", ''), $number"                    \
	TASK_FIELDS(TASK_CREATED, TASK_IMPORTED, TASK_STORED, ) ", " IS_PLAIN(STORED_ALONE)         \
	", $uid, " DUE_ORDER("$due_date") ", $number, $now)"

/* clang-format off */
const struct endpoint transfer_endpoints[] = {
	{
		.name	= "export",
		.method	= GET,
		.path	= "/api/v1/accounts/{username}/export",
		.access	= OWNER,
		.input	= { { "format",	IN_QUERY, INPUT_CHOICE, .choices = FORMAT_NAMES } },
		.value	= { TEXT_SLOT("email"), TEXT_SLOT("date_joined"), TEXT_SLOT("time_zone") },
		.start	= export_start,
		.sql	= {
			"SELECT email, date_joined, time_zone FROM accounts WHERE id = $account",
			SELECT_TASKS,
		},
		.username = true,
		.extra	= {
			{ "email", SCHEMA_TEXT_OR_NULL, "email" },
			{ "date_joined", SCHEMA_TIME, "date_joined" },
			{ "time_zone", SCHEMA_TEXT, "time_zone" },
		},
		.alternative_inputs = "format",
		.alternative_sql = { SELECT_TASK_COLUMNS },
		.array	= "tasks",
		.shape	= &task_shape,
		.further	= {
			{ "trash", SELECT_TRASH, &trashed_shape },
			{ "lists", "SELECT " LIST " FROM lists WHERE " LIVE " ORDER BY position, id", &list_shape },
			{ "trashed_lists", SELECT_TRASHED_LISTS, &trashed_list_shape },
		},
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
			TEXT_SLOT("uid"), TASK_FIELDS(TASK_SLOT, TASK_SLOT, TASK_SLOT, )
			TEXT_SLOT("uids"), TEXT_SLOT("ids"), INTEGER_SLOT("is_first"),
			TEXT_SLOT("known_tasks"), TEXT_SLOT("known_lists"), INTEGER_SLOT("seen"),
			TEXT_SLOT("lists"), INTEGER_SLOT("lists_made"), REAL_SLOT("last_position"),
			TEXT_SLOT("time_zone"), TEXT_SLOT("account_zone") },
		.start	= import_start,
		.lookup_sql	= { "SELECT time_zone AS account_zone FROM accounts WHERE id = $account" },
		.alternative_sql = {
			"SELECT $max_tasks - tasks AS room FROM accounts WHERE id = $account",
			KNOWN_LISTS,
			KNOWN_TASKS,
		},
		.sql	= { IMPORTED("would import") },
		.begin	= {
			"UPDATE accounts SET bulk = $bulk_number WHERE id = $account AND bulk = 0"
			" AND revision = $seen RETURNING revision AS base,"
			" revision + $lists_made AS number, revision + $lists_made AS mark",
		},
		.each	= EACH_TASK,
		.slice	= {
			"UPDATE changes SET first = $base + 1 WHERE account_id = $account"
			" AND revision > $mark AND revision <= $number",
			"SELECT $number AS mark",
		},
		.finish	= {
			"SELECT coalesce(max(position), 0.0) AS last_position FROM lists"
			" WHERE account_id = $account AND deleted_date = ''",
			CREATE_LISTS,
			"UPDATE changes SET first = $base + 1 WHERE account_id = $account"
			" AND revision > $base AND revision <= $base + $lists_made",
			"UPDATE accounts SET revision = $number, tasks = tasks + $number - $base - $lists_made,"
			" time_zone = CASE WHEN tasks = 0 THEN coalesce($time_zone, time_zone) ELSE time_zone END,"
			" bulk = 0 WHERE id = $account",
			IMPORTED("imported"),
		},
		.shape	= &imported_shape,
	},
	{ 0 },
};
