/*
 * What a handler does with a request beside asking the store: work that takes its time, and
 * something of its own to keep.
 */
#include "request.h"

static void run_aside(struct job *job)
{
	struct request *request = (struct request *)(void *)job;

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

void request_keep_state(struct request *request, void *state, void (*drop)(void *state))
{
	request->state = state;
	request->state_drop = drop;
}

void *request_state(struct request *request)
{
	return request->state;
}
