/*
 * A step is one job of the writer. Between two of them there is a pause, and a longer one where
 * requests come in.
 */
#include "ops/maintenance.h"

#include "base/container_of.h"
#include "base/memory.h"
#include "route/route.h"
#include "state/clock.h"
#include "state/server_state.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#define PAUSE_MS 10
#define BUSY_MS 250
#define FAILED_MS 1000
#define ROUND_MS 60000

struct maintenance {
	struct job job;
	struct server *server;
	const struct route *route;
	int has_more; /* the slot of a value: 1 where the account has more to do */
	struct event *timer;
	struct value values[VALUES_MAX];
	struct clock clock; /* of the step */
	uint64_t requests;  /* that had come when the timer was set */
	bool postponed;	    /* because of them */
};

static void wait_ms(struct maintenance *maintenance, int milliseconds)
{
	struct timeval pause = { milliseconds / 1000, milliseconds % 1000 * 1000 };

	maintenance->requests = maintenance->server->requests;
	event_add(maintenance->timer, &pause);
}

/*
 * Where a step fails, the next account has its turn, so that one that cannot be maintained does not
 * stop those after it; but not at once, since the whole file may be in trouble.
 */
static void step_done(struct work *work)
{
	struct maintenance *maintenance = container_of(work, struct maintenance, job.work);
	bool failed = maintenance->job.result != STORE_DONE;

	buffer_free(&maintenance->job.out);
	arena_free(&maintenance->job.arena);
	if (maintenance->timer == NULL)
		return;
	struct value account = maintenance->values[SLOT_ACCOUNT];
	bool ended = account.type == VALUE_NULL;
	if (ended || failed)
		memset(maintenance->values, 0, sizeof(maintenance->values));
	maintenance->values[SLOT_ACCOUNT] = account;
	wait_ms(maintenance, ended ? ROUND_MS : failed ? FAILED_MS : PAUSE_MS);
}

static void step(struct maintenance *maintenance)
{
	const struct statements_list *list = &maintenance->route->statements[SQL];
	struct value *values = maintenance->values;

	maintenance->clock = *server_clock(maintenance->server);
	clock_set_values(&maintenance->clock, values);
	values[SLOT_ACCOUNT].type = VALUE_INTEGER;
	values[maintenance->has_more].type = VALUE_INTEGER;
	maintenance->job = (struct job){ .work.done = step_done,
		.statements = list->statement,
		.count = list->count,
		.values = values,
		.discard_rows = true };
	store_exec(maintenance->server->store, &maintenance->job);
}

static void tick(evutil_socket_t fd, short what, void *argument)
{
	struct maintenance *maintenance = argument;
	bool busy = maintenance->server->requests != maintenance->requests;

	(void)fd;
	(void)what;
	if (clock_is_asking(maintenance->server->watch)) {
		wait_ms(maintenance, PAUSE_MS);
		return;
	}
	if (busy && !maintenance->postponed) {
		maintenance->postponed = true;
		wait_ms(maintenance, BUSY_MS);
		return;
	}
	maintenance->postponed = false;
	step(maintenance);
}

struct maintenance *maintenance_start(struct server *server, const struct endpoint *endpoint)
{
	struct maintenance *maintenance = memory_zeroed(sizeof(*maintenance));

	maintenance->server = server;
	maintenance->route = router_of(server->router, endpoint);
	maintenance->has_more = route_slot(maintenance->route, "left");
	assert(maintenance->has_more >= 0);
	maintenance->timer = evtimer_new(server->base, tick, maintenance);
	wait_ms(maintenance, PAUSE_MS);
	return maintenance;
}

void maintenance_stop(struct maintenance *maintenance)
{
	if (maintenance->timer != NULL)
		event_free(maintenance->timer);
	maintenance->timer = NULL;
}

void maintenance_free(struct maintenance *maintenance)
{
	free(maintenance);
}
