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
	{ "task", SCHEMA_TASK_OR_NULL },
	{ 0 },
};
static const struct shape result_shape = { "BatchResult", result_members };

#define TASKS "/api/v1/accounts/{username}/tasks"
#define BATCH_ITEM "/batch/item"

static const struct {
	const char *name;
	const struct endpoint *table; /* has the endpoint that does the same */
	enum method method;
	const char *path;
	bool takes_id;
	bool takes_task;
} ops[] = {
	{ "create", task_endpoints, POST, TASKS, false, true },
	{ "patch", task_endpoints, PATCH, TASKS "/{id}", true, true },
	{ "delete", task_endpoints, DELETE, TASKS "/{id}", true, false },
	{ "restore", trash_endpoints, POST, TASKS "/{id}/restore", true, false },
};

/* The items of a body, ready to run. */
struct batch {
	unsigned count;
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

static const struct endpoint *find_endpoint(size_t op)
{
	return table_row(ops[op].table, ops[op].method, ops[op].path);
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
		find_endpoint(op);
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
static void read_task(struct request *request, struct batch_item *item, size_t op, struct text task)
{
	bool wanted = task.length > 0 && ops[op].takes_task;
	char pointer[BATCH_POINTER];

	snprintf(pointer, sizeof(pointer), "%.50s/task", item->pointer);
	check_given(request, item->pointer, "/task", task.length > 0, ops[op].takes_task);
	if (wanted && *task.data != '{')
		return; /* that is reported as a fault of "task" */
	if (wanted || !ops[op].takes_task)
		batch_item_text(
			request, item, find_endpoint(op), pointer, wanted ? task : TEXT("{}"));
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
	read_task(request, item, op, json_find(json, "task"));
	if (item->values != NULL)
		*batch_item_value(item, "id") = id;
	read_condition(request, item, op, envelope);
}

/* The envelope is used for one item after the other. */
static void read_item(struct request *request, struct batch_item *item, struct batch_item *envelope,
	struct text json)
{
	if (*json.data != '{') {
		batch_fault(request, item->pointer, "", "must be an object");
		return;
	}
	batch_item_text(request, envelope, envelope_endpoint(), item->pointer, json);
	struct value *op = batch_item_value(envelope, "op");
	for (size_t i = 0; op->type == VALUE_TEXT && i < OPS; i++)
		if (text_equal(text_of(ops[i].name), op->text))
			read_op(request, item, i, envelope, json);
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
		read_item(request, item, &envelope, json);
	}
}

static void batch_start(struct request *request)
{
	struct batch *batch = request_state(request); /* NULL: a fault was found before */
	bool read = batch != NULL;

	request_exec_batch(
		request, read ? batch->item : NULL, read ? batch->count : 0, request_reply);
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
		.start	= batch_start,
		.sql	= { GROUP_CHANGES },
		.msg	= "done",
		.array	= "results",
		.row_name = "task",
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
		},
	},
	{ 0 },
};
