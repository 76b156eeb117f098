/*
 * A request's way to the store: its job, and who is called when that is back. All on the loop.
 */
#include "access/guards.h"
#include "list/list_sql.h"
#include "serving.h"

#include "base/container_of.h"

void request_wait(struct request *request)
{
	struct connection *connection =
		connection_of(&request->server->connections, request->evhttp);

	if (connection != NULL)
		connection_waits(connection);
}

void request_begin_job(struct request *request, void (*next)(struct request *request))
{
	struct job *job = &request->job;
	struct buffer out = job->out;
	struct kept *kept = job->kept;

	request->next = next;
	request->unmet = 0;
	*job = (struct job){ .work.done = request->server->job_done, .out = out, .kept = kept };
	job->out.length = 0;
	job->values = request->values;
}

void request_hand_over(struct request *request)
{
	request_wait(request);
	request->job.work.share = share_of_request(request);
	request->bulks_ended = request->server->bulks_ended;
	store_exec(request->server->store, &request->job);
}

void request_exec(
	struct request *request, enum statements statements, void (*next)(struct request *request))
{
	request_begin_job(request, next);
	request->job.quiet = statements == BEFORE || statements == OTHER;
	admission_prepare(request, statements);
	if (statements == SQL)
		request->job.slow = request->route->endpoint->slow;
	if (statements == SQL &&
		(request->writing != NULL || request->route->endpoint->then != NULL))
		list_prepare_rows(request);
	request_hand_over(request);
}

static void run_aside(struct job *job)
{
	struct request *request = container_of(job, struct request, job);

	request->aside(request);
}

void request_begin_aside(struct request *request, void (*work)(struct request *request),
	void (*next)(struct request *request))
{
	request_begin_job(request, next);
	request->aside = work;
	request->job.aside = run_aside;
	request->job.slow = true;
}

void request_aside(struct request *request, void (*work)(struct request *request),
	void (*next)(struct request *request))
{
	request_begin_aside(request, work, next);
	request_hand_over(request);
}
