/*
 * Refusals: a problem document, or a page where the client prefers one. A problem is saved first
 * where the request has an Idempotency-Key.
 */
#include "reply/refuse.h"

#include "base/container_of.h"
#include "base/json.h"
#include "http/media_type.h"
#include "http/method.h"
#include "http/reply.h"
#include "reply/html_page.h"
#include "reply/reply.h"
#include "reply/rows.h"
#include "state/request_state.h"
#include "state/server_state.h"

#include <stdio.h>
#include <string.h>

#define ALLOWED_HEADERS                                                                            \
	"Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id"

/* Whether it could be saved or not, the problem is the reply. */
static void problem_saved(struct work *work)
{
	struct request *request = container_of(work, struct request, job.work);
	struct buffer body = { 0 };

	buffer_add_text(&body, request->values[SLOT_IDEMPOTENCY_BODY].text);
	reply_problem_body(request, (int)request->values[SLOT_IDEMPOTENCY_STATUS].integer, &body);
	buffer_free(&body);
}

/*
 * Begin to save a problem document, which is sent afterwards. False where it is not to be saved: a
 * status that asks the client to try again (429, and from 500 on) is not.
 */
static bool save_problem(struct request *request, int status, struct buffer *body)
{
	struct job *job = &request->job;

	if (request->idempotency.state != KEY_FIRST || status >= 500 || status == 429 ||
		request->server->closed)
		return false;
	request->idempotency.state = KEY_NONE;
	char *copy = arena_alloc(&request->arena, body->length);
	memcpy(copy, body->data, body->length);
	request->values[SLOT_IDEMPOTENCY_BODY] =
		(struct value){ VALUE_TEXT, .text = { copy, body->length } };
	request->values[SLOT_IDEMPOTENCY_STATUS] =
		(struct value){ VALUE_INTEGER, .integer = status };
	request_begin_job(request, NULL);
	job->work.done = problem_saved;
	job->statements = &request->server->idempotency.save_problem;
	job->count = 1;
	job->discard_rows = true;
	request_hand_over(request);
	return true;
}

/* Another member of a problem document: its value is JSON. */
static void add_member(struct buffer *body, const char *name, const char *opening,
	const struct buffer *json, const char *closing)
{
	if (json->length == 0)
		return;
	buffer_add_text(body, TEXT(","));
	json_write_text(body, text_of(name));
	buffer_add_text(body, TEXT(":"));
	buffer_add_text(body, text_of(opening));
	buffer_add(body, json->data, json->length);
	buffer_add_text(body, text_of(closing));
}

static void problem(struct request *request, int status, const char *detail, const char *row_name)
{
	struct buffer body = { 0 };

	if (request->route != NULL && request->route->endpoint->html &&
		accept_prefers_page(request->header[HEADER_ACCEPT])) {
		reply_page_problem(request, status, detail);
		return;
	}
	reply_open_problem(&body, status, detail);
	if (status == request->input.fault.status)
		add_member(&body, "errors", "[", &request->input.fault.members, "]");
	if (row_name != NULL)
		add_member(&body, row_name, "", &request->job.out, "");
	buffer_add_text(&body, TEXT("}"));
	if (!save_problem(request, status, &body))
		reply_problem_body(request, status, &body);
	buffer_free(&body);
}

void request_refuse(struct request *request, int status, const char *detail)
{
	problem(request, status, detail, NULL);
}

void reply_problem_row(
	struct request *request, int status, const char *detail, const char *row_name)
{
	problem(request, status, detail, row_name);
}

void reply_precondition_failed(struct request *request)
{
	if (request->precondition.status == 304)
		reply_not_modified(request);
	else
		problem(request, 412, "It has changed since: see what stands there now.",
			request->route->endpoint->row_name);
}

static struct buffer list_methods(unsigned methods, bool head)
{
	struct buffer list = { 0 };

	for (enum http_method method = 0; method < HTTP_METHODS; method++)
		if ((methods & method_of_endpoint(method)) != 0 && (head || method != HTTP_HEAD))
			buffer_add_format(&list, "%s, ", method_name(method));
	buffer_add_text(&list, TEXT("OPTIONS"));
	return list;
}

/* A CORS preflight (https://fetch.spec.whatwg.org/#cors-preflight-fetch) is an OPTIONS like any. */
void reply_allow(struct request *request, int status, unsigned methods, bool head)
{
	struct buffer list = list_methods(methods, head);
	struct text names = { list.data, list.length };

	reply_header(request, "Allow", names);
	if (status == 204)
		reply_header(request, "Access-Control-Allow-Methods", names);
	buffer_free(&list);
	if (status == 405) {
		request_refuse(request, 405, "This method is not known here.");
		return;
	}
	if ((methods & PATCH) != 0)
		reply_header(request, "Accept-Patch", TEXT(PATCH_TYPES));
	reply_header(request, "Access-Control-Allow-Headers", TEXT(ALLOWED_HEADERS));
	reply_header(request, "Access-Control-Max-Age", TEXT("86400"));
	reply_send(request, 204, NULL);
}

void request_refuse_faults(struct request *request)
{
	request_refuse(request, request->input.fault.status, request->input.fault.detail);
}

void request_refuse_for(struct request *request, int status, int seconds, const char *detail)
{
	request->reply.retry_after = seconds;
	request_refuse(request, status, detail);
}

void limit_option(const char *name, char option[LIMIT_OPTION_SIZE])
{
	snprintf(option, LIMIT_OPTION_SIZE, "--%s", name);
	for (char *c = option; *c != '\0'; c++)
		*c = *c == '_' ? '-' : *c;
}

void request_refuse_limit(struct request *request, const char *name)
{
	char detail[128], option[LIMIT_OPTION_SIZE];

	limit_option(name, option);
	snprintf(detail, sizeof(detail), "The account has all that it may have: %s is %lld.",
		option, (long long)request_value(request, name)->integer);
	request_refuse(request, 507, detail);
}
