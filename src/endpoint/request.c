/*
 * THE LIFE OF A REQUEST, top to bottom. All on the loop, but for the guards of guards.c, which
 * the store calls between a job's statements.
 *
 *	request_begin	what is asked, and of which endpoint: 404, 405, and 400 for the query
 *	input_read_body	the body's members into values; faults wait for their turn
 *	request_exec	to the store: the session first, then the endpoint's statements
 *	guards.c	on the store's thread: 401, 403, 404, then the input's faults
 *	request_job_done	back on the loop: what the store said
 *	request_reply	the rows, wrapped as the endpoint's row says
 *	request_free	the one place that frees (request_state.c)
 */
#include "request.h"

#include "access/forwarded.h"
#include "access/guards.h"
#include "access/idempotency.h"
#include "access/origin.h"
#include "access/precondition.h"
#include "access/session.h"
#include "base/container_of.h"
#include "base/monotonic.h"
#include "bulk/batch.h"
#include "bulk/bulk.h"
#include "bulk/sweep.h"
#include "http/connection.h"
#include "http/host.h"
#include "http/media_type.h"
#include "http/method.h"
#include "input/body.h"
#include "list/list_sql.h"
#include "reply/coding.h"
#include "reply/html_page.h"
#include "reply/refuse.h"
#include "reply/reply.h"
#include "reply/rows.h"
#include "reply/stream.h"
#include "state/clock.h"
#include "state/faults.h"
#include "state/server_state.h"

#include <event2/buffer.h>
#include <event2/http_struct.h>
#include <stdio.h>
#include <string.h>

/* A longer body is read on another thread, so that it delays no other request. */
#define BACKGROUND_BYTES ((size_t)16 << 10)
#define ITEMIZED_BYTES ((size_t)1 << 10) /* the same, where the endpoint is itemized */
#define BRIEF_BYTES ((size_t)64 << 10)	 /* up to this length, among the short reads */

/* Cut the target into its raw path and query; an absolute-form's host wins over the header. */
static struct text read_target(struct request *request)
{
	struct text target = text_of(evhttp_request_get_uri(request->evhttp));

	if (target.length > 1 && target.data[0] != '/') {
		const char *authority = strstr(target.data, "//") + 2;
		size_t length = strcspn(authority, "/");
		request->target.host = (struct text){ authority, length };
		target = authority[length] != '\0' ? text_of(authority + length) : TEXT("/");
	}
	const char *mark = memchr(target.data, '?', target.length);
	if (mark != NULL) {
		request->target.query = text_of(mark + 1);
		target.length = (size_t)(mark - target.data);
	}
	return target;
}

/* Whether HEAD is known at the path, as GET is: where GET changes nothing. */
static bool has_head(struct request *request)
{
	const struct route *get;

	router_match(request->server->router, &request->target.path, GET, &get);
	return get != NULL && !get->writes;
}

/*
 * Whether the server goes by that name. Nearly all requests have the same one, so the last one that
 * it went by is kept.
 */
static bool is_ours(struct request *request, struct text host)
{
	struct server *server = request->server;
	struct known_host *known = &server->known_host;

	if (host.length == 0 || text_equal(host, (struct text){ known->name, known->length }))
		return true;
	if (!host_is_allowed(host, server->settings.names))
		return false;
	if (host.length <= sizeof(known->name)) {
		memcpy(known->name, host.data, host.length);
		known->length = host.length;
	}
	return true;
}

/* Find the endpoint. False where the request is answered without one. */
static bool find_route(struct request *request)
{
	unsigned methods;
	struct text path = read_target(request);

	if (!is_ours(request, request->target.host) ||
		!is_ours(request, request->client.forwarded_host)) {
		request_refuse(request, 421, "This server does not go by that name.");
		return false;
	}
	if (text_equal(path, TEXT("*"))) { /* RFC 9110, 9.3.7: of the server as a whole */
		reply_allow(request, 204, method_all_of_endpoints(), true);
		return false;
	}
	int status = path_read(path, &request->target.path, &request->arena);
	if (status == 400) {
		request_refuse(request, 400, "The path is not percent-encoded UTF-8.");
		return false;
	}
	methods = status != 0 ? 0
			      : router_match(request->server->router, &request->target.path,
					method_of_endpoint(request->method), &request->route);
	if (methods == 0) {
		request_refuse(request, 404, "There is nothing at this path.");
		return false;
	}
	if (request->method == HTTP_OPTIONS)
		reply_allow(request, 204, methods, has_head(request));
	else if (request->route == NULL || (request->head && request->route->writes))
		reply_allow(request, 405, methods, has_head(request));
	else if (request->route->endpoint->html && path.length > 1 &&
		 path.data[path.length - 1] == '/')
		reply_without_slash(request, path);
	else
		return true;
	return false;
}

static const struct value registrations[] = {
	[REGISTRATION_OPEN] = { VALUE_TEXT, .text = TEXT_INIT("open") },
	[REGISTRATION_FIRST] = { VALUE_TEXT, .text = TEXT_INIT("first") },
	[REGISTRATION_CLOSED] = { VALUE_TEXT, .text = TEXT_INIT("closed") },
};

static void set_text(struct value *value, const char *text, size_t length)
{
	*value = (struct value){ VALUE_TEXT, .text = { text, length } };
}

/* An id is digits, as we write them; anything else is no id, and finds nothing. */
static void set_id(struct value *value, struct text text)
{
	bool canonical = text.length == 1 || (text.length > 1 && text.data[0] != '0');

	if (canonical && text_to_integer(text, &value->integer))
		value->type = VALUE_INTEGER;
}

static void set_path(struct request *request)
{
	for (unsigned i = 0; i < request->target.path.count; i++) {
		int slot = request->route->path_slot[i];
		struct text segment = request->target.path.segment[i];
		if (slot == SLOT_USERNAME)
			set_text(&request->values[slot], segment.data, segment.length);
		else if (slot >= 0)
			set_id(&request->values[slot], segment);
	}
}

/* Copies, since the request may outlive both the second and its connection. */
static void set_circumstances(struct request *request)
{
	request->clock = *server_clock(request->server);
	clock_set_values(&request->clock, request->values);
	for (unsigned i = 0; i < LIMITS; i++)
		request->values[SLOT_LIMITS + i] = (struct value){ VALUE_INTEGER,
			.integer = request->server->settings.limits[i] };
	if (request->route->uses_address) {
		forwarded_write_network(request);
		set_text(&request->values[SLOT_ADDRESS], request->client.network,
			strlen(request->client.network));
	}
	request->values[SLOT_REGISTRATION] = registrations[request->server->settings.registration];
}

static void set_values(struct request *request)
{
	route_clear_given(request->route, request->values);
	set_path(request);
	set_circumstances(request);
}

/* A body with a Content-Encoding is not read (RFC 9110, 15.5.16). */
static void drop_coded_body(struct request *request)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(request->evhttp);
	bool takes_body = (request->route->endpoint->method & (GET | DELETE)) == 0;

	request->input.coded = takes_body && evbuffer_get_length(body) > 0 &&
			       media_is_coded(request->header[HEADER_CONTENT_ENCODING]);
	if (!request->input.coded)
		return;
	input_fault(request, 415, "A body is taken as it is, without any Content-Encoding.");
	evbuffer_drain(body, evbuffer_get_length(body));
}

/* The input has been read. */
static void begin_endpoint(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;

	if (endpoint->access == ACCESS_ANYONE && request->input.fault.status != 0)
		request_refuse(request, request->input.fault.status, request->input.fault.detail);
	else if (endpoint->start != NULL)
		endpoint->start(request);
	else
		request_exec(request, SQL, request_reply);
}

/*
 * A long body is read on a thread of the store's; not at all where the endpoint needs a session
 * and there is none. The buffer that has it belongs to the request: evhttp does not touch it
 * before it has the reply.
 */
static void read_body(struct request *request, size_t length)
{
	if (length <= (request->route->endpoint->itemized ? ITEMIZED_BYTES : BACKGROUND_BYTES)) {
		input_read_body(request);
		begin_endpoint(request);
		return;
	}
	request_begin_background(request, input_read_body, begin_endpoint);
	if (request->route->endpoint->access >= SESSION)
		guards_add_before_body(request, length <= BRIEF_BYTES);
	request_hand_over(request);
}

/*
 * Its number, the time when its head was there, the client's own id, if that is one, and the client
 * itself.
 */
static void identify(struct request *request)
{
	struct server *server = request->server;
	const struct connection *connection = connection_of(server->connections, request->evhttp);
	const char **id = &request->header[HEADER_X_REQUEST_ID];

	request->number = ++server->requests;
	request->begun = connection_head_time(connection, monotonic_ns());
	request->client.address = connection->address;
	request->client.local = address_is_loopback(&connection->address);
	memcpy(request->client.text, connection->address_text, sizeof(request->client.text));
	if (headers_are_of_proxy(request->header))
		forwarded_read(request);
	if (*id != NULL && !header_is_request_id(text_of(*id)))
		*id = NULL;
}

void request_begin(struct evhttp_request *evhttp, void *server)
{
	struct request *request = request_new(&((struct server *)server)->pool);
	const struct endpoint *endpoint;

	request->server = server;
	request->server->in_flight++;
	request->evhttp = evhttp;
	/* evhttp takes an absolute-form for a request to a proxy, and would close after it. */
	evhttp->flags &= ~EVHTTP_PROXY_REQUEST;
	request->method = connection_take_method(request->server->connections, evhttp);
	request->head = request->method == HTTP_HEAD;
	headers_read(evhttp_request_get_input_headers(evhttp), request->header, &request->arena);
	identify(request);
	if (request->header[HEADER_HOST] != NULL)
		request->target.host = text_of(request->header[HEADER_HOST]);
	if (!find_route(request))
		return;
	endpoint = request->route->endpoint;
	set_values(request);
	if ((!endpoint->html && !input_read_query(request)) ||
		(endpoint->list_query != NULL && !list_read(request))) {
		request_refuse_faults(request);
		return;
	}
	session_read(request);
	if (endpoint->access >= SESSION && request->session.credentials == CREDENTIALS_NONE) {
		request_refuse(request, 401, SESSION_NEEDED);
		return;
	}
	if (endpoint->html && endpoint->cookie == COOKIE_SET && request->session.cross_site) {
		request_refuse(request, 403, origin_refuse_cookie(request));
		return;
	}
	if (request->header[HEADER_IF_MATCH] != NULL ||
		request->header[HEADER_IF_NONE_MATCH] != NULL)
		precondition_read(request);
	if (request->header[HEADER_IDEMPOTENCY_KEY] != NULL)
		idempotency_read(request);
	if (request->header[HEADER_CONTENT_ENCODING] != NULL)
		drop_coded_body(request);
	read_body(request, evbuffer_get_length(evhttp_request_get_input_buffer(evhttp)));
}

void request_exec(
	struct request *request, enum statements statements, void (*next)(struct request *request))
{
	request_begin_job(request, next);
	request->job.discard_rows = statements == LOOKUP_SQL || statements == ALTERNATIVE_SQL;
	guards_prepare(request, statements);
	if (statements == SQL)
		request->job.long_running = request->route->endpoint->slow;
	if (statements == SQL &&
		(request->reply.format != NULL || request->route->endpoint->further[0].name != NULL))
		list_prepare_rows(request);
	if (statements == SQL && next == request_reply && !request->route->writes)
		coding_prepare(request);
	request_hand_over(request);
}

void request_reply(struct request *request)
{
	const struct endpoint *endpoint = request->route->endpoint;

	if (request->stream.begun) {
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
	if (request->job.rows == 0 && endpoint->array == NULL) {
		request_refuse(request, 404, "There is no such thing here.");
		return;
	}
	if (endpoint->etag == ETAG_ROW && request->route->is_safe &&
		(request->precondition.status = precondition_check(
			 request, request->values[SLOT_REVISION].integer)) != 0) {
		reply_precondition_failed(request);
		return;
	}
	if (endpoint->sweeps)
		sweep_deleted(request->server);
	if (request->job.out.length < CODING_LEAST || !coding_begin(request, reply_rows))
		reply_rows(request);
}

/* Send the saved reply of the request's Idempotency-Key, or refuse a key of another request. */
static void replay(struct request *request)
{
	int64_t status = request->values[SLOT_IDEMPOTENCY_STATUS].integer;
	struct text body = request->values[SLOT_IDEMPOTENCY_BODY].text;
	struct buffer *out = &request->job.out;

	if (request->idempotency.state == KEY_REUSED) {
		buffer_free(&request->input.fault.members);
		request->input.fault.status = 0;
		request_fault_at(request, "", "is not what this Idempotency-Key was used for");
		request_refuse(request, 422, "This Idempotency-Key was used for another request.");
		return;
	}
	out->length = 0;
	buffer_add_text(out, body);
	reply_header(request, "Idempotent-Replayed", TEXT("true"));
	if (status != 0) {
		reply_problem_body(request, (int)status, out);
		return;
	}
	request->job.rows = 1;
	request_reply(request);
}

/* A statement before the endpoint's own has stopped the job. */
static void refuse_stopped(struct request *request)
{
	if (request->idempotency.state == KEY_REPLAYED ||
		request->idempotency.state == KEY_REUSED)
		replay(request);
	else if (request->session.status != 0)
		request_refuse(request, request->session.status, guards_denial(request));
	else if (request->precondition.status == 412 &&
		 request->route->endpoint->current_row_sql != NULL)
		request_exec(request, CURRENT_SQL, reply_precondition_failed);
	else if (request->precondition.status != 0)
		reply_precondition_failed(request);
	else if (request->at_limit)
		request_refuse_limit(request, request->route->endpoint->limit);
	else
		request_refuse_faults(request);
}

/* A step has stopped the job. */
static void refuse_step(struct request *request)
{
	const struct job *job = &request->job;
	int status = job->refusal.status;
	char detail[128];

	if (status == 507) {
		request_refuse_limit(request, job->refusal.member);
	} else if (status == 422) {
		request_fault(request, job->refusal.member, job->refusal.detail);
		request_refuse_faults(request);
	} else if (job->refusal.member != NULL) {
		snprintf(detail, sizeof(detail), "This %s %s.", job->refusal.member,
			job->refusal.detail);
		request_refuse(request, status, detail);
	} else {
		request_refuse(request, status, job->refusal.detail);
	}
}

/* What the store's outcome means in HTTP. */
static const struct {
	int status;
	int retry_after;
	const char *detail;
} outcomes[] = {
	[STORE_BUSY] = { 503, 1, "The database is held by another program." },
	[STORE_FULL] = { 507, 0, "There is no room left to save this." },
	[STORE_FILE_REPLACED] = { 503, 0, "The database is not where it was, or not what it was." },
	[STORE_FAILED] = { 500, 0, "Something went wrong here; it is in the server's log." },
};

/* Answer with what its job came back with, where that is not STORE_DONE. */
static void reply_outcome(struct request *request)
{
	enum store_result result = request->job.result;
	char detail[96];

	if (request->stream.begun) {
		stream_break(request);
	} else if (result == STORE_STOPPED && request->bulk.parked) {
		bulk_wait(request);
	} else if (result == STORE_STOPPED && request->bulk.refuses) {
		bulk_refuse(request);
	} else if (result == STORE_STOPPED) {
		refuse_stopped(request);
	} else if (result == STORE_MISSED || result == STORE_LARGE ||
		   (result == STORE_REFUSED && request->job.part_count > 0)) {
		batch_refuse(request);
	} else if (result == STORE_REFUSED) {
		refuse_step(request);
	} else if (result == STORE_CONFLICT) {
		snprintf(detail, sizeof(detail), "This %s is taken already.", request->job.conflict_column);
		request_refuse(request, 409, detail);
	} else {
		request->reply.retry_after = outcomes[result].retry_after;
		request_refuse(request, outcomes[result].status, outcomes[result].detail);
	}
}

void request_close(struct request *request)
{
	if (request->stream.begun)
		stream_break(request);
	else
		request_refuse_for(request, 503, 1, "The server is stopping.");
}

void request_job_done(struct work *work)
{
	struct request *request = container_of(work, struct request, job.work);

	share_learn(request);
	if (request->job.result == STORE_PARTIAL) {
		stream_piece(request);
		return;
	}
	if (request->job.result != STORE_DONE) {
		reply_outcome(request);
		return;
	}
	/*
	 * What is done is told to the client, also while the server stops; no further job is
	 * begun.
	 */
	if (request->server->closed && request->next != request_reply) {
		request_close(request);
		return;
	}
	if (request->values[SLOT_NEEDS_REFRESH].integer != 0)
		session_refresh(request);
	request->next(request);
}
