/*
 * A guard is a statement, and a function that the store calls on its own thread after that
 * statement: false stops the job. The store has the request then, so a guard does not touch its
 * connection.
 */
#include "access/guards.h"

#include "access/idempotency.h"
#include "access/precondition.h"
#include "access/session.h"
#include "base/container_of.h"
#include "http/connection.h"
#include "state/request_state.h"
#include "state/server_state.h"

/* Whether the session is an API token, and the endpoint takes a person's session. */
static bool is_for_person(const struct request *request)
{
	return request->route->endpoint->person && request->values[SLOT_PROGRAM].integer != 0;
}

/* Whether the session is good, but may not do this. */
static bool is_forbidden(const struct request *request)
{
	if (is_for_person(request))
		return true;
	if (request->route->is_safe && !request->route->writes)
		return false;
	if (request->values[SLOT_READS].integer != 0)
		return true;
	/* A browser sends the cookie for pages of other sites, too (CSRF). */
	return request->session.credentials == CREDENTIALS_COOKIE && !request->session.same_origin;
}

/* The session's statement gave a row, or none. */
static bool admit_session(struct request *request, bool row)
{
	enum access access = request->route->endpoint->access;

	if (access == ACCESS_REGISTRATION)
		request->session.status = row ? 0 : 403;
	else if (!row)
		request->session.status = 401;
	else if (is_forbidden(request))
		request->session.status = 403;
	else if (access == OWNER && !request->values[SLOT_OWNER].integer)
		request->session.status = 404;
	return request->session.status == 0;
}

const char *guards_denial(const struct request *request)
{
	switch (request->session.status) {
	case 401:
		return SESSION_NEEDED;
	case 403:
		if (request->route->endpoint->access == ACCESS_REGISTRATION)
			return "No further accounts are made here.";
		if (is_for_person(request))
			return "This takes a person's session: a program's token is not enough.";
		return "A change needs a token that may write, or a cookie from the same origin.";
	default:
		return "There is no such thing here.";
	}
}

static bool is_conditional(const struct request *request)
{
	const struct precondition *precondition = &request->precondition;

	return !precondition->waits &&
	       (precondition->if_match.given || precondition->if_none_match.given);
}

static bool input_guard(struct request *request)
{
	if (request->input.fault.status != 0)
		return false;
	if (request->route->endpoint->etag == ETAG_ACCOUNT && is_conditional(request))
		request->precondition.status =
			precondition_check(request, request->values[SLOT_NEWEST].integer);
	return request->precondition.status == 0;
}

/* Changes of an account wait for the end of its large change. */
static bool bulk_guard(struct request *request)
{
	request->bulk.parked = request->values[SLOT_BULK].integer != 0 &&
			       !request->route->is_safe &&
			       !request->route->endpoint->any_time;
	return !request->bulk.parked;
}

static bool session_guard(struct request *request, bool row)
{
	return admit_session(request, row) && bulk_guard(request) &&
	       (request->idempotency.state == KEY_SENT || input_guard(request));
}

static bool key_guard(struct request *request, bool row)
{
	return idempotency_check(request, row) && input_guard(request);
}

static bool current_revision_guard(struct request *request, bool row)
{
	if (!row)
		request->session.status = 404;
	else if (is_conditional(request))
		request->precondition.status =
			precondition_check(request, request->values[SLOT_REVISION].integer);
	return request->session.status == 0 && request->precondition.status == 0;
}

static bool limit_guard(struct request *request, bool row)
{
	request->at_limit = !row;
	return row;
}

static bool run_guard(struct job *job, unsigned index, bool row)
{
	struct request *request = container_of(job, struct request, job);

	return request->guard[index] == NULL || request->guard[index](request, row);
}

static void add_statement(struct request *request, const struct statement *statement)
{
	request->run[request->job.count++] = statement;
}

static void add_guard(struct request *request, const struct statement *statement,
	bool (*guard)(struct request *request, bool row))
{
	request->guard[request->job.guard_count++] = guard;
	add_statement(request, statement);
}

static bool needs_current_revision(const struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;

	return request->route->current_revision != NULL &&
	       (endpoint->array != NULL || is_conditional(request));
}

void guards_add(struct request *request, const struct statement *session)
{
	request->job.statements = request->run;
	request->job.guard = run_guard;
	add_guard(request, session, session_guard);
	if (request->idempotency.state != KEY_NONE)
		add_guard(request, request->server->idempotency.find, key_guard);
}

static bool bulk_begin_guard(struct request *request, bool row)
{
	request->bulk.refuses = !row;
	return row;
}

static bool bulk_stands_guard(struct request *request, bool row)
{
	request->session.status = row ? 0 : 401;
	return row;
}

void guards_add_bulk(struct request *request)
{
	request->job.statements = request->run;
	request->job.guard = run_guard;
	add_guard(request, request->server->bulk_stands, bulk_stands_guard);
}

void guards_add_bulk_begin(struct request *request, const struct statements_list *begin)
{
	unsigned last = begin->count - 1;

	guards_add(request, begin->statement[0]);
	if (needs_current_revision(request))
		add_guard(request, request->route->current_revision, current_revision_guard);
	for (unsigned i = 1; i < last; i++)
		add_guard(request, begin->statement[i], NULL);
	add_guard(request, begin->statement[last], bulk_begin_guard);
}

/* The body is read only where the session is good. */
static bool body_guard(struct request *request, bool row)
{
	if (!admit_session(request, row))
		return false;
	request->background(request);
	return true;
}

void guards_add_before_body(struct request *request, bool brief)
{
	struct job *job = &request->job;

	job->statements = request->run;
	job->guard = run_guard;
	job->discard_rows = true;
	if (brief) {
		job->aside = NULL;
		job->long_running = false;
	}
	add_guard(request, request->route->statements[SQL].statement[0],
		brief ? body_guard : admit_session);
}

/* The next statement says where the page after this one begins. */
static void set_page(struct request *request)
{
	request->job.page.rows = (unsigned)request_value(request, "limit")->integer;
	request->job.page.next = request->job.count;
}

/* Rows of one revision of the account go on behind each other. */
static void set_resume(struct request *request)
{
	request->job.resume.behind = &request->values[request->route->behind];
	request->job.resume.version = &request->values[SLOT_NEWEST];
}

void guards_prepare(struct request *request, enum statements statements)
{
	const struct statements_list *list =
		statements == SQL ? route_statements(request->route, request->values)
				  : &request->route->statements[statements];
	struct job *job = &request->job;
	unsigned i = 0;

	if (statements == SQL && request->list.composed.count > 0)
		list = &request->list.composed;
	job->statements = request->run;
	job->page.rows = 0;
	job->resume.behind = NULL;
	if (request->route->endpoint->access != ACCESS_ANYONE)
		guards_add(request, list->statement[i++]);
	if (statements == SQL && needs_current_revision(request))
		add_guard(request, request->route->current_revision, current_revision_guard);
	if (statements == SQL && request->route->below_limit != NULL)
		add_guard(request, request->route->below_limit, limit_guard);
	if (statements == SQL && list != &request->list.composed &&
		request->route->endpoint->behind != NULL)
		set_resume(request);
	for (; i < list->count; i++) {
		if (list->statement[i] == request->list.next)
			set_page(request);
		add_statement(request, list->statement[i]);
	}
	if (statements == SQL && request->idempotency.state != KEY_NONE)
		idempotency_save(request);
}
