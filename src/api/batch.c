/*
 * Many changes of tasks at once, all or nothing: each item is what a request of its own would do.
 */
#include "tables.h"
#include "changes.h"

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
	const struct endpoint *table; /* that has the endpoint which does the same */
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
	size_t count;
	size_t at;
	struct item item[];
};

static void fault(
	struct request *request, const char *pointer, const char *member, const char *detail)
{
	char at[ITEM_POINTER + 16];

	snprintf(at, sizeof(at), "%s%s", pointer, member);
	request_fault_at(request, at, detail);
}

#define OPS (sizeof(ops) / sizeof(ops[0]))

static const struct endpoint *find_endpoint(size_t op)
{
	return table_row(ops[op].table, ops[op].method, ops[op].path);
}

/* What an item is before it is known what it does. */
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
		fault(request, pointer, member, "is not for this op");
	else if (!given && taken)
		fault(request, pointer, member, "is required");
}

/* What it does is known: its members are those of that endpoint. */
static void read_op(struct request *request, struct item *item, size_t op, struct item *envelope,
	const json_t *json)
{
	const json_t *task = json_object_get(json, "task");
	const json_t *tags = json_object_get(json, "if_match");
	const json_t *json_id = json_object_get(json, "id");
	struct value id = *request_item_value(envelope, "id");
	json_t *none = json_object();
	char pointer[ITEM_POINTER];

	if (json_id == NULL || json_is_integer(json_id))
		check_given(request, item->pointer, "/id", json_id != NULL, ops[op].takes_id);
	check_given(request, item->pointer, "/task", task != NULL, ops[op].takes_task);
	snprintf(pointer, sizeof(pointer), "%.50s/task", item->pointer);
	if (task == NULL || !ops[op].takes_task)
		task = none;
	if (json_is_object(task) && (task != none || !ops[op].takes_task))
		request_item(request, item, find_endpoint(op), pointer, task);
	if (item->values != NULL)
		*request_item_value(item, "id") = id;
	if (tags != NULL && op == 0)
		fault(request, item->pointer, "/if_match", "is not for this op");
	else if (json_is_string(tags) &&
		 !request_item_if_match(request, item, json_string_value(tags)))
		fault(request, item->pointer, "/if_match", "must be an entity tag, such as \"r5\"");
	json_decref(none);
}

static void read_item(struct request *request, struct item *item, const json_t *json)
{
	struct item envelope = { 0 };

	if (!json_is_object(json)) {
		fault(request, item->pointer, "", "must be an object");
		return;
	}
	request_item(request, &envelope, envelope_endpoint(), item->pointer, json);
	struct value *op = request_item_value(&envelope, "op");
	for (size_t i = 0; op->type == VALUE_TEXT && i < OPS; i++)
		if (text_equal(text_of(ops[i].name), op->text))
			read_op(request, item, i, &envelope, json);
}

/* All of them, so that all faults are named at once. */
static void check_items(struct request *request)
{
	const json_t *items = request_json(request, "items");
	size_t count = json_array_size(items);

	if (!json_is_array(items) || count > BATCH_MOST)
		return;
	struct batch *batch = memory_zeroed(sizeof(*batch) + count * sizeof(struct item));
	batch->count = count;
	request_keep_state(request, batch, free);
	for (size_t i = 0; i < count; i++) {
		snprintf(batch->item[i].pointer, ITEM_POINTER, "/items/%zu", i);
		read_item(request, &batch->item[i], json_array_get(items, i));
	}
}

static enum items next_item(struct request *request, struct item *item)
{
	struct batch *batch = request_state(request);

	if (batch->at == batch->count)
		return ITEMS_END;
	*item = batch->item[batch->at++];
	return ITEMS_RUN;
}

static void batch_start(struct request *request)
{
	request_exec_items(request, next_item, request_reply);
}

/* clang-format off */
const struct endpoint batch_endpoints[] = {
	{
		.name	= "task batch",
		.method	= POST,
		.path	= TASKS "/batch",
		.access	= OWNER,
		.body_most = (size_t)8 << 20,
		.input	= {
			{ "items",	BODY, ITEMS, .required = true, .most = BATCH_MOST },
			{ "msg",	BODY, SHOWN },
			{ "results",	BODY, SHOWN },
		},
		.check	= check_items,
		.start	= batch_start,
		.sql	= { GROUP_CHANGES },
		.msg	= "done",
		.many	= "results",
		.shape	= &result_shape,
	},
	{
		.method	= POST,
		.path	= BATCH_ITEM,
		.inner	= true,
		.input	= {
			{ "op",		BODY, CHOICE, .required = true,
				.choices = "create patch delete restore" },
			{ "id",		BODY, INTEGER, .least = 1, .most = INT64_MAX },
			{ "if_match",	BODY, STRING },
			{ "task",	BODY, OBJECT },
		},
	},
	{ 0 },
};
