/*
 * The store's one writer. All jobs that wait go into one transaction (group commit), each in a
 * savepoint where it needs one, and none is answered before the COMMIT.
 *
 * If the disk fails, it is unknown what became of the group, and all of its jobs fail: the
 * connection is closed, with what it may believe to be written, and a new one begins from what the
 * file and its log say. If the disk is full, or the file is not where it was, nothing is saved
 * until that is over; reading goes on.
 */
#include "sqlite/writer.h"

#include "base/container_of.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "base/thread.h"
#include "sqlite/checkpoint.h"
#include "sqlite/file/integrity.h"
#include "sqlite/job.h"
#include "sqlite/overwrite.h"
#include "sqlite/store_state.h"

#include <stdio.h>
#include <stdlib.h>

#define GROUP_MOST 256
#define CHECKPOINT_PAGES 1000 /* in the log, from which a checkpoint is worth it */
#define CHECK_NS 1500000000   /* between two checks: a fault is noticed within two seconds */
#define GROUP_NS 20000000 /* after which a group is committed, and the rest put back for its turn */

static struct job *job_of(struct work *work)
{
	return container_of(work, struct job, work);
}

/*
 * Not STORE_DONE where the savepoint, or the way back to it, failed: then nothing may be committed.
 */
static enum store_result write_job(struct sqlite *sqlite, struct job *job)
{
	int code = SQLITE_OK;

	sqlite_run_job(sqlite, job);
	if (job->savepoint == SAVEPOINT_FAILED)
		return job->result;
	if (job->savepoint != SAVEPOINT_SET)
		return STORE_DONE;
	if (sqlite3_get_autocommit(sqlite->db))
		return job->result;
	if (job->result != STORE_DONE)
		code = sqlite_command(sqlite, COMMAND_ROLLBACK_TO);
	if (code == SQLITE_OK)
		code = sqlite_command(sqlite, COMMAND_RELEASE);
	return sqlite_result(sqlite, code);
}

/*
 * Run jobs in the transaction that is open; how it ended. Those that ran move to *ran: after
 * GROUP_NS the group is committed, so that their replies do not wait for the rest.
 */
static enum store_result write_jobs(
	struct sqlite *sqlite, struct work_list *group, struct work_list *ran)
{
	enum store_result result = STORE_DONE;
	uint64_t begun = monotonic_ns();

	while (group->length > 0 && result == STORE_DONE &&
		(ran->length == 0 || monotonic_ns() - begun < GROUP_NS)) {
		struct work *work = work_list_remove(group);
		work_list_add(ran, work);
		result = write_job(sqlite, job_of(work));
		/* SQLite itself may have rolled everything back. */
		if (sqlite3_get_autocommit(sqlite->db))
			return result != STORE_DONE ? result : job_of(work)->result;
	}
	if (result == STORE_DONE)
		result = sqlite_result(sqlite, sqlite_command(sqlite, COMMAND_COMMIT));
	if (!sqlite3_get_autocommit(sqlite->db))
		sqlite_command(sqlite, COMMAND_ROLLBACK);
	return result;
}

/* ---- faults that prevent saving ---- */

static const char *const faults[] = {
	[STORE_FULL] = "The disk is full: nothing can be saved.",
	[STORE_FILE_REPLACED] =
		"The database's file was removed or replaced, overwritten or damaged: "
		"nothing can be saved.",
	[STORE_FAILED] = "The database cannot be written to.",
};

/* Logged once when it begins, and once when it is over. */
static void note_fault(struct sqlite_store *store, enum store_result result)
{
	const char *fault = result < sizeof(faults) / sizeof(faults[0]) ? faults[result] : NULL;
	const char *before = atomic_exchange(&store->counts.fault, fault);

	if (fault == before)
		return;
	if (fault != NULL)
		log_error("%s", fault);
	else
		log_info("The database can be written to again.");
}

/* ---- the connection and its log ---- */

/* SQLite's hook: after a commit the log has so many pages. */
static int on_commit(void *argument, sqlite3 *db, const char *name, int pages)
{
	struct wal_state *wal = argument;

	(void)db;
	(void)name;
	wal->pages = pages;
	wal->written = monotonic_seconds();
	wal->frames_pending = pages;
	return SQLITE_OK;
}

/* Count what goes into the log of a connection that was just opened. */
static void watch_log(struct worker *writer)
{
	sqlite3_wal_hook(writer->sqlite.db, on_commit, &writer->store->wal);
	writer->store->wal.written = monotonic_seconds();
}

static bool is_usable(const struct sqlite *sqlite)
{
	return sqlite->db != NULL && !sqlite->needs_reopen;
}

/* Whether there is a connection; one that needs it is reopened. */
static bool is_connected(struct worker *writer)
{
	struct sqlite *sqlite = &writer->sqlite;

	if (is_usable(sqlite))
		return true;
	sqlite_close_unsynced(sqlite);
	if (!file_lock_is_valid(&writer->store->file_lock) ||
		!sqlite_reopen(sqlite, writer->store->file))
		return false;
	watch_log(writer);
	return true;
}

/* Whether enough of the log is not in the file yet. */
static bool needs_checkpoint(struct worker *writer)
{
	const struct wal_state *wal = &writer->store->wal;

	return is_usable(&writer->sqlite) && wal->pages >= CHECKPOINT_PAGES &&
	       wal->frames_pending != 0;
}

/* ---- groups ---- */

/*
 * What was not committed did not happen, for any of the group: a job that was rejected may have
 * been so because of a change that does not exist.
 */
static void fail_jobs(struct work_list *group, enum store_result result)
{
	for (struct work *work = group->first; work != NULL; work = work->next)
		job_of(work)->result = result;
}

/*
 * Nothing is begun in a file that is not there any more, and what was committed while it went is
 * not acknowledged.
 */
static enum store_result write_group(
	struct worker *writer, struct work_list *group, struct work_list *ran)
{
	struct sqlite *sqlite = &writer->sqlite;

	if (!file_is_ours(writer))
		return STORE_FILE_REPLACED;
	if (!is_connected(writer))
		return STORE_FAILED;
	enum store_result result = sqlite_result(sqlite, sqlite_command(sqlite, COMMAND_WRITE));

	if (result == STORE_DONE)
		result = write_jobs(sqlite, group, ran);
	return file_is_ours(writer) ? result : STORE_FILE_REPLACED;
}

static void count_group(struct counts *counts, unsigned length)
{
	atomic_fetch_add(&counts->groups, 1);
	atomic_fetch_add(&counts->grouped, length);
	if (length > atomic_load(&counts->group_most))
		atomic_store(&counts->group_most, length);
}

/* A group that finds nothing to change succeeds on a full disk, too. */
static bool has_written(struct worker *writer)
{
	sqlite3 *db = writer->sqlite.db;
	int64_t rows = db != NULL ? sqlite3_total_changes64(db) : 0;
	bool written = rows != writer->changed_rows;

	writer->changed_rows = rows;
	return written;
}

/* If none ran, all of them get the result; else those that did not run wait for their next turn. */
static void run_group(struct worker *writer, struct work_list *group)
{
	struct sqlite_store *store = writer->store;
	struct work_list ran = { 0 };
	enum store_result result = write_group(writer, group, &ran);
	struct work_list *ended = ran.length > 0 ? &ran : group;
	uint64_t served = ended->last->share;
	bool written = has_written(writer);

	if (result == STORE_DONE)
		count_group(&store->counts, ended->length);
	else
		fail_jobs(ended, result);
	if (result == STORE_FILE_REPLACED) /* before the reply: the process may be killed next */
		writer_save_log(writer, false);
	if (result == STORE_DONE ? written : result != STORE_BUSY)
		note_fault(store, result);
	completion_queue_post(store->base.completions, ended);
	if (group->length > 0)
		work_queue_put_back(store->base.queue[LANE_WRITE], group, served);
}

/* ---- checks of the file ---- */

/*
 * What the start has left for later. Where there is damage, nothing is saved; the pages that were
 * read for this are not kept.
 */
static void check_pages(struct worker *writer)
{
	struct sqlite_store *store = writer->store;
	char *damage = writer->sqlite.unchecked ? sqlite_quick_check(writer->sqlite.db) : NULL;

	writer->sqlite.unchecked = false;
	sqlite3_db_release_memory(writer->sqlite.db);
	if (damage == NULL)
		return;
	log_error("%s: %s: nothing is saved", store->file, damage);
	free(damage);
	atomic_store(&store->damaged, true);
	note_fault(store, STORE_FILE_REPLACED);
}

/* A commit that changes nothing, and needs what any change needs. */
static enum store_result probe(struct worker *writer)
{
	struct sqlite *sqlite = &writer->sqlite;
	char sql[64];

	checkpoint_truncate(writer); /* the room that it frees may be enough */
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %lld",
		(long long)sqlite_integer(sqlite, "PRAGMA user_version", 0));
	return sqlite_result(sqlite, sqlite_run(sqlite, sql));
}

void writer_save_log(struct worker *writer, bool closing)
{
	file_set_log_aside(writer->store, closing);
	if (file_lock_wal_missing(&writer->store->file_lock) && is_usable(&writer->sqlite))
		checkpoint_orphaned_wal(writer);
}

static enum store_result check_file(struct worker *writer)
{
	struct sqlite_store *store = writer->store;

	if (!file_is_ours(writer)) {
		writer_save_log(writer, false);
		return STORE_FILE_REPLACED;
	}
	if (!is_connected(writer))
		return STORE_FAILED;
	if (atomic_load(&store->counts.fault) != NULL)
		return probe(writer);
	checkpoint_when_idle(writer);
	return STORE_DONE;
}

static void run_check(struct worker *writer)
{
	enum store_result result = check_file(writer);

	if (result != STORE_BUSY)
		note_fault(writer->store, result);
	file_lock_is_valid(&writer->store->file_lock);
	if (atomic_exchange(&writer->store->untrimmed, false))
		memory_trim();
}

/* The file is checked between the groups, and when there are none. */
static void *writer_main(void *argument)
{
	struct worker *writer = argument;
	struct sqlite_store *store = writer->store;
	uint64_t due = monotonic_ns() + CHECK_NS;
	struct work_list group;

	check_pages(writer);
	while (work_queue_take_until(store->base.queue[LANE_WRITE], GROUP_MOST, due, &group)) {
		if (group.length > 0) {
			run_group(writer, &group);
			if (needs_checkpoint(writer))
				checkpoint_after_group(writer);
		}
		if (monotonic_ns() >= due) {
			run_check(writer);
			due = monotonic_ns() + CHECK_NS;
		}
		atomic_store(&store->counts.wal_bytes, (uint64_t)store->file_lock.wal_bytes);
	}
	return NULL;
}

void writer_start(struct sqlite_store *store)
{
	store->writer.store = store;
	watch_log(&store->writer);
	thread_start(&store->writer.thread, writer_main, &store->writer);
}

void writer_stop(struct sqlite_store *store)
{
	work_queue_close(store->base.queue[LANE_WRITE]);
	pthread_join(store->writer.thread, NULL);
}
