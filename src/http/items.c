/*
 * Many things in one transaction. The store asks between them what comes next, on its own thread:
 * nothing here but the first and the last function touches the connection.
 */
#include "admission.h"
#include "condition.h"
#include "input.h"
#include "serving.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MOST ((size_t)12 << 20) /* bytes of the tasks that items are about; a body has 8 MiB */

static struct intake begin_intake(struct request *request, struct item *item,
	const struct endpoint *endpoint, const char *pointer)
{
	struct items_state *items = &request->items;

	item->route = router_of(request->server->router, endpoint);
	size_t size = sizeof(struct value) * item->route->slot_count;
	if (item->values == NULL)
		item->values = memory_keep(&request->kept, size);
	if (item->passing)
		memory_drop(&items->kept);
	memset(item->values, 0, size);
	route_clear_given(item->route, item->values);
	return (struct intake){ request, item->route, item->values, pointer, item->whole,
		item->passing ? &items->kept : &request->kept };
}

void request_item(struct request *request, struct item *item, const struct endpoint *endpoint,
	const char *pointer, const json_t *members)
{
	struct intake intake = begin_intake(request, item, endpoint, pointer);

	input_read_members(&intake, members);
}

void request_item_text(struct request *request, struct item *item, const struct endpoint *endpoint,
	const char *pointer, struct text members)
{
	struct intake intake = begin_intake(request, item, endpoint, pointer);

	input_read_object(&intake, members);
}

struct value *request_item_value(struct item *item, const char *name)
{
	return &item->values[route_slot(item->route, name)];
}

bool request_item_if_match(struct request *request, struct item *item, const char *tags)
{
	struct condition *condition = memory_keep(&request->kept, sizeof(*condition));
	char quoted[64];

	item->if_match = condition;
	if (tags == NULL)
		return false;
	if (tags[0] == 'r' && strlen(tags) < sizeof(quoted) - 2) {
		snprintf(quoted, sizeof(quoted), "\"%s\"", tags);
		tags = quoted;
	}
	return condition_read(condition, tags);
}

static void item_fault(struct request *request, int status, const char *member, const char *detail)
{
	char pointer[ITEM_POINTER + 16];

	snprintf(pointer, sizeof(pointer), "%s%s", request->items.item.pointer, member);
	input_fault(request, status, "An item cannot be done, and so none was.");
	request_fault_at(request, pointer, detail);
}

/* Each item's change has a revision of its own. */
const struct statement *items_prepare(struct store *store)
{
	return store_prepare(store, "SELECT revision AS newest, tasks FROM accounts WHERE id = $me",
		route_fixed_slots());
}

/* Behind what stands there, as for a request of its own. */
static bool item_stands(struct job *job, unsigned index, bool row)
{
	struct request *request = (struct request *)(void *)job;
	struct item *item = &request->items.item;

	if (index == 0)
		return true;
	if (!row)
		item_fault(request, 404, "/id", "is of no such task");
	else if (!condition_matches(item->if_match, item->values[SLOT_REVISION].integer))
		item_fault(request, 412, "/if_match", "is not what stands there now");
	return request->fault.status == 0;
}

static void reply_unmet(struct request *request)
{
	reply_problem_row(request, 412, request->fault.detail);
}

/* With what stands there now. */
void items_unmet(struct request *request)
{
	struct item *item = &request->items.item;
	const struct statements_list *current = &item->route->statements[CURRENT];

	request_begin_job(request, reply_unmet);
	request->job.statements = &current->statement[current->count - 1];
	request->job.count = 1;
	request->job.values = item->values;
	request_hand_over(request);
}

static void set_circumstances(struct request *request, struct value *values)
{
	static const enum slot slots[] = { SLOT_ME, SLOT_USERNAME, SLOT_NOW, SLOT_HIDDEN_FROM,
		SLOT_HIDDEN_TO, SLOT_EMPTIED, SLOT_LIMITS + LIMIT_TASKS };

	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		values[slots[i]] = request->values[slots[i]];
}

static void add_statements(struct request *request, const struct statements_list *list)
{
	for (unsigned i = 1; i < list->count; i++) /* behind the session's */
		request->run[request->job.count++] = list->statement[i];
}

static void begin_item(struct request *request)
{
	struct item *item = &request->items.item;
	const struct endpoint *endpoint = item->route->endpoint;
	struct job *job = &request->job;

	set_circumstances(request, item->values);
	job->count = 0;
	job->values = item->values;
	job->quiet = endpoint->inner;
	job->rows = 0;
	job->written = false;
	job->step = item_stands;
	request->run[job->count++] = request->server->newest;
	assert(item->if_match == NULL || item->route->standing != NULL);
	if (item->if_match != NULL)
		request->run[job->count++] = item->route->standing;
	job->steps = job->count;
	add_statements(request, &item->route->statements[SQL]);
	request->items.running = true;
	if (endpoint->inner)
		return;
	buffer_add_format(&job->out, "%s{\"status\":%d,\"task\":", job->out.length > 0 ? "," : "",
		reply_rows_status(endpoint));
	request->items.mark = job->out.length;
}

/* What they are about, shown or not: all of it is written in one transaction, and held in memory. */
static bool is_too_much(struct request *request)
{
	struct items_state *items = &request->items;
	int slot = route_slot(items->item.route, "text");

	if (slot >= 0)
		items->unseen += (size_t)items->item.values[slot].integer;
	return request->job.out.length + items->unseen > TEXT_MOST;
}

static bool end_item(struct request *request)
{
	const struct endpoint *endpoint = request->items.item.route->endpoint;
	struct job *job = &request->job;

	request->items.running = false;
	if (endpoint->inner)
		return true;
	if (job->rows == 0 && endpoint->limit != NULL) {
		item_fault(request, 507, "", "is one more than the account may have: see --max-tasks");
		return false;
	}
	if (job->rows == 0) {
		item_fault(request, 404, "/id", "is of no such task");
		return false;
	}
	if (is_too_much(request)) {
		input_fault(request, 413,
			"The tasks of these items have more than 12 MiB of text: send fewer at once.");
		return false;
	}
	if (endpoint->no_row) {
		job->out.length = request->items.mark;
		buffer_add_text(&job->out, TEXT("null"));
	}
	buffer_add_text(&job->out, TEXT("}"));
	return true;
}

static void begin_last(struct request *request)
{
	struct items_state *items = &request->items;
	struct job *job = &request->job;

	items->last = true;
	job->count = 0;
	job->values = request->values;
	job->quiet = false;
	job->rows = 0;
	job->written = false;
	job->step = NULL;
	add_statements(request, &request->route->statements[SQL]);
	admission_keep(request);
}

static enum onward onward(struct job *job)
{
	struct request *request = (struct request *)(void *)job;
	struct items_state *items = &request->items;
	enum items more;

	if (items->last)
		return ONWARD_END;
	if (items->running && !end_item(request))
		return ONWARD_STOP;
	more = items->next(request, &items->item);
	if (more == ITEMS_STOP)
		return ONWARD_STOP;
	if (more == ITEMS_RUN)
		begin_item(request);
	else
		begin_last(request);
	return ONWARD_RUN;
}

void request_exec_items(struct request *request,
	enum items (*next)(struct request *request, struct item *item),
	void (*done)(struct request *request))
{
	request->items.next = next;
	request_begin_job(request, done);
	request->job.onward = onward;
	request->job.quiet = true; /* but for the items */
	admission_gates(request, request->route->statements[SQL].statement[0]);
	request_hand_over(request);
}
