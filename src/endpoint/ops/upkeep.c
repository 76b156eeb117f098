/*
 * A step is one job of the writer. Between two of them there is a pause, and a longer one where
 * requests come in.
 */
#include "ops/upkeep.h"

#include "base/container_of.h"
#include "serving.h"

#include <assert.h>
#include <string.h>

#define PAUSE_MS 10
#define BUSY_MS 250
#define FAILED_MS 1000
#define ROUND_MS 60000

static void wait_ms(struct upkeep *upkeep, int milliseconds)
{
	struct timeval pause = { milliseconds / 1000, milliseconds % 1000 * 1000 };

	upkeep->requests = upkeep->server->requests;
	event_add(upkeep->timer, &pause);
}

/*
 * Where a step fails, the next account has its turn, so that those behind one that cannot be looked
 * after are; but not at once, since the whole file may be in trouble.
 */
static void step_done(struct work *work)
{
	struct upkeep *upkeep = container_of(work, struct upkeep, job.work);
	bool failed = upkeep->job.result != STORE_DONE;

	buffer_free(&upkeep->job.out);
	memory_drop(&upkeep->job.kept);
	if (upkeep->timer == NULL)
		return;
	struct value account = upkeep->values[SLOT_ACCOUNT];
	bool ended = account.type == VALUE_NULL;
	if (ended || failed)
		memset(upkeep->values, 0, sizeof(upkeep->values));
	upkeep->values[SLOT_ACCOUNT] = account;
	wait_ms(upkeep, ended ? ROUND_MS : failed ? FAILED_MS : PAUSE_MS);
}

static void step(struct upkeep *upkeep)
{
	const struct statements_list *list = &upkeep->route->statements[SQL];
	struct value *values = upkeep->values;

	upkeep->clock = *server_clock(upkeep->server);
	clock_set_values(&upkeep->clock, values);
	values[SLOT_ACCOUNT].type = VALUE_INTEGER;
	values[upkeep->left].type = VALUE_INTEGER;
	upkeep->job = (struct job){ .work.done = step_done,
		.statements = list->statement,
		.count = list->count,
		.values = values,
		.quiet = true };
	store_exec(upkeep->server->store, &upkeep->job);
}

static void tick(evutil_socket_t fd, short what, void *argument)
{
	struct upkeep *upkeep = argument;
	bool busy = upkeep->server->requests != upkeep->requests;

	(void)fd;
	(void)what;
	if (upkeep->server->watch.asking) {
		wait_ms(upkeep, PAUSE_MS);
		return;
	}
	if (busy && !upkeep->put_off) {
		upkeep->put_off = true;
		wait_ms(upkeep, BUSY_MS);
		return;
	}
	upkeep->put_off = false;
	step(upkeep);
}

void upkeep_start(struct server *server, const struct endpoint *endpoint)
{
	struct upkeep *upkeep = &server->upkeep;

	upkeep->server = server;
	upkeep->route = router_of(server->router, endpoint);
	upkeep->left = route_slot(upkeep->route, "left");
	assert(upkeep->left >= 0);
	upkeep->timer = evtimer_new(server->base, tick, upkeep);
	wait_ms(upkeep, PAUSE_MS);
}

void upkeep_stop(struct upkeep *upkeep)
{
	if (upkeep->timer != NULL)
		event_free(upkeep->timer);
	upkeep->timer = NULL;
}
