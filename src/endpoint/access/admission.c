/*
 * Each question is a gate: a statement, and a function that the store calls behind it on its own
 * thread. It belongs to the store then: nothing in a gate touches the connection.
 */
#include "access/admission.h"

#include "access/answer.h"
#include "access/session.h"
#include "base/container_of.h"
#include "input/input.h"
#include "request_state.h"
#include "server_internal.h"

static bool is_conditional(const struct request *request)
{
	return request->precondition.if_match.given || request->precondition.if_none_match.given;
}

void admission_read(struct request *request)
{
	const char *none = request->header[HEADER_IF_NONE_MATCH];

	if (request->route->endpoint->etag == ETAG_NONE)
		return;
	if (!condition_read(&request->precondition.if_match, request->header[HEADER_IF_MATCH]))
		input_fault(request, 400, "If-Match is neither * nor a list of entity tags.");
	if (!condition_read(&request->precondition.if_none_match, none))
		request->precondition.if_none_match.given = false;
	if (request->precondition.no_etag)
		request->precondition.if_match.given = request->precondition.if_none_match.given =
			false;
}

/* RFC 9110, 13.2.2; without dates, which revisions tell better. */
int admission_condition_of(const struct request *request, struct text tag)
{
	bool reads = method_endpoint_is_safe(request->route->endpoint->method);

	if (request->precondition.if_match.given &&
		!condition_names(&request->precondition.if_match, tag))
		return 412;
	if (request->precondition.if_none_match.given &&
		condition_names(&request->precondition.if_none_match, tag))
		return reads ? 304 : 412;
	return 0;
}

int admission_condition(const struct request *request, int64_t revision)
{
	char tag[ETAG_SIZE];

	return admission_condition_of(request, condition_bare_tag(revision, tag));
}

static bool input_gate(struct request *request)
{
	if (request->input.fault.status != 0)
		return false;
	if (request->route->endpoint->etag == ETAG_ACCOUNT && is_conditional(request))
		request->precondition.status =
			admission_condition(request, request->values[SLOT_NEWEST].integer);
	return request->precondition.status == 0;
}

/* Where a large change is on its way, others of its account come after it. */
static bool bulk_gate(struct request *request)
{
	request->bulk.parked = request->values[SLOT_BULK].integer != 0 &&
			       !method_endpoint_is_safe(request->route->endpoint->method) &&
			       !request->route->endpoint->any_time;
	return !request->bulk.parked;
}

static bool session_gate(struct request *request, bool row)
{
	return session_admit(request, row) && bulk_gate(request) &&
	       (request->idempotency.answer == ANSWER_WANTED || input_gate(request));
}

static bool answer_gate(struct request *request, bool row)
{
	return answer_admit(request, row) && input_gate(request);
}

static bool standing_gate(struct request *request, bool row)
{
	if (!row)
		request->session.status = 404;
	else if (is_conditional(request))
		request->precondition.status =
			admission_condition(request, request->values[SLOT_REVISION].integer);
	return request->session.status == 0 && request->precondition.status == 0;
}

static bool pass(struct job *job, unsigned index, bool row)
{
	struct request *request = container_of(job, struct request, job);

	return request->gate[index] == NULL || request->gate[index](request, row);
}

static void add_statement(struct request *request, const struct statement *statement)
{
	request->run[request->job.count++] = statement;
}

static void add_gate(struct request *request, const struct statement *statement,
	bool (*gate)(struct request *request, bool row))
{
	request->gate[request->job.steps++] = gate;
	add_statement(request, statement);
}

static bool asks_standing(const struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;

	return request->route->standing != NULL &&
	       (endpoint->many != NULL || is_conditional(request));
}

void admission_gates(struct request *request, const struct statement *session)
{
	request->job.statements = request->run;
	request->job.step = pass;
	add_gate(request, session, session_gate);
	if (request->idempotency.answer != ANSWER_NONE)
		add_gate(request, request->server->answers.find, answer_gate);
}

static bool begin_gate(struct request *request, bool row)
{
	request->bulk.refuses = !row;
	return row;
}

const struct statement *admission_prepare_bulk(struct store *store)
{
	return store_prepare(store,
		"SELECT 1 AS stands FROM accounts WHERE id = $account AND bulk = $bulk_number",
		route_fixed_slots());
}

static bool bulk_stands(struct request *request, bool row)
{
	request->session.status = row ? 0 : 401;
	return row;
}

void admission_bulk(struct request *request)
{
	request->job.statements = request->run;
	request->job.step = pass;
	add_gate(request, request->server->bulk_stands, bulk_stands);
}

void admission_begin(struct request *request, const struct statements_list *begin)
{
	unsigned last = begin->count - 1;

	admission_gates(request, begin->statement[0]);
	for (unsigned i = 1; i < last; i++)
		add_gate(request, begin->statement[i], NULL);
	add_gate(request, begin->statement[last], begin_gate);
}

/* Nothing of the body is read behind a session that is none. */
static bool brief_gate(struct request *request, bool row)
{
	if (!session_admit(request, row))
		return false;
	request->background(request);
	return true;
}

void admission_session(struct request *request, bool brief)
{
	struct job *job = &request->job;

	job->statements = request->run;
	job->step = pass;
	job->quiet = true;
	if (brief) {
		job->aside = NULL;
		job->slow = false;
	}
	add_gate(request, request->route->statements[SQL].statement[0],
		brief ? brief_gate : session_admit);
}

void admission_keep(struct request *request)
{
	if (request->idempotency.answer == ANSWER_NONE)
		return;
	request->job.behind = 1;
	request->job.shown = &request->values[SLOT_ANSWER_BODY];
	add_statement(request, request->server->answers.keep_rows);
}

void admission_prepare(struct request *request, enum statements statements)
{
	const struct statements_list *list = &request->route->statements[statements];
	struct job *job = &request->job;
	unsigned i = 0;

	if (statements == SQL && request->list.composed.count > 0)
		list = &request->list.composed;
	job->statements = request->run;
	if (request->route->endpoint->access != ANYONE)
		admission_gates(request, list->statement[i++]);
	if (statements == SQL && asks_standing(request))
		add_gate(request, request->route->standing, standing_gate);
	for (; i < list->count; i++)
		add_statement(request, list->statement[i]);
	if (statements == SQL)
		admission_keep(request);
}
