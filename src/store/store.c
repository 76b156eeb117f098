/*
 * The store's door: which file is meant, and the hand-over of jobs. Loop thread throughout.
 */
#include "store/store.h"

#include "base/container_of.h"
#include "sqlite/engine.h"
#include "sqlite/file.h"
#include "sqlite/open.h"

#include <assert.h>
#include <event2/event.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SCHEME "sqlite:"

/* The file that a URL names, and NULL where its scheme is not ours. */
static const char *url_file(const char *url)
{
	size_t scheme =
		strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

	if (strncasecmp(url, SCHEME, strlen(SCHEME)) == 0)
		return url + strlen(SCHEME);
	return scheme > 0 && url[scheme] == ':' ? NULL : url;
}

bool store_url_is_valid(const char *url, const char **why)
{
	const char *file = url_file(url);

	if (file == NULL)
		*why = "only sqlite:FILE or a file's name is known";
	else if (file[0] == '\0')
		*why = "the file's name is missing";
	else if (strcmp(file, ":memory:") == 0)
		*why = "a file is needed";
	else
		return true;
	return false;
}

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

/*
 * Runs behind all that this turn of the loop has to do: the requests that came in together are
 * handed over together, with one lock and one wake-up, and share a transaction.
 */
static void flush(evutil_socket_t fd, short what, void *argument)
{
	struct store *store = argument;

	(void)fd;
	(void)what;
	if (store->written.length > 0)
		work_queue_add_list(store->writes, &store->written);
	if (store->read.length > 0)
		work_queue_add_list(store->reads, &store->read);
}

/* Whether the reader of this index is one that will be started. */
static bool is_used(const struct store *store, unsigned reader)
{
	return reader < store->short_readers || reader >= SHORT_READERS_MAX;
}

static void looked(struct work *work)
{
	struct store *store = container_of(work, struct store, look.work);

	store->looking = false;
}

/* The writer looks after the file between its groups, and when there are none. */
static void second_passed(evutil_socket_t fd, short what, void *argument)
{
	struct store *store = argument;

	(void)fd;
	(void)what;
	if (store->looking)
		return;
	store->looking = true;
	work_queue_add(store->writes, &store->look.work);
}

static void pressure_told(struct work *work)
{
	struct store *store = container_of(work, struct store, pressure);

	atomic_store(&store->pressed, false);
	store->relieve(store->relieve_argument);
}

void store_on_pressure(struct store *store, void (*relieve)(void *argument), void *argument)
{
	store->relieve = relieve;
	store->relieve_argument = argument;
}

/* From here on, what happens to the file is noticed. */
static void watch_file(struct store *store)
{
	store->writer.store = store;
	store->writer.sqlite.damaged = &store->damaged;
	for (unsigned i = 0; i < READERS; i++)
		store->readers[i].sqlite.damaged = &store->damaged;
	claim_holds(&store->claim);
	file_mark(&store->writer);
}

/* Take the file and open every connection to it. NULL, or why not, and then nothing is held. */
static char *open_file(struct store *store)
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
static char *open_url(struct store *store, const char *url)
{
	const char *file = url_file(url), *fault;

	assert(file != NULL);
	if (!sqlite_settings())
		return copy_line("SQLite does not take its settings");
	store->file = sqlite_file_path(file, &fault);
	return store->file == NULL ? copy_line(fault) : open_file(store);
}

struct store *store_open(const char *url, struct event_base *base, char **why)
{
	struct store *store = memory_zeroed(sizeof(*store));

	store->short_readers = engine_short_readers();
	*why = open_url(store, url);
	if (*why != NULL) {
		free(store->file);
		free(store);
		return NULL;
	}
	store->flush = event_new(base, -1, EV_PERSIST, flush, store);
	store->clock = event_new(base, -1, EV_PERSIST, second_passed, store);
	store->home = work_return_new(base);
	store->writes = work_queue_new();
	store->reads = work_queue_new();
	store->longs = work_queue_new();
	work_queue_limit(store->longs, STORE_LONG_SHARE);
	pthread_mutex_init(&store->lock, NULL);
	pthread_cond_init(&store->resumed, NULL);
	return store;
}

const struct statement *store_prepare(
	struct store *store, const char *sql, const char *const *slots)
{
	unsigned id = store->statement_count++;

	assert(!store->started && id < STATEMENTS_MAX);
	store->statements[id] = sqlite_describe(&store->writer.sqlite, id, sql, slots);
	return store->statements[id];
}

bool store_statement_writes(const struct statement *statement)
{
	return statement->writes;
}

/* An object that some columns make up is one member, of the object's name. */
const char *store_statement_member(const struct statement *statement, unsigned index)
{
	for (int i = 0; i < statement->columns; i++) {
		struct column *column = &statement->column[i];
		bool inside = column->object != NULL && column->inner.at == NULL;
		if (inside || index-- > 0)
			continue;
		return column->object != NULL ? column->object : column->name;
	}
	return NULL;
}

const struct statement *store_compose(
	const struct statement *like, const char *sql, const char *const *slots, struct kept **kept)
{
	struct statement *statement = memory_keep(kept, sizeof(*statement));

	*statement = *like;
	statement->sql = sql;
	statement->names = slots;
	return statement;
}

void store_start(struct store *store)
{
	struct timeval second = { .tv_sec = 1 };

	store->started = true;
	store->look.work.done = looked;
	store->pressure.done = pressure_told;
	engine_start(store);
	event_add(store->clock, &second);
}

/* What is read where another program has written over the file is of neither the one nor the other. */
static bool is_refused(struct store *store, struct job *job)
{
	struct work_list one = { 0 };

	if (!atomic_load(&store->overwritten))
		return false;
	job->result = STORE_GONE;
	work_list_add(&one, &job->work);
	work_return_post(store->home, &one);
	return true;
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

void store_exec(struct store *store, struct job *job)
{
	job->result = STORE_DONE;
	job->rows = 0;
	job->written = false;
	job->turn = JOB_RUNS;
	if (is_refused(store, job))
		return;
	if (job->slow) {
		work_queue_add(store->longs, &job->work);
		return;
	}
	if (store->written.length + store->read.length == 0)
		event_active(store->flush, 0, 0);
	work_list_add(job_writes(job) ? &store->written : &store->read, &job->work);
}

void store_continue(struct store *store, struct job *job, bool cancel)
{
	pthread_mutex_lock(&store->lock);
	job->turn = cancel ? JOB_ENDS : JOB_RUNS;
	pthread_mutex_unlock(&store->lock);
	pthread_cond_broadcast(&store->resumed);
}

void store_stats(struct store *store, struct store_stats *stats)
{
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

/* Of a file that is not ours any more nothing is folded or removed. */
static void close_writer(struct store *store)
{
	struct sqlite *sqlite = &store->writer.sqlite;

	if (sqlite->db != NULL && !sqlite->torn && file_is_ours(&store->writer)) {
		sqlite_run(sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
		sqlite_close(sqlite);
	} else {
		if (sqlite->db != NULL && !sqlite->torn && claim_lacks_log(&store->claim))
			wal_rescue(&store->writer);
		sqlite_abandon(sqlite);
	}
}

void store_close(struct store *store)
{
	event_free(store->clock);
	flush(-1, 0, store);
	if (store->started)
		engine_stop(store);
	work_return_drain(store->home);

	for (unsigned i = 0; i < READERS; i++)
		sqlite_close(&store->readers[i].sqlite);
	close_writer(store);
	claim_release(&store->claim, false);
	for (unsigned i = 0; i < store->statement_count; i++)
		sqlite_forget(store->statements[i]);

	work_queue_free(store->writes);
	work_queue_free(store->reads);
	work_queue_free(store->longs);
	work_return_free(store->home);
	event_free(store->flush);
	pthread_cond_destroy(&store->resumed);
	pthread_mutex_destroy(&store->lock);
	free(store->file);
	free(store);
}
