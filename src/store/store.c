/*
 * The store: which engine a URL names, and the hand-over of jobs to it. Loop thread throughout.
 */
#include "store/store.h"

#include "engine.h"

#include "base/container_of.h"

#include <assert.h>
#include <event2/event.h>
#include <string.h>
#include <strings.h>

/* What the engine is to open, of a URL or a file's name; NULL where the scheme is not known. */
static const char *url_name(const char *url)
{
	const char *scheme = sqlite_engine.scheme;
	size_t length =
		strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

	if (strncasecmp(url, scheme, strlen(scheme)) == 0)
		return url + strlen(scheme);
	return length > 0 && url[length] == ':' ? NULL : url;
}

bool store_url_is_valid(const char *url, const char **why)
{
	const char *name = url_name(url);
	const char *fault = name == NULL ? "only sqlite:FILE or a file's name is known"
					 : sqlite_engine.name_fault(name);

	if (fault != NULL)
		*why = fault;
	return fault == NULL;
}

/*
 * Add jobs to a lane's queue, in order; never waits. What would be read from a database that another
 * program has written over is a mixture of both.
 */
static void hand(struct store *store, enum lane lane, struct work_list *jobs)
{
	if (!atomic_load(&store->overwritten)) {
		work_queue_add_list(store->queue[lane], jobs);
		return;
	}
	for (struct work *work = jobs->first; work != NULL; work = work->next)
		container_of(work, struct job, work)->result = STORE_FILE_REPLACED;
	completion_queue_post(store->completions, jobs);
}

/*
 * Runs after the other events of this turn of the loop: the requests that came in together are
 * handed over together, with one lock and one wake-up, and share a transaction.
 */
static void flush(evutil_socket_t fd, short what, void *argument)
{
	struct store *store = argument;

	(void)fd;
	(void)what;
	for (enum lane lane = 0; lane < LANES_GATHERED; lane++)
		if (store->gathered[lane].length > 0)
			hand(store, lane, &store->gathered[lane]);
}

struct store *store_open(const char *url, struct event_base *base, char **why)
{
	const char *name = url_name(url);

	assert(name != NULL);
	struct store *store = sqlite_engine.open(name, why);

	if (store == NULL)
		return NULL;
	store->engine = &sqlite_engine;
	store->flush = event_new(base, -1, EV_PERSIST, flush, store);
	for (enum lane lane = 0; lane < LANES; lane++)
		store->queue[lane] = work_queue_new();
	work_queue_limit(store->queue[LANE_LONG], STORE_LONG_SHARE);
	store->completions = completion_queue_new(base);
	return store;
}

const struct statement *store_prepare(
	struct store *store, const char *sql, const struct slot *slots)
{
	unsigned id = store->statement_count++;

	assert(!store->started && id < STATEMENTS_MAX);
	store->statements[id] = statement_describe(id, sql, slots);
	return store->statements[id];
}

const struct statement *store_prepare_step(struct store *store, const char *sql,
	const struct slot *slots, const struct job_step_kind *step)
{
	const struct statement *statement = store_prepare(store, sql, slots);

	statement_set_step(store->statements[statement->id], slots, step);
	return statement;
}

void store_start(struct store *store)
{
	store->started = true;
	store->engine->start(store);
}

static bool any_writes(const struct statement *const *statements, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (statements[i]->writes)
			return true;
	return false;
}

static bool job_writes(const struct job *job)
{
	if (job->writes || any_writes(job->statements, job->count))
		return true;
	for (unsigned i = 0; i < job->part_count; i++)
		if (any_writes(job->parts[i].statements, job->parts[i].count))
			return true;
	return false;
}

/* A long job is not handed over with others. */
static void hand_one(struct store *store, struct job *job)
{
	struct work_list one = { 0 };

	work_list_add(&one, &job->work);
	hand(store, LANE_LONG, &one);
}

static void gather(struct store *store, struct job *job)
{
	if (store->gathered[LANE_WRITE].length + store->gathered[LANE_READ].length == 0)
		event_active(store->flush, 0, 0);
	work_list_add(&store->gathered[job_writes(job) ? LANE_WRITE : LANE_READ], &job->work);
}

void store_exec(struct store *store, struct job *job)
{
	job->result = STORE_DONE;
	job->rows = 0;
	job->written = false;
	job->stream_state = STREAM_RUNNING;
	if (job->long_running)
		hand_one(store, job);
	else
		gather(store, job);
}

void store_continue(struct store *store, struct job *job, bool cancel)
{
	store->engine->resume(store, job, cancel);
}

static void pressure_done(struct work *work)
{
	struct store *store = container_of(work, struct store, pressure);

	atomic_store(&store->pressure_pending, false);
	store->on_wal_pressure(store->on_wal_pressure_argument);
}

void store_on_wal_pressure(struct store *store, void (*callback)(void *argument), void *argument)
{
	store->on_wal_pressure = callback;
	store->on_wal_pressure_argument = argument;
	store->pressure.done = pressure_done;
}

void store_stats(struct store *store, struct store_stats *stats)
{
	store->engine->stats(store, stats);
	stats->queued_writes = work_queue_length(store->queue[LANE_WRITE]);
	stats->queued_reads = work_queue_length(store->queue[LANE_READ]);
	stats->queued_longs = work_queue_length(store->queue[LANE_LONG]);
}

void store_close(struct store *store)
{
	flush(-1, 0, store);
	if (store->started)
		store->engine->stop(store);
	completion_queue_drain(store->completions);
	for (unsigned i = 0; i < store->statement_count; i++)
		statement_free(store->statements[i]);
	for (enum lane lane = 0; lane < LANES; lane++)
		work_queue_free(store->queue[lane]);
	completion_queue_free(store->completions);
	event_free(store->flush);
	store->engine->close(store);
}
