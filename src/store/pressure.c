/*
 * An engine that cannot clear away what old snapshots may still read asks for them to be ended.
 */
#include "engine.h"

#include "base/container_of.h"

static void told(struct work *work)
{
	struct store *store = container_of(work, struct store, pressure);

	atomic_store(&store->pressed, false);
	store->relieve(store->relieve_argument);
}

void store_on_pressure(struct store *store, void (*relieve)(void *argument), void *argument)
{
	store->relieve = relieve;
	store->relieve_argument = argument;
	store->pressure.done = told;
}

void store_press(struct store *store)
{
	struct work_list one = { 0 };

	if (store->relieve == NULL || atomic_exchange(&store->pressed, true))
		return;
	work_list_add(&one, &store->pressure);
	work_return_post(store->home, &one);
}
