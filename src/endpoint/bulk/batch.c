/*
 * The items of a batch are read and bound on the loop or a background thread; then each is a part
 * of one job, so that the writer only runs statements.
 */
#include "bulk/batch.h"

#include "access/guards.h"
#include "http/condition.h"
#include "input/body.h"
#include "reply/refuse.h"
#include "reply/rows.h"
#include "state/faults.h"
#include "state/request_state.h"
#include "state/server_state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define BATCH_TEXT_MAX ((size_t)12 << 20) /* bytes of the changed rows; a body has 8 MiB */
#define OPENING 64			  /* bytes before an item's row, terminated */

/*
 * The statements before an item's own, by their index: the account's revision; the current revision
 * of the item's row, where it has to exist; and whether that is the one of its condition. An item
 * that makes a row has none: instead, whether the limit of such rows is not reached.
 */
enum { BATCH_NEWEST, BATCH_REVISION, BATCH_MATCHES, BATCH_QUESTIONS, BATCH_LIMIT = BATCH_REVISION };

static struct input_target begin_item(struct request *request, struct batch_item *item,
	const struct endpoint *endpoint, const char *pointer)
{
	struct batch_state *items = &request->batch;

	item->route = router_of(request->server->router, endpoint);
	size_t size = sizeof(struct value) * item->route->slot_count;
	if (item->values == NULL)
		item->values = arena_alloc(&request->arena, size);
	if (item->passing)
		arena_free(&items->arena);
	memset(item->values, 0, size);
	route_clear_given(item->route, item->values);
	return (struct input_target){ request, item->route, item->values, pointer, item->whole,
		item->passing ? &items->arena : &request->arena };
}

void batch_item(struct request *request, struct batch_item *item, const struct endpoint *endpoint,
	const char *pointer, const json_t *members)
{
	struct input_target target = begin_item(request, item, endpoint, pointer);

	input_read_members(&target, members);
}

void batch_item_text(struct request *request, struct batch_item *item,
	const struct endpoint *endpoint, const char *pointer, struct text members)
{
	struct input_target target = begin_item(request, item, endpoint, pointer);

	input_read_object(&target, members);
}

struct value *batch_item_value(struct batch_item *item, const char *name)
{
	return &item->values[route_slot(item->route, name)];
}

bool batch_item_if_match(struct request *request, struct batch_item *item, const char *tags)
{
	struct condition condition;
	char quoted[64];

	if (tags[0] == 'r' && strlen(tags) < sizeof(quoted) - 2) {
		snprintf(quoted, sizeof(quoted), "\"%s\"", tags);
		tags = quoted;
	}
	if (!condition_read(&condition, tags))
		return false;
	if (item->values == NULL)
		return true; /* the item has a fault already */
	assert(item->route->current_revision != NULL);
	item->conditional = true;
	item->values[SLOT_MATCHING] = (struct value){ VALUE_TEXT,
		.text = condition_revisions(&condition, &request->arena) };
	return true;
}

void batch_prepare(
	struct store *store, const struct access_sql *sql, struct batch_statements *questions)
{
	const struct slot *slots = route_fixed_slots();

	/* Each item makes a revision of its own. */
	questions->newest = store_prepare(store, sql->newest, slots);
	questions->matches = store_prepare(store,
		"SELECT 1 AS matches WHERE $matching = ''"
		" OR $matching LIKE '%,r' || $revision || ',%'",
		slots);
}

/* ---- from items to parts ---- */

/* The statements of an item, or of the request, without the session's. */
static unsigned add_statements(const struct statement **to, const struct statements_list *list)
{
	memcpy(to, &list->statement[1], (list->count - 1) * sizeof(list->statement[0]));
	return list->count - 1;
}

static unsigned add_questions(
	struct request *request, const struct batch_item *item, const struct statement **to)
{
	const struct batch_statements *questions = &request->server->batch_statements;

	to[BATCH_NEWEST] = questions->newest;
	if (item->route->below_limit != NULL) {
		to[BATCH_LIMIT] = item->route->below_limit;
		return BATCH_LIMIT + 1;
	}
	if (item->route->current_revision == NULL)
		return BATCH_REVISION;
	to[BATCH_REVISION] = item->route->current_revision;
	to[BATCH_MATCHES] = questions->matches;
	return item->conditional ? BATCH_QUESTIONS : BATCH_MATCHES;
}

/* What an item is about: the name of its row in a result, and of its members in a pointer. */
static const char *row_name(const struct endpoint *endpoint)
{
	return endpoint->object != NULL ? endpoint->object : endpoint->row_name;
}

static struct text write_opening(const struct endpoint *endpoint, bool first, char *to)
{
	int length = snprintf(to, OPENING, "%s{\"status\":%d,\"%s\":%s", first ? "" : ",",
		reply_rows_status(endpoint), row_name(endpoint), endpoint->no_row ? "null" : "");

	assert(length < OPENING);
	return (struct text){ to, (size_t)length };
}

/* Bytes that a change writes but does not reply count, too: they are in the same transaction. */
static const struct value *text_size(const struct batch_item *item)
{
	int slot = route_slot(item->route, "text");

	return slot < 0 ? NULL : &item->values[slot];
}

/* Memory of a part. */
struct plan {
	const struct statement *statement[BATCH_QUESTIONS + ENDPOINT_STATEMENTS + 1];
	char opening[OPENING];
};

static struct job_part plan_item(
	struct request *request, struct batch_item *item, bool first, struct plan *plan)
{
	const struct endpoint *endpoint = item->route->endpoint;
	unsigned questions = add_questions(request, item, plan->statement);
	unsigned count = questions +
			 add_statements(plan->statement + questions,
				 route_statements(item->route, item->values));
	uint32_t needed = 1u << (count - 1);

	for (unsigned i = BATCH_REVISION; i < questions; i++)
		needed |= 1u << i;
	return (struct job_part){ .statements = plan->statement,
		.count = count,
		.values = item->values,
		.discard_rows = endpoint->no_row,
		.needed = needed,
		.before = write_opening(endpoint, first, plan->opening),
		.beside = &item->values[SLOT_BESIDE],
		.after = TEXT("}"),
		.extra_bytes = text_size(item) };
}

/* The request's own statements, and the one that saves the items' rows for an Idempotency-Key. */
static struct job_part plan_last(struct request *request, struct plan *plan)
{
	const struct statement *keeper = request->idempotency.state == KEY_NONE
						 ? NULL
						 : request->server->idempotency.save_batch;
	unsigned count = add_statements(plan->statement, &request->route->statements[SQL]);

	if (keeper != NULL)
		plan->statement[count++] = keeper;
	return (struct job_part){ .statements = plan->statement,
		.count = count,
		.values = request->values,
		.discard_rows = true,
		.output_before = keeper != NULL ? &request->values[SLOT_IDEMPOTENCY_BODY] : NULL };
}

static const unsigned passed[] = { SLOT_ACCOUNT, SLOT_USERNAME, SLOT_NOW, SLOT_HIDDEN_FROM,
	SLOT_HIDDEN_TO, SLOT_EMPTIED, SLOT_UID_BASE, SLOT_LIMITS + LIMIT_TASKS,
	SLOT_LIMITS + LIMIT_LISTS };

void request_exec_batch(struct request *request, struct batch_item *items, unsigned count,
	void (*done)(struct request *request))
{
	if (request_has_fault(request))
		count = 0; /* it is refused after the session's guard */
	struct plan *plans = arena_alloc(&request->arena, (count + 1) * sizeof(*plans));
	struct job_part *parts = arena_alloc(&request->arena, (count + 1) * sizeof(*parts));
	struct job *job = &request->job;

	for (unsigned i = 0; i < count; i++)
		parts[i] = plan_item(request, &items[i], i == 0, &plans[i]);
	parts[count] = plan_last(request, &plans[count]);
	request->batch.item = items;
	request_begin_job(request, done);
	job->discard_rows = true;
	job->parts = parts;
	job->part_count = count + 1;
	job->passed = passed;
	job->passed_count = sizeof(passed) / sizeof(passed[0]);
	job->most = BATCH_TEXT_MAX;
	guards_add(request, request->route->statements[SQL].statement[0]);
	request_hand_over(request);
}

/* ---- an item that fails ---- */

static void item_fault(struct request *request, const struct batch_item *item, int status,
	const char *member, const char *detail)
{
	char pointer[BATCH_POINTER + 96];

	snprintf(pointer, sizeof(pointer), "%s%s", item->pointer, member);
	input_fault(request, status, "An item cannot be done, and so none was.");
	request_fault_at(request, pointer, detail);
}

static const struct batch_item *failed_item(const struct request *request)
{
	return &request->batch.item[request->batch.failed];
}

static void refuse_item(struct request *request)
{
	reply_problem_row(request, 412, request->input.fault.detail,
		row_name(failed_item(request)->route->endpoint));
}

/* The reply has the current row. */
static void refuse_unmet(struct request *request, const struct batch_item *item)
{
	const struct statements_list *current = &item->route->statements[CURRENT_SQL];

	item_fault(request, item, 412, "/if_match", "is not what stands there now");
	request_begin_job(request, refuse_item);
	request->job.statements = &current->statement[current->count - 1];
	request->job.count = 1;
	request->job.values = item->values;
	request_hand_over(request);
}

static void refuse_limit(
	struct request *request, const struct batch_item *item, const char *limit)
{
	char detail[96], option[LIMIT_OPTION_SIZE];

	limit_option(limit, option);
	snprintf(detail, sizeof(detail), "is one more than the account may have: see %s", option);
	item_fault(request, item, 507, "", detail);
}

/* A step has stopped the item: its members are those of the row that the request names. */
static void refuse_step(struct request *request, const struct batch_item *item)
{
	const struct job *job = &request->job;
	char member[96] = "";

	if (job->refusal.status == 507) {
		refuse_limit(request, item, job->refusal.member);
		return;
	}
	if (job->refusal.member != NULL)
		snprintf(member, sizeof(member), "/%s/%s", row_name(item->route->endpoint),
			job->refusal.member);
	item_fault(request, item, job->refusal.status, member, job->refusal.detail);
}

void batch_refuse(struct request *request)
{
	const struct job *job = &request->job;
	request->batch.failed = job->missed.part;
	const struct batch_item *item = failed_item(request);
	const char *limit = item->route->endpoint->limit;
	char detail[96];

	if (job->result == STORE_LARGE) {
		input_fault(request, 413,
			"These items are about more than 12 MiB of text: send fewer at once.");
	} else if (job->result == STORE_REFUSED) {
		refuse_step(request, item);
	} else if (item->conditional && job->missed.statement == BATCH_MATCHES) {
		refuse_unmet(request, item);
		return;
	} else if (limit != NULL) {
		refuse_limit(request, item, limit);
	} else {
		snprintf(detail, sizeof(detail), "is of no such %s", row_name(item->route->endpoint));
		item_fault(request, item, 404, "/id", detail);
	}
	request_refuse_faults(request);
}
