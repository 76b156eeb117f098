/*
 * The engine's functions: one file, its connections, and the threads that use them. Loop thread
 * throughout.
 */
#include "sqlite/store_state.h"

#include "base/container_of.h"
#include "sqlite/checkpoint.h"
#include "sqlite/file/header.h"
#include "sqlite/open.h"
#include "sqlite/overwrite.h"
#include "sqlite/reader.h"
#include "sqlite/writer.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

static struct sqlite_store *store_of(struct store *base)
{
	return container_of(base, struct sqlite_store, base);
}

static const char *name_fault(const char *file)
{
	if (file[0] == '\0')
		return "the file's name is missing";
	return strcmp(file, ":memory:") == 0 ? "a file is needed" : NULL;
}

/* ---- opening ---- */

/* SQLITE_MISUSE: SQLite is in use in this process already, with its settings. */
static bool is_set(int code)
{
	return code == SQLITE_OK || code == SQLITE_MISUSE;
}

/* Before any connection: each one stays with one thread, and SQLite's statistics are not used. */
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

/* From here on, changes of the file by others are noticed. */
static void watch_file(struct sqlite_store *store)
{
	store->writer.store = store;
	store->writer.sqlite.damaged = &store->damaged;
	for (unsigned i = 0; i < READERS; i++)
		store->readers[i].sqlite.damaged = &store->damaged;
	file_lock_is_valid(&store->file_lock);
	file_mark_update(&store->writer);
}

/* Lock the file and open every connection to it. NULL, or why not, and then nothing is held. */
static char *open_file(struct sqlite_store *store)
{
	char *why = sqlite_open_writer(&store->writer.sqlite, store->file, &store->file_lock);

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
	file_lock_release(&store->file_lock, true);
	return why;
}

/* Its real path is taken once: what its name refers to later does not matter. */
static char *open_name(struct sqlite_store *store, const char *name)
{
	const char *fault;

	if (!sqlite_settings())
		return copy_line("SQLite does not take its settings");
	store->file = sqlite_file_path(name, &fault);
	return store->file == NULL ? copy_line(fault) : open_file(store);
}

static struct store *engine_open(const char *name, char **why)
{
	struct sqlite_store *store = memory_zeroed(sizeof(*store));

	store->short_readers = readers_short_count();
	*why = open_name(store, name);
	if (*why != NULL) {
		free(store->file);
		free(store);
		return NULL;
	}
	pthread_mutex_init(&store->lock, NULL);
	pthread_cond_init(&store->resumed, NULL);
	return &store->base;
}

static void engine_start(struct store *base)
{
	struct sqlite_store *store = store_of(base);

	writer_start(store);
	readers_start(store);
}

/* ---- jobs ---- */

static void engine_resume(struct store *base, struct job *job, bool cancel)
{
	struct sqlite_store *store = store_of(base);

	pthread_mutex_lock(&store->lock);
	job->stream_state = cancel ? STREAM_ENDED : STREAM_RUNNING;
	pthread_mutex_unlock(&store->lock);
	pthread_cond_broadcast(&store->resumed);
}

static void engine_stats(struct store *base, struct store_stats *stats)
{
	struct sqlite_store *store = store_of(base);
	struct counts *counts = &store->counts;

	*stats = (struct store_stats){
		.groups = atomic_load(&counts->groups),
		.grouped = atomic_load(&counts->grouped),
		.group_most = atomic_load(&counts->group_most),
		.wal_bytes = atomic_load(&counts->wal_bytes),
		.wal_held_seconds = (uint64_t)checkpoint_held_seconds(store),
		.checkpoints = atomic_load(&counts->checkpoints),
		.fault = atomic_load(&counts->fault),
	};
}

/* ---- closing ---- */

static void engine_stop(struct store *base)
{
	readers_stop(store_of(base));
	writer_stop(store_of(base));
}

/* In a file that is not ours any more nothing is written, and nothing is removed beside it. */
static void close_writer(struct sqlite_store *store)
{
	struct sqlite *sqlite = &store->writer.sqlite;

	if (sqlite->db != NULL && !sqlite->needs_reopen && file_is_ours(&store->writer)) {
		sqlite_run(sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
		sqlite_close(sqlite);
	} else {
		writer_save_log(&store->writer, true);
		sqlite_close_unsynced(sqlite);
	}
}

static void engine_close(struct store *base)
{
	struct sqlite_store *store = store_of(base);

	for (unsigned i = 0; i < READERS; i++)
		sqlite_close(&store->readers[i].sqlite);
	close_writer(store);
	file_lock_release(&store->file_lock, false);
	pthread_cond_destroy(&store->resumed);
	pthread_mutex_destroy(&store->lock);
	free(store->file);
	free(store);
}

const struct engine sqlite_engine = {
	.scheme = "sqlite:",
	.name_fault = name_fault,
	.open = engine_open,
	.start = engine_start,
	.resume = engine_resume,
	.stats = engine_stats,
	.stop = engine_stop,
	.close = engine_close,
};
