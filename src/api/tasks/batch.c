/*
 * A batch of changes, all or nothing. Each item does what a request of its own would do.
 */
#include "tables.h"
#include "tasks/changes.h"

#include "base/json_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_MOST 1000

static const struct member result_members[] = {
	{ "status", SCHEMA_INTEGER },
	{ "task?", SCHEMA_TASK_OR_NULL },
	{ "list?", SCHEMA_LIST_OR_NULL },
	{ 0 },
};
static const struct shape result_shape = { "BatchResult", result_members };

#define TASKS "/api/v1/accounts/{username}/tasks"
#define LISTS "/api/v1/accounts/{username}/lists"
#define BATCH_ITEM "/batch/item"

/* What an item is about, and the member that has its row. */
enum kind { OF_TASK, OF_LIST, KINDS };
static const char *const row_members[KINDS] = { "task", "list" };

/* The endpoint that does the same as an item, by the kind of that. */
struct place {
	const struct endpoint *table;
	const char *path;
};

static const struct {
	const char *name;
	enum method method;
	struct place place[KINDS];
	bool takes_id;
	bool takes_row;
} ops[] = {
	{ "create", POST, { { task_endpoints, TASKS }, { list_endpoints, LISTS } }, false, true },
	{ "patch", PATCH, { { task_endpoints, TASKS "/{id}" }, { list_endpoints, LISTS "/{id}" } },
		true, true },
	{ "delete", DELETE,
		{ { task_endpoints, TASKS "/{id}" }, { list_endpoints, LISTS "/{id}" } }, true,
		false },
	{ "restore", POST,
		{ { trash_endpoints, TASKS "/{id}/restore" },
			{ list_endpoints, LISTS "/{id}/restore" } },
		true, false },
};

/* The items of a body, ready to run. Without a row an item is of a list if its id is that of one. */
struct batch {
	unsigned count;
	bool asks_kinds; /* some item has no row */
	size_t op[BATCH_MOST];
	struct batch_item item[];
};

static void batch_fault(
	struct request *request, const char *pointer, const char *member, const char *detail)
{
	char at[BATCH_POINTER + 16];

	snprintf(at, sizeof(at), "%s%s", pointer, member);
	request_fault_at(request, at, detail);
}

#define OPS (sizeof(ops) / sizeof(ops[0]))

static const struct endpoint *find_endpoint(size_t op, enum kind kind)
{
	const struct place *place = &ops[op].place[kind];

	return table_row(place->table, ops[op].method, place->path);
}

/* The inputs of every item, before its op is known. */
static const struct endpoint *envelope_endpoint(void)
{
	return table_row(batch_endpoints, POST, BATCH_ITEM);
}

void batch_check(void)
{
	envelope_endpoint();
	for (size_t op = 0; op < OPS; op++)
		for (enum kind kind = 0; kind < KINDS; kind++)
			find_endpoint(op, kind);
}

static void check_given(
	struct request *request, const char *pointer, const char *member, bool given, bool taken)
{
	if (given && !taken)
		batch_fault(request, pointer, member, "is not for this op");
	else if (!given && taken)
		batch_fault(request, pointer, member, "is required");
}

/* Read the members of the endpoint that does the op. */
static void read_row(struct request *request, struct batch_item *item, size_t op, struct text json)
{
	struct text rows[KINDS] = { json_find(json, "task"), json_find(json, "list") };
	enum kind kind = rows[OF_TASK].length == 0 && rows[OF_LIST].length > 0 ? OF_LIST : OF_TASK;
	struct text row = rows[kind];
	bool wanted = row.length > 0 && ops[op].takes_row;
	char member[16], pointer[BATCH_POINTER];

	snprintf(member, sizeof(member), "/%s", row_members[kind]);
	snprintf(pointer, sizeof(pointer), "%.40s%s", item->pointer, member);
	check_given(request, item->pointer, member, row.length > 0, ops[op].takes_row);
	if (kind == OF_TASK && rows[OF_LIST].length > 0)
		batch_fault(request, item->pointer, "/list", "is not for an item with a task");
	if (wanted && *row.data != '{')
		return; /* that is reported as a fault of the member */
	if (wanted || !ops[op].takes_row)
		batch_item_text(request, item, find_endpoint(op, kind), pointer,
			wanted ? row : TEXT("{}"));
}

static void read_condition(
	struct request *request, struct batch_item *item, size_t op, struct batch_item *envelope)
{
	const struct value *tags = batch_item_value(envelope, "if_match");

	if (batch_item_value(envelope, "if_match_given")->integer == 0)
		return;
	if (op == 0)
		batch_fault(request, item->pointer, "/if_match", "is not for this op");
	else if (tags->type == VALUE_TEXT && !batch_item_if_match(request, item, tags->text.data))
		batch_fault(request, item->pointer, "/if_match", "must be an entity tag, such as \"r5\"");
}

static void read_op(struct request *request, struct batch_item *item, size_t op,
	struct batch_item *envelope, struct text json)
{
	struct value id = *batch_item_value(envelope, "id");
	bool given = batch_item_value(envelope, "id_given")->integer != 0;

	if (!given || id.type == VALUE_INTEGER)
		check_given(request, item->pointer, "/id", given, ops[op].takes_id);
	read_row(request, item, op, json);
	if (item->values != NULL)
		*batch_item_value(item, "id") = id;
	read_condition(request, item, op, envelope);
}

/* The envelope is used for one item after the other. */
static void read_item(struct request *request, struct batch *batch, struct batch_item *envelope,
	struct text json)
{
	struct batch_item *item = &batch->item[batch->count];

	if (*json.data != '{') {
		batch_fault(request, item->pointer, "", "must be an object");
		return;
	}
	batch_item_text(request, envelope, envelope_endpoint(), item->pointer, json);
	struct value *op = batch_item_value(envelope, "op");
	for (size_t i = 0; op->type == VALUE_TEXT && i < OPS; i++) {
		if (!text_equal(text_of(ops[i].name), op->text))
			continue;
		batch->op[batch->count] = i;
		batch->asks_kinds |= !ops[i].takes_row;
		read_op(request, item, i, envelope, json);
	}
}

/* The number of items, or BATCH_MOST + 1 if there are more. */
static size_t count_batch_items(struct text items)
{
	struct json_cursor cursor = json_enter(items);
	struct text json;
	size_t count = 0;

	while (count <= BATCH_MOST && json_next_element(&cursor, &json))
		count++;
	return count;
}

/* Read all items, so that the reply lists all faults at once. */
static void check_items(struct request *request)
{
	struct text items = request_json(request, "items"), json;
	struct batch_item envelope = { 0 };

	if (items.length == 0 || *items.data != '[' || count_batch_items(items) > BATCH_MOST)
		return;
	struct batch *batch = memory_zeroed(
		sizeof(*batch) + count_batch_items(items) * sizeof(struct batch_item));
	struct json_cursor cursor = json_enter(items);
	request_keep_state(request, batch, free);
	for (; json_next_element(&cursor, &json); batch->count++) {
		struct batch_item *item = &batch->item[batch->count];
		snprintf(item->pointer, BATCH_POINTER, "/items/%u", batch->count);
		read_item(request, batch, &envelope, json);
	}
}

static void run_items(struct request *request)
{
	struct batch *batch = request_state(request); /* NULL: a fault was found before */
	bool read = batch != NULL;

	request_exec_batch(
		request, read ? batch->item : NULL, read ? batch->count : 0, request_reply);
}

/* Whether the ids, a JSON array, have this one. */
static bool has_id(struct text ids, int64_t id)
{
	struct json_cursor cursor = json_enter(ids);
	struct text element;
	int64_t number;

	while (json_next_element(&cursor, &element))
		if (text_to_integer(element, &number) && number == id)
			return true;
	return false;
}

/* The item, which has no row, becomes one of a list. */
static void make_item_of_list(struct request *request, struct batch_item *item, size_t op)
{
	struct value id = *batch_item_value(item, "id");
	struct value matching = *batch_item_value(item, "matching");

	item->values = NULL;
	batch_item_text(request, item, find_endpoint(op, OF_LIST), item->pointer, TEXT("{}"));
	*batch_item_value(item, "id") = id;
	*batch_item_value(item, "matching") = matching;
}

static void kinds_found(struct request *request)
{
	struct batch *batch = request_state(request);
	struct text ids = request_value(request, "lists")->text;

	for (unsigned i = 0; i < batch->count; i++)
		if (!ops[batch->op[i]].takes_row &&
			has_id(ids, batch_item_value(&batch->item[i], "id")->integer))
			make_item_of_list(request, &batch->item[i], batch->op[i]);
	run_items(request);
}

/* What an id is of never changes, so that it may be asked before. */
static void batch_start(struct request *request)
{
	const struct batch *batch = request_state(request);

	if (batch != NULL && batch->asks_kinds && !request_has_fault(request))
		request_exec(request, LOOKUP_SQL, kinds_found);
	else
		run_items(request);
}

/* clang-format off */
const struct endpoint batch_endpoints[] = {
	{
		.name	= "task batch",
		.method	= POST,
		.path	= TASKS "/batch",
		.access	= OWNER,
		.body_max = (size_t)8 << 20,
		.itemized = true,
		.input	= {
			{ "items",	IN_BODY, INPUT_ITEMS, .required = true, .max = BATCH_MOST },
			{ "msg",	IN_BODY, INPUT_READ_ONLY },
			{ "results",	IN_BODY, INPUT_READ_ONLY },
		},
		.check	= check_items,
		.value	= { TEXT_SLOT("lists") },
		.start	= batch_start,
		.lookup_sql = { "SELECT " SQL_TO_ARRAY("id") " AS lists FROM lists WHERE account_id = $account" },
		.sql	= { GROUP_CHANGES },
		.msg	= "done",
		.array	= "results",
		.shape	= &result_shape,
		.extra	= {
			{ "also", SCHEMA_IDS, .optional = true },
			{ "next", SCHEMA_TASK_OR_NULL, .optional = true },
		},
	},
	{
		.method	= POST,
		.path	= BATCH_ITEM,
		.internal	= true,
		.input	= {
			{ "op",		IN_BODY, INPUT_CHOICE, .required = true,
				.choices = "create patch delete restore" },
			{ "id",		IN_BODY, INPUT_INTEGER, .min = 1, .max = INT64_MAX },
			{ "if_match",	IN_BODY, INPUT_STRING },
			{ "task",	IN_BODY, INPUT_OBJECT },
			{ "list",	IN_BODY, INPUT_OBJECT },
		},
	},
	{ 0 },
};
