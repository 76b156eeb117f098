#include "bulk/sweep.h"

#include "base/container_of.h"
#include "state/request_state.h"
#include "state/server_state.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_SECONDS 1 /* after a failed step: the disk may be full */

struct sweep {
	struct job job;
	struct server *server;
	struct sweep *next;
	struct event *retry;
	const struct route *route; /* its step's */
	int64_t account, number;   /* 0 where the step finds them itself */
	struct value values[VALUES_MAX];
};

/* Of the server. */
struct sweeper {
	struct server *server;
	struct sweep_calls calls;
	const struct route *find, *step, *deleted;
	struct sweep *first; /* those that are on their way */
	struct job job;	     /* finds what earlier runs have left */
	struct value *values;
	struct event *retry;
	bool ready;
	bool removes; /* the rows of deleted accounts, just now */
};

static void set_integer(struct value *value, int64_t integer)
{
	*value = (struct value){ VALUE_INTEGER, .integer = integer };
}

static void sweep_end(struct sweep *sweep)
{
	struct sweep **at = &sweep->server->sweeper->first;

	while (*at != sweep)
		at = &(*at)->next;
	*at = sweep->next;
	event_free(sweep->retry);
	free(sweep);
}

static void step_done(struct work *work);

/* Values that the step before has set must not count in this one. */
static void step(struct sweep *sweep)
{
	const struct statements_list *list = &sweep->route->statements[SQL];

	memset(sweep->values, 0, sizeof(sweep->values));
	set_integer(&sweep->values[SLOT_ACCOUNT], sweep->account);
	set_integer(&sweep->values[SLOT_BULK_NUMBER], sweep->number);
	sweep->job = (struct job){ .work = { .done = step_done, .share = (uint64_t)sweep->account },
		.statements = list->statement,
		.count = list->count,
		.values = sweep->values,
		.discard_rows = true };
	store_exec(sweep->server->store, &sweep->job);
}

static void step_done(struct work *work)
{
	struct sweep *sweep = container_of(work, struct sweep, job.work);
	struct server *server = sweep->server;
	enum store_result result = sweep->job.result;
	bool left = sweep->values[route_slot(sweep->route, "left")].integer != 0;

	buffer_free(&sweep->job.out);
	arena_free(&sweep->job.arena);
	if (server->closed) {
		sweep_end(sweep);
	} else if (result != STORE_DONE) {
		server->sweeper->calls.failed(server, sweep->account, result);
		event_add(sweep->retry, &(struct timeval){ .tv_sec = RETRY_SECONDS });
	} else if (left) {
		step(sweep);
	} else {
		server->sweeper->removes &= sweep->route != server->sweeper->deleted;
		sweep_end(sweep);
		server->sweeper->calls.ended(server);
	}
}

static void retry(evutil_socket_t fd, short what, void *sweep)
{
	(void)fd;
	(void)what;
	step(sweep);
}

static void begin(struct server *server, const struct route *route, int64_t account, int64_t number)
{
	struct sweep *sweep;

	if (server->closed)
		return; /* the next run finds it */
	sweep = memory_zeroed(sizeof(*sweep));
	sweep->server = server;
	sweep->route = route;
	sweep->account = account;
	sweep->number = number;
	sweep->retry = evtimer_new(server->base, retry, sweep);
	sweep->next = server->sweeper->first;
	server->sweeper->first = sweep;
	step(sweep);
}

void sweep_request(struct request *request)
{
	struct server *server = request->server;

	begin(server, server->sweeper->step, request->values[SLOT_ACCOUNT].integer,
		request->values[SLOT_BULK_NUMBER].integer);
}

void sweep_deleted(struct server *server)
{
	if (server->sweeper->removes)
		return;
	server->sweeper->removes = true;
	begin(server, server->sweeper->deleted, 0, 0);
}

/* ---- what earlier runs have left ---- */

static void find_next(struct sweeper *sweeper);

/* Begin again at the first account; large changes that are swept already are known by number. */
static void find_again(evutil_socket_t fd, short what, void *sweeper)
{
	(void)fd;
	(void)what;
	set_integer(&((struct sweeper *)sweeper)->values[SLOT_ACCOUNT], 0);
	find_next(sweeper);
}

static void found(struct work *work)
{
	struct sweeper *sweeper = container_of(work, struct sweeper, job.work);
	struct server *server = sweeper->server;
	const struct value *account = &sweeper->values[SLOT_ACCOUNT];

	buffer_free(&sweeper->job.out);
	arena_free(&sweeper->job.arena);
	if (server->closed)
		return;
	if (sweeper->job.result != STORE_DONE) { /* an account that is missed would wait for ever */
		event_add(sweeper->retry, &(struct timeval){ .tv_sec = RETRY_SECONDS });
		return;
	}
	if (account->type == VALUE_INTEGER) {
		begin(server, sweeper->step, account->integer, sweeper->values[SLOT_BULK].integer);
		find_next(sweeper);
		return;
	}
	sweeper->ready = true;
	server->sweeper->calls.ended(server);
	sweep_deleted(server);
}

/* Find the next account after the last one. */
static void find_next(struct sweeper *sweeper)
{
	const struct statements_list *list = &sweeper->find->statements[SQL];

	sweeper->job = (struct job){ .work.done = found,
		.statements = list->statement,
		.count = list->count,
		.values = sweeper->values,
		.discard_rows = true };
	store_exec(sweeper->server->store, &sweeper->job);
}

void sweep_start(
	struct server *server, const struct endpoint *table, const struct sweep_calls *calls)
{
	struct sweeper *sweeper = memory_zeroed(sizeof(*sweeper));

	server->sweeper = sweeper;
	sweeper->server = server;
	sweeper->calls = *calls;
	sweeper->find = router_of(server->router, &table[SWEEP_FIND]);
	sweeper->step = router_of(server->router, &table[SWEEP_STEP]);
	sweeper->deleted = router_of(server->router, &table[SWEEP_DELETED]);
	assert(route_slot(sweeper->step, "left") >= 0);
	assert(route_slot(sweeper->deleted, "left") >= 0);
	sweeper->values = memory_zeroed(sizeof(struct value) * VALUES_MAX);
	sweeper->retry = evtimer_new(server->base, find_again, sweeper);
	set_integer(&sweeper->values[SLOT_ACCOUNT], 0);
	find_next(sweeper);
}

bool sweep_is_ready(const struct server *server)
{
	return server->sweeper->ready;
}

void sweep_stop(struct server *server)
{
	event_del(server->sweeper->retry);
	for (struct sweep *sweep = server->sweeper->first; sweep != NULL; sweep = sweep->next)
		event_del(sweep->retry);
}

void sweep_free(struct sweeper *sweeper)
{
	if (sweeper == NULL)
		return;
	while (sweeper->first != NULL)
		sweep_end(sweeper->first);
	event_free(sweeper->retry);
	free(sweeper->values);
	free(sweeper);
}
