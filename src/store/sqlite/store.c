/*
 * The engine as the door knows it: one file, its connections, and queues to the threads that use them.
 * Loop thread throughout.
 */
#include "sqlite/store.h"

#include "base/container_of.h"
#include "sqlite/file.h"
#include "sqlite/open.h"
#include "sqlite/prepare.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

static struct sqlite_store *store_of(struct store *door)
{
	return container_of(door, struct sqlite_store, door);
}

static const char *name_fault(const char *file)
{
	if (file[0] == '\0')
		return "the file's name is missing";
	return strcmp(file, ":memory:") == 0 ? "a file is needed" : NULL;
}

/* ---- opening ---- */

/* SQLITE_MISUSE: SQLite is at work in this process already, and is as safe as it was. */
static bool is_set(int code)
{
	return code == SQLITE_OK || code == SQLITE_MISUSE;
}

/* Before any connection: each one stays with one thread, and nobody asks for statistics. */
static bool sqlite_settings(void)
{
	return is_set(sqlite3_config(SQLITE_CONFIG_MULTITHREAD)) &&
	       is_set(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0)) &&
	       sqlite3_initialize() == SQLITE_OK;
}

static char *copy_line(const char *line)
{
	return memory_copy(line, strlen(line));
}

/* Whether the reader of this index is one that will be started. */
static bool is_used(const struct sqlite_store *store, unsigned reader)
{
	return reader < store->short_readers || reader >= SHORT_READERS_MAX;
}

/* From here on, what happens to the file is noticed. */
static void watch_file(struct sqlite_store *store)
{
	store->writer.store = store;
	store->writer.sqlite.damaged = &store->damaged;
	for (unsigned i = 0; i < READERS; i++)
		store->readers[i].sqlite.damaged = &store->damaged;
	claim_holds(&store->claim);
	file_mark(&store->writer);
}

/* Take the file and open every connection to it. NULL, or why not, and then nothing is held. */
static char *open_file(struct sqlite_store *store)
{
	char *why = sqlite_open_writer(&store->writer.sqlite, store->file, &store->claim);

	if (why != NULL)
		return why;
	for (unsigned i = 0; i < READERS && why == NULL; i++)
		if (is_used(store, i))
			why = sqlite_open_reader(&store->readers[i].sqlite, store->file);
	if (why == NULL) {
		watch_file(store);
		return NULL;
	}
	for (unsigned i = 0; i < READERS; i++)
		sqlite_close(&store->readers[i].sqlite);
	sqlite_close(&store->writer.sqlite);
	claim_release(&store->claim, true);
	return why;
}

/* Its real path is taken once: where its name leads later is no matter. */
static char *open_name(struct sqlite_store *store, const char *name)
{
	const char *fault;

	if (!sqlite_settings())
		return copy_line("SQLite does not take its settings");
	store->file = sqlite_file_path(name, &fault);
	return store->file == NULL ? copy_line(fault) : open_file(store);
}

/* The writer looks after the file between its groups, and when there are none. */
static void second_passed(evutil_socket_t fd, short what, void *argument)
{
	struct sqlite_store *store = argument;

	(void)fd;
	(void)what;
	if (store->looking)
		return;
	store->looking = true;
	work_queue_add(store->writes, &store->look.work);
}

static void looked(struct work *work)
{
	container_of(work, struct sqlite_store, look.work)->looking = false;
}

static struct store *engine_open(const char *name, struct event_base *base, char **why)
{
	struct sqlite_store *store = memory_zeroed(sizeof(*store));

	store->short_readers = threads_short_readers();
	*why = open_name(store, name);
	if (*why != NULL) {
		free(store->file);
		free(store);
		return NULL;
	}
	store->clock = event_new(base, -1, EV_PERSIST, second_passed, store);
	store->look.work.done = looked;
	store->writes = work_queue_new();
	store->reads = work_queue_new();
	store->longs = work_queue_new();
	work_queue_limit(store->longs, STORE_LONG_SHARE);
	pthread_mutex_init(&store->lock, NULL);
	pthread_cond_init(&store->resumed, NULL);
	return &store->door;
}

static struct statement *engine_describe(
	struct store *door, unsigned id, const char *sql, const struct slot *slots)
{
	return sqlite_describe(&store_of(door)->writer.sqlite, id, sql, slots);
}

static void engine_start(struct store *door)
{
	struct sqlite_store *store = store_of(door);
	struct timeval second = { .tv_sec = 1 };

	threads_start(store);
	event_add(store->clock, &second);
}

/* ---- jobs ---- */

/* What is read where another program has written over the file is of neither the one nor the other. */
static void refuse(struct sqlite_store *store, struct work_list *jobs)
{
	for (struct work *work = jobs->first; work != NULL; work = work->next)
		container_of(work, struct job, work)->result = STORE_GONE;
	work_return_post(store->door.home, jobs);
}

static void engine_hand(struct store *door, enum lane lane, struct work_list *jobs)
{
	struct sqlite_store *store = store_of(door);

	if (atomic_load(&store->overwritten))
		refuse(store, jobs);
	else if (lane == LANE_WRITE)
		work_queue_add_list(store->writes, jobs);
	else
		work_queue_add_list(lane == LANE_READ ? store->reads : store->longs, jobs);
}

static void engine_resume(struct store *door, struct job *job, bool cancel)
{
	struct sqlite_store *store = store_of(door);

	pthread_mutex_lock(&store->lock);
	job->turn = cancel ? JOB_ENDS : JOB_RUNS;
	pthread_mutex_unlock(&store->lock);
	pthread_cond_broadcast(&store->resumed);
}

static void engine_stats(struct store *door, struct store_stats *stats)
{
	struct sqlite_store *store = store_of(door);
	struct counts *counts = &store->counts;

	*stats = (struct store_stats){
		.queued_writes = work_queue_length(store->writes),
		.queued_reads = work_queue_length(store->reads),
		.queued_longs = work_queue_length(store->longs),
		.groups = atomic_load(&counts->groups),
		.grouped = atomic_load(&counts->grouped),
		.group_most = atomic_load(&counts->group_most),
		.wal_bytes = atomic_load(&counts->wal_bytes),
		.wal_held_seconds = (uint64_t)wal_held_seconds(store),
		.checkpoints = atomic_load(&counts->checkpoints),
		.fault = atomic_load(&counts->fault),
	};
}

/* ---- closing ---- */

static void engine_stop(struct store *door)
{
	threads_stop(store_of(door));
}

/* Of a file that is not ours any more nothing is folded or removed. */
static void close_writer(struct sqlite_store *store)
{
	struct sqlite *sqlite = &store->writer.sqlite;

	if (sqlite->db != NULL && !sqlite->needs_reopen && file_is_ours(&store->writer)) {
		sqlite_run(sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
		sqlite_close(sqlite);
	} else {
		if (sqlite->db != NULL && !sqlite->needs_reopen && claim_lacks_log(&store->claim))
			wal_rescue(&store->writer);
		sqlite_close_unsynced(sqlite);
	}
}

static void engine_close(struct store *door)
{
	struct sqlite_store *store = store_of(door);

	event_free(store->clock);
	for (unsigned i = 0; i < READERS; i++)
		sqlite_close(&store->readers[i].sqlite);
	close_writer(store);
	claim_release(&store->claim, false);
	work_queue_free(store->writes);
	work_queue_free(store->reads);
	work_queue_free(store->longs);
	pthread_cond_destroy(&store->resumed);
	pthread_mutex_destroy(&store->lock);
	free(store->file);
	free(store);
}

const struct engine sqlite_engine = {
	.scheme = "sqlite:",
	.name_fault = name_fault,
	.open = engine_open,
	.describe = engine_describe,
	.start = engine_start,
	.hand = engine_hand,
	.resume = engine_resume,
	.stats = engine_stats,
	.stop = engine_stop,
	.close = engine_close,
};
