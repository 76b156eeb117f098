/*
 * A job is back: the reply, or what its outcome means otherwise.
 */
#include "access/guards.h"
#include "access/precondition.h"
#include "access/session.h"
#include "bulk/bulk.h"
#include "http/reply.h"
#include "list/batch.h"
#include "refuse.h"
#include "reply/stream.h"
#include "serving.h"

#include "base/container_of.h"

#include <stdio.h>

void request_reply(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;
	struct evbuffer *output = evhttp_request_get_output_buffer(request->evhttp);

	if (request->streaming) {
		stream_end(request);
		return;
	}
	if (request->job.rows == 0 && endpoint->limit != NULL) {
		request_refuse_limit(request, endpoint->limit);
		return;
	}
	if (endpoint->see_other != NULL) {
		reply_session_cookie(request);
		reply_see_other(request, endpoint->see_other);
		return;
	}
	if (request->job.rows == 0 && endpoint->many == NULL) {
		reply_problem(request, 404, "There is no such thing here.");
		return;
	}
	if (endpoint->etag == ETAG_ROW && method_endpoint_is_safe(endpoint->method) &&
		(request->unmet = admission_condition(
			 request, request->values[SLOT_REVISION].integer)) != 0) {
		reply_unmet(request);
		return;
	}
	if (endpoint->sweeps)
		sweep_deleted(request->server);
	reply_rows_headers(request);
	reply_rows_open(request, output);
	if (!endpoint->no_row)
		reply_add_body(output, &request->job.out);
	reply_rows_close(request, output);
	reply_finish(request, reply_rows_status(endpoint));
}

/* The answer that was found for the request's Idempotency-Key, or that the key is another request's. */
static void replay(struct request *request)
{
	int64_t status = request->values[SLOT_ANSWER_STATUS].integer;
	struct text body = request->values[SLOT_ANSWER_BODY].text;
	struct buffer *out = &request->job.out;

	if (request->answer == ANSWER_MISUSED) {
		buffer_free(&request->fault.members);
		request->fault.status = 0;
		request_fault_at(request, "", "is not what this Idempotency-Key was used for");
		reply_problem(request, 422, "This Idempotency-Key was used for another request.");
		return;
	}
	out->length = 0;
	buffer_add_text(out, body);
	reply_header(request, "Idempotent-Replayed", "true");
	if (status != 0) {
		reply_problem_body(request, (int)status, out);
		return;
	}
	request->job.rows = 1;
	request_reply(request);
}

/* What came before the endpoint's own statements has stopped it. */
static void refuse_stopped(struct request *request)
{
	if (request->answer == ANSWER_REPLAYS || request->answer == ANSWER_MISUSED)
		replay(request);
	else if (request->denied != 0)
		reply_problem(request, request->denied, session_denial(request));
	else if (request->unmet == 412 && request->route->endpoint->current != NULL)
		request_exec(request, CURRENT, reply_unmet);
	else if (request->unmet != 0)
		reply_unmet(request);
	else
		request_refuse_faults(request);
}

/* What the store's outcome means in HTTP. */
static const struct {
	int status;
	int retry_after;
	const char *detail;
} outcomes[] = {
	[STORE_BUSY] = { 503, 1, "The database is held by another program." },
	[STORE_FULL] = { 507, 0, "There is no room left to save this." },
	[STORE_GONE] = { 503, 0, "The database is not where it was, or not what it was." },
	[STORE_FAILED] = { 500, 0, "Something went wrong here; it is in the server's log." },
};

void request_outcome(struct request *request)
{
	enum store_result result = request->job.result;
	char detail[96];

	if (request->streaming) {
		stream_break(request);
	} else if (result == STORE_STOPPED && request->parked) {
		bulk_wait(request);
	} else if (result == STORE_STOPPED && request->bulk.refuses) {
		bulk_refuse(request);
	} else if (result == STORE_STOPPED) {
		refuse_stopped(request);
	} else if (result == STORE_MISSED || result == STORE_LARGE) {
		items_refuse(request);
	} else if (result == STORE_TAKEN) {
		snprintf(detail, sizeof(detail), "This %s is taken already.", request->job.taken);
		reply_problem(request, 409, detail);
	} else {
		request->retry_after = outcomes[result].retry_after;
		reply_problem(request, outcomes[result].status, outcomes[result].detail);
	}
}

void request_close(struct request *request)
{
	if (request->streaming)
		stream_break(request);
	else
		request_refuse_for(request, 503, 1, "The server is stopping.");
}

void request_job_done(struct work *work)
{
	struct request *request = container_of(work, struct request, job.work);

	share_learn(request);
	if (request->job.result == STORE_MORE) {
		stream_piece(request);
		return;
	}
	if (request->job.result != STORE_DONE) {
		request_outcome(request);
		return;
	}
	/* What is done is told, also to who waited longer than the server; nothing more is begun. */
	if (request->server->closed && request->next != request_reply) {
		request_close(request);
		return;
	}
	if (request->values[SLOT_STALE].integer != 0)
		session_touch(request);
	request->next(request);
}
